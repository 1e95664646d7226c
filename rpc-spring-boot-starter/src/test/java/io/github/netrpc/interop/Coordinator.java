package io.github.netrpc.interop;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

import io.github.netrpc.annotation.RpcService;
import io.github.netrpc.cluster.JobLease;
import io.github.netrpc.cluster.RpcChannel;
import io.github.netrpc.server.RpcServer;
import io.github.netrpc.work.RpcJob;

/**
 * A process that serves {@link Sums} by jobs, until its input ends, so it cannot outlive
 * the test. Prints its port, then the id of each job.
 */
public final class Coordinator {

	/** How long nodes go on without it. */
	static final JobLease LEASE = new JobLease(Duration.ofMillis(1_500), Duration.ofMillis(500));

	/** What the line of the port begins with, among those of the log. */
	static final String PORT = "port: ";

	/** What the line of a job begins with, among those of the log. */
	static final String JOB = "job: ";

	private Coordinator() {
	}

	public static void main(String[] arguments) throws Exception {
		try (RpcChannel channel = RpcChannel.builder().target(arguments[0]).jobLease(LEASE).build();
				RpcServer server = RpcServer.builder()
					.address(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
					.service(new SumsService(channel))
					.start()) {
			System.out.println(PORT + server.port());
			System.in.read();
		}
	}

	/**
	 * Sums that take a whole cluster.
	 */
	@RpcService("Sums")
	public interface Sums {

		long sum(long items);

	}

	/**
	 * A part of the sum.
	 */
	@RpcService("Held")
	public interface Held {

		long hold(long item);

	}

	private static final class SumsService implements Sums {

		private final RpcChannel channel;

		SumsService(RpcChannel channel) {
			this.channel = channel;
		}

		@Override
		public long sum(long items) {
			RpcJob<Long> job = this.channel.cluster(Held.class)
				.distribute(LongStream.range(0, items).boxed(), Held::hold)
				.window((int) items)
				.start();
			System.out.println(JOB + job.id());
			return job.collect(Collectors.summingLong(Long::longValue));
		}

	}

}
