package io.github.netrpc;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * A call that a client is about to make, as its interceptors see it. Immutable, but for
 * what the arguments themselves allow. <pre class="code">
 * next.proceed(call.withMetadata("tenant", "acme").withTimeout(Duration.ofMillis(200)));
 * </pre>
 *
 * @since 0.1.0
 */
public final class RpcCall {

	private final String channel;

	private final ServiceMethod method;

	private final boolean idempotent;

	private final List<@Nullable Object> arguments;

	private final Duration timeout;

	private final RpcOptions options;

	private RpcCall(String channel, ServiceMethod method, boolean idempotent, List<@Nullable Object> arguments,
			Duration timeout, RpcOptions options) {
		this.channel = channel;
		this.method = method;
		this.idempotent = idempotent;
		this.arguments = arguments;
		this.timeout = timeout;
		this.options = options;
	}

	/**
	 * Creates a call. Applications need this in tests of their interceptors only.
	 * @param channel the name of the channel
	 * @param method the name on the wire
	 * @param idempotent whether calling twice does no more than calling once
	 * @param arguments what is sent, not to be changed any more
	 * @param timeout how long the call may take
	 * @param options what the caller has chosen for it
	 * @return the call
	 */
	public static RpcCall of(String channel, ServiceMethod method, boolean idempotent, List<@Nullable Object> arguments,
			Duration timeout, RpcOptions options) {
		return new RpcCall(channel, method, idempotent, Collections.unmodifiableList(arguments), timeout, options);
	}

	/**
	 * The channel that the call is made over.
	 * @return the name of the channel
	 */
	public String channel() {
		return this.channel;
	}

	/**
	 * The method that is called, by its name on the wire.
	 * @return the method
	 */
	public ServiceMethod method() {
		return this.method;
	}

	/**
	 * Whether the method is declared to be idempotent, so that calling it twice does no
	 * more than calling it once.
	 * @return whether the call may be repeated
	 */
	public boolean idempotent() {
		return this.idempotent;
	}

	/**
	 * What is sent, without parameters that are not on the wire such as
	 * {@link RpcOptions}.
	 * @return the arguments in the order of the parameters, unmodifiable
	 */
	public List<@Nullable Object> arguments() {
		return this.arguments;
	}

	/**
	 * How long the call may take, attempts and interceptors included.
	 * @return the time that there is from configuration, options and the call that a
	 * handler serves, or what {@link #withTimeout} has set
	 */
	public Duration timeout() {
		return this.timeout;
	}

	/**
	 * What is sent along with the call.
	 * @return the entries, unmodifiable
	 */
	public Map<String, String> metadata() {
		return this.options.metadata();
	}

	/**
	 * What the caller has chosen for this call, and interceptors have changed.
	 * @return the options; what holds of their timeout is in {@link #timeout}
	 */
	public RpcOptions options() {
		return this.options;
	}

	/**
	 * Replaces the arguments.
	 * @param arguments as many as there are, each of the type of its parameter
	 * @return the same call with other arguments
	 * @throws IllegalArgumentException if their number is another one
	 */
	public RpcCall withArguments(@Nullable Object... arguments) {
		if (arguments.length != this.arguments.size()) {
			throw new IllegalArgumentException("arguments of " + this.method + ": " + arguments.length + " (expected: "
					+ this.arguments.size() + ")");
		}
		return of(this.channel, this.method, this.idempotent, new ArrayList<>(Arrays.asList(arguments)), this.timeout,
				this.options);
	}

	/**
	 * Adds an entry to what is sent along, or replaces it.
	 * @param key the key
	 * @param value the value
	 * @return the same call with the entry
	 * @throws IllegalArgumentException if it cannot be sent
	 * @see RpcOptions#metadata(String, String)
	 */
	public RpcCall withMetadata(String key, String value) {
		return withOptions(this.options.metadata(key, value));
	}

	/**
	 * Shortens the time that the call may take from where it proceeds. It never takes
	 * longer than its caller is going to wait, so a longer time has no effect.
	 * @param timeout the time, more than 0
	 * @return the same call with another time
	 * @throws IllegalArgumentException if the time is 0 or less
	 */
	public RpcCall withTimeout(Duration timeout) {
		return new RpcCall(this.channel, this.method, this.idempotent, this.arguments, timeout,
				this.options.timeout(timeout));
	}

	/**
	 * Replaces what was chosen for the call: its node, whether it is tried again,
	 * metadata.
	 * @param options the options; their timeout, if they have one, works as
	 * {@link #withTimeout}
	 * @return the same call with other options
	 */
	public RpcCall withOptions(RpcOptions options) {
		Duration chosen = Objects.requireNonNullElse(options.timeout(), this.timeout);
		return new RpcCall(this.channel, this.method, this.idempotent, this.arguments, chosen, options);
	}

	/**
	 * Names the method. The arguments and the metadata may be secret.
	 */
	@Override
	public String toString() {
		return "call of " + this.method + " over " + this.channel;
	}

}
