package io.github.netrpc.batch.tests;

import javax.sql.DataSource;

import org.h2.jdbcx.JdbcConnectionPool;
import org.h2.jdbcx.JdbcDataSource;
import org.postgresql.ds.PGConnectionPoolDataSource;
import org.springframework.batch.core.configuration.annotation.EnableBatchProcessing;
import org.springframework.batch.core.configuration.annotation.EnableJdbcJobRepository;
import org.springframework.batch.core.configuration.annotation.StepScope;
import org.springframework.batch.core.job.Job;
import org.springframework.batch.core.job.builder.JobBuilder;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.Step;
import org.springframework.batch.core.step.builder.StepBuilder;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;

import io.github.netrpc.batch.RpcPartitionHandler;

/**
 * Coordinator or worker, as its properties say. The job {@code nightly} imports ranges of
 * numbers into a table, four to a transaction.
 */
@SpringBootApplication(proxyBeanMethods = false)
@EnableBatchProcessing
@EnableJdbcJobRepository
public class NightlyApplication {

	public static void main(String[] args) {
		SpringApplication.run(NightlyApplication.class, args);
	}

	@Bean(destroyMethod = "dispose")
	JdbcConnectionPool dataSource(@Value("${test.database}") String url) {
		if (url.startsWith("jdbc:h2:")) {
			JdbcDataSource h2 = new JdbcDataSource();
			h2.setURL(url);
			return JdbcConnectionPool.create(h2);
		}
		PGConnectionPoolDataSource postgres = new PGConnectionPoolDataSource();
		postgres.setUrl(url);
		return JdbcConnectionPool.create(postgres);
	}

	@Bean
	JdbcTransactionManager transactionManager(DataSource dataSource) {
		return new JdbcTransactionManager(dataSource);
	}

	@Bean
	JdbcTemplate jdbcTemplate(DataSource dataSource) {
		return new JdbcTemplate(dataSource);
	}

	@Bean
	Step importRange(JobRepository repository, JdbcTransactionManager transactions, RangeReader reader,
			ImportWriter writer) {
		return new StepBuilder("importRange", repository).<Integer, Integer>chunk(4)
			.transactionManager(transactions)
			.reader(reader)
			.writer(writer)
			.build();
	}

	// Its step closes it, and tells so once.
	@Bean(destroyMethod = "")
	@StepScope
	RangeReader rangeReader(@Value("#{stepExecutionContext['first']}") int first,
			@Value("#{stepExecutionContext['size']}") int size, @Value("#{jobParameters['run']}") String run,
			@Value("${test.node}") String node, JdbcTemplate jdbc) {
		return new RangeReader(first, size, run, node, jdbc);
	}

	@Bean
	@StepScope
	ImportWriter importWriter(@Value("#{jobParameters['run']}") String run,
			@Value("#{stepExecution.id}") long stepExecution, @Value("${test.node}") String node, JdbcTemplate jdbc) {
		return new ImportWriter(run, stepExecution, node, jdbc);
	}

	/**
	 * What only coordinators have.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnProperty("rpc.batch.channel")
	static class Coordinator {

		@Bean
		Step imports(JobRepository repository, RpcPartitionHandler nodes) {
			return new StepBuilder("imports", repository).partitioner("importRange", new RangePartitioner())
				.partitionHandler(nodes)
				.build();
		}

		@Bean
		Job nightly(JobRepository repository, @Qualifier("imports") Step imports) {
			return new JobBuilder("nightly", repository).start(imports).build();
		}

		@Bean
		@ConditionalOnProperty("test.launch")
		LaunchRunner launchRunner(@Value("${test.launch}") String run,
				org.springframework.batch.core.launch.JobOperator operator, Job nightly) {
			return new LaunchRunner(run, operator, nightly);
		}

	}

}
