package io.github.netrpc.cluster;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collector;

import org.jspecify.annotations.Nullable;

/**
 * How an operation ended at all of its nodes: one outcome for each. <pre class="code">
 * ClusterResult&lt;Long&gt; sizes = cluster.broadcast(Store::size);
 * long total = sizes.reduce(Collectors.summingLong(Long::longValue));              // throws unless all answered
 * long atLeast = sizes.partial().reduce(Collectors.summingLong(Long::longValue));  // of those that did
 * for (NodeOutcome&lt;Long&gt; failed : sizes.failures()) {
 *     log.warn("{} did not answer", failed.node(), failed.failure());
 * }
 * </pre> Immutable, but for what the values themselves allow.
 *
 * @param <R> the type of the values
 * @since 0.1.0
 */
public final class ClusterResult<R extends @Nullable Object> {

	private final String operation;

	private final int required;

	private final List<NodeOutcome<R>> outcomes;

	/**
	 * Creates a result.
	 * @param operation for messages
	 * @param required how many nodes have to succeed for the result to be complete
	 * @param outcomes one for each node, in the order of the list of nodes
	 */
	ClusterResult(String operation, int required, List<NodeOutcome<R>> outcomes) {
		this.operation = operation;
		this.required = required;
		this.outcomes = List.copyOf(outcomes);
	}

	/**
	 * What became of each node that took part.
	 * @return one outcome for each node, in the order of the list of nodes
	 */
	public List<NodeOutcome<R>> outcomes() {
		return this.outcomes;
	}

	/**
	 * The values of the nodes that succeeded, whether that is all of them or not: see
	 * {@link #isComplete}, and {@link #orThrow} for {@code result.orThrow().values()}.
	 * @return the values in the order of the list of nodes
	 */
	public List<R> values() {
		List<R> values = new ArrayList<>();
		for (NodeOutcome<R> outcome : this.outcomes) {
			if (outcome.isSuccess()) {
				values.add(outcome.value());
			}
		}
		return Collections.unmodifiableList(values);
	}

	/**
	 * The outcomes without a value. After a quorum that was reached, those of the nodes
	 * that were not waited for are among them.
	 * @return the outcomes in the order of the list of nodes
	 */
	public List<NodeOutcome<R>> failures() {
		return this.outcomes.stream().filter((outcome) -> !outcome.isSuccess()).toList();
	}

	/**
	 * Whether as many nodes have succeeded as were asked for: all for a broadcast, as
	 * many as it takes for a quorum.
	 * @return whether nothing is missing
	 */
	public boolean isComplete() {
		return this.outcomes.stream().filter(NodeOutcome::isSuccess).count() >= this.required;
	}

	/**
	 * Insists on a complete result.
	 * @return this
	 * @throws RpcClusterException if nodes are missing; names them
	 */
	public ClusterResult<R> orThrow() {
		if (!isComplete()) {
			throw RpcClusterException.incomplete(this);
		}
		return this;
	}

	/**
	 * The same outcomes, with those that there are being enough: a best effort.
	 * @return a complete result
	 */
	public ClusterResult<R> partial() {
		return new ClusterResult<>(this.operation, 0, this.outcomes);
	}

	/**
	 * Folds the values.
	 * @param <A> what the collector folds into
	 * @param <S> the type of the sum
	 * @param collector folds values, such as {@code Collectors.summingLong}
	 * @return the sum
	 * @throws RpcClusterException if the result is not complete; {@link #partial} takes
	 * what there is
	 */
	public <A extends @Nullable Object, S extends @Nullable Object> S reduce(Collector<? super R, A, S> collector) {
		return orThrow().values().stream().collect(collector);
	}

	String operation() {
		return this.operation;
	}

	int required() {
		return this.required;
	}

	/**
	 * How many nodes succeeded, without the values, which may be secret.
	 */
	@Override
	public String toString() {
		return this.operation + ": " + (this.outcomes.size() - failures().size()) + " of " + this.outcomes.size()
				+ " nodes succeeded";
	}

}
