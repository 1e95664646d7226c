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
import java.util.function.Supplier;

import io.etcd.jetcd.common.exception.ErrorCode;
import io.etcd.jetcd.common.exception.EtcdExceptionFactory;

import io.github.netrpc.client.FakeTimer;

/**
 * An etcd of leases and entries, in time that a test moves: it answers at once, refuses,
 * or hangs and does what it was asked when the test says so, as one does that was frozen.
 */
final class FakeLeases implements EtcdSession.Factory {

	private static final long NANOS = 1_000_000_000;

	private final FakeTimer timer;

	private final Map<String, Entry> entries = new TreeMap<>();

	/** When they end, by their numbers. */
	private final Map<Long, Long> leases = new TreeMap<>();

	private final Deque<Runnable> waiting = new ArrayDeque<>();

	/** What was asked, behind the second in which it was. */
	final List<String> asked = new ArrayList<>();

	Mood mood = Mood.ANSWERS;

	int open;

	private long lastLease;

	FakeLeases(FakeTimer timer) {
		this.timer = timer;
	}

	Map<String, Entry> entries() {
		this.leases.entrySet().removeIf((lease) -> lease.getValue() <= this.timer.nanoTime());
		this.entries.values().removeIf((entry) -> entry.lease() != 0 && !this.leases.containsKey(entry.lease()));
		return this.entries;
	}

	int leases() {
		entries();
		return this.leases.size();
	}

	void endLeases() {
		this.leases.clear();
		entries();
	}

	void put(String key, String value) {
		this.entries.put(key, new Entry(value, 0));
	}

	/**
	 * Does what was asked while it hung.
	 */
	void wake() {
		this.mood = Mood.ANSWERS;
		while (!this.waiting.isEmpty()) {
			this.waiting.remove().run();
		}
	}

	@Override
	public EtcdSession open(EtcdSettings settings) {
		if (this.mood == Mood.CANNOT_BE_OPENED) {
			throw new IllegalArgumentException("no such host");
		}
		this.open++;
		return new Session();
	}

	private static RuntimeException notFound() {
		return EtcdExceptionFactory.newEtcdException(ErrorCode.NOT_FOUND, "etcdserver: requested lease not found");
	}

	/**
	 * How it takes questions.
	 */
	enum Mood {

		ANSWERS, REFUSES, HANGS, CANNOT_BE_OPENED

	}

	/**
	 * A value, and the lease that it ends with.
	 *
	 * @param value the value
	 * @param lease the number of the lease, or 0
	 */
	record Entry(String value, long lease) {

	}

	/**
	 * A session of the registrar.
	 */
	private final class Session implements EtcdSession {

		private boolean closed;

		private <T> CompletionStage<T> ask(String question, Supplier<T> answer) {
			FakeLeases etcd = FakeLeases.this;
			etcd.asked.add(etcd.timer.nanoTime() / (NANOS / 1_000) + " " + question);
			CompletableFuture<T> given = new CompletableFuture<>();
			Runnable work = () -> {
				try {
					given.complete(answer.get());
				}
				catch (RuntimeException ex) {
					given.completeExceptionally(ex);
				}
			};
			switch (this.closed ? Mood.REFUSES : etcd.mood) {
				case ANSWERS -> work.run();
				case HANGS -> etcd.waiting.add(work);
				case REFUSES, CANNOT_BE_OPENED ->
					given.completeExceptionally(new IllegalStateException("connection refused"));
			}
			return given;
		}

		@Override
		public CompletionStage<Long> grant(Duration time) {
			return ask("grant", () -> {
				FakeLeases etcd = FakeLeases.this;
				etcd.leases.put(++etcd.lastLease, etcd.timer.nanoTime() + time.toNanos());
				return etcd.lastLease;
			});
		}

		@Override
		public CompletionStage<Boolean> keepAlive(long lease) {
			return ask("keep " + lease, () -> {
				entries();
				FakeLeases etcd = FakeLeases.this;
				return etcd.leases.computeIfPresent(lease, (number, end) -> etcd.timer.nanoTime() + 10 * NANOS) != null;
			});
		}

		@Override
		public CompletionStage<?> put(String key, String value, long lease) {
			return ask("put " + key + " " + lease, () -> {
				if (!FakeLeases.this.leases.containsKey(lease)) {
					throw notFound();
				}
				return entries().put(key, new Entry(value, lease));
			});
		}

		@Override
		public CompletionStage<Long> holder(String key) {
			return ask("holder " + key, () -> {
				Entry entry = entries().get(key);
				return (entry != null) ? entry.lease() : EtcdSession.ABSENT;
			});
		}

		@Override
		public CompletionStage<?> revoke(long lease) {
			return ask("revoke " + lease, () -> FakeLeases.this.leases.remove(lease) != null);
		}

		@Override
		public CompletionStage<Listing> list(String prefix) {
			throw new UnsupportedOperationException();
		}

		@Override
		public void watch(String prefix, long fromRevision, WatchListener listener) {
			throw new UnsupportedOperationException();
		}

		@Override
		public void close() {
			if (!this.closed) {
				this.closed = true;
				FakeLeases.this.open--;
			}
		}

	}

}
