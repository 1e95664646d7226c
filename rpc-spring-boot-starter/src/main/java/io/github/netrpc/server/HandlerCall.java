package io.github.netrpc.server;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.RpcContext;
import io.github.netrpc.ServiceMethod;

/**
 * A call that is about to reach its handler, as a {@link ServerInterceptor} sees it.
 * Immutable, but for what the arguments themselves allow.
 *
 * @since 0.1.0
 */
public final class HandlerCall {

	private final RpcContext context;

	private final List<@Nullable Object> arguments;

	HandlerCall(RpcContext context, List<@Nullable Object> arguments) {
		this.context = context;
		this.arguments = arguments;
	}

	/**
	 * The method that is called, by its name on the wire.
	 * @return the method
	 */
	public ServiceMethod method() {
		return this.context.serviceMethod();
	}

	/**
	 * What is known of the call: peer, metadata, time left.
	 * @return the context, the same that the handler gets
	 */
	public RpcContext context() {
		return this.context;
	}

	/**
	 * What the handler is called with, without parameters that are not on the wire such
	 * as {@link RpcContext}.
	 * @return the arguments in the order of the parameters, unmodifiable
	 */
	public List<@Nullable Object> arguments() {
		return this.arguments;
	}

	/**
	 * Replaces the arguments.
	 * @param arguments as many as there are, each of the type of its parameter
	 * @return the same call with other arguments
	 * @throws IllegalArgumentException if their number is another one
	 */
	public HandlerCall withArguments(@Nullable Object... arguments) {
		if (arguments.length != this.arguments.size()) {
			throw new IllegalArgumentException("arguments of " + method() + ": " + arguments.length + " (expected: "
					+ this.arguments.size() + ")");
		}
		return new HandlerCall(this.context, Collections.unmodifiableList(new ArrayList<>(Arrays.asList(arguments))));
	}

	/**
	 * Names the method. The arguments may be secret.
	 */
	@Override
	public String toString() {
		return "call of " + method();
	}

}
