package io.github.netrpc;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * What a caller chooses for single calls: a time, metadata, a node, a hash key, no
 * retries. Given to a proxy, which makes another proxy, <pre class="code">
 * Arith quick = RpcOptions.of(arith).timeout(Duration.ofMillis(200)).metadata("tenant", "acme").proxy();
 * </pre> or as a parameter of a client's method, which is not on the wire and may be
 * null: <pre class="code">
 * Reply add(Args args, RpcOptions options);
 * arith.add(args, RpcOptions.NONE.node("node3:1234").noRetry());
 * </pre> What a parameter says wins over what the proxy was made with. Immutable and
 * thread-safe.
 *
 * @since 0.1.0
 */
public final class RpcOptions {

	/** No options: what is configured. */
	public static final RpcOptions NONE = new RpcOptions(null, Map.of(), true, null, null);

	private final @Nullable Duration timeout;

	private final Map<String, String> metadata;

	private final boolean mayRetry;

	private final @Nullable String node;

	private final @Nullable String hashKey;

	private RpcOptions(@Nullable Duration timeout, Map<String, String> metadata, boolean mayRetry,
			@Nullable String node, @Nullable String hashKey) {
		this.timeout = timeout;
		this.metadata = metadata;
		this.mayRetry = mayRetry;
		this.node = node;
		this.hashKey = hashKey;
	}

	/**
	 * Begins another proxy with options. The proxy at hand stays as it is.
	 * @param <T> the type of the proxy
	 * @param proxy a proxy of a client interface, or one made by this method
	 * @return begins with the options of the proxy
	 * @throws IllegalArgumentException if the object is no such proxy
	 */
	public static <T> Variant<T> of(T proxy) {
		if (Proxy.isProxyClass(proxy.getClass())
				&& Proxy.getInvocationHandler(proxy) instanceof Configurable configurable) {
			return new Variant<>(configurable, configurable.options());
		}
		throw new IllegalArgumentException("options: an object of " + proxy.getClass().getName()
				+ " (expected: the proxy of an RPC client, not wrapped in another one)");
	}

	/**
	 * How long a call may take, instead of what is configured.
	 * @param timeout the time, more than 0
	 * @return new options
	 * @throws IllegalArgumentException if the time is 0 or less
	 */
	public RpcOptions timeout(Duration timeout) {
		if (timeout.isZero() || timeout.isNegative()) {
			throw new IllegalArgumentException("timeout: " + timeout + " (expected: more than 0)");
		}
		return new RpcOptions(timeout, this.metadata, this.mayRetry, this.node, this.hashKey);
	}

	/**
	 * Adds an entry that is sent along with a call, and that the handler finds in
	 * {@link RpcContext#metadata}. Stock Go servers ignore it.
	 * <p>
	 * {@code authorization}, in any letter case, is a token of the call's own that says
	 * who calls, in place of the channel's. The handler does not get it. It is sent over
	 * TLS only, or to loopback addresses, unless the channel is {@code insecure}, and not
	 * at all where the channel's {@code extensions} are off: then the call fails as
	 * {@link RpcCode#UNAUTHENTICATED}, and has not run.
	 * @param key the key, not empty, without control characters, and none that the
	 * protocol uses itself
	 * @param value the value, without control characters
	 * @return new options
	 * @throws IllegalArgumentException if the key or the value cannot be sent, or there
	 * are more than 64 entries or 8 KiB
	 */
	public RpcOptions metadata(String key, String value) {
		MetadataRules.check(key, value);
		Map<String, String> metadata = new HashMap<>(this.metadata);
		metadata.put(MetadataRules.canonical(key), value);
		MetadataRules.checkSize(metadata);
		return new RpcOptions(this.timeout, Map.copyOf(metadata), this.mayRetry, this.node, this.hashKey);
	}

	/**
	 * Has a call that failed not tried again, even if it could be.
	 * @return new options
	 */
	public RpcOptions noRetry() {
		return new RpcOptions(this.timeout, this.metadata, false, this.node, this.hashKey);
	}

	/**
	 * Sends a call to one node only. Retries go there too.
	 * @param node the id of the node, its address, {@code host:port}, or its host if no
	 * other node has the same
	 * @return new options
	 * @throws IllegalArgumentException if the name is empty
	 */
	public RpcOptions node(String node) {
		if (node.isEmpty()) {
			throw new IllegalArgumentException("node: \"\" (expected: host:port)");
		}
		return new RpcOptions(this.timeout, this.metadata, this.mayRetry, node, this.hashKey);
	}

	/**
	 * Says what a call is about, for a channel whose load balancer is
	 * {@code consistent-hash}: calls with the same key go to the same node, whichever
	 * client makes them. The key is not sent.
	 * @param hashKey such as the id of a customer
	 * @return new options
	 */
	public RpcOptions hashKey(String hashKey) {
		return new RpcOptions(this.timeout, this.metadata, this.mayRetry, this.node, hashKey);
	}

	/**
	 * Puts other options on top of these.
	 * @param other what wins where both say something; entries of metadata are added
	 * @return options of both
	 */
	public RpcOptions with(RpcOptions other) {
		if (other.equals(NONE)) {
			return this;
		}
		if (equals(NONE)) {
			return other;
		}
		Map<String, String> metadata = this.metadata;
		if (!other.metadata.isEmpty()) {
			metadata = new HashMap<>(metadata);
			metadata.putAll(other.metadata);
			MetadataRules.checkSize(metadata);
			metadata = Map.copyOf(metadata);
		}
		return new RpcOptions((other.timeout != null) ? other.timeout : this.timeout, metadata,
				this.mayRetry && other.mayRetry, (other.node != null) ? other.node : this.node,
				(other.hashKey != null) ? other.hashKey : this.hashKey);
	}

	/**
	 * How long a call may take.
	 * @return the time, or null for what is configured
	 */
	public @Nullable Duration timeout() {
		return this.timeout;
	}

	/**
	 * What is sent along with a call.
	 * @return the entries, unmodifiable
	 */
	public Map<String, String> metadata() {
		return this.metadata;
	}

	/**
	 * Whether a call that failed may be tried again.
	 * @return false after {@link #noRetry}
	 */
	public boolean mayRetry() {
		return this.mayRetry;
	}

	/**
	 * The node that a call goes to.
	 * @return the node, or null for any
	 */
	public @Nullable String node() {
		return this.node;
	}

	/**
	 * What a call is about.
	 * @return the key, or null for none
	 */
	public @Nullable String hashKey() {
		return this.hashKey;
	}

	@Override
	public boolean equals(Object other) {
		return other instanceof RpcOptions that && Objects.equals(this.timeout, that.timeout)
				&& this.metadata.equals(that.metadata) && this.mayRetry == that.mayRetry
				&& Objects.equals(this.node, that.node) && Objects.equals(this.hashKey, that.hashKey);
	}

	@Override
	public int hashCode() {
		return Objects.hash(this.timeout, this.metadata, this.mayRetry, this.node, this.hashKey);
	}

	/**
	 * What was chosen, without the values of the metadata and of the hash key, which may
	 * be secret.
	 */
	@Override
	public String toString() {
		StringBuilder text = new StringBuilder("RpcOptions");
		text.append((this.timeout != null) ? " timeout=" + this.timeout : "");
		text.append(this.metadata.isEmpty() ? "" : " metadata=" + this.metadata.keySet());
		text.append(this.mayRetry ? "" : " noRetry");
		text.append((this.hashKey != null) ? " hashKey" : "");
		return text.append((this.node != null) ? " node=" + this.node : "").toString();
	}

	/**
	 * A proxy that is to be made with options. Immutable and thread-safe.
	 *
	 * @param <T> the type of the proxy
	 */
	public static final class Variant<T> {

		private final Configurable source;

		private final RpcOptions options;

		private Variant(Configurable source, RpcOptions options) {
			this.source = source;
			this.options = options;
		}

		/**
		 * How long a call may take.
		 * @param timeout the time, more than 0
		 * @return a new variant
		 * @see RpcOptions#timeout(Duration)
		 */
		public Variant<T> timeout(Duration timeout) {
			return new Variant<>(this.source, this.options.timeout(timeout));
		}

		/**
		 * Adds an entry that is sent along with each call.
		 * @param key the key
		 * @param value the value
		 * @return a new variant
		 * @see RpcOptions#metadata(String, String)
		 */
		public Variant<T> metadata(String key, String value) {
			return new Variant<>(this.source, this.options.metadata(key, value));
		}

		/**
		 * Has calls that failed not tried again.
		 * @return a new variant
		 * @see RpcOptions#noRetry()
		 */
		public Variant<T> noRetry() {
			return new Variant<>(this.source, this.options.noRetry());
		}

		/**
		 * Sends calls to one node only.
		 * @param node the node
		 * @return a new variant
		 * @see RpcOptions#node(String)
		 */
		public Variant<T> node(String node) {
			return new Variant<>(this.source, this.options.node(node));
		}

		/**
		 * Says what calls are about.
		 * @param hashKey the key
		 * @return a new variant
		 * @see RpcOptions#hashKey(String)
		 */
		public Variant<T> hashKey(String hashKey) {
			return new Variant<>(this.source, this.options.hashKey(hashKey));
		}

		/**
		 * Puts options on top of those chosen so far.
		 * @param options the options
		 * @return a new variant
		 */
		public Variant<T> with(RpcOptions options) {
			return new Variant<>(this.source, this.options.with(options));
		}

		/**
		 * Makes the proxy, which costs little and may be kept.
		 * @return a new proxy
		 */
		@SuppressWarnings("unchecked")
		public T proxy() {
			return (T) this.source.withOptions(this.options);
		}

	}

	/**
	 * What is behind a proxy whose calls take options. Implemented by this library.
	 */
	public interface Configurable {

		/**
		 * The options of the proxy.
		 * @return the options of each of its calls
		 */
		RpcOptions options();

		/**
		 * Makes another proxy of the same kind.
		 * @param options the options of each of its calls
		 * @return a new proxy
		 */
		Object withOptions(RpcOptions options);

	}

}
