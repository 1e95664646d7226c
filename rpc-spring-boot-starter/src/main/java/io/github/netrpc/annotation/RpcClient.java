package io.github.netrpc.annotation;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Declares an interface whose proxy calls a remote service and is injected by type.
 * <pre class="code">
 * &#064;RpcClient("arith")
 * interface ArithClient extends Arith { }
 * </pre> The service of a method is the interface that declares it; methods declared in
 * place need {@link #service()}.
 *
 * @since 0.1.0
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface RpcClient {

	/**
	 * The name of the channel: {@code rpc.client.channel.<name>.*} configures it.
	 * @return the name of the channel
	 */
	String value();

	/**
	 * The service of the methods that the interface declares itself.
	 * @return the name of the service on the wire
	 */
	String service() default "";

}
