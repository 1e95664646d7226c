package io.github.netrpc.annotation;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.springframework.core.annotation.AliasFor;
import org.springframework.stereotype.Component;

/**
 * A bean whose {@link RpcExceptionHandler} methods apply to every service. Several such
 * beans are asked in their order. <pre class="code">
 * &#064;RpcAdvice
 * class BankErrors {
 *     &#064;RpcExceptionHandler
 *     RpcCode locked(AccountLockedException ex) {
 *         return RpcCode.FAILED_PRECONDITION;
 *     }
 * }
 * </pre>
 *
 * @since 0.1.0
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@Component
public @interface RpcAdvice {

	/**
	 * The name of the bean, for a class that is scanned for. Empty: Spring's choice.
	 * @return the name of the bean
	 */
	@AliasFor(annotation = Component.class)
	String value() default "";

}
