package io.github.netrpc.batch.tests;

import java.util.LinkedHashMap;
import java.util.Map;

import org.springframework.batch.core.partition.Partitioner;
import org.springframework.batch.infrastructure.item.ExecutionContext;

/**
 * A short range, and long ones. All ranges are known by their first number.
 */
class RangePartitioner implements Partitioner {

	static final int SHORT = 8;

	static final int LONG = 20;

	static final int APART = 100;

	@Override
	public Map<String, ExecutionContext> partition(int gridSize) {
		Map<String, ExecutionContext> partitions = new LinkedHashMap<>();
		for (int i = 0; i < gridSize; i++) {
			ExecutionContext context = new ExecutionContext();
			context.putInt("first", i * APART);
			context.putInt("size", (i == 0) ? SHORT : LONG);
			partitions.put(String.valueOf(i), context);
		}
		return partitions;
	}

	static int items(int gridSize) {
		return SHORT + (gridSize - 1) * LONG;
	}

}
