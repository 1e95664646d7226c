package io.github.netrpc.annotation;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * What {@link RpcService#value()} is an alias of. Spring takes the {@code value} of a
 * component annotation for the name of the bean unless it is declared to be an alias of
 * something else.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.ANNOTATION_TYPE)
@interface WireName {

	/**
	 * The name on the wire.
	 * @return the name
	 */
	String value() default "";

}
