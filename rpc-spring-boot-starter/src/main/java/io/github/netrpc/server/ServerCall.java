package io.github.netrpc.server;

import java.lang.reflect.UndeclaredThrowableException;
import java.net.SocketAddress;
import java.security.Principal;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.Known;
import io.github.netrpc.RpcCallException;
import io.github.netrpc.RpcCode;
import io.github.netrpc.RpcContext;
import io.github.netrpc.RpcException;
import io.github.netrpc.ServiceMethod;
import io.github.netrpc.exec.Unflushed;
import io.github.netrpc.wire.BufferPool;
import io.github.netrpc.wire.IncomingRequest;
import io.github.netrpc.wire.MessageBuffer;
import io.github.netrpc.wire.ValuePlan;

/**
 * A call of a method that exists, from its first byte to its reply: request, context and
 * task in one object. It is answered exactly once.
 */
final class ServerCall extends IncomingRequest implements RpcContext, HandlerExecutor.Task<HandlerWorker> {

	private final ServerConnection connection;

	private final ServedMethod method;

	private final ServedMethod.Plan plan;

	private final long beganNanos;

	private @Nullable Object argument;

	/** Where the reply may wait to be flushed with others, or null. */
	private @Nullable Unflushed<ServerConnection> unflushed;

	ServerCall(ServerConnection connection, ServedMethod method, ServedMethod.Plan plan, long beganNanos) {
		this.connection = connection;
		this.method = method;
		this.plan = plan;
		this.beganNanos = beganNanos;
	}

	@Override
	public byte[] methodName() {
		return this.method.name().utf8();
	}

	@Override
	public ValuePlan argumentPlan() {
		return this.plan.argument();
	}

	@Override
	public void received(@Nullable Object argument) {
		this.argument = argument;
		this.method.countCall();
		this.connection.accept(this, this.method.nonBlocking());
	}

	@Override
	public void malformed(String reason) {
		HandlerWorker worker = this.connection.acceptForReply();
		fail(RpcCode.INVALID_ARGUMENT, Known.NOT_RUN, reason, worker.buffer(this.connection.format()));
	}

	@Override
	public void run(HandlerWorker worker) {
		if (this.connection.holdBack(this)) {
			return;
		}
		Object result;
		worker.slot().set(this);
		try {
			result = this.method.invoke(this.argument, this);
		}
		catch (Throwable ex) {
			this.unflushed = worker.unflushed();
			fail(ex, worker.buffer(this.connection.format()));
			return;
		}
		finally {
			worker.slot().set(null);
			this.argument = null;
		}
		switch (this.method.returns()) {
			case VALUE, VOID -> {
				this.unflushed = worker.unflushed();
				succeed(result, worker.buffer(this.connection.format()));
			}
			case STAGE, ADAPTED -> await(result);
		}
	}

	@Override
	public void refuse() {
		this.argument = null;
		answer(null, new RpcException(RpcCode.RESOURCE_EXHAUSTED, Known.NOT_RUN,
				"server is overloaded: too many calls wait", null));
	}

	private void await(@Nullable Object returned) {
		try {
			if (returned == null) {
				throw new IllegalStateException(
						"the handler returned null, expected a " + this.method.returns() + " that completes");
			}
			stage(returned).whenComplete(this::answer);
		}
		catch (Throwable ex) {
			answer(null, ex);
		}
	}

	private CompletionStage<? extends @Nullable Object> stage(Object returned) {
		return (this.method.adapter() != null) ? this.method.adapter().toStage(returned)
				: (CompletionStage<?>) returned;
	}

	// Answers on any thread, with a buffer from the pool.
	private void answer(@Nullable Object value, @Nullable Throwable failure) {
		BufferPool pool = this.connection.format().buffers();
		MessageBuffer buffer = pool.acquire();
		if (failure != null) {
			fail(failure, buffer);
		}
		else {
			succeed(value, buffer);
		}
		pool.release(buffer);
	}

	private void succeed(@Nullable Object value, MessageBuffer buffer) {
		try {
			this.connection.codec().encodeReply(this, value, this.plan.reply(), Map.of(), buffer);
		}
		catch (Throwable ex) {
			// An accessor of the reply may throw anything, as the handler may.
			fail(RpcCode.INTERNAL, Known.RAN_AND_FAILED,
					this.connection.scope().failures().failed("reply cannot be encoded", this.method, ex), buffer);
			return;
		}
		this.connection.answer(buffer, this.plan.recorder(), RpcCode.OK, this.beganNanos, this.unflushed);
	}

	private void fail(Throwable failure, MessageBuffer buffer) {
		Throwable cause = this.method.translate(unwrap(failure), this);
		if (cause instanceof RpcCallException call) {
			// What went wrong between this server and another one is not the caller's
			// business: addresses, class names.
			fail(call.code(), Known.RAN_AND_FAILED,
					this.connection.scope().failures().failed("a call of another service failed", this.method, call),
					buffer);
		}
		else if (cause instanceof RpcException known) {
			fail(known.code(), known.known(), known.getMessage(), buffer);
		}
		else {
			fail(RpcCode.INTERNAL, Known.RAN_AND_FAILED,
					this.connection.scope().failures().failed("internal error", this.method, cause), buffer);
		}
	}

	private void fail(RpcCode code, Known known, String message, MessageBuffer buffer) {
		this.connection.answerError(this, code, known, message, buffer, this.plan.recorder(), this.beganNanos,
				this.unflushed);
	}

	// Takes off what futures and proxies put around the exception of a handler.
	private static Throwable unwrap(Throwable failure) {
		Throwable current = failure;
		while (current instanceof CompletionException || current instanceof ExecutionException
				|| current instanceof UndeclaredThrowableException) {
			Throwable cause = current.getCause();
			if (cause == null) {
				break;
			}
			current = cause;
		}
		return current;
	}

	@Override
	public SocketAddress peer() {
		return this.connection.remoteAddress();
	}

	@Override
	public ServiceMethod serviceMethod() {
		return this.method.name();
	}

	@Override
	public @Nullable Principal principal() {
		return null;
	}

	@Override
	public @Nullable Duration timeLeft() {
		return null;
	}

	@Override
	public boolean cancelled() {
		return this.connection.isBroken();
	}

}
