package io.github.netrpc.annotation;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.springframework.core.annotation.AliasFor;
import org.springframework.stereotype.Component;

/**
 * Exposes a bean to callers. On an interface it marks the methods that may be called and
 * names the service; on a class it makes the bean a service (and a component that is
 * scanned for). <pre class="code">
 * &#064;RpcService
 * class ArithService implements Arith { }
 * </pre>
 *
 * @since 0.1.0
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@Component
@WireName
public @interface RpcService {

	/**
	 * The name on the wire. Empty: the simple name of the interface, or of the class of a
	 * bean without a service interface.
	 * @return the name of the service
	 */
	@AliasFor(annotation = WireName.class, attribute = "value")
	String value() default "";

	/**
	 * The name of the bean, for a class that is scanned for. Empty: Spring's choice.
	 * @return the name of the bean
	 */
	@AliasFor(annotation = Component.class, attribute = "value")
	String beanName() default "";

}
