package io.github.netrpc.type;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Makes a Java array or list one of Go's arrays, {@code [n]T}: every value has exactly
 * {@link #value()} elements, and gob never mixes arrays with slices. A {@code byte[]}
 * with a fixed length is {@code [n]byte}. <pre class="code">
 * record Digest(&#064;FixedLength(32) byte[] sha256) { }
 * </pre>
 *
 * @since 0.1.0
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ ElementType.FIELD, ElementType.METHOD, ElementType.PARAMETER, ElementType.RECORD_COMPONENT,
		ElementType.TYPE_USE })
public @interface FixedLength {

	/**
	 * The number of elements, 0 or more.
	 * @return the number of elements
	 */
	int value();

}
