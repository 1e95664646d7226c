package io.github.netrpc.discovery.etcd;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import org.jspecify.annotations.Nullable;

/**
 * An etcd whose answers a test gives by hand, one session after the other.
 */
final class FakeEtcd implements EtcdSession.Factory {

	final Map<String, String> entries = new TreeMap<>();

	final Deque<Session> sessions = new ArrayDeque<>();

	long revision = 1;

	@Override
	public EtcdSession open(EtcdSettings settings) {
		Session session = new Session();
		this.sessions.addLast(session);
		return session;
	}

	Session last() {
		return this.sessions.getLast();
	}

	void put(String key, String value) {
		this.revision++;
		this.entries.put(key, value);
	}

	/**
	 * A session of the directory.
	 */
	final class Session implements EtcdSession {

		final List<CompletableFuture<Listing>> asked = new ArrayList<>();

		EtcdSession.@Nullable WatchListener watch;

		long watchedFrom;

		boolean closed;

		/** Answers the oldest question with what there is now. */
		void answer() {
			answer(FakeEtcd.this.revision, FakeEtcd.this.entries);
		}

		void answer(long revision, Map<String, String> entries) {
			this.asked.remove(0).complete(new Listing(revision, Map.copyOf(entries)));
		}

		void fail(String reason) {
			this.asked.remove(0).completeExceptionally(new IllegalStateException(reason));
		}

		void change(long revision, String key, @Nullable String value) {
			this.watch.changed(List.of(new Change(revision, key, value)));
		}

		@Override
		public CompletionStage<Listing> list(String prefix) {
			CompletableFuture<Listing> answer = new CompletableFuture<>();
			this.asked.add(answer);
			return answer;
		}

		@Override
		public void watch(String prefix, long fromRevision, WatchListener listener) {
			this.watch = listener;
			this.watchedFrom = fromRevision;
		}

		@Override
		public CompletionStage<Long> grant(Duration time) {
			throw new UnsupportedOperationException();
		}

		@Override
		public CompletionStage<Boolean> keepAlive(long lease) {
			throw new UnsupportedOperationException();
		}

		@Override
		public CompletionStage<?> put(String key, String value, long lease) {
			throw new UnsupportedOperationException();
		}

		@Override
		public CompletionStage<Long> holder(String key) {
			throw new UnsupportedOperationException();
		}

		@Override
		public CompletionStage<?> revoke(long lease) {
			throw new UnsupportedOperationException();
		}

		@Override
		public void close() {
			this.closed = true;
			if (this.watch != null) {
				this.watch.lost("closed", null);
			}
		}

	}

}
