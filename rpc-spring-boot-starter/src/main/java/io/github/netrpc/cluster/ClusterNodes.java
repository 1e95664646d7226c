package io.github.netrpc.cluster;

import java.util.List;
import java.util.Set;

import io.github.netrpc.RpcOptions;
import io.github.netrpc.work.Worker;

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
	 * The nodes as workers of a job. Asks for a list if there is none.
	 * @param tags what they must have
	 * @return the nodes in the order of the list, none while there is no list
	 */
	List<Worker> workers(Set<String> tags);

	/**
	 * Gives a worker a sign of life for the items that it has, whether it is listed or
	 * drains.
	 * @param id the id of the worker; one that is gone is nobody
	 */
	default void renew(String id) {
	}

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
	 * Whether the list is the same for ever, so that a node that is not on it is nobody.
	 * @return false if it may change
	 */
	boolean isFixed();

	/**
	 * The order in which to ask nodes if not all are needed: that of the balancer, those
	 * that are not connected or left out for their failures last.
	 * @param nodes some of the nodes
	 * @param operation names what is done, for balancers that ask
	 * @param options what the caller has chosen
	 * @return indexes of the nodes, the best one first
	 */
	int[] bestFirst(List<ClusterNode> nodes, String operation, RpcOptions options);

}
