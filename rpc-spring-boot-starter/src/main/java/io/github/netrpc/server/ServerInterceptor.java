package io.github.netrpc.server;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.ServiceMethod;

/**
 * Runs around the handlers of a server: looks at calls, changes their arguments or
 * results, refuses them, or answers them itself. <pre class="code">
 * ServerInterceptor audit = (call, next) -&gt; {
 *     logger.info("{} calls {}", call.context().peer(), call.method());
 *     return next.proceed(call);
 * };
 * </pre> In Spring, each bean of this type is used, in the order of
 * {@link org.springframework.core.annotation.Order @Order}, the first one outermost.
 * Which methods an interceptor is for is decided once, when the server starts; other
 * methods pay nothing for it.
 * <p>
 * It sees calls of methods that exist and whose arguments could be read, when they are
 * about to run. It runs on the handler's thread, which for methods annotated with
 * {@link io.github.netrpc.annotation.NonBlocking} is the I/O thread, and
 * {@link io.github.netrpc.RpcContext#current()} is set. Used by many threads at the same
 * time.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface ServerInterceptor {

	/**
	 * Handles a call.
	 * @param call the call
	 * @param next the interceptors behind this one, then the handler
	 * @return the reply, or a {@link java.util.concurrent.CompletionStage} that completes
	 * with it, whatever the method returns
	 * @throws Throwable an {@link io.github.netrpc.RpcException}, to choose what the
	 * caller is told; anything else is treated as if the handler had thrown it
	 */
	@Nullable Object intercept(HandlerCall call, Next next) throws Throwable;

	/**
	 * Which methods this interceptor is for, by default all. Asked once for each method,
	 * when the server starts.
	 * @param method the method, by its name on the wire
	 * @return whether to be called for it
	 */
	default boolean appliesTo(ServiceMethod method) {
		return true;
	}

	/**
	 * What comes after an interceptor. Thread-safe.
	 */
	@FunctionalInterface
	interface Next {

		/**
		 * Goes on with a call, usually once. It may be done later and on another thread;
		 * the handler then runs there, and is not interrupted when the call is cancelled.
		 * @param call the call as it was received, or a changed one
		 * @return what the handler returned; for methods that return a
		 * {@link java.util.concurrent.CompletionStage} or a reactive type, a
		 * {@code CompletionStage}
		 * @throws Throwable what the handler threw, or an
		 * {@link io.github.netrpc.RpcException} if the handler was not run because the
		 * call was cancelled or has no time left
		 */
		@Nullable Object proceed(HandlerCall call) throws Throwable;

	}

}
