package io.github.netrpc.benchmarks.reliability;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.Known;
import io.github.netrpc.RpcCode;
import io.github.netrpc.RpcException;
import io.github.netrpc.benchmarks.reliability.node.Work;
import io.github.netrpc.cluster.RpcChannel;
import io.github.netrpc.cluster.RpcChannelBuilder;
import io.github.netrpc.transport.Transport;

/**
 * One connection whose packets are dropped: how long until its long call ends.
 */
final class DropWatch implements AutoCloseable {

	private static final Duration LONG_TIMEOUT = Duration.ofSeconds(60);

	private static final Duration SHORT_TIMEOUT = Duration.ofSeconds(10);

	private static final Executor LATER = CompletableFuture.delayedExecutor(50, TimeUnit.MILLISECONDS);

	private final BlackHole.Group group;

	private final String address;

	private final RpcChannel channel;

	private final CompletableFuture<Detection> detection = new CompletableFuture<>();

	private volatile long droppedNanos;

	private volatile boolean stopped;

	private DropWatch(BlackHole.Group group, String address, RpcChannel channel) {
		this.group = group;
		this.address = address;
		this.channel = channel;
	}

	// The end of the call comes to the callback
	@SuppressWarnings("FutureReturnValueIgnored")
	static DropWatch open(BlackHole.Group group, int round, Transport transport, DeadlineLedger.Tally tally) {
		String address = group.addresses() + round;
		RpcChannelBuilder builder = RpcChannel.builder()
			.name(address)
			.target(address + ":" + group.port())
			.transport(transport)
			.timeout(SHORT_TIMEOUT)
			.methodTimeout("Write", LONG_TIMEOUT);
		group.settings().accept(builder);
		DropWatch watch = new DropWatch(group, address, builder.build());
		WorkClient client = watch.channel.proxy(WorkClient.class);
		// Connects, and shows that the connection works
		client.read(new Work.Task(1, 0, 0));
		long longMicros = TimeUnit.NANOSECONDS.toMicros(LONG_TIMEOUT.toNanos());
		tally.watch(LONG_TIMEOUT, (token) -> client.writeAsync(new Work.Task(token, longMicros, 0)))
			.call(round)
			.whenComplete((done, failure) -> watch.ended(failure));
		if (round % 2 == 0) {
			Caller caller = tally.watch(SHORT_TIMEOUT, (token) -> client.readAsync(new Work.Task(token, 0, 0)));
			LATER.execute(() -> watch.callOn(caller));
		}
		return watch;
	}

	@SuppressWarnings("FutureReturnValueIgnored")
	private void callOn(Caller caller) {
		if (!this.stopped) {
			caller.call(1).whenComplete((done, failure) -> LATER.execute(() -> callOn(caller)));
		}
	}

	BlackHole.Group group() {
		return this.group;
	}

	void drop(BlackHoles holes) throws IOException, InterruptedException {
		this.droppedNanos = System.nanoTime();
		holes.drop(this.address);
	}

	private void ended(@Nullable Throwable failure) {
		long took = System.nanoTime() - this.droppedNanos;
		this.stopped = true;
		Throwable cause = (failure instanceof CompletionException && failure.getCause() != null) ? failure.getCause()
				: failure;
		boolean expected = this.droppedNanos != 0 && cause instanceof RpcException rpc
				&& rpc.code() == RpcCode.UNAVAILABLE && rpc.known() == Known.MAYBE_RAN;
		this.detection.complete(new Detection(took, expected, String.valueOf(cause)));
	}

	/**
	 * Waits for the end of the long call.
	 * @param limit how long after the packets were dropped it may take
	 * @return when and how it ended
	 */
	Detection await(Duration limit) throws InterruptedException {
		long end = this.droppedNanos + limit.toNanos();
		while (!this.detection.isDone() && System.nanoTime() < end) {
			Thread.sleep(5);
		}
		this.stopped = true;
		return this.detection
			.getNow(new Detection(limit.toNanos(), false, "the call had not ended after " + limit.toSeconds() + " s"));
	}

	@Override
	public void close() {
		this.stopped = true;
		this.channel.close();
	}

	/**
	 * The end of the long call.
	 *
	 * @param nanos how long after the packets were dropped
	 * @param asExpected whether it says what is known
	 * @param text what it says
	 */
	record Detection(long nanos, boolean asExpected, String text) {

	}

}
