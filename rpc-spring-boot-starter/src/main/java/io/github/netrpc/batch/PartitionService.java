package io.github.netrpc.batch;

import java.util.concurrent.CompletionStage;

import io.github.netrpc.annotation.RpcService;

/**
 * Runs partitions for a coordinator. <pre>
 * BatchPartitions.Run {Step "import", Partition "import:2", StepExecutionId 17, JobExecutionId 4, Job "nightly", Version 0}
 *                  -> {Status "COMPLETED"}
 * </pre>
 */
@RpcService("BatchPartitions")
interface PartitionService {

	/**
	 * Runs a partition to its end.
	 * @param request which one
	 * @return completes with how it ended, which the job repository has as well
	 */
	CompletionStage<PartitionResult> run(PartitionRequest request);

}
