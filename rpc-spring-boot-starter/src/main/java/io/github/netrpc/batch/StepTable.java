package io.github.netrpc.batch;

import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;

import org.springframework.batch.core.step.Step;

import io.github.netrpc.RpcCode;
import io.github.netrpc.RpcException;

/**
 * The steps of a node by their names. Immutable.
 */
final class StepTable {

	private final Map<String, Step> steps;

	private StepTable(Map<String, Step> steps) {
		this.steps = steps;
	}

	static StepTable of(Collection<? extends Step> steps) {
		Map<String, Step> table = new TreeMap<>();
		for (Step step : steps) {
			Step other = table.put(step.getName(), step);
			if (other != null) {
				throw new IllegalArgumentException(
						"two steps are named \"" + step.getName() + "\": " + other + " and " + step);
			}
		}
		return new StepTable(table);
	}

	/**
	 * Finds a step.
	 * @throws RpcException if there is none
	 */
	Step get(String name) {
		Step step = this.steps.get(name);
		if (step == null) {
			throw new RpcException(RpcCode.FAILED_PRECONDITION,
					"step " + name + ": not on this node (its steps: " + String.join(", ", this.steps.keySet()) + ")");
		}
		return step;
	}

}
