package io.github.netrpc.client;

import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.RpcCall;
import io.github.netrpc.RpcOptions;
import io.github.netrpc.ServiceMethod;
import io.github.netrpc.wire.ValueShape;

/**
 * The interceptors of one method, and how its argument on the wire becomes the arguments
 * that they see. Immutable and thread-safe.
 *
 * @since 0.1.0
 */
public final class InterceptorChain {

	private final String channel;

	private final List<ClientInterceptor> interceptors;

	private final ValueShape argument;

	private InterceptorChain(String channel, List<ClientInterceptor> interceptors, ValueShape argument) {
		this.channel = channel;
		this.interceptors = interceptors;
		this.argument = argument;
	}

	/**
	 * Picks the interceptors of a method.
	 * @param channel the name of the channel
	 * @param method the method
	 * @param argument the shape of its argument
	 * @param interceptors those of the channel, the outermost first
	 * @return the chain, or null if none of them is for the method
	 */
	public static @Nullable InterceptorChain of(String channel, ServiceMethod method, ValueShape argument,
			List<ClientInterceptor> interceptors) {
		List<ClientInterceptor> applying = interceptors.stream()
			.filter((interceptor) -> interceptor.appliesTo(channel, method))
			.toList();
		return applying.isEmpty() ? null : new InterceptorChain(channel, applying, argument);
	}

	int size() {
		return this.interceptors.size();
	}

	ClientInterceptor get(int index) {
		return this.interceptors.get(index);
	}

	/**
	 * What the first interceptor sees.
	 */
	RpcCall call(CallPlan plan, Duration timeout, RpcOptions options, @Nullable Object argument) {
		return RpcCall.of(this.channel, plan.method(), plan.idempotent(), arguments(argument), timeout, options);
	}

	private List<@Nullable Object> arguments(@Nullable Object argument) {
		if (this.argument instanceof ValueShape.Struct) {
			return Arrays.asList((Object[]) Objects.requireNonNull(argument));
		}
		return (this.argument instanceof ValueShape.Value) ? Collections.singletonList(argument) : List.of();
	}

	/**
	 * What the last interceptor lets pass, as it is written.
	 */
	@Nullable Object wireArgument(RpcCall call) {
		if (this.argument instanceof ValueShape.Struct) {
			return call.arguments().toArray();
		}
		return call.arguments().isEmpty() ? null : call.arguments().get(0);
	}

}
