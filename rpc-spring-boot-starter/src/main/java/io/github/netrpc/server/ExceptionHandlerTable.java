package io.github.netrpc.server;

import java.lang.reflect.UndeclaredThrowableException;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.Known;
import io.github.netrpc.RpcCallException;
import io.github.netrpc.RpcContext;
import io.github.netrpc.RpcContextSlot;
import io.github.netrpc.RpcException;

/**
 * Who says how the exceptions of one service's methods are answered: the methods of its
 * bean, then those of each advice. Fixed at start. Thread-safe.
 */
final class ExceptionHandlerTable {

	static final ExceptionHandlerTable EMPTY = new ExceptionHandlerTable(List.of());

	/** Causes may form a ring. */
	private static final int MOST_CAUSES = 32;

	private final List<ExceptionHandlers> beans;

	ExceptionHandlerTable(List<ExceptionHandlers> beans) {
		this.beans = beans.stream().filter((handlers) -> !handlers.isEmpty()).toList();
	}

	/**
	 * Asks the handlers about an exception. Never throws.
	 * @param failure what the method of the service threw
	 * @param context the call
	 * @return the {@link RpcException} to answer with; the exception itself if nobody
	 * handles it; or another one if a handler failed
	 */
	Throwable translate(Throwable failure, RpcContext context) {
		if (this.beans.isEmpty()) {
			return failure;
		}
		RpcContextSlot slot = RpcContextSlot.ofCurrentThread();
		RpcContext before = slot.get();
		slot.set(context);
		try {
			RpcException answer = ask(failure, context);
			return (answer != null) ? own(answer) : failure;
		}
		catch (Throwable ex) {
			if (isGiven(ex, failure)) {
				return failure;
			}
			ex.addSuppressed(failure);
			// Whatever it is: a handler returns what it wants to say.
			return (ex instanceof RpcException)
					? new IllegalStateException("an exception handler has thrown " + ex.getClass().getName(), ex) : ex;
		}
		finally {
			slot.set(before);
		}
	}

	private @Nullable RpcException ask(Throwable failure, RpcContext context) throws Throwable {
		for (ExceptionHandlers handlers : this.beans) {
			for (Throwable each : candidates(failure)) {
				ExceptionHandler handler = handlers.find(each);
				if (handler != null) {
					RpcException answer = handler.answer(each, context);
					if (answer != null) {
						return answer;
					}
					break;
				}
			}
		}
		return null;
	}

	/**
	 * Whether a handler has thrown what it was given: the exception or one of its causes,
	 * perhaps in what a proxy puts around checked ones.
	 */
	private static boolean isGiven(Throwable thrown, Throwable failure) {
		Throwable given = (thrown instanceof UndeclaredThrowableException && thrown.getCause() != null)
				? thrown.getCause() : thrown;
		for (Throwable each : candidates(failure)) {
			if (each == thrown || each == given) {
				return true;
			}
		}
		return false;
	}

	/**
	 * The exception and its causes; but an exception that has a code speaks for them.
	 */
	private static List<Throwable> candidates(Throwable failure) {
		List<Throwable> candidates = new ArrayList<>();
		for (Throwable each = failure; each != null && candidates.size() < MOST_CAUSES; each = each.getCause()) {
			candidates.add(each);
			if (failure instanceof RpcException) {
				break;
			}
		}
		return candidates;
	}

	/**
	 * What a nested call said is the handler's own word once it is returned; and whether
	 * that call ran is nothing that this one's caller may conclude from.
	 */
	private static RpcException own(RpcException answer) {
		return (answer instanceof RpcCallException)
				? new RpcException(answer.code(), Known.RAN_AND_FAILED, answer.getMessage(), answer) : answer;
	}

}
