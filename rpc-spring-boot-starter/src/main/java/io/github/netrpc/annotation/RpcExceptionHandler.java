package io.github.netrpc.annotation;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.springframework.aot.hint.annotation.Reflective;

/**
 * Says how the exceptions of handlers are answered. <pre class="code">
 * &#064;RpcExceptionHandler
 * RpcException missing(AccountNotFoundException ex) {
 *     return new RpcException(RpcCode.NOT_FOUND, "no account " + ex.number());
 * }
 * </pre> On a method of a service's bean it applies to that bean, on a method of a bean
 * annotated with {@link RpcAdvice} to all. The method takes the exception, and an
 * {@link io.github.netrpc.RpcContext} if it wants to, in any order. It returns an
 * {@link io.github.netrpc.RpcException}, or an {@link io.github.netrpc.RpcCode}, whose
 * name is then the text that the caller sees; null leaves the exception to the server. It
 * is neither private nor static, and no caller can reach it.
 * <p>
 * The bean's own methods come before those of advice, and among the methods of one bean
 * the one with the most specific type. An exception that fits none is looked at again
 * through its causes. {@link io.github.netrpc.RpcException}s say already what the caller
 * is to be told: they go to methods that name this type or one below it, not to those for
 * {@code Exception}.
 *
 * @since 0.1.0
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
@Reflective
public @interface RpcExceptionHandler {

	/**
	 * The exceptions that are handled. Empty: the type of the method's parameter.
	 * @return types of exceptions
	 */
	Class<? extends Throwable>[] value() default {};

}
