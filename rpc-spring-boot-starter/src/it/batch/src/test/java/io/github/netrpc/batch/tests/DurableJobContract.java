package io.github.netrpc.batch.tests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.job.Job;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.job.parameters.JobParameters;
import org.springframework.batch.core.job.parameters.JobParametersBuilder;
import org.springframework.batch.core.launch.JobOperator;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;

import io.github.netrpc.batch.RpcPartitionWorker;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A job over several nodes imports each number once, whoever dies, freezes or is stopped.
 * Its ranges wait at a gate, so that each test knows how far they are: at gate 8 the
 * short one is done, and each long one has two chunks committed and is in its third.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@ExtendWith(OutputCaptureExtension.class)
abstract class DurableJobContract {

	private static final int GRID = 4;

	private static final int GATE = 8;

	private static final int OPEN = 1_000;

	private Path folder;

	private Database database;

	private JdbcTemplate jdbc;

	private ConfigurableApplicationContext first;

	private ConfigurableApplicationContext second;

	private ConfigurableApplicationContext coordinator;

	private int runs;

	/**
	 * The database of the test.
	 */
	abstract Database open(Path folder);

	@BeforeAll
	void start(@TempDir Path folder) {
		this.folder = folder;
		this.database = open(folder);
		DriverManagerDataSource source = new DriverManagerDataSource(this.database.url());
		this.jdbc = new JdbcTemplate(source);
		new ResourceDatabasePopulator(
				new ClassPathResource("org/springframework/batch/core/schema-" + this.database.platform() + ".sql"))
			.execute(source);
		this.jdbc.execute("CREATE TABLE RUNS (RUN VARCHAR(50) PRIMARY KEY, GATE INTEGER, BAD_ITEM INTEGER)");
		this.jdbc
			.execute("CREATE TABLE IMPORTED (RUN VARCHAR(50), ITEM INTEGER, NODE VARCHAR(50), STEP_EXECUTION BIGINT)");
		this.jdbc.execute("CREATE TABLE CLOSED (RUN VARCHAR(50), NODE VARCHAR(50))");
		this.first = worker("first");
		this.second = worker("second");
		this.coordinator = coordinator(target(this.first), target(this.second));
	}

	@AfterAll
	void stop() {
		Stream.of(this.coordinator, this.first, this.second)
			.filter(Objects::nonNull)
			.forEach(ConfigurableApplicationContext::close);
		if (this.database != null) {
			this.database.close();
		}
	}

	@Test
	void everyNumberIsImportedOnceByAllNodesTogether() throws Exception {
		String run = begin(OPEN);
		JobExecution execution = ended(launch(this.coordinator, run));
		assertThat(execution.getStatus()).isEqualTo(BatchStatus.COMPLETED);
		assertThatAllIsImportedOnce(run);
		assertThat(this.jdbc.queryForList("SELECT DISTINCT NODE FROM IMPORTED WHERE RUN = ? ORDER BY NODE",
				String.class, run))
			.containsExactly("first", "second");
		// What the coordinator has is what the nodes have written.
		assertThat(execution.getStepExecutions()).hasSize(GRID + 1)
			.allSatisfy((step) -> assertThat(step.getStatus()).isEqualTo(BatchStatus.COMPLETED));
		assertThat(step(execution, "imports").getWriteCount()).isEqualTo(RangePartitioner.items(GRID));
		assertThat(step(execution, "importRange:0").getWriteCount()).isEqualTo(RangePartitioner.SHORT);
	}

	@Test
	void restartAfterAFailureRunsOnlyWhatIsMissing() throws Exception {
		String run = begin(OPEN);
		this.jdbc.update("UPDATE RUNS SET BAD_ITEM = ? WHERE RUN = ?", RangePartitioner.APART + 5, run);
		JobExecution failed = ended(launch(this.coordinator, run));
		assertThat(failed.getStatus()).isEqualTo(BatchStatus.FAILED);
		assertThat(step(failed, "importRange:1").getStatus()).isEqualTo(BatchStatus.FAILED);
		// The step's own failure is no failure of a node: it is not tried elsewhere.
		assertThat(step(failed, "importRange:1").getRollbackCount()).isOne();
		assertThat(step(failed, "importRange:2").getStatus()).isEqualTo(BatchStatus.COMPLETED);
		this.jdbc.update("UPDATE RUNS SET BAD_ITEM = -1 WHERE RUN = ?", run);
		JobExecution restarted = ended(restart(this.coordinator, last(run)));
		assertThat(restarted.getStatus()).isEqualTo(BatchStatus.COMPLETED);
		assertThat(names(restarted)).containsExactly("importRange:1", "imports");
		assertThatAllIsImportedOnce(run);
	}

	@Test
	void stoppedJobEndsAfterItsChunksAndGoesOnFromThere() throws Exception {
		String run = begin(GATE);
		CompletableFuture<JobExecution> running = launch(this.coordinator, run);
		awaitGate(run);
		assertThat(operator(this.coordinator).stop(last(run))).isTrue();
		openGate(run);
		JobExecution stopped = ended(running);
		assertThat(stopped.getStatus()).isEqualTo(BatchStatus.STOPPED);
		assertThat(imported(run)).hasSize(RangePartitioner.SHORT + (GRID - 1) * (GATE + 4));
		JobExecution restarted = ended(restart(this.coordinator, last(run)));
		assertThat(restarted.getStatus()).isEqualTo(BatchStatus.COMPLETED);
		assertThat(names(restarted)).doesNotContain("importRange:0");
		assertThatAllIsImportedOnce(run);
	}

	@Test
	void partitionsOfAStoppedNodeGoOnElsewhereAfterTheirChunks() throws Exception {
		String run = begin(GATE);
		ConfigurableApplicationContext third = worker("third");
		try (ConfigurableApplicationContext launcher = coordinator(target(third), target(this.second))) {
			CompletableFuture<JobExecution> running = launch(launcher, run);
			awaitGate(run);
			Thread closing = new Thread(third::close, "closing");
			closing.start();
			RpcPartitionWorker worker = third.getBean(RpcPartitionWorker.class);
			until("the node stops its partitions", () -> !worker.isRunning());
			openGate(run);
			assertThat(ended(running).getStatus()).isEqualTo(BatchStatus.COMPLETED);
			closing.join();
		}
		assertThatAllIsImportedOnce(run);
		assertThat(this.jdbc.queryForList("SELECT COUNT(*) FROM IMPORTED WHERE RUN = ? AND NODE = 'third' "
				+ "GROUP BY ITEM / " + RangePartitioner.APART, Integer.class, run))
			.isNotEmpty()
			.allSatisfy((items) -> assertThat(items).isIn(GATE, GATE + 4));
	}

	@Test
	void partitionsOfAKilledNodeGoOnElsewhereFromTheirLastCommit() throws Exception {
		String run = begin(GATE);
		int port = freePort();
		try (NodeProcess killed = NodeProcess.start(this.folder, "killed", workerOptions(port));
				ConfigurableApplicationContext launcher = coordinator("127.0.0.1:" + port, target(this.second))) {
			killed.awaitServing();
			CompletableFuture<JobExecution> running = launch(launcher, run);
			awaitGate(run);
			assertThat(items(run, "killed")).isPositive();
			killed.kill();
			openGate(run);
			assertThat(ended(running).getStatus()).isEqualTo(BatchStatus.COMPLETED);
		}
		assertThatAllIsImportedOnce(run);
		assertThat(items(run, "killed") % GATE).isZero();
	}

	@Test
	void whatAFrozenNodeStillDoesWhenItWakesIsNotCommitted() throws Exception {
		String run = begin(GATE);
		int port = freePort();
		try (NodeProcess frozen = NodeProcess.start(this.folder, "frozen", workerOptions(port));
				ConfigurableApplicationContext launcher = coordinator("127.0.0.1:" + port, target(this.second))) {
			frozen.awaitServing();
			CompletableFuture<JobExecution> running = launch(launcher, run);
			awaitGate(run);
			int before = items(run, "frozen");
			assertThat(before).isPositive();
			frozen.freeze();
			openGate(run);
			assertThat(ended(running).getStatus()).isEqualTo(BatchStatus.COMPLETED);
			int closed = closed(run, "frozen");
			frozen.thaw();
			// It was in the third chunk of each of its long ranges.
			int ranges = this.jdbc.queryForObject("SELECT COUNT(DISTINCT ITEM / 100) FROM IMPORTED "
					+ "WHERE RUN = ? AND NODE = 'frozen' AND ITEM >= 100", Integer.class, run);
			until("the woken node has given up", () -> closed(run, "frozen") == closed + ranges);
			assertThat(items(run, "frozen")).isEqualTo(before);
		}
		assertThatAllIsImportedOnce(run);
	}

	@Test
	void jobOfAKilledCoordinatorGoesOnWhereItWas() throws Exception {
		String run = begin(GATE);
		try (NodeProcess killed = NodeProcess.start(this.folder, "coordinator-" + run,
				coordinatorOptions(target(this.first), target(this.second), "--test.launch=" + run))) {
			awaitGate(run);
			killed.kill();
		}
		JobExecution left = last(run);
		assertThat(left.getStatus()).isEqualTo(BatchStatus.STARTED);
		// Its nodes are still at their chunks.
		operator(this.coordinator).recover(last(run));
		CompletableFuture<JobExecution> restarting = restart(this.coordinator, last(run));
		until("the restart has given its partitions away",
				() -> last(run).getId() != left.getId() && last(run).getStepExecutions()
					.stream()
					.filter((step) -> step.getStartTime() != null)
					.count() == GRID);
		openGate(run);
		JobExecution restarted = ended(restarting);
		assertThat(restarted.getStatus()).isEqualTo(BatchStatus.COMPLETED);
		assertThat(names(restarted)).containsExactly("importRange:1", "importRange:2", "importRange:3", "imports");
		until("those who had them have given up", () -> closed(run, "first") + closed(run, "second") == 2 * GRID - 1);
		assertThatAllIsImportedOnce(run);
	}

	@Test
	void nodesOfAKilledCoordinatorEndAfterTheirChunks(CapturedOutput output) throws Exception {
		String run = begin(GATE);
		try (NodeProcess killed = NodeProcess.start(this.folder, "coordinator-" + run,
				coordinatorOptions(target(this.first), target(this.second), "--test.launch=" + run))) {
			awaitGate(run);
			killed.kill();
		}
		JobExecution left = last(run);
		for (String range : List.of("importRange:1", "importRange:2", "importRange:3")) {
			until("the node of " + range + " knows",
					() -> output.getOut()
						.contains("partition " + range + " (step execution " + step(left, range).getId()
								+ " of job nightly, " + left.getId() + ") ends after the chunk"));
		}
		openGate(run);
		until("all have ended",
				() -> last(run).getStepExecutions()
					.stream()
					.filter((step) -> step.getStatus() == BatchStatus.STOPPED)
					.count() == GRID - 1);
		assertThat(imported(run)).hasSize(RangePartitioner.SHORT + (GRID - 1) * (GATE + 4));
		operator(this.coordinator).recover(last(run));
		JobExecution restarted = ended(restart(this.coordinator, last(run)));
		assertThat(restarted.getStatus()).isEqualTo(BatchStatus.COMPLETED);
		assertThatAllIsImportedOnce(run);
	}

	// Applications

	private ConfigurableApplicationContext worker(String name) {
		List<String> options = new ArrayList<>(List.of(workerOptions(0)));
		options.add("--test.node=" + name);
		return new SpringApplicationBuilder(NightlyApplication.class).run(options.toArray(String[]::new));
	}

	private String[] workerOptions(int port) {
		return new String[] { "--test.database=" + this.database.url(), "--rpc.batch.worker.enabled=true",
				"--rpc.server.port=" + port };
	}

	private ConfigurableApplicationContext coordinator(String... nodes) {
		List<String> options = new ArrayList<>(List.of(coordinatorOptions(nodes[0], nodes[1])));
		options.add("--test.node=coordinator");
		return new SpringApplicationBuilder(NightlyApplication.class).run(options.toArray(String[]::new));
	}

	private String[] coordinatorOptions(String one, String other, String... more) {
		return Stream
			.concat(Stream.of("--test.database=" + this.database.url(), "--rpc.batch.channel=workers",
					"--rpc.batch.grid-size=" + GRID,
					"--rpc.client.channel.workers.target=static://" + one + "," + other), Arrays.stream(more))
			.toArray(String[]::new);
	}

	private static String target(ConfigurableApplicationContext worker) {
		return "127.0.0.1:" + worker.getEnvironment().getProperty("local.rpc.server.port");
	}

	private static int freePort() {
		try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			return socket.getLocalPort();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	// Runs

	private String begin(int gate) {
		String run = "run" + ++this.runs;
		this.jdbc.update("INSERT INTO RUNS (RUN, GATE, BAD_ITEM) VALUES (?, ?, -1)", run, gate);
		return run;
	}

	private void openGate(String run) {
		this.jdbc.update("UPDATE RUNS SET GATE = ? WHERE RUN = ?", OPEN, run);
	}

	private void awaitGate(String run) {
		until("all ranges are at the gate", () -> imported(run).size() == GRID * GATE);
		until("the short range is known to be done",
				() -> step(last(run), "importRange:0").getStatus() == BatchStatus.COMPLETED);
	}

	private static void until(String what, Callable<Boolean> condition) {
		Awaitility.await(what).pollInterval(Duration.ofMillis(50)).atMost(Duration.ofSeconds(60)).until(condition);
	}

	private static CompletableFuture<JobExecution> launch(ConfigurableApplicationContext context, String run) {
		return begun(() -> operator(context).start(context.getBean(Job.class), parameters(run)));
	}

	private static CompletableFuture<JobExecution> restart(ConfigurableApplicationContext context,
			JobExecution execution) {
		return begun(() -> operator(context).restart(execution));
	}

	private static CompletableFuture<JobExecution> begun(Callable<JobExecution> work) {
		CompletableFuture<JobExecution> future = new CompletableFuture<>();
		new Thread(() -> {
			try {
				future.complete(work.call());
			}
			catch (Throwable ex) {
				future.completeExceptionally(ex);
			}
		}, "launch").start();
		return future;
	}

	private static JobExecution ended(CompletableFuture<JobExecution> running) throws Exception {
		return running.get(90, TimeUnit.SECONDS);
	}

	private static JobOperator operator(ConfigurableApplicationContext context) {
		return context.getBean(JobOperator.class);
	}

	private static JobParameters parameters(String run) {
		return new JobParametersBuilder().addString("run", run).toJobParameters();
	}

	private JobExecution last(String run) {
		return Objects.requireNonNull(
				this.coordinator.getBean(JobRepository.class).getLastJobExecution("nightly", parameters(run)));
	}

	private static StepExecution step(JobExecution execution, String name) {
		return execution.getStepExecutions()
			.stream()
			.filter((step) -> step.getStepName().equals(name))
			.findFirst()
			.orElseThrow();
	}

	private static List<String> names(JobExecution execution) {
		return execution.getStepExecutions().stream().map(StepExecution::getStepName).sorted().toList();
	}

	private List<Integer> imported(String run) {
		return this.jdbc.queryForList("SELECT ITEM FROM IMPORTED WHERE RUN = ? ORDER BY ITEM", Integer.class, run);
	}

	private int items(String run, String node) {
		return count("SELECT COUNT(*) FROM IMPORTED WHERE RUN = ? AND NODE = ?", run, node);
	}

	private int closed(String run, String node) {
		return count("SELECT COUNT(*) FROM CLOSED WHERE RUN = ? AND NODE = ?", run, node);
	}

	private int count(String query, Object... arguments) {
		return Objects.requireNonNull(this.jdbc.queryForObject(query, Integer.class, arguments));
	}

	private void assertThatAllIsImportedOnce(String run) {
		assertThat(imported(run)).isEqualTo(IntStream.range(0, GRID)
			.boxed()
			.flatMap((range) -> IntStream.range(0, (range == 0) ? RangePartitioner.SHORT : RangePartitioner.LONG)
				.mapToObj((item) -> range * RangePartitioner.APART + item))
			.sorted(Comparator.naturalOrder())
			.collect(Collectors.toList()));
	}

}
