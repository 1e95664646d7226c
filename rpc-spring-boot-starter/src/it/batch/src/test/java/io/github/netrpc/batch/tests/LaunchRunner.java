package io.github.netrpc.batch.tests;

import org.springframework.batch.core.job.Job;
import org.springframework.batch.core.job.parameters.JobParametersBuilder;
import org.springframework.batch.core.launch.JobOperator;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;

/**
 * Starts the job as soon as the application has.
 */
class LaunchRunner implements ApplicationRunner {

	private final String run;

	private final JobOperator operator;

	private final Job job;

	LaunchRunner(String run, JobOperator operator, Job job) {
		this.run = run;
		this.operator = operator;
		this.job = job;
	}

	@Override
	public void run(ApplicationArguments arguments) throws Exception {
		this.operator.start(this.job, new JobParametersBuilder().addString("run", this.run).toJobParameters());
	}

}
