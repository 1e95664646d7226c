package io.github.netrpc.autoconfigure.server;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.convert.DurationUnit;
import org.springframework.util.unit.DataSize;

import io.github.netrpc.autoconfigure.Codec;
import io.github.netrpc.autoconfigure.PropertyRanges;
import io.github.netrpc.cluster.NodeEndpoint;
import io.github.netrpc.cluster.NodeMetadata;
import io.github.netrpc.cluster.NodeRegistration;
import io.github.netrpc.server.CertificateName;
import io.github.netrpc.transport.TlsSettings;
import io.github.netrpc.wire.WireLimits;

/**
 * RPC server properties.
 *
 * @param port Port to listen on. Use '0' for a free port.
 * @param address Network address to listen on. Beyond loopback, TLS and either
 * certificates of clients ('rpc.server.ssl.client-auth') or tokens are needed, or
 * 'rpc.server.insecure' has to be set.
 * @param insecure Whether to listen beyond loopback without TLS and authentication.
 * @param ssl TLS properties.
 * @param authentication Properties of who calls.
 * @param authorization Services, such as 'Arith', and methods, such as 'Arith.Add', that
 * each role may call. What is granted to no role, nobody may call. By default, everybody
 * may call everything.
 * @param codecs Wire formats to speak. A connection's first bytes decide which one.
 * @param httpPath Path on which an HTTP CONNECT request opens a connection.
 * @param ioThreads Number of I/O threads. Use '0' for the number of processors, but at
 * most 2.
 * @param maxConnections Maximum number of open connections. Beyond it, the oldest one
 * that has never said anything, or not who calls where that has to be known, is closed.
 * @param maxUnsentSize Maximum size of the replies that wait for all peers together.
 * Beyond it, connections whose peers do not read are not read either.
 * @param maxArgumentsSize Maximum size of the arguments of all calls under way, as they
 * were sent with their metadata, and of requests that are partly here. Beyond it,
 * connections that hold some wait, or their calls are refused.
 * @param maxMessageSize Maximum size of a message.
 * @param maxDecodedSize Maximum memory that the values of one message may take.
 * @param maxDepth Maximum nesting of values.
 * @param maxStringSize Maximum size of a string.
 * @param maxNumberDigits Maximum number of digits of a number in JSON.
 * @param maxDefinitions Maximum number of types that a connection may define in gob.
 * @param maxDefinitionsSize Maximum size of all these definitions.
 * @param maxHttpHeadSize Maximum size of the head of an HTTP request.
 * @param concurrency Concurrency properties.
 * @param overload Overload properties.
 * @param connection Properties of each connection.
 * @param shutdown Shutdown properties.
 * @param registration Registration properties.
 * @since 0.1.0
 */
@ConfigurationProperties(RpcServerProperties.PREFIX)
public record RpcServerProperties(@DefaultValue("1234") int port, @DefaultValue("127.0.0.1") InetAddress address,
		@DefaultValue("false") boolean insecure, @DefaultValue Ssl ssl, @DefaultValue Authentication authentication,
		@DefaultValue Map<String, List<String>> authorization, @DefaultValue("gob,json") List<Codec> codecs,
		@DefaultValue("/_goRPC_") String httpPath, @DefaultValue("0") int ioThreads,
		@DefaultValue("10000") int maxConnections, @DefaultValue("256MB") DataSize maxUnsentSize,
		@DefaultValue("256MB") DataSize maxArgumentsSize, @DefaultValue("4MB") DataSize maxMessageSize,
		@DefaultValue("64MB") DataSize maxDecodedSize, @DefaultValue("64") int maxDepth,
		@DefaultValue("1MB") DataSize maxStringSize, @DefaultValue("256") int maxNumberDigits,
		@DefaultValue("1000") int maxDefinitions, @DefaultValue("256KB") DataSize maxDefinitionsSize,
		@DefaultValue("8KB") DataSize maxHttpHeadSize, @DefaultValue Concurrency concurrency,
		@DefaultValue Overload overload, @DefaultValue Connection connection, @DefaultValue Shutdown shutdown,
		@DefaultValue Registration registration) {

	static final String PREFIX = "rpc.server";

	public RpcServerProperties {
		PropertyRanges.between(PREFIX + ".port", port, 0, 65535);
		PropertyRanges.path(PREFIX + ".http-path", httpPath);
		PropertyRanges.between(PREFIX + ".io-threads", ioThreads, 0, 1024);
		PropertyRanges.between(PREFIX + ".max-connections", maxConnections, 1, Integer.MAX_VALUE);
		positive("max-unsent-size", maxUnsentSize);
		positive("max-arguments-size", maxArgumentsSize);
		PropertyRanges.limits(PREFIX, maxMessageSize, maxDecodedSize, maxDepth, maxStringSize, maxNumberDigits,
				maxDefinitions, maxDefinitionsSize);
		PropertyRanges.upToGigabyte(PREFIX + ".max-http-head-size", maxHttpHeadSize, 64);
		authorization = Map.copyOf(authorization);
		codecs = List.copyOf(codecs);
		if (codecs.isEmpty() || codecs.stream().distinct().count() < codecs.size()) {
			throw new InvalidConfigurationPropertyValueException(PREFIX + ".codecs", codecs,
					"must name at least one wire format, and none twice");
		}
	}

	InetSocketAddress bindAddress() {
		return new InetSocketAddress(this.address, this.port);
	}

	WireLimits limits() {
		return PropertyRanges.limits(PREFIX, this.maxMessageSize, this.maxDecodedSize, this.maxDepth,
				this.maxStringSize, this.maxNumberDigits, this.maxDefinitions, this.maxDefinitionsSize);
	}

	private static void positive(String name, DataSize value) {
		if (value.toBytes() < 1) {
			throw new InvalidConfigurationPropertyValueException(PREFIX + "." + name, value, "must be more than zero");
		}
	}

	private static void notNegative(String name, Duration value) {
		if (value.isNegative()) {
			throw new InvalidConfigurationPropertyValueException(PREFIX + "." + name, value, "must not be negative");
		}
	}

	/**
	 * TLS properties.
	 *
	 * @param enabled Whether to speak TLS. By default where a bundle is named.
	 * @param bundle Name of the SSL bundle with the server's key and certificate, and
	 * with the authorities of clients.
	 * @param clientAuth Whether clients are asked for certificates, and need them.
	 * @param handshakeTimeout Time that a handshake may take. If a duration suffix is not
	 * specified, milliseconds will be used.
	 */
	public record Ssl(@Nullable Boolean enabled, @Nullable String bundle,
			@DefaultValue("none") TlsSettings.ClientAuth clientAuth,
			@DefaultValue("5s") @DurationUnit(ChronoUnit.MILLIS) Duration handshakeTimeout) {

		static final String BUNDLE = PREFIX + ".ssl.bundle";

		public Ssl {
			PropertyRanges.positive(PREFIX + ".ssl.handshake-timeout", handshakeTimeout);
			if (bundle == null && Boolean.TRUE.equals(enabled)) {
				throw new InvalidConfigurationPropertyValueException(BUNDLE, null,
						"a server with TLS needs an SSL bundle with its key and certificate");
			}
			boolean on = (enabled != null) ? enabled : bundle != null;
			if (!on && clientAuth != TlsSettings.ClientAuth.NONE) {
				throw new InvalidConfigurationPropertyValueException(PREFIX + ".ssl.client-auth", clientAuth,
						"there are certificates only with TLS: 'rpc.server.ssl.bundle' has to be set");
			}
		}

		/**
		 * The bundle, or null without TLS.
		 */
		@Nullable String bundleInUse() {
			return Boolean.FALSE.equals(this.enabled) ? null : this.bundle;
		}

	}

	/**
	 * Properties of who calls.
	 *
	 * @param token Token of 16 characters or more that every caller has to show. Its
	 * owner is called 'token'.
	 * @param tokens Tokens by the names of those who have them.
	 * @param certificate What in a client's certificate says who calls, where no token
	 * does. By default the subject, if no tokens are expected.
	 * @param roles Roles by the names of those who have them, however these are known.
	 * @param maxMessageSize Maximum size of a message before it is known who calls.
	 * @param maxConnectionsPerAddress Maximum number of connections from one address, or
	 * one network of IPv6 (/64), of which it is not known who calls.
	 * @param maxRefusedLogins Maximum number of logins of a connection that are refused
	 * before it is known who calls. Then it is closed.
	 * @param timeout Time until it has to be known who calls. If a duration suffix is not
	 * specified, seconds will be used.
	 * @param maxValidity Maximum time until a caller that goes on calling is looked up
	 * again. Use '0' for as long as its token or its connection lasts. If a duration
	 * suffix is not specified, seconds will be used.
	 * @param refusalValidity Time for which what was refused on a connection is refused
	 * again without a look. Use '0' for a look each time. If a duration suffix is not
	 * specified, seconds will be used.
	 */
	public record Authentication(@Nullable String token, @DefaultValue Map<String, Token> tokens,
			@Nullable CertificateName certificate, @DefaultValue Map<String, List<String>> roles,
			@DefaultValue("64KB") DataSize maxMessageSize, @DefaultValue("100") int maxConnectionsPerAddress,
			@DefaultValue("5") int maxRefusedLogins,
			@DefaultValue("30s") @DurationUnit(ChronoUnit.SECONDS) Duration timeout,
			@DefaultValue("5m") @DurationUnit(ChronoUnit.SECONDS) Duration maxValidity,
			@DefaultValue("5s") @DurationUnit(ChronoUnit.SECONDS) Duration refusalValidity) {

		static final String AUTHENTICATION = PREFIX + ".authentication";

		/** Whose the one token is that has no name. */
		static final String NAMELESS = "token";

		public Authentication {
			tokens = Map.copyOf(tokens);
			roles = Map.copyOf(roles);
			PropertyRanges.upToGigabyte(AUTHENTICATION + ".max-message-size", maxMessageSize, 64);
			PropertyRanges.between(AUTHENTICATION + ".max-connections-per-address", maxConnectionsPerAddress, 1,
					Integer.MAX_VALUE);
			PropertyRanges.between(AUTHENTICATION + ".max-refused-logins", maxRefusedLogins, 1, Integer.MAX_VALUE);
			PropertyRanges.positive(AUTHENTICATION + ".timeout", timeout);
			PropertyRanges.notNegative(AUTHENTICATION + ".max-validity", maxValidity);
			PropertyRanges.notNegative(AUTHENTICATION + ".refusal-validity", refusalValidity);
		}

		/**
		 * Leaves the tokens out.
		 */
		@Override
		public String toString() {
			return "Authentication[tokens of " + new TreeSet<>(this.tokens.keySet())
					+ ((this.token != null) ? " and another one" : "") + "]";
		}

	}

	/**
	 * Properties of a token.
	 *
	 * @param value Token of 16 characters or more.
	 * @param roles Roles of those who show it.
	 */
	public record Token(@Nullable String value, @DefaultValue List<String> roles) {

		public Token {
			roles = List.copyOf(roles);
		}

		/**
		 * Leaves the token out.
		 */
		@Override
		public String toString() {
			return "Token[roles=" + this.roles + "]";
		}

	}

	/**
	 * Concurrency properties.
	 *
	 * @param max Maximum number of handlers that run at the same time. By default 1000 on
	 * virtual threads, else 200.
	 * @param queue Maximum number of calls that wait for a handler to end.
	 * @param async Maximum number of calls whose handlers have returned a stage that is
	 * not complete. They do not count as running handlers.
	 */
	public record Concurrency(@Nullable Integer max, @DefaultValue("1024") int queue,
			@DefaultValue("10000") int async) {

		public Concurrency {
			if (max != null) {
				PropertyRanges.between(PREFIX + ".concurrency.max", max, 1, 1_000_000);
			}
			PropertyRanges.between(PREFIX + ".concurrency.queue", queue, 1, 1_000_000);
			PropertyRanges.between(PREFIX + ".concurrency.async", async, 1, 100_000_000);
		}

		int maxOr(int defaultMax) {
			return (this.max != null) ? this.max : defaultMax;
		}

	}

	/**
	 * Overload properties.
	 *
	 * @param targetWait Time that calls may always wait for a handler.
	 * @param interval Time for which even the shortest wait must stay above the target
	 * until the server counts as overloaded.
	 * @param maxWait Maximum time that a call waits while the server is overloaded. Calls
	 * that would wait longer are refused.
	 */
	public record Overload(@DefaultValue("5ms") Duration targetWait, @DefaultValue("100ms") Duration interval,
			@DefaultValue("100ms") Duration maxWait) {

		public Overload {
			PropertyRanges.positive(PREFIX + ".overload.target-wait", targetWait);
			PropertyRanges.positive(PREFIX + ".overload.interval", interval);
			PropertyRanges.positive(PREFIX + ".overload.max-wait", maxWait);
		}

	}

	/**
	 * Properties of each connection.
	 *
	 * @param maxCalls Maximum number of calls under way. At this number a stock peer is
	 * not read, and further calls of an extended one are refused.
	 * @param maxArgumentsSize Maximum size of the arguments of its calls under way, as
	 * they were sent. Beyond it the same happens.
	 * @param maxUnsentSize Maximum size of the replies that wait for the peer. Beyond it,
	 * the connection is not read until half of that is left.
	 * @param firstRequestTimeout Time from the first byte of the first request until it
	 * has to be complete. If a duration suffix is not specified, milliseconds will be
	 * used.
	 * @param requestTimeout Time from the first byte of any other request until it has to
	 * be complete, and that finding out who makes a request may take. If a duration
	 * suffix is not specified, milliseconds will be used.
	 * @param slowReaderTimeout Time that a peer may take no bytes while too many wait for
	 * it. Then the connection is closed.
	 * @param idleTimeout Time without a call after which the connection is closed. Use
	 * '0' for never, since a stock Go client does not reconnect. If a duration suffix is
	 * not specified, seconds will be used.
	 * @param maxAge Age, give or take a tenth, at which the connection is closed after
	 * its calls. Use '0' for never, since a stock Go client does not reconnect. If a
	 * duration suffix is not specified, seconds will be used.
	 */
	public record Connection(@DefaultValue("1024") int maxCalls, @DefaultValue("64MB") DataSize maxArgumentsSize,
			@DefaultValue("1MB") DataSize maxUnsentSize,
			@DefaultValue("5s") @DurationUnit(ChronoUnit.MILLIS) Duration firstRequestTimeout,
			@DefaultValue("10s") @DurationUnit(ChronoUnit.MILLIS) Duration requestTimeout,
			@DefaultValue("30s") Duration slowReaderTimeout,
			@DefaultValue("0") @DurationUnit(ChronoUnit.SECONDS) Duration idleTimeout,
			@DefaultValue("0") @DurationUnit(ChronoUnit.SECONDS) Duration maxAge) {

		public Connection {
			PropertyRanges.between(PREFIX + ".connection.max-calls", maxCalls, 1, 1_000_000);
			RpcServerProperties.positive("connection.max-arguments-size", maxArgumentsSize);
			PropertyRanges.upToGigabyte(PREFIX + ".connection.max-unsent-size", maxUnsentSize, 1024);
			PropertyRanges.positive(PREFIX + ".connection.first-request-timeout", firstRequestTimeout);
			PropertyRanges.positive(PREFIX + ".connection.request-timeout", requestTimeout);
			PropertyRanges.positive(PREFIX + ".connection.slow-reader-timeout", slowReaderTimeout);
			notNegative("connection.idle-timeout", idleTimeout);
			notNegative("connection.max-age", maxAge);
		}

	}

	/**
	 * Shutdown properties.
	 *
	 * @param gracePeriod Time that calls in flight have to end, whatever
	 * 'spring.lifecycle.timeout-per-shutdown-phase' says. If a duration suffix is not
	 * specified, seconds will be used.
	 * @param quietTime Time for which a caller that was told has to be silent until its
	 * connection is closed. If a duration suffix is not specified, milliseconds will be
	 * used.
	 */
	public record Shutdown(@DefaultValue("30s") @DurationUnit(ChronoUnit.SECONDS) Duration gracePeriod,
			@DefaultValue("500ms") @DurationUnit(ChronoUnit.MILLIS) Duration quietTime) {

		public Shutdown {
			notNegative("shutdown.grace-period", gracePeriod);
			PropertyRanges.positive(PREFIX + ".shutdown.quiet-time", quietTime);
		}

	}

	/**
	 * Properties of what the server says about itself where it registers.
	 *
	 * @param enabled Whether the server registers itself where a registry is configured.
	 * @param name Name of the service to register as. By default
	 * 'spring.application.name'.
	 * @param id Identity of this node among those of the service. By default its host and
	 * port.
	 * @param host Host that callers should connect to. By default the address listened
	 * on, or an address of this machine if that is a wildcard.
	 * @param port Port that callers should connect to. By default the port listened on.
	 * @param version Version to tell callers. By default that of the build, if known.
	 * @param weight Share of calls beside a node of weight 1.
	 * @param tags Words to choose nodes by.
	 * @param metadata What else to tell callers.
	 */
	public record Registration(@DefaultValue("true") boolean enabled, @Nullable String name, @Nullable String id,
			@Nullable String host, @Nullable Integer port, @Nullable String version, @DefaultValue("1") double weight,
			@DefaultValue List<String> tags, @DefaultValue Map<String, String> metadata) {

		private static final String REGISTRATION = PREFIX + ".registration";

		private static final double MOST_WEIGHT = 1_000_000;

		public Registration {
			if (name != null && !NodeRegistration.isService(name)) {
				throw new InvalidConfigurationPropertyValueException(REGISTRATION + ".name", name,
						"must be 1 to 200 letters, digits, '.', '-' and '_'");
			}
			check("id", id, () -> new NodeEndpoint(String.valueOf(id), "localhost", 1, Map.of()));
			check("host", host, () -> NodeEndpoint.of(String.valueOf(host), 1));
			if (port != null) {
				PropertyRanges.between(REGISTRATION + ".port", port, 1, 65535);
			}
			if (!(weight > 0 && weight <= MOST_WEIGHT)) {
				throw new InvalidConfigurationPropertyValueException(REGISTRATION + ".weight", weight,
						"must be more than zero, and at most a million");
			}
			tags = List.copyOf(tags);
			metadata = Map.copyOf(metadata);
		}

		private static void check(String name, @Nullable String value, Runnable user) {
			if (value != null) {
				try {
					user.run();
				}
				catch (IllegalArgumentException ex) {
					throw new InvalidConfigurationPropertyValueException(REGISTRATION + "." + name, value,
							String.valueOf(ex.getMessage()), ex);
				}
			}
		}

		/**
		 * What callers are told beside the address.
		 * @param server what the server knows of itself; the properties win
		 */
		Map<String, String> metadata(Map<String, String> server) {
			Map<String, String> all = new LinkedHashMap<>(server);
			if (this.version != null) {
				all.put(NodeMetadata.VERSION, this.version);
			}
			if (this.weight != 1) {
				all.put(NodeMetadata.WEIGHT, String.valueOf(this.weight));
			}
			if (!this.tags.isEmpty()) {
				all.put(NodeMetadata.TAGS, String.join(",", this.tags));
			}
			all.putAll(this.metadata);
			return all;
		}

	}

}
