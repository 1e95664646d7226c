package io.github.netrpc.cluster;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Knows the nodes of one channel, and tells it when they change. A channel watches its
 * directory from its first call on, or from the beginning if the list is fixed, and
 * closes it. Thread-safe.
 *
 * @since 0.1.0
 */
public interface NodeDirectory extends AutoCloseable {

	/**
	 * Has the listener told of the nodes from now on. Called once. Does not block: what
	 * takes time is left to {@link DirectoryContext#lookups()} or to threads of its own.
	 * @param listener wants to know, also before this returns
	 */
	void watch(Listener listener);

	/**
	 * Whether there is one answer only, given while {@link #watch} runs. Such a list has
	 * no age.
	 * @return false by default
	 */
	default boolean isFixed() {
		return false;
	}

	/**
	 * No node of the list can be connected to, so it may be out of date: to be asked for
	 * anew soon, if that is of use. Called often, by any thread, which must not be
	 * blocked; how often to ask is for the directory to decide.
	 */
	default void refresh() {
	}

	/**
	 * Ends what {@link #watch} has begun. The listener ignores what it is told
	 * afterwards. May be called more than once.
	 */
	@Override
	void close();

	/**
	 * Wants to know the nodes. Its methods may be called by any thread, one at a time,
	 * and neither block nor throw.
	 */
	interface Listener {

		/**
		 * The nodes of the moment. To be called at each successful answer, also if
		 * nothing has changed: it shows that the list is up to date. A list without nodes
		 * does not replace one with nodes.
		 * @param nodes all nodes; of several with one id, the first counts
		 */
		void nodes(List<NodeEndpoint> nodes);

		/**
		 * The nodes could not be found out. The list stays what it was.
		 * @param reason why, for people
		 * @param cause the cause, or null
		 */
		void failed(String reason, @Nullable Throwable cause);

	}

	/**
	 * Makes the directories of targets with one scheme. Found by
	 * {@link java.util.ServiceLoader}, or given to
	 * {@link RpcChannelBuilder#directoryProvider}.
	 */
	interface Provider {

		/**
		 * The scheme.
		 * @return such as {@code dns}, in lower case
		 */
		String scheme();

		/**
		 * Makes the directory of a target. Does not block.
		 * @param target a target with this scheme
		 * @param context what the channel has for it
		 * @return a new directory
		 * @throws IllegalArgumentException if the target is malformed
		 */
		NodeDirectory create(TargetUri target, DirectoryContext context);

	}

}
