package io.github.netrpc.batch;

import org.springframework.batch.core.BatchStatus;

/**
 * How a partition ended. What else is to be known of it is in the job repository.
 *
 * @param status the name of a {@link BatchStatus}
 */
record PartitionResult(String status) {

	static PartitionResult of(BatchStatus status) {
		return new PartitionResult(status.name());
	}

}
