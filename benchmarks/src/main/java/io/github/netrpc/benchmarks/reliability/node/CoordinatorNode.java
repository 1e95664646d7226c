package io.github.netrpc.benchmarks.reliability.node;

import java.io.OutputStream;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

import io.github.netrpc.benchmarks.peer.Flags;
import io.github.netrpc.cluster.RpcChannel;
import io.github.netrpc.cluster.RpcCluster;
import io.github.netrpc.server.RpcServer;
import io.github.netrpc.work.RpcJob;

/**
 * A node that coordinates jobs: it prints {@code job ID} for each one that it has begun.
 * The end of its input ends it at once.
 * <p>
 * {@code --workers=HOST:PORT,HOST:PORT} the nodes that work.
 */
public final class CoordinatorNode implements Coordinator {

	private final RpcCluster<Work> workers;

	private CoordinatorNode(RpcCluster<Work> workers) {
		this.workers = workers;
	}

	public static void main(String[] args) throws Exception {
		Flags flags = Flags.parse(args);
		RpcChannel channel = RpcChannel.builder().name("workers").target(flags.get("workers", "")).build();
		RpcServer server = RpcServer.builder()
			.port(0)
			.service("Coordinator", new CoordinatorNode(channel.cluster(Work.class)))
			.start();
		print("address 127.0.0.1:" + server.port());
		System.in.transferTo(OutputStream.nullOutputStream());
		Runtime.getRuntime().halt(0);
	}

	@Override
	public long sum(Batch batch) {
		RpcJob<Long> job = this.workers
			.distribute(LongStream.range(batch.first(), batch.first() + batch.tasks()).boxed(),
					(work, token) -> work.read(new Work.Task(token, batch.micros(), 0)).token())
			.window(batch.window())
			.start();
		print("job " + job.id());
		return job.collect(Collectors.summingLong(Long::longValue));
	}

	private static void print(String line) {
		System.out.println(line);
		System.out.flush();
	}

}
