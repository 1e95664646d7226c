package io.github.netrpc.autoconfigure.server;

import java.util.function.Predicate;

import org.jspecify.annotations.Nullable;
import org.springframework.context.MessageSourceResolvable;
import org.springframework.validation.FieldError;
import org.springframework.validation.method.MethodValidationException;
import org.springframework.validation.method.ParameterValidationResult;

import io.github.netrpc.RpcException;
import io.github.netrpc.annotation.RpcAdvice;
import io.github.netrpc.annotation.RpcExceptionHandler;

/**
 * Answers calls whose arguments violate constraints, where
 * {@code spring.validation.method.adapt-constraint-violations} is set.
 */
@RpcAdvice
final class MethodValidationAdvice {

	private final Predicate<Class<?>> services;

	/**
	 * Creates the advice.
	 * @param services whether a class is that of a service's bean
	 */
	MethodValidationAdvice(Predicate<Class<?>> services) {
		this.services = services;
	}

	@RpcExceptionHandler
	@Nullable RpcException invalid(MethodValidationException ex) {
		if (ex.isForReturnValue() || !this.services.test(ex.getTarget().getClass())) {
			return null;
		}
		InvalidArguments invalid = new InvalidArguments();
		for (ParameterValidationResult result : ex.getParameterValidationResults()) {
			String parameter = pathOf(result);
			for (MessageSourceResolvable error : result.getResolvableErrors()) {
				invalid.add((error instanceof FieldError field) ? parameter + "." + field.getField() : parameter,
						error.getDefaultMessage());
			}
		}
		ex.getCrossParameterValidationResults().forEach((error) -> invalid.add("", error.getDefaultMessage()));
		return invalid.toException();
	}

	private static String pathOf(ParameterValidationResult result) {
		String name = result.getMethodParameter().getParameterName();
		String path = (name != null) ? name : "argument " + result.getMethodParameter().getParameterIndex();
		return (result.getContainerIndex() != null) ? path + "[" + result.getContainerIndex() + "]" : path;
	}

}
