package io.github.netrpc.server;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.Known;
import io.github.netrpc.RpcCode;
import io.github.netrpc.RpcContext;
import io.github.netrpc.RpcContextSlot;
import io.github.netrpc.RpcException;
import io.github.netrpc.method.AsyncAdapter;
import io.github.netrpc.method.MethodShape;
import io.github.netrpc.method.ReturnKind;
import io.github.netrpc.wire.ValueShape;

/**
 * A handler with interceptors around it. It is called the way a bare one is, so methods
 * without interceptors do not know that there are any. Thread-safe.
 */
final class InterceptedHandler {

	private static final MethodHandle INVOKE;

	static {
		try {
			INVOKE = MethodHandles.lookup()
				.findVirtual(InterceptedHandler.class, "invoke",
						MethodType.methodType(Object.class, Object.class, Object.class));
		}
		catch (ReflectiveOperationException ex) {
			throw new ExceptionInInitializerError(ex);
		}
	}

	private final MethodHandle handler;

	private final List<ServerInterceptor> interceptors;

	private final ValueShape argument;

	private final ReturnKind returns;

	private final @Nullable AsyncAdapter adapter;

	private InterceptedHandler(MethodHandle handler, MethodShape shape, List<ServerInterceptor> interceptors) {
		this.handler = handler;
		this.interceptors = interceptors;
		this.argument = shape.argument();
		this.returns = shape.returns();
		this.adapter = shape.adapter();
	}

	/**
	 * Puts interceptors around a handler.
	 * @param handler a handle of type {@code (Object,Object)Object}
	 * @param shape the method
	 * @param interceptors those that apply to it, the outermost first
	 * @return a handle of the same type, which returns a {@link CompletionStage} if the
	 * method does or has an adapter, and may return one else
	 */
	static MethodHandle around(MethodHandle handler, MethodShape shape, List<ServerInterceptor> interceptors) {
		return INVOKE.bindTo(new InterceptedHandler(handler, shape, interceptors));
	}

	@Nullable Object invoke(@Nullable Object argument, Object context) throws Throwable {
		Object result = intercept(0, new HandlerCall((RpcContext) context, arguments(argument)));
		return switch (this.returns) {
			case VALUE -> result;
			// What the stage completes with is left out like any other value.
			case VOID -> (result instanceof CompletionStage<?>) ? result : null;
			case STAGE, ADAPTED ->
				(result instanceof CompletionStage<?>) ? result : CompletableFuture.completedFuture(result);
		};
	}

	private @Nullable Object intercept(int index, HandlerCall call) throws Throwable {
		Objects.requireNonNull(call, "call");
		return (index < this.interceptors.size())
				? this.interceptors.get(index).intercept(call, (next) -> intercept(index + 1, next)) : handle(call);
	}

	private @Nullable Object handle(HandlerCall call) throws Throwable {
		Object context = call.context();
		requireWanted(call);
		// The interceptors may have gone over to another thread.
		RpcContextSlot slot = RpcContextSlot.ofCurrentThread();
		RpcContext before = slot.get();
		slot.set(call.context());
		Object result;
		try {
			result = (Object) this.handler.invokeExact(argument(call.arguments()), context);
		}
		finally {
			slot.set(before);
		}
		if (this.returns == ReturnKind.VALUE || this.returns == ReturnKind.VOID) {
			return result;
		}
		if (result == null) {
			throw new IllegalStateException(
					"the handler returned null, expected a " + this.returns + " that completes");
		}
		return (this.adapter != null) ? ServerCall.adapt(result, this.adapter, call.context()) : result;
	}

	// The interceptors may have taken all the time there was. Whoever waited has been
	// answered then, or is about to be, and must not find later that the handler ran.
	private static void requireWanted(HandlerCall call) {
		RpcContext context = call.context();
		Duration left = context.timeLeft();
		boolean late = left != null && left.isZero();
		if (late || context.cancelled()) {
			// An interceptor may have gone on before, and the handler have run.
			throw new RpcException(late ? RpcCode.DEADLINE_EXCEEDED : RpcCode.CANCELLED, Known.MAYBE_RAN, call.method()
					+ (late ? " was not run: its interceptors took the time it had" : " was not run: it was cancelled"),
					null);
		}
	}

	private List<@Nullable Object> arguments(@Nullable Object argument) {
		if (this.argument instanceof ValueShape.Struct) {
			return Collections.unmodifiableList(Arrays.asList((Object[]) Objects.requireNonNull(argument)));
		}
		return (this.argument instanceof ValueShape.Value) ? Collections.singletonList(argument) : List.of();
	}

	private @Nullable Object argument(List<@Nullable Object> arguments) {
		if (this.argument instanceof ValueShape.Struct) {
			return arguments.toArray();
		}
		return arguments.isEmpty() ? null : arguments.get(0);
	}

}
