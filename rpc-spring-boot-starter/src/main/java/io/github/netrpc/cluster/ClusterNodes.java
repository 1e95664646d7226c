package io.github.netrpc.cluster;

import java.util.List;

/**
 * The nodes that operations on a cluster may use. Thread-safe.
 */
interface ClusterNodes {

	/**
	 * The nodes that are listed now, whatever state they are in.
	 * @return the nodes in the order of the list, none while there is no list
	 */
	List<ClusterNode> listed();

	/**
	 * Asks for a list, and runs a task when there is one.
	 * @param task runs at once if there is a list, else on the thread that brings it
	 * @return drops the task when run
	 */
	Runnable whenListed(Runnable task);

	/**
	 * Says why there is no list.
	 * @return for example {@code no nodes of dns://arith:1234}
	 */
	String missing();

	/**
	 * The order in which to ask nodes if not all are needed.
	 * @param nodes some of the nodes
	 * @return indexes of the nodes, the best one first
	 */
	int[] bestFirst(List<ClusterNode> nodes);

}
