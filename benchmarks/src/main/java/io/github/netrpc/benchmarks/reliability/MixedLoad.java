package io.github.netrpc.benchmarks.reliability;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.benchmarks.reliability.node.Work;
import io.github.netrpc.cluster.RpcChannel;
import io.github.netrpc.cluster.RpcChannelBuilder;
import io.github.netrpc.transport.Transport;

/**
 * Calls of both kinds on several nodes, half of them idempotent, each working 0 to 20 ms,
 * and in the end what became of them.
 */
final class MixedLoad implements AutoCloseable {

	static final int IN_FLIGHT = 64;

	private static final Duration TIMEOUT = Duration.ofSeconds(10);

	private static final int CAPACITY = 4_000_000;

	private final List<NodeProcess> nodes;

	private final RpcChannel channel;

	private final CallLedger ledger = new CallLedger(CAPACITY);

	private final ClosedLoad load;

	private MixedLoad(List<NodeProcess> nodes, DeadlineLedger.Tally tally, int inFlight,
			@Nullable Transport transport) {
		this.nodes = nodes;
		RpcChannelBuilder builder = RpcChannel.builder()
			.name("mixed")
			.target(nodes.stream().map(NodeProcess::address).collect(Collectors.joining(",")))
			.timeout(TIMEOUT);
		if (transport != null) {
			builder.transport(transport);
		}
		this.channel = builder.build();
		WorkClient client = this.channel.proxy(WorkClient.class);
		this.load = ClosedLoad.start(this.ledger, tally.watch(TIMEOUT, (token) -> {
			Work.Task task = new Work.Task(token, token * 7919 % 20_000, 0);
			return CallLedger.isIdempotent(token) ? client.readAsync(task) : client.writeAsync(task);
		}), inFlight, Long.MAX_VALUE);
	}

	static MixedLoad start(List<NodeProcess> nodes, DeadlineLedger.Tally tally) {
		return new MixedLoad(nodes, tally, IN_FLIGHT, null);
	}

	static MixedLoad start(List<NodeProcess> nodes, DeadlineLedger.Tally tally, int inFlight, Transport transport) {
		return new MixedLoad(nodes, tally, inFlight, transport);
	}

	RpcChannel channel() {
		return this.channel;
	}

	CallLedger ledger() {
		return this.ledger;
	}

	/**
	 * Ends the load and compares what callers were told with what the nodes have run.
	 * @return what was found
	 */
	Audit stop() throws InterruptedException, IOException {
		this.load.stop(TIMEOUT.plusSeconds(5));
		int[] runs = new int[CAPACITY];
		for (NodeProcess node : this.nodes) {
			node.countRuns(runs);
		}
		return Audit.of(this.ledger, runs);
	}

	@Override
	public void close() {
		this.channel.close();
	}

	/**
	 * The figures that every fault is judged by.
	 * @param row the row
	 * @param audit what was found
	 * @return the figures
	 */
	List<Figure> figures(String row, Audit audit) {
		return List.of(Figure.zero(row, "failed idempotent calls", audit.idempotent(), audit.idempotentFailed()),
				Figure.zero(row, "calls not idempotent that ran twice", audit.others(), audit.doubleRuns()),
				Figure.zero(row, "failures without a true label (`NOT_RUN`, `MAYBE_RAN`, `RAN_AND_FAILED`)",
						audit.idempotent() + audit.others(), audit.wrongLabels() + audit.neverEnded()),
				Figure.zero(row, "replies that went to another call, or of a call no node ran",
						audit.idempotent() + audit.others(), this.ledger.mixedUp() + audit.lostRuns()));
	}

	/**
	 * The lines that explain the figures.
	 * @param audit what was found
	 * @return the lines
	 */
	List<String> details(Audit audit) {
		return details(audit, IN_FLIGHT);
	}

	List<String> details(Audit audit, int inFlight) {
		List<String> details = new ArrayList<>();
		details.add("%s calls, %d in flight, half of them idempotent; %s of the others failed, %s never ended"
			.formatted(Figure.count(this.ledger.calls()), inFlight, Figure.count(audit.othersFailed()),
					Figure.count(audit.neverEnded())));
		details.add("runs of idempotent calls beyond the first: " + Figure.count(audit.extraRuns()));
		details.add("failures: " + (this.ledger.failures().isEmpty() ? "none"
				: this.ledger.failures()
					.entrySet()
					.stream()
					.map((kind) -> kind.getKey() + " × " + Figure.count(kind.getValue()))
					.collect(Collectors.joining("; "))));
		this.ledger.samples().forEach((sample) -> details.add("for example: `" + sample + "`"));
		return details;
	}

}
