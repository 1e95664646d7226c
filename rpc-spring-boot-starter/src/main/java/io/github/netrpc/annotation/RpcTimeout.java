package io.github.netrpc.annotation;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * How long a call of a method, or of every method of an interface, may take.
 *
 * @since 0.1.0
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ ElementType.METHOD, ElementType.TYPE })
public @interface RpcTimeout {

	/**
	 * The time, in the style of Spring properties: {@code 500ms}, {@code 10s},
	 * {@code PT1M}.
	 * @return the time, more than zero
	 */
	String value();

}
