package io.github.netrpc.server;

import java.lang.invoke.MethodHandle;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.LongAdder;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.CallRecorder;
import io.github.netrpc.RpcContext;
import io.github.netrpc.ServiceMethod;
import io.github.netrpc.method.AsyncAdapter;
import io.github.netrpc.method.ReturnKind;
import io.github.netrpc.wire.ValuePlan;

/**
 * A method that callers reach, with all that a call needs. Immutable but for the count.
 */
final class ServedMethod {

	private final ServiceMethod name;

	private final MethodHandle invoker;

	private final ReturnKind returns;

	private final @Nullable AsyncAdapter adapter;

	private final boolean nonBlocking;

	private final ExceptionHandlerTable exceptionHandlers;

	private final Plan[] plans;

	/** Whether it is known to return before its result is there. */
	private volatile boolean async;

	private final LongAdder calls = new LongAdder();

	ServedMethod(ServiceMethod name, MethodHandle invoker, ReturnKind returns, @Nullable AsyncAdapter adapter,
			boolean nonBlocking, ExceptionHandlerTable exceptionHandlers, Plan[] plans) {
		this.name = name;
		this.invoker = invoker;
		this.returns = returns;
		this.adapter = adapter;
		this.nonBlocking = nonBlocking;
		this.exceptionHandlers = exceptionHandlers;
		this.plans = plans;
		this.async = returns == ReturnKind.STAGE || returns == ReturnKind.ADAPTED;
	}

	ServiceMethod name() {
		return this.name;
	}

	ReturnKind returns() {
		return this.returns;
	}

	/**
	 * Whether a call is not at its end when the method has returned. Interceptors may
	 * make it so for any method.
	 * @param returned what was returned
	 * @return whether it stands for a result that is to come
	 */
	boolean completesLater(@Nullable Object returned) {
		if (returned instanceof CompletionStage && !this.async) {
			this.async = true;
		}
		return this.returns == ReturnKind.STAGE || this.returns == ReturnKind.ADAPTED
				|| returned instanceof CompletionStage;
	}

	/**
	 * Whether the method returns before its result is there, by its declaration or as
	 * interceptors have made it do.
	 * @return whether its calls count as asynchronous
	 */
	boolean isAsync() {
		return this.async;
	}

	@Nullable AsyncAdapter adapter() {
		return this.adapter;
	}

	boolean nonBlocking() {
		return this.nonBlocking;
	}

	Plan plan(ServedFormat format) {
		return this.plans[format.index()];
	}

	/**
	 * The method as Go would write it, after the first format. A reply that is a pointer
	 * already needs no second one.
	 * @return for example {@code Add(Args, *Reply) error}
	 */
	String goSignature() {
		Plan plan = this.plans[0];
		String reply = plan.reply().goType();
		return this.name.method() + "(" + plan.argument().goType() + ", " + (reply.startsWith("*") ? "" : "*") + reply
				+ ") error";
	}

	long calls() {
		return this.calls.sum();
	}

	void countCall() {
		this.calls.increment();
	}

	@Nullable Object invoke(@Nullable Object argument, Object context) throws Throwable {
		return (Object) this.invoker.invokeExact(argument, context);
	}

	/**
	 * Finds out how an exception is answered. Never throws.
	 * @param failure what the method threw
	 * @param context the call
	 * @return the exception that says it
	 */
	Throwable translate(Throwable failure, RpcContext context) {
		return this.exceptionHandlers.translate(failure, context);
	}

	/**
	 * What one format needs for the method.
	 *
	 * @param argument reads the argument
	 * @param reply writes the reply
	 * @param recorder records the outcome
	 */
	record Plan(ValuePlan argument, ValuePlan reply, CallRecorder recorder) {

	}

}
