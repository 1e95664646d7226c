package io.github.netrpc.autoconfigure.client;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.convert.DurationUnit;
import org.springframework.util.unit.DataSize;

import io.github.netrpc.autoconfigure.Codec;
import io.github.netrpc.autoconfigure.PropertyRanges;
import io.github.netrpc.client.RetryLimits;
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
	 * @param target Nodes to call, such as 'static://node1:1234,node2:1234'.
	 * @param codec Wire format to speak.
	 * @param transport Way to open connections.
	 * @param httpPath Path of the CONNECT request that opens a connection over HTTP.
	 * @param timeout Time that a call may take. If a duration suffix is not specified,
	 * milliseconds will be used.
	 * @param retry Retry properties.
	 * @param method Methods by their names, in Java or on the wire.
	 * @param maxMessageSize Maximum size of a message.
	 * @param maxDecodedSize Maximum memory that the values of one message may take.
	 * @param maxDepth Maximum nesting of values.
	 * @param maxStringSize Maximum size of a string.
	 * @param maxNumberDigits Maximum number of digits of a number in JSON.
	 */
	public record Channel(@Nullable String target, @DefaultValue("gob") Codec codec,
			@DefaultValue("tcp") Transport transport, @DefaultValue("/_goRPC_") String httpPath,
			@DefaultValue("10s") @DurationUnit(ChronoUnit.MILLIS) Duration timeout, @DefaultValue Retry retry,
			@DefaultValue Map<String, Method> method, @DefaultValue("4MB") DataSize maxMessageSize,
			@DefaultValue("64MB") DataSize maxDecodedSize, @DefaultValue("64") int maxDepth,
			@DefaultValue("1MB") DataSize maxStringSize, @DefaultValue("256") int maxNumberDigits) {

		/** A channel of which the configuration says nothing. */
		static final Channel DEFAULT = new Binder().bindOrCreate("channel", Channel.class);

		public Channel {
			method = Map.copyOf(method);
		}

		private void check(String prefix) {
			PropertyRanges.path(prefix + ".http-path", this.httpPath);
			PropertyRanges.positive(prefix + ".timeout", this.timeout);
			this.retry.check(prefix + ".retry");
			this.method.forEach((name, properties) -> {
				if (properties.timeout() != null) {
					PropertyRanges.positive(prefix + ".method." + name + ".timeout", properties.timeout());
				}
			});
			limits(prefix);
		}

		WireLimits limits(String prefix) {
			return PropertyRanges.limits(prefix, this.maxMessageSize, this.maxDecodedSize, this.maxDepth,
					this.maxStringSize, this.maxNumberDigits);
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
	 */
	public record Retry(@DefaultValue("3") int maxAttempts,
			@DefaultValue("100ms") @DurationUnit(ChronoUnit.MILLIS) Duration backoff,
			@DefaultValue("1s") @DurationUnit(ChronoUnit.MILLIS) Duration maxBackoff,
			@DefaultValue("0.1") double budget) {

		private void check(String prefix) {
			PropertyRanges.between(prefix + ".max-attempts", this.maxAttempts, 1, 10);
			PropertyRanges.positive(prefix + ".backoff", this.backoff);
			PropertyRanges.positive(prefix + ".max-backoff", this.maxBackoff);
			PropertyRanges.atLeast(prefix + ".max-backoff", this.maxBackoff, this.backoff);
			PropertyRanges.ratio(prefix + ".budget", this.budget);
		}

		RetryLimits limits() {
			return new RetryLimits(this.maxAttempts, this.backoff, this.maxBackoff, this.budget);
		}

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
