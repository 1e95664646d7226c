package io.github.netrpc.autoconfigure.server;

import java.util.Iterator;
import java.util.function.Predicate;

import jakarta.validation.ConstraintViolation;
import jakarta.validation.ConstraintViolationException;
import jakarta.validation.ElementKind;
import jakarta.validation.Path;
import org.jspecify.annotations.Nullable;

import io.github.netrpc.RpcException;
import io.github.netrpc.annotation.RpcAdvice;
import io.github.netrpc.annotation.RpcExceptionHandler;

/**
 * Answers calls whose arguments violate constraints of a service annotated with
 * {@code @Validated}. Violations of anything else, a result, an entity or the arguments
 * of another bean, are the server's own fault and stay with it.
 */
@RpcAdvice
final class ConstraintViolationAdvice {

	private final Predicate<Class<?>> services;

	/**
	 * Creates the advice.
	 * @param services whether a class is that of a service's bean
	 */
	ConstraintViolationAdvice(Predicate<Class<?>> services) {
		this.services = services;
	}

	@RpcExceptionHandler
	@Nullable RpcException invalid(ConstraintViolationException ex) {
		InvalidArguments invalid = new InvalidArguments();
		for (ConstraintViolation<?> violation : ex.getConstraintViolations()) {
			String path = pathOfArgument(violation);
			if (path == null) {
				return null;
			}
			invalid.add(path, violation.getMessage());
		}
		return ex.getConstraintViolations().isEmpty() ? null : invalid.toException();
	}

	private @Nullable String pathOfArgument(ConstraintViolation<?> violation) {
		Iterator<Path.Node> nodes = violation.getPropertyPath().iterator();
		if (violation.getRootBeanClass() == null || !this.services.test(violation.getRootBeanClass())
				|| !nodes.hasNext() || nodes.next().getKind() != ElementKind.METHOD || !nodes.hasNext()) {
			return null;
		}
		Path.Node parameter = nodes.next();
		if (parameter.getKind() == ElementKind.CROSS_PARAMETER) {
			return "";
		}
		if (parameter.getKind() != ElementKind.PARAMETER) {
			return null;
		}
		StringBuilder path = new StringBuilder(parameter.getName());
		while (nodes.hasNext()) {
			append(nodes.next(), path);
		}
		return path.toString();
	}

	// The key of a map is left out, since it is the caller's and may be anything.
	private static void append(Path.Node node, StringBuilder path) {
		if (node.isInIterable()) {
			path.append('[').append((node.getIndex() != null) ? node.getIndex().toString() : "").append(']');
		}
		if (node.getKind() == ElementKind.PROPERTY) {
			path.append('.').append(node.getName());
		}
	}

}
