package io.github.netrpc.discovery.etcd;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;

import org.jspecify.annotations.Nullable;

/**
 * Connections to etcd, used until the first failure and then replaced as a whole: so the
 * next attempt begins at once, resolves names anew, and leaves nothing hanging behind.
 * Thread-safe. Stages may be completed by any thread, and late or never by an etcd that
 * hangs. No method may be called with a lock that a listener needs.
 */
interface EtcdSession extends AutoCloseable {

	/** What {@link #holder} says of a key that is not there. */
	long ABSENT = -1;

	/** All entries below a prefix. */
	CompletionStage<Listing> list(String prefix);

	/** Tells of all changes below a prefix from a revision on. */
	void watch(String prefix, long fromRevision, WatchListener listener);

	/** Begins a lease: its number. */
	CompletionStage<Long> grant(Duration time);

	/** Renews a lease: whether there still is one. */
	CompletionStage<Boolean> keepAlive(long lease);

	/** Writes an entry that ends with a lease. */
	CompletionStage<?> put(String key, String value, long lease);

	/**
	 * The lease that an entry ends with: 0 if it has none, {@link #ABSENT} if there is no
	 * entry.
	 */
	CompletionStage<Long> holder(String key);

	/** Ends a lease, and with it all its entries, if it has not ended already. */
	CompletionStage<?> revoke(long lease);

	/** Drops the connections. Does not block. */
	@Override
	void close();

	/**
	 * Opens sessions. May take a while, but does not wait for etcd.
	 */
	@FunctionalInterface
	interface Factory {

		EtcdSession open(EtcdSettings settings);

	}

	/**
	 * Wants to know changes. Called by any thread, one call after the other.
	 */
	interface WatchListener {

		void changed(List<Change> changes);

		/**
		 * Called at least once when nothing more will be told.
		 * @param reason why, for people
		 * @param cause the cause, or null
		 */
		void lost(String reason, @Nullable Throwable cause);

	}

	/**
	 * All entries as they were at one revision.
	 *
	 * @param revision counts all changes of the whole store
	 * @param entries values by their keys
	 */
	record Listing(long revision, Map<String, String> entries) {

	}

	/**
	 * A change of one entry.
	 *
	 * @param revision when it happened
	 * @param key the key
	 * @param value the new value, or null if the entry is gone
	 */
	record Change(long revision, String key, @Nullable String value) {

	}

}
