package io.github.netrpc.client;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.CallRecorder;
import io.github.netrpc.Known;
import io.github.netrpc.RpcCode;
import io.github.netrpc.ServiceMethod;
import io.github.netrpc.wire.ValuePlan;

/**
 * All that the calls of one method have in common, found out once: its name, how to write
 * the argument and read the reply, how long a call may take, and where it is recorded.
 * Made by {@link Invoker#plan}. Immutable and thread-safe.
 *
 * @since 0.1.0
 */
public final class CallPlan {

	private final ServiceMethod method;

	private final ValuePlan argumentPlan;

	private final ValuePlan replyPlan;

	private final long timeoutNanos;

	private final CallRecorder recorder;

	private final boolean idempotent;

	private final @Nullable InterceptorChain interceptors;

	private final @Nullable HedgedMethod hedged;

	private final String serviceMissing;

	private final String methodMissing;

	private final String illFormed;

	/**
	 * Creates the plan of a method that is not idempotent.
	 * @param method the name on the wire
	 * @param argumentPlan how the argument is written
	 * @param replyPlan how the reply is read
	 * @param timeoutNanos how long a call may take, in nanoseconds, more than 0
	 * @param recorder where each call is recorded
	 */
	public CallPlan(ServiceMethod method, ValuePlan argumentPlan, ValuePlan replyPlan, long timeoutNanos,
			CallRecorder recorder) {
		this(method, argumentPlan, replyPlan, timeoutNanos, recorder, false, null, null);
	}

	private CallPlan(ServiceMethod method, ValuePlan argumentPlan, ValuePlan replyPlan, long timeoutNanos,
			CallRecorder recorder, boolean idempotent, @Nullable InterceptorChain interceptors,
			@Nullable HedgedMethod hedged) {
		if (timeoutNanos <= 0) {
			throw new IllegalArgumentException(
					"timeout of " + method + ": " + timeoutNanos + " ns (expected: more than 0)");
		}
		this.method = method;
		this.argumentPlan = argumentPlan;
		this.replyPlan = replyPlan;
		this.timeoutNanos = timeoutNanos;
		this.recorder = recorder;
		this.idempotent = idempotent;
		this.interceptors = interceptors;
		this.hedged = hedged;
		this.serviceMissing = "rpc: can't find service " + method.name();
		this.methodMissing = "rpc: can't find method " + method.name();
		this.illFormed = "rpc: service/method request ill-formed: " + method.name();
	}

	/**
	 * The same plan for a method that is idempotent.
	 * @return a plan whose calls may be made again
	 */
	public CallPlan asIdempotent() {
		return this.idempotent ? this : new CallPlan(this.method, this.argumentPlan, this.replyPlan, this.timeoutNanos,
				this.recorder, true, this.interceptors, this.hedged);
	}

	/**
	 * The same plan with interceptors around its calls.
	 * @param interceptors the interceptors, or null for none
	 * @return a plan whose calls are intercepted
	 */
	public CallPlan intercepted(@Nullable InterceptorChain interceptors) {
		return (interceptors == this.interceptors) ? this : new CallPlan(this.method, this.argumentPlan, this.replyPlan,
				this.timeoutNanos, this.recorder, this.idempotent, interceptors, this.hedged);
	}

	/**
	 * The same plan for a method whose calls are measured, and may have two attempts at
	 * the same time.
	 */
	CallPlan hedged(HedgedMethod hedged) {
		return (hedged == this.hedged) ? this : new CallPlan(this.method, this.argumentPlan, this.replyPlan,
				this.timeoutNanos, hedged.measured(this.recorder), this.idempotent, this.interceptors, hedged);
	}

	/**
	 * The name on the wire.
	 * @return the name
	 */
	public ServiceMethod method() {
		return this.method;
	}

	/**
	 * How long a call may take, in nanoseconds.
	 * @return the time, more than 0
	 */
	public long timeoutNanos() {
		return this.timeoutNanos;
	}

	/**
	 * Whether calling the method twice does no more than calling it once, so that a call
	 * may be made again, or made twice at the same time.
	 * @return whether the method is declared to be idempotent
	 */
	public boolean idempotent() {
		return this.idempotent;
	}

	/**
	 * What is around the calls.
	 * @return the interceptors, or null for none
	 */
	public @Nullable InterceptorChain interceptors() {
		return this.interceptors;
	}

	ValuePlan argumentPlan() {
		return this.argumentPlan;
	}

	ValuePlan replyPlan() {
		return this.replyPlan;
	}

	/**
	 * What decides about second attempts beside the first, or null if there are none.
	 */
	@Nullable HedgedMethod hedged() {
		return this.hedged;
	}

	CallRecorder recorder() {
		return this.recorder;
	}

	/**
	 * What an error reply means. An extended peer says; a known effect that it leaves out
	 * is one it cannot know.
	 */
	CallFailure failureOf(String error, @Nullable RpcCode code, @Nullable Known known) {
		if (code == null) {
			return failureOf(error);
		}
		return new CallFailure(code, (known != null) ? known : Known.MAYBE_RAN, error, null);
	}

	/**
	 * What an error string means. Go sends nothing else, and the texts of a server that
	 * has not found the method are the only ones an application does not choose: Go
	 * {@code net/rpc}, server.go, {@code readRequestHeader}.
	 */
	CallFailure failureOf(String error) {
		if (error.startsWith("rpc: ") && (error.equals(this.methodMissing) || error.equals(this.serviceMissing)
				|| error.equals(this.illFormed))) {
			return CallFailure.notRun(RpcCode.UNIMPLEMENTED, error);
		}
		return new CallFailure(RpcCode.UNKNOWN, Known.RAN_AND_FAILED, error, null);
	}

	@Override
	public String toString() {
		return this.method.name();
	}

}
