package io.github.netrpc.server;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.RpcException;

/**
 * The exception handlers of one bean. Which one an exception goes to is found out once
 * for each class of exceptions. Thread-safe.
 */
final class ExceptionHandlers {

	private final List<ExceptionHandler> handlers;

	private final ClassValue<Optional<ExceptionHandler>> byType = new ClassValue<>() {

		@Override
		protected Optional<ExceptionHandler> computeValue(Class<?> type) {
			return ExceptionHandlers.this.mostSpecific(type);
		}

	};

	/**
	 * Creates the handlers of a bean.
	 * @param handlers no two of which are for the same type
	 */
	ExceptionHandlers(List<ExceptionHandler> handlers) {
		this.handlers = List.copyOf(handlers);
	}

	boolean isEmpty() {
		return this.handlers.isEmpty();
	}

	/**
	 * Finds the handler of an exception.
	 * @param failure the exception; its causes are not looked at
	 * @return the handler, or null
	 */
	@Nullable ExceptionHandler find(Throwable failure) {
		return this.byType.get(failure.getClass()).orElse(null);
	}

	private Optional<ExceptionHandler> mostSpecific(Class<?> type) {
		boolean coded = RpcException.class.isAssignableFrom(type);
		return this.handlers.stream()
			.filter((handler) -> handler.type().isAssignableFrom(type))
			.filter((handler) -> !coded || RpcException.class.isAssignableFrom(handler.type()))
			.min(Comparator.comparingInt((handler) -> distance(type, handler.type())));
	}

	private static int distance(Class<?> type, Class<?> parent) {
		int distance = 0;
		for (Class<?> each = type; each != parent && each != null; each = each.getSuperclass()) {
			distance++;
		}
		return distance;
	}

}
