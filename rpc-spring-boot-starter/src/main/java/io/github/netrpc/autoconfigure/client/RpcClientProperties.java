package io.github.netrpc.autoconfigure.client;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.convert.DurationUnit;
import org.springframework.util.unit.DataSize;

import io.github.netrpc.autoconfigure.Codec;
import io.github.netrpc.autoconfigure.PropertyRanges;
import io.github.netrpc.client.ClientLimits;
import io.github.netrpc.client.ClientResources;
import io.github.netrpc.client.ConnectionPolicy;
import io.github.netrpc.client.HedgingPolicy;
import io.github.netrpc.client.RetryLimits;
import io.github.netrpc.cluster.JobLease;
import io.github.netrpc.cluster.OutlierPolicy;
import io.github.netrpc.wire.WireLimits;

/**
 * RPC client properties.
 *
 * @param ioThreads Number of I/O threads that all channels share. Use '0' for the number
 * of processors, but at most 2.
 * @param channel Channels by their names.
 * @since 0.1.0
 */
@ConfigurationProperties(RpcClientProperties.PREFIX)
public record RpcClientProperties(@DefaultValue("0") int ioThreads, @DefaultValue Map<String, Channel> channel) {

	static final String PREFIX = "rpc.client";

	public RpcClientProperties {
		PropertyRanges.between(PREFIX + ".io-threads", ioThreads, 0, 1024);
		channel = Map.copyOf(channel);
		channel.forEach((name, properties) -> properties.check(prefix(name)));
	}

	static String prefix(String channel) {
		return PREFIX + ".channel." + channel;
	}

	/**
	 * Properties of a channel.
	 *
	 * @param target Nodes to call, such as 'static://node1:1234,node2:1234' or
	 * 'dns://arith:1234'.
	 * @param directory Properties of the list of nodes.
	 * @param codec Wire format to speak.
	 * @param transport Way to open connections.
	 * @param ssl TLS properties.
	 * @param token Token that says to the nodes who calls. It is sent over TLS only, or
	 * to loopback addresses.
	 * @param insecure Whether tokens may be sent without TLS.
	 * @param httpPath Path of the CONNECT request that opens a connection over HTTP.
	 * @param timeout Time that a call may take. If a duration suffix is not specified,
	 * milliseconds will be used.
	 * @param deadlineGrace Time after its deadline that a call is waited for where the
	 * node ends it too, and tells more. If a duration suffix is not specified,
	 * milliseconds will be used.
	 * @param retry Retry properties.
	 * @param hedging Properties of second attempts beside the first.
	 * @param extensions What stock peers ignore, such as deadlines: sent or not.
	 * @param connections Number of connections to each node.
	 * @param connectTimeout Time that opening a connection may take. If a duration suffix
	 * is not specified, milliseconds will be used.
	 * @param maxInFlight Maximum number of calls of a connection that wait for replies. A
	 * power of two.
	 * @param maxPending Maximum number of calls, for each connection, that wait to be
	 * sent.
	 * @param maxUnsentSize Size of unsent output of a connection beyond which calls wait
	 * until half of it has left.
	 * @param idleClose Time without calls after which a connection is closed. Use '0' for
	 * never. If a duration suffix is not specified, seconds will be used.
	 * @param maxAge Age at which a connection is replaced, plus or minus ten percent. Use
	 * '0' for never. If a duration suffix is not specified, seconds will be used.
	 * @param keepalive Keepalive properties.
	 * @param reconnect Reconnect properties.
	 * @param loadBalancer Name of what decides which node takes a call: 'least-loaded',
	 * 'round-robin', 'random', 'weighted', 'consistent-hash', or that of a bean.
	 * @param slowStart Time that a node which joins others, or is back, takes to have its
	 * share of the calls. Use '0' for none. If a duration suffix is not specified,
	 * seconds will be used.
	 * @param outlier Properties of the ejection of nodes that fail.
	 * @param job Properties of jobs.
	 * @param method Methods by their names, in Java or on the wire.
	 * @param maxMessageSize Maximum size of a message.
	 * @param maxDecodedSize Maximum memory that the values of one message may take.
	 * @param maxDepth Maximum nesting of values.
	 * @param maxStringSize Maximum size of a string.
	 * @param maxNumberDigits Maximum number of digits of a number in JSON.
	 * @param maxDefinitions Maximum number of types that a node may define in gob on one
	 * connection.
	 * @param maxDefinitionsSize Maximum size of all these definitions.
	 */
	public record Channel(@Nullable String target, @DefaultValue Directory directory, @DefaultValue("gob") Codec codec,
			@DefaultValue("tcp") Transport transport, @DefaultValue Ssl ssl, @Nullable String token,
			@DefaultValue("false") boolean insecure, @DefaultValue("/_goRPC_") String httpPath,
			@DefaultValue("10s") @DurationUnit(ChronoUnit.MILLIS) Duration timeout,
			@DefaultValue("25ms") @DurationUnit(ChronoUnit.MILLIS) Duration deadlineGrace, @DefaultValue Retry retry,
			@DefaultValue Hedging hedging, @DefaultValue("auto") Extensions extensions,
			@DefaultValue("1") int connections,
			@DefaultValue("3s") @DurationUnit(ChronoUnit.MILLIS) Duration connectTimeout,
			@DefaultValue("1024") int maxInFlight, @DefaultValue("1024") int maxPending,
			@DefaultValue("4MB") DataSize maxUnsentSize,
			@DefaultValue("5m") @DurationUnit(ChronoUnit.SECONDS) Duration idleClose,
			@DefaultValue("0s") @DurationUnit(ChronoUnit.SECONDS) Duration maxAge, @DefaultValue Keepalive keepalive,
			@DefaultValue Reconnect reconnect, @DefaultValue("least-loaded") String loadBalancer,
			@DefaultValue("30s") @DurationUnit(ChronoUnit.SECONDS) Duration slowStart, @DefaultValue Outlier outlier,
			@DefaultValue Job job, @DefaultValue Map<String, Method> method,
			@DefaultValue("4MB") DataSize maxMessageSize, @DefaultValue("64MB") DataSize maxDecodedSize,
			@DefaultValue("64") int maxDepth, @DefaultValue("1MB") DataSize maxStringSize,
			@DefaultValue("256") int maxNumberDigits, @DefaultValue("1000") int maxDefinitions,
			@DefaultValue("256KB") DataSize maxDefinitionsSize) {

		/** A channel of which the configuration says nothing. */
		static final Channel DEFAULT = new Binder().bindOrCreate("channel", Channel.class);

		public Channel {
			method = Map.copyOf(method);
		}

		private void check(String prefix) {
			this.directory.check(prefix + ".directory");
			this.ssl.check(prefix + ".ssl");
			PropertyRanges.path(prefix + ".http-path", this.httpPath);
			PropertyRanges.positive(prefix + ".timeout", this.timeout);
			PropertyRanges.notNegative(prefix + ".deadline-grace", this.deadlineGrace);
			if (this.deadlineGrace.compareTo(ClientResources.MOST_DEADLINE_GRACE) > 0) {
				throw new InvalidConfigurationPropertyValueException(prefix + ".deadline-grace", this.deadlineGrace,
						"must be a minute or less");
			}
			this.retry.check(prefix + ".retry");
			this.hedging.check(prefix + ".hedging");
			PropertyRanges.between(prefix + ".connections", this.connections, 1, 64);
			PropertyRanges.positive(prefix + ".connect-timeout", this.connectTimeout);
			PropertyRanges.powerOfTwo(prefix + ".max-in-flight", this.maxInFlight, 1 << 16);
			PropertyRanges.between(prefix + ".max-pending", this.maxPending, 1, Integer.MAX_VALUE);
			PropertyRanges.upToGigabyte(prefix + ".max-unsent-size", this.maxUnsentSize, 1024);
			PropertyRanges.notNegative(prefix + ".idle-close", this.idleClose);
			PropertyRanges.notNegative(prefix + ".max-age", this.maxAge);
			this.keepalive.check(prefix + ".keepalive");
			this.reconnect.check(prefix + ".reconnect");
			PropertyRanges.notNegative(prefix + ".slow-start", this.slowStart);
			this.outlier.check(prefix + ".outlier");
			this.job.check(prefix + ".job");
			this.method.forEach((name, properties) -> {
				if (properties.timeout() != null) {
					PropertyRanges.positive(prefix + ".method." + name + ".timeout", properties.timeout());
				}
			});
			limits(prefix);
		}

		/**
		 * Leaves the token out, and all that is not worth a line.
		 */
		@Override
		public String toString() {
			return "Channel[target=" + this.target + ", codec=" + this.codec + "]";
		}

		ClientLimits nodeLimits() {
			return new ClientLimits(this.connections, this.maxInFlight, this.maxPending, this.maxUnsentSize.toBytes(),
					this.connectTimeout);
		}

		ConnectionPolicy connectionPolicy() {
			return new ConnectionPolicy(
					new ConnectionPolicy.Keepalive(this.keepalive.interval(), this.keepalive.timeout(),
							this.keepalive.idleInterval(), this.keepalive.idleTimeout()),
					this.reconnect.initialDelay(), this.reconnect.maxDelay(), this.idleClose, this.maxAge);
		}

		WireLimits limits(String prefix) {
			return PropertyRanges.limits(prefix, this.maxMessageSize, this.maxDecodedSize, this.maxDepth,
					this.maxStringSize, this.maxNumberDigits, this.maxDefinitions, this.maxDefinitionsSize);
		}

	}

	/**
	 * TLS properties.
	 *
	 * @param enabled Whether to speak TLS. By default where a bundle is named. Without
	 * one, the nodes need certificates of authorities that the JDK trusts.
	 * @param bundle Name of the SSL bundle with the authorities of the nodes, and with
	 * the client's key and certificate where nodes ask for them.
	 * @param verifyHostName Whether the certificate of a node has to have its name.
	 * Without, any node with a certificate can pose as any other.
	 * @param serverName Name that the certificates of the nodes have to have. Default is
	 * the host of each node, or the name of a 'dns' target.
	 */
	public record Ssl(@Nullable Boolean enabled, @Nullable String bundle, @DefaultValue("true") boolean verifyHostName,
			@Nullable String serverName) {

		boolean isOn() {
			return (this.enabled != null) ? this.enabled : this.bundle != null;
		}

		private void check(String prefix) {
			if (this.serverName != null && (this.serverName.isEmpty()
					|| this.serverName.chars().anyMatch((each) -> each <= ' ' || each >= 0x7f))) {
				throw new InvalidConfigurationPropertyValueException(prefix + ".server-name", this.serverName,
						"must be a host name");
			}
		}

	}

	/**
	 * Properties of the list of nodes.
	 *
	 * @param refreshInterval Time from one look-up of the nodes to the next, plus or
	 * minus ten percent, where they have to be asked for. Default is what suits the
	 * scheme of the target, such as three seconds for 'dns'. If a duration suffix is not
	 * specified, milliseconds will be used.
	 */
	public record Directory(@DurationUnit(ChronoUnit.MILLIS) @Nullable Duration refreshInterval) {

		private static final Duration SHORTEST = Duration.ofMillis(100);

		private void check(String prefix) {
			if (this.refreshInterval != null) {
				PropertyRanges.atLeast(prefix + ".refresh-interval", this.refreshInterval, SHORTEST);
			}
		}

	}

	/**
	 * Properties of retries.
	 *
	 * @param maxAttempts Number of times that a call is tried, including the first time.
	 * Use '1' for no retries.
	 * @param backoff Upper bound of the random pause before the second attempt, which
	 * doubles with each further one. If a duration suffix is not specified, milliseconds
	 * will be used.
	 * @param maxBackoff Upper bound of every pause. If a duration suffix is not
	 * specified, milliseconds will be used.
	 * @param budget Number of retries for each call of the last ten seconds. Use '0' for
	 * none.
	 * @param budgetFloor Number of retries in ten seconds that are allowed however few
	 * calls there are.
	 */
	public record Retry(@DefaultValue("3") int maxAttempts,
			@DefaultValue("100ms") @DurationUnit(ChronoUnit.MILLIS) Duration backoff,
			@DefaultValue("1s") @DurationUnit(ChronoUnit.MILLIS) Duration maxBackoff,
			@DefaultValue("0.1") double budget, @DefaultValue("10") int budgetFloor) {

		private void check(String prefix) {
			PropertyRanges.between(prefix + ".max-attempts", this.maxAttempts, 1, 10);
			PropertyRanges.positive(prefix + ".backoff", this.backoff);
			PropertyRanges.positive(prefix + ".max-backoff", this.maxBackoff);
			PropertyRanges.atLeast(prefix + ".max-backoff", this.maxBackoff, this.backoff);
			PropertyRanges.ratio(prefix + ".budget", this.budget);
			PropertyRanges.between(prefix + ".budget-floor", this.budgetFloor, 0, Integer.MAX_VALUE);
		}

		RetryLimits limits() {
			return new RetryLimits(this.maxAttempts, this.backoff, this.maxBackoff, this.budget, this.budgetFloor);
		}

	}

	/**
	 * Properties of second attempts, at another node, beside a first one that takes long.
	 *
	 * @param enabled Whether calls of idempotent methods have them.
	 * @param methods Methods that have them, by their names in Java or on the wire.
	 * Default is all that are idempotent.
	 * @param percentile Part of the calls of a method that are faster than the wait for
	 * the second attempt.
	 * @param floor Shortest wait. If a duration suffix is not specified, milliseconds
	 * will be used.
	 * @param maxExtraLoad Number of second attempts for each call of a method in the last
	 * ten seconds.
	 * @param maxErrorShare Part of the recent attempts of a method whose failure stops
	 * second attempts.
	 * @param minimumCalls Number of recent calls of a method that the percentile takes.
	 */
	public record Hedging(@DefaultValue("false") boolean enabled, @DefaultValue Set<String> methods,
			@DefaultValue("0.95") double percentile,
			@DefaultValue("1ms") @DurationUnit(ChronoUnit.MILLIS) Duration floor,
			@DefaultValue("0.1") double maxExtraLoad, @DefaultValue("0.1") double maxErrorShare,
			@DefaultValue("50") int minimumCalls) {

		public Hedging {
			methods = Set.copyOf(methods);
		}

		private void check(String prefix) {
			within(prefix + ".percentile", this.percentile, this.percentile >= 0.5 && this.percentile <= 0.999,
					"must be from 0.5 to 0.999");
			PropertyRanges.notNegative(prefix + ".floor", this.floor);
			within(prefix + ".max-extra-load", this.maxExtraLoad, this.maxExtraLoad > 0 && this.maxExtraLoad <= 1,
					"must be more than 0, at most 1");
			within(prefix + ".max-error-share", this.maxErrorShare, this.maxErrorShare > 0 && this.maxErrorShare <= 1,
					"must be more than 0, at most 1");
			PropertyRanges.between(prefix + ".minimum-calls", this.minimumCalls, 1, Integer.MAX_VALUE);
		}

		private static void within(String name, double value, boolean fits, String expected) {
			if (!fits) {
				throw new InvalidConfigurationPropertyValueException(name, value, expected);
			}
		}

		@Nullable HedgingPolicy policy() {
			return this.enabled ? new HedgingPolicy(this.percentile, this.floor, this.maxExtraLoad, this.maxErrorShare,
					this.minimumCalls, this.methods) : null;
		}

	}

	/**
	 * Keepalive properties.
	 *
	 * @param interval Silence while calls wait after which the node is pinged. If a
	 * duration suffix is not specified, milliseconds will be used.
	 * @param timeout Silence while calls wait after which the connection is dead. If a
	 * duration suffix is not specified, milliseconds will be used.
	 * @param idleInterval Silence without calls after which the node is pinged. If a
	 * duration suffix is not specified, milliseconds will be used.
	 * @param idleTimeout Silence without calls after which the connection is dead. If a
	 * duration suffix is not specified, milliseconds will be used.
	 */
	public record Keepalive(@DefaultValue("2s") @DurationUnit(ChronoUnit.MILLIS) Duration interval,
			@DefaultValue("8s") @DurationUnit(ChronoUnit.MILLIS) Duration timeout,
			@DefaultValue("20s") @DurationUnit(ChronoUnit.MILLIS) Duration idleInterval,
			@DefaultValue("30s") @DurationUnit(ChronoUnit.MILLIS) Duration idleTimeout) {

		private void check(String prefix) {
			PropertyRanges.positive(prefix + ".interval", this.interval);
			PropertyRanges.moreThan(prefix + ".timeout", this.timeout, this.interval);
			PropertyRanges.positive(prefix + ".idle-interval", this.idleInterval);
			PropertyRanges.moreThan(prefix + ".idle-timeout", this.idleTimeout, this.idleInterval);
		}

	}

	/**
	 * Reconnect properties.
	 *
	 * @param initialDelay Time from a failed attempt to connect to the next one, plus or
	 * minus half of it. Each failure in a row makes it 1.6 times as long. If a duration
	 * suffix is not specified, milliseconds will be used.
	 * @param maxDelay Upper bound of that time, jitter included. If a duration suffix is
	 * not specified, milliseconds will be used.
	 */
	public record Reconnect(@DefaultValue("100ms") @DurationUnit(ChronoUnit.MILLIS) Duration initialDelay,
			@DefaultValue("15s") @DurationUnit(ChronoUnit.MILLIS) Duration maxDelay) {

		private void check(String prefix) {
			PropertyRanges.positive(prefix + ".initial-delay", this.initialDelay);
			PropertyRanges.atLeast(prefix + ".max-delay", this.maxDelay, this.initialDelay);
		}

	}

	/**
	 * Properties of the ejection of nodes that fail.
	 *
	 * @param consecutiveFailures Failures in a row after which a node is left out. Use
	 * '0' for however many.
	 * @param failureRatio Part of the calls of a window, if they are enough, whose
	 * failure leaves a node out.
	 * @param minimumCalls Number of calls of a window that are enough.
	 * @param window Length of the window. If a duration suffix is not specified, seconds
	 * will be used.
	 * @param ejection Time that a node is left out, multiplied by the number of times in
	 * a row. Also the time that a call on trial is waited for before another one is sent.
	 * If a duration suffix is not specified, seconds will be used.
	 * @param maxEjection Upper bound of that time. Use '0' to leave out no node. If a
	 * duration suffix is not specified, seconds will be used.
	 * @param maxEjected Part of the nodes that may be left out at a time.
	 */
	public record Outlier(@DefaultValue("5") int consecutiveFailures, @DefaultValue("0.5") double failureRatio,
			@DefaultValue("20") int minimumCalls,
			@DefaultValue("10s") @DurationUnit(ChronoUnit.SECONDS) Duration window,
			@DefaultValue("3s") @DurationUnit(ChronoUnit.SECONDS) Duration ejection,
			@DefaultValue("10s") @DurationUnit(ChronoUnit.SECONDS) Duration maxEjection,
			@DefaultValue("0.5") double maxEjected) {

		private static final Duration SHORTEST_WINDOW = Duration.ofMillis(10);

		private void check(String prefix) {
			PropertyRanges.between(prefix + ".consecutive-failures", this.consecutiveFailures, 0, Integer.MAX_VALUE);
			PropertyRanges.ratio(prefix + ".failure-ratio", this.failureRatio);
			if (this.failureRatio == 0) {
				throw new InvalidConfigurationPropertyValueException(prefix + ".failure-ratio", this.failureRatio,
						"must be more than 0");
			}
			PropertyRanges.between(prefix + ".minimum-calls", this.minimumCalls, 1, Integer.MAX_VALUE);
			PropertyRanges.atLeast(prefix + ".window", this.window, SHORTEST_WINDOW);
			PropertyRanges.positive(prefix + ".ejection", this.ejection);
			PropertyRanges.notNegative(prefix + ".max-ejection", this.maxEjection);
			if (!this.maxEjection.isZero()) {
				PropertyRanges.atLeast(prefix + ".max-ejection", this.maxEjection, this.ejection);
			}
			PropertyRanges.ratio(prefix + ".max-ejected", this.maxEjected);
		}

		OutlierPolicy policy() {
			return this.maxEjection.isZero() ? OutlierPolicy.OFF
					: new OutlierPolicy(this.consecutiveFailures, this.failureRatio, this.minimumCalls, this.window,
							this.ejection, this.maxEjection, this.maxEjected);
		}

	}

	/**
	 * Properties of jobs.
	 *
	 * @param lease Time after which nodes drop the items of a job if they hear nothing of
	 * this process. Use '0' for never. If a duration suffix is not specified, seconds
	 * will be used.
	 * @param renewal Time from one sign of life to the next for nodes that have items of
	 * a job. If a duration suffix is not specified, seconds will be used.
	 */
	public record Job(@DefaultValue("9s") @DurationUnit(ChronoUnit.SECONDS) Duration lease,
			@DefaultValue("3s") @DurationUnit(ChronoUnit.SECONDS) Duration renewal) {

		private void check(String prefix) {
			PropertyRanges.notNegative(prefix + ".lease", this.lease);
			if (!this.lease.isZero()) {
				PropertyRanges.positive(prefix + ".renewal", this.renewal);
				PropertyRanges.moreThan(prefix + ".lease", this.lease, this.renewal);
			}
		}

		JobLease policy() {
			return this.lease.isZero() ? JobLease.OFF : new JobLease(this.lease, this.renewal);
		}

	}

	/**
	 * Fields and calls of ours that a stock peer ignores.
	 */
	public enum Extensions {

		/** Sent to every node until it shows that it does not know them. */
		AUTO,

		/** Never sent. */
		OFF

	}

	/**
	 * Way to open connections.
	 */
	public enum Transport {

		/** The bytes of the wire format from the first one on. */
		TCP,

		/** An HTTP CONNECT request first. */
		HTTP

	}

	/**
	 * Properties of a method.
	 *
	 * @param timeout Time that a call of the method may take. If a duration suffix is not
	 * specified, milliseconds will be used.
	 * @param idempotent Whether calling the method twice does no more than calling it
	 * once, as '@Idempotent' says where there is an interface.
	 */
	public record Method(@DurationUnit(ChronoUnit.MILLIS) @Nullable Duration timeout,
			@DefaultValue("false") boolean idempotent) {

	}

}
