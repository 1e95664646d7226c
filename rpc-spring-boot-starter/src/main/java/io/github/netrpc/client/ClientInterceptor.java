package io.github.netrpc.client;

import java.util.concurrent.CompletionStage;

import io.github.netrpc.RpcCall;
import io.github.netrpc.RpcReply;
import io.github.netrpc.ServiceMethod;

/**
 * Runs around the calls of a client: looks at them, changes their metadata, arguments or
 * time, answers them itself, or turns failures into others. <pre class="code">
 * ClientInterceptor token = (call, next) -&gt; next.proceed(call.withMetadata("token", tokens.current()));
 * </pre> In Spring, each bean of this type is used, in the order of
 * {@link org.springframework.core.annotation.Order @Order}, the first one outermost.
 * Which methods an interceptor is for is decided once, when a method's plan is made;
 * calls of other methods pay nothing for it.
 * <p>
 * It is called on the thread that calls, also for synchronous calls, and must not block
 * that: their caller waits for the stage that is returned. What the stage fails with
 * reaches the caller, unchecked exceptions as they are. The attempts of a call that is
 * tried again all lie behind {@link Next#proceed}. Used by many threads at the same time.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface ClientInterceptor {

	/**
	 * Handles a call.
	 * @param call the call
	 * @param next the interceptors behind this one, then the call itself
	 * @return completes with the reply, or fails, usually with an
	 * {@link io.github.netrpc.RpcException}
	 */
	CompletionStage<RpcReply> intercept(RpcCall call, Next next);

	/**
	 * Which methods this interceptor is for, by default all. Asked once for each method
	 * of a proxy, when the proxy is made.
	 * @param channel the name of the channel
	 * @param method the method, by its name on the wire
	 * @return whether to be called for it
	 */
	default boolean appliesTo(String channel, ServiceMethod method) {
		return true;
	}

	/**
	 * What comes after an interceptor. Thread-safe.
	 */
	@FunctionalInterface
	interface Next {

		/**
		 * Goes on with a call. Each time this is called makes another call; so it is
		 * called once, unless the interceptor repeats calls itself.
		 * @param call the call as it was received, or a changed one
		 * @return completes with the reply, or fails with an
		 * {@link io.github.netrpc.RpcException}, not wrapped in another one; on the
		 * channel's callback executor. Cancelling its future gives the call up.
		 */
		CompletionStage<RpcReply> proceed(RpcCall call);

	}

}
