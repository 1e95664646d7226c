package io.github.netrpc.type;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Makes a Java integer one of Go's unsigned kinds, of the same width: {@code byte} is
 * {@code uint8}, {@code short} {@code uint16}, {@code int} {@code uint32}, {@code long}
 * {@code uint64}. All bits are used, so {@code (byte) -1} is 255 on the wire. Gob never
 * mixes signed and unsigned kinds. <pre class="code">
 * record Packet(&#064;Unsigned int size, List&lt;&#064;Unsigned Short&gt; ports) { }
 * </pre>
 *
 * @since 0.1.0
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ ElementType.FIELD, ElementType.METHOD, ElementType.PARAMETER, ElementType.RECORD_COMPONENT,
		ElementType.TYPE_USE })
public @interface Unsigned {

}
