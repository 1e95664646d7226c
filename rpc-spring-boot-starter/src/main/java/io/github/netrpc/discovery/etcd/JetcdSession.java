package io.github.netrpc.discovery.etcd;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.stream.Collectors;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.ClientBuilder;
import io.etcd.jetcd.KeyValue;
import io.etcd.jetcd.Watch;
import io.etcd.jetcd.common.exception.ErrorCode;
import io.etcd.jetcd.common.exception.EtcdException;
import io.etcd.jetcd.lease.LeaseGrantResponse;
import io.etcd.jetcd.options.GetOption;
import io.etcd.jetcd.options.PutOption;
import io.etcd.jetcd.options.WatchOption;
import io.etcd.jetcd.watch.WatchEvent;
import io.etcd.jetcd.watch.WatchResponse;
import io.netty.handler.ssl.SslContextBuilder;
import org.jspecify.annotations.Nullable;

/**
 * A session by jetcd. It neither waits for etcd to come up nor tries again by itself,
 * apart from what an expired token of a login needs: when and how often to try is for
 * whoever has the session.
 */
final class JetcdSession implements EtcdSession {

	/** A new token needs a second attempt. */
	private static final int MOST_RETRIES = 1;

	private static final long RETRY_DELAY_MILLIS = 50;

	private static final long MOST_RETRY_DELAY_MILLIS = 100;

	/** Not more often than etcd allows by default, 5 s. */
	private static final Duration PING_INTERVAL = Duration.ofSeconds(10);

	private final Client client;

	private JetcdSession(Client client) {
		this.client = client;
	}

	static EtcdSession open(EtcdSettings settings) {
		ClientBuilder builder = Client.builder()
			.target("ip:///" + settings.addresses().stream().map(JetcdSession::text).collect(Collectors.joining(",")))
			.waitForReady(false)
			.retryMaxAttempts(MOST_RETRIES)
			.retryDelay(RETRY_DELAY_MILLIS)
			.retryMaxDelay(MOST_RETRY_DELAY_MILLIS)
			.connectTimeout(settings.timeout())
			.keepaliveTime(PING_INTERVAL)
			.keepaliveTimeout(settings.timeout());
		if (settings.user() != null && settings.password() != null) {
			builder.user(bytes(settings.user())).password(bytes(settings.password()));
		}
		EtcdSettings.Tls tls = settings.tls();
		if (tls != null) {
			try {
				builder.sslContext((context) -> secure(context, tls));
			}
			catch (Exception ex) {
				throw new IllegalArgumentException("TLS to etcd: " + ex.getMessage(), ex);
			}
		}
		return new JetcdSession(builder.build());
	}

	private static void secure(SslContextBuilder context, EtcdSettings.Tls tls) {
		context.keyManager(tls.keys()).trustManager(tls.trust());
		if (!tls.protocols().isEmpty()) {
			context.protocols(tls.protocols());
		}
		if (!tls.ciphers().isEmpty()) {
			context.ciphers(tls.ciphers());
		}
	}

	// A part of an address whose brackets have to be escaped.
	private static String text(InetSocketAddress address) {
		String host = address.getHostString();
		return ((host.indexOf(':') >= 0) ? "%5B" + host + "%5D" : host) + ":" + address.getPort();
	}

	private static ByteSequence bytes(String text) {
		return ByteSequence.from(text, StandardCharsets.UTF_8);
	}

	private static String text(ByteSequence bytes) {
		return bytes.toString(StandardCharsets.UTF_8);
	}

	@Override
	public CompletionStage<Listing> list(String prefix) {
		GetOption option = GetOption.builder().isPrefix(true).build();
		return this.client.getKVClient().get(bytes(prefix), option).thenApply((response) -> {
			Map<String, String> entries = new LinkedHashMap<>();
			response.getKvs().forEach((entry) -> entries.put(text(entry.getKey()), text(entry.getValue())));
			return new Listing(response.getHeader().getRevision(), entries);
		});
	}

	@Override
	public void watch(String prefix, long fromRevision, WatchListener listener) {
		WatchOption option = WatchOption.builder()
			.isPrefix(true)
			.withRevision(fromRevision)
			.withRequireLeader(true)
			.build();
		this.client.getWatchClient().watch(bytes(prefix), option, new ChangeForwarding(listener));
	}

	@Override
	public CompletionStage<Long> grant(Duration time) {
		return this.client.getLeaseClient().grant(time.toSeconds()).thenApply(LeaseGrantResponse::getID);
	}

	@Override
	public CompletionStage<Boolean> keepAlive(long lease) {
		return found(this.client.getLeaseClient().keepAliveOnce(lease));
	}

	/**
	 * Whether there was what was asked for.
	 */
	private static CompletionStage<Boolean> found(CompletionStage<?> answer) {
		CompletableFuture<Boolean> found = new CompletableFuture<>();
		answer.whenComplete((response, failure) -> {
			if (failure == null) {
				found.complete(true);
			}
			else if (isNotFound(failure)) {
				found.complete(false);
			}
			else {
				found.completeExceptionally(failure);
			}
		});
		return found;
	}

	private static boolean isNotFound(Throwable failure) {
		Throwable cause = (failure instanceof CompletionException && failure.getCause() != null) ? failure.getCause()
				: failure;
		return cause instanceof EtcdException etcd && etcd.getErrorCode() == ErrorCode.NOT_FOUND;
	}

	@Override
	public CompletionStage<?> put(String key, String value, long lease) {
		PutOption option = PutOption.builder().withLeaseId(lease).withAutoRetry().build();
		return this.client.getKVClient().put(bytes(key), bytes(value), option);
	}

	@Override
	public CompletionStage<Long> holder(String key) {
		return this.client.getKVClient()
			.get(bytes(key))
			.thenApply((response) -> response.getKvs().stream().findFirst().map(KeyValue::getLease).orElse(ABSENT));
	}

	@Override
	public CompletionStage<?> revoke(long lease) {
		return found(this.client.getLeaseClient().revoke(lease));
	}

	@Override
	public void close() {
		this.client.close();
	}

	/**
	 * Passes changes on. jetcd begins again by itself after most errors, without saying
	 * what was missed meanwhile; so for us every error is the end.
	 */
	private record ChangeForwarding(WatchListener listener) implements Watch.Listener {

		@Override
		public void onNext(WatchResponse response) {
			List<Change> changes = new ArrayList<>();
			for (WatchEvent event : response.getEvents()) {
				KeyValue entry = event.getKeyValue();
				changes.add(new Change(entry.getModRevision(), text(entry.getKey()), value(event)));
			}
			if (!changes.isEmpty()) {
				this.listener.changed(changes);
			}
		}

		private static @Nullable String value(WatchEvent event) {
			return (event.getEventType() == WatchEvent.EventType.PUT) ? text(event.getKeyValue().getValue()) : null;
		}

		@Override
		public void onError(Throwable cause) {
			this.listener.lost(String.valueOf(cause.getMessage()), cause);
		}

		@Override
		public void onCompleted() {
			this.listener.lost("it was closed", null);
		}

	}

}
