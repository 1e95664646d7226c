package io.github.netrpc.benchmarks.reliability;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;

import io.github.netrpc.benchmarks.reliability.node.Work;
import io.github.netrpc.cluster.RpcChannel;
import io.github.netrpc.cluster.RpcChannelBuilder;
import io.github.netrpc.cluster.RpcCluster;
import io.github.netrpc.work.RpcJob;
import io.github.netrpc.work.RpcJobBuilder;
import io.github.netrpc.work.RpcJobException;

/**
 * Nodes, and jobs for them of which every run and every result is counted. Used by one
 * thread at a time.
 */
final class JobFleet {

	private final List<NodeProcess> nodes;

	private final RpcChannel channel;

	private final RpcCluster<Work> cluster;

	private long nextToken = 1;

	private JobFleet(List<NodeProcess> nodes, RpcChannel channel) {
		this.nodes = nodes;
		this.channel = channel;
		this.cluster = channel.cluster(Work.class);
	}

	/**
	 * Starts nodes that keep the tokens of their runs, and connects to them.
	 * @param bench ends them
	 * @param count how many nodes
	 * @param settings changes the channel
	 * @return the nodes, ready
	 */
	static JobFleet start(Workbench bench, int count, UnaryOperator<RpcChannelBuilder> settings)
			throws IOException, InterruptedException {
		List<NodeProcess> nodes = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			NodeProcess node = bench.node().keepTokens();
			node.start();
			nodes.add(node);
		}
		RpcChannelBuilder builder = RpcChannel.builder()
			.name("jobs")
			.target(nodes.stream().map(NodeProcess::address).collect(Collectors.joining(",")));
		JobFleet fleet = new JobFleet(nodes, bench.keep(settings.apply(builder).build()));
		fleet.channel.proxy(Work.class).read(new Work.Task(fleet.nextToken++, 0, 0));
		fleet.awaitReady();
		return fleet;
	}

	List<NodeProcess> nodes() {
		return this.nodes;
	}

	void awaitReady() throws InterruptedException {
		if (!Workbench.awaitReady(this.channel, this.nodes.size(), Duration.ofSeconds(20))) {
			throw new IllegalStateException("not connected within 20 s: " + this.channel.nodes());
		}
	}

	/**
	 * Runs a job to its end.
	 * @param items how many items
	 * @param work how long each works at a node that is well
	 * @param settings changes the job
	 * @param watch told of each result, on this thread
	 * @return what became of it
	 */
	CountedJob run(int items, Duration work, UnaryOperator<RpcJobBuilder<Long, Long>> settings, Watch watch)
			throws Exception {
		long first = this.nextToken;
		this.nextToken += items;
		long micros = work.toNanos() / 1000;
		RpcJob<Long> job = settings.apply(this.cluster.distribute(LongStream.range(first, first + items).boxed(),
				(node, token) -> node.read(new Work.Task(token, micros, 0)).token()))
			.start();
		int[] counted = new int[items];
		int results = 0;
		String failure = "";
		try (Stream<Long> stream = job.stream()) {
			Iterator<Long> tokens = stream.iterator();
			while (tokens.hasNext()) {
				counted[(int) (tokens.next() - first)]++;
				watch.result(job, ++results);
			}
		}
		catch (RpcJobException ex) {
			failure = String.valueOf(ex.getMessage());
		}
		return CountedJob.of(first, counted, job.progress(), failure);
	}

	/**
	 * How often each token was run.
	 * @return the runs, by token
	 */
	int[] runs() throws IOException {
		int[] runs = new int[(int) this.nextToken];
		for (NodeProcess node : this.nodes) {
			node.countRuns(runs);
		}
		return runs;
	}

	/**
	 * Sees results as they are counted.
	 */
	@FunctionalInterface
	interface Watch {

		/** Sees nothing. */
		Watch NONE = (job, results) -> {
		};

		/**
		 * A result was counted.
		 * @param job its job
		 * @param results how many there were so far
		 * @throws Exception if the scenario cannot go on
		 */
		void result(RpcJob<Long> job, int results) throws Exception;

	}

}
