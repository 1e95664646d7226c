package io.github.netrpc.interop;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongConsumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import io.github.netrpc.Known;
import io.github.netrpc.RpcCode;
import io.github.netrpc.RpcContext;
import io.github.netrpc.RpcException;
import io.github.netrpc.annotation.Idempotent;
import io.github.netrpc.annotation.RpcService;
import io.github.netrpc.cluster.RpcChannel;
import io.github.netrpc.cluster.RpcCluster;
import io.github.netrpc.server.RpcServer;
import io.github.netrpc.work.JobProgress;
import io.github.netrpc.work.RpcJob;
import io.github.netrpc.work.RpcJobException;
import io.github.netrpc.work.WorkerProgress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

/**
 * Jobs on a cluster of four servers, one of which dies, is slow, refuses or never ends.
 */
@Timeout(60)
class RpcJobIntegrationTests {

	private static final int NODES = 4;

	private final List<Node> nodes = new ArrayList<>();

	private final List<RpcServer> servers = new ArrayList<>();

	private final ExecutorService oneThread = Executors.newSingleThreadExecutor();

	private RpcChannel channel;

	private RpcCluster<Squares> cluster;

	@BeforeEach
	void start() {
		for (int i = 0; i < NODES; i++) {
			Node node = new Node();
			this.nodes.add(node);
			this.servers.add(RpcServer.builder()
				.address(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
				.service(node)
				.start());
		}
		this.channel = RpcChannel.builder()
			.name("jobs")
			.target(this.servers.stream()
				.map((server) -> "127.0.0.1:" + server.port())
				.collect(Collectors.joining(",")))
			.timeout(Duration.ofSeconds(2))
			.build();
		this.cluster = this.channel.cluster(Squares.class);
	}

	@AfterEach
	void stop() {
		this.channel.close();
		this.nodes.forEach((node) -> node.goOn.countDown());
		this.servers.forEach(RpcServer::close);
		this.oneThread.shutdownNow();
	}

	private static long sumOfSquares(long n) {
		return LongStream.range(0, n).map((value) -> value * value).sum();
	}

	@Test
	void sumIsThatOfAllItems() {
		RpcJob<Long> job = this.cluster.distribute(LongStream.range(0, 2_000).boxed(), Squares::square).start();
		long sum = job.collect(Collectors.summingLong(Long::longValue));
		assertThat(sum).isEqualTo(sumOfSquares(2_000));
		assertThat(job.progress().workers()).hasSize(NODES)
			.allSatisfy((worker) -> assertThat(worker.completed()).isPositive());
		assertThat(this.channel.jobs()).isEmpty();
		assertThat(this.channel.jobRegistry().snapshots()).singleElement()
			.satisfies((last) -> assertThat(last.progress().completed()).isEqualTo(2_000));
	}

	@Test
	void callsThatNobodyWaitsForDoTheSame() {
		RpcJob<Long> job = this.cluster.distributeAsync(LongStream.range(0, 20_000).boxed(), Squares::squareAsync)
			.ordered()
			.start();
		List<Long> squares = job.collect(Collectors.toList());
		assertThat(squares)
			.containsExactlyElementsOf(LongStream.range(0, 20_000).map((value) -> value * value).boxed().toList());
	}

	@Test
	void nodeThatIsKilledHalfWayCostsNothingButTime() {
		AtomicInteger results = new AtomicInteger();
		RpcJob<Long> job = this.cluster.distribute(LongStream.range(0, 4_000).boxed(), Squares::square)
			.window(4)
			.speculate(false)
			.start();
		long[] sum = new long[1];
		job.forEach((square) -> {
			sum[0] += square;
			if (results.incrementAndGet() == 2_000) {
				this.servers.get(0).close();
			}
		});
		assertThat(sum[0]).isEqualTo(sumOfSquares(4_000));
		assertThat(job.progress().state()).isEqualTo(JobProgress.State.SUCCEEDED);
		int runs = this.nodes.stream().mapToInt((node) -> node.runs.get()).sum();
		assertThat(runs).isBetween(4_000, 4_000 + 4);
	}

	@Test
	void slowNodeGetsFewItemsAndItsLastOnesAreCopied() {
		this.nodes.get(0).blocks = true;
		RpcJob<Long> job = this.cluster.distribute(LongStream.range(0, 400).boxed(), Squares::square).window(2).start();
		long sum = job.collect(Collectors.summingLong(Long::longValue));
		assertThat(sum).isEqualTo(sumOfSquares(400));
		assertThat(job.progress().speculated()).isBetween(1L, 40L);
		assertThat(job.progress().workers()).first().extracting(WorkerProgress::completed).isEqualTo(0L);
	}

	@Test
	void itemThatCallsWhatMayRunOnceOnlyIsNotCopied() throws Exception {
		this.nodes.get(0).blocks = true;
		RpcJob<Long> job = this.cluster.distribute(LongStream.range(0, 40).boxed(), Squares::write).window(1).start();
		// The last one takes too long at each of these, each a tenth of a second after
		// the
		// other.
		CountDownLatch looks = new CountDownLatch(10);
		job.onProgress((progress) -> {
			if (progress.completed() == 39) {
				looks.countDown();
			}
		});
		CompletableFuture<Long> sum = sumOf(job);
		assertThat(looks.await(30, TimeUnit.SECONDS)).isTrue();
		assertThat(job.progress().speculated()).isZero();
		this.nodes.get(0).goOn.countDown();
		assertThat(sum.get(20, TimeUnit.SECONDS)).isEqualTo(sumOfSquares(40));
		assertThat(written()).containsExactlyElementsOf(numbers(40));
	}

	@Test
	void ofTwoAttemptsThatHaveReadOneWrites() {
		Node slow = this.nodes.get(0);
		slow.blocks = true;
		CyclicBarrier both = new CyclicBarrier(2);
		// Who writes goes on when the other one has written, too, or was refused.
		CountDownLatch other = new CountDownLatch(1);
		AtomicInteger writes = new AtomicInteger();
		this.nodes.forEach((node) -> node.writing = (value) -> {
			if (slow.held != null && slow.held == value) {
				if (writes.incrementAndGet() == 1) {
					awaitUninterruptibly(other);
				}
				else {
					other.countDown();
				}
			}
		});
		RpcJob<Long> job = this.cluster.distribute(LongStream.range(0, 40).boxed(), (node, item) -> {
			node.square(item);
			if (!item.equals(slow.held)) {
				return node.write(item);
			}
			// The copy has read, so the original may, too.
			slow.goOn.countDown();
			both.await(20, TimeUnit.SECONDS);
			try {
				return node.write(item);
			}
			catch (RpcException ex) {
				other.countDown();
				throw ex;
			}
		}).window(1).start();
		long sum = job.collect(Collectors.summingLong(Long::longValue));
		assertThat(sum).isEqualTo(sumOfSquares(40));
		assertThat(job.progress().speculated()).isPositive();
		assertThat(written()).containsExactlyElementsOf(numbers(40));
	}

	private static CompletableFuture<Long> sumOf(RpcJob<Long> job) {
		return CompletableFuture.supplyAsync(() -> job.collect(Collectors.summingLong(Long::longValue)));
	}

	private List<Long> written() {
		return this.nodes.stream().flatMap((node) -> node.written.stream()).sorted().toList();
	}

	private static List<Long> numbers(long n) {
		return LongStream.range(0, n).boxed().toList();
	}

	@Test
	void itemsOfANodeThatDrainsRunElsewhereWhenItsTimeIsOver() throws Exception {
		Node leaving = this.nodes.get(0);
		leaving.blocks = true;
		RpcJob<Long> job = this.cluster.distribute(LongStream.range(0, 400).boxed(), Squares::square)
			.window(1)
			.speculate(false)
			.start();
		CompletableFuture<Long> sum = sumOf(job);
		assertThat(leaving.running.await(10, TimeUnit.SECONDS)).isTrue();
		this.servers.get(0).drain(Duration.ofMillis(200)).toCompletableFuture().get(20, TimeUnit.SECONDS);
		assertThat(sum.get(30, TimeUnit.SECONDS)).isEqualTo(sumOfSquares(400));
		assertThat(job.progress().reassigned()).isOne();
		assertThat(job.progress().workers()).first().satisfies((worker) -> {
			assertThat(worker.completed()).isZero();
			assertThat(worker.reassigned()).isOne();
		});
		assertThat(this.nodes.stream().mapToInt((node) -> node.runs.get()).sum()).isEqualTo(401);
	}

	@Test
	void itemMayTakeLongerThanTheCallsOfItsChannel() {
		this.nodes.forEach((node) -> node.blocks = true);
		RpcJob<Long> job = this.cluster.distribute(List.of(3L), Squares::square)
			.itemTimeout(Duration.ofMillis(2_500))
			.attempts(1)
			.start();
		assertThatExceptionOfType(RpcJobException.class).isThrownBy(job::drain).satisfies((ex) -> {
			assertThat(ex.parked()).hasSize(1);
			assertThat(ex.parked().get(0).failures()).singleElement().satisfies((failure) -> {
				assertThat(failure.code()).isEqualTo(RpcCode.DEADLINE_EXCEEDED);
				assertThat(failure.duration()).isGreaterThanOrEqualTo(Duration.ofMillis(2_400));
			});
		});
	}

	@Test
	void cancelReachesTheHandlers() throws Exception {
		this.nodes.forEach((node) -> node.blocks = true);
		RpcJob<Long> job = this.cluster.distribute(LongStream.range(0, 400).boxed(), Squares::square).window(1).start();
		for (Node node : this.nodes) {
			assertThat(node.running.await(10, TimeUnit.SECONDS)).isTrue();
		}
		CompletableFuture<Void> draining = CompletableFuture.runAsync(job::drain);
		job.cancel();
		assertThat(draining).failsWithin(Duration.ofSeconds(10))
			.withThrowableThat()
			.havingRootCause()
			.isInstanceOfSatisfying(RpcException.class, (ex) -> assertThat(ex.code()).isEqualTo(RpcCode.CANCELLED));
		for (Node node : this.nodes) {
			assertThat(node.cancelled.await(10, TimeUnit.SECONDS)).isTrue();
		}
	}

	@Test
	void resultThatComesLateIsRefusedAndCounted() throws Exception {
		CountDownLatch begun = new CountDownLatch(1);
		CountDownLatch answered = new CountDownLatch(1);
		AtomicInteger runs = new AtomicInteger();
		RpcJob<Long> job = this.cluster.distribute(List.of(3L), (node, item) -> {
			long square = node.square(item);
			if (runs.getAndIncrement() == 0) {
				begun.countDown();
				// Whatever it is told, it does not stop.
				awaitUninterruptibly(answered);
				return -square;
			}
			return square;
		}).itemTimeout(Duration.ofSeconds(1)).start();
		List<Long> results = new ArrayList<>();
		CompletableFuture<Void> consumed = CompletableFuture.runAsync(() -> job.forEach(results::add));
		assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
		consumed.get(20, TimeUnit.SECONDS);
		assertThat(results).containsExactly(9L);
		assertThat(job.progress().reassigned()).isOne();
		assertThat(job.progress().late()).isZero();
		answered.countDown();
		await().atMost(Duration.ofSeconds(10)).until(() -> job.progress().late() == 1);
		assertThat(results).containsExactly(9L);
	}

	@Test
	void handlersAreCancelledWithTheCallThatTheirJobIsPartOf() throws Exception {
		this.nodes.forEach((node) -> node.blocks = true);
		Summing summing = new Summing(this.cluster);
		try (RpcServer coordinator = RpcServer.builder()
			.address(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
			.service(summing)
			.start(); RpcChannel caller = RpcChannel.builder().target("127.0.0.1:" + coordinator.port()).build()) {
			CompletableFuture<Long> sum = caller.callAsync("Summing.Sum", 400L, Long.class);
			for (Node node : this.nodes) {
				assertThat(node.running.await(10, TimeUnit.SECONDS)).isTrue();
			}
			sum.cancel(true);
			for (Node node : this.nodes) {
				assertThat(node.cancelled.await(10, TimeUnit.SECONDS)).isTrue();
			}
			assertThat(summing.job.get(10, TimeUnit.SECONDS).future()).failsWithin(Duration.ofSeconds(10));
		}
	}

	private static void awaitUninterruptibly(CountDownLatch latch) {
		while (true) {
			try {
				latch.await();
				return;
			}
			catch (InterruptedException ex) {
				// Goes on.
			}
		}
	}

	@Test
	void wrongItemsAreParkedAtOnceAndTheOthersCount() {
		RpcJob<Long> job = this.cluster.distribute(List.of(1L, -1L, 2L), Squares::square).allowParked(1).start();
		assertThat(job.collect(Collectors.toSet())).containsExactlyInAnyOrder(1L, 4L);
		assertThat(job.parked()).singleElement().satisfies((parked) -> {
			assertThat(parked.item()).isEqualTo(-1L);
			assertThat(parked.failures()).singleElement()
				.satisfies((failure) -> assertThat(failure.message()).contains("no square of a negative number"));
		});
	}

	@Test
	void blockingLambdaMustNotReturnAStage() {
		RpcJob<CompletableFuture<Long>> job = this.cluster.distribute(List.of(1L), Squares::squareAsync).start();
		assertThatIllegalArgumentException().isThrownBy(job::drain).withMessageContaining("use distributeAsync");
	}

	@Test
	void nodeWithoutRoomIsNoFailure() {
		try (RpcServer small = RpcServer.builder()
			.address(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
			.handlers(this.oneThread, 1)
			.queue(1)
			.service(new Node())
			.start(); RpcChannel own = RpcChannel.builder().target("127.0.0.1:" + small.port()).build()) {
			RpcJob<Long> job = own.cluster(Squares.class)
				.distribute(IntStream.range(0, 500).mapToObj((value) -> (long) value), Squares::square)
				.window(32)
				.start();
			assertThat(job.drain().completed()).isEqualTo(500);
		}
	}

	@Test
	void closedChannelEndsItsJobs() {
		this.nodes.forEach((node) -> node.blocks = true);
		RpcJob<Long> job = this.cluster.distribute(LongStream.range(0, 400).boxed(), Squares::square).start();
		this.channel.close();
		assertThat(job.progress().state()).isEqualTo(JobProgress.State.FAILED);
		assertThat(job.future()).isCompletedExceptionally();
	}

	/**
	 * Has others do the work, and waits for it on a thread of its own.
	 */
	@RpcService("Summing")
	public static final class Summing {

		final CompletableFuture<RpcJob<Long>> job = new CompletableFuture<>();

		private final RpcCluster<Squares> cluster;

		Summing(RpcCluster<Squares> cluster) {
			this.cluster = cluster;
		}

		public CompletableFuture<Long> sum(long items) {
			RpcJob<Long> begun = this.cluster.distribute(LongStream.range(0, items).boxed(), Squares::square)
				.window(1)
				.start();
			this.job.complete(begun);
			return CompletableFuture.supplyAsync(() -> begun.collect(Collectors.summingLong(Long::longValue)));
		}

	}

	/**
	 * The client's side.
	 */
	@RpcService("Squares")
	public interface Squares {

		@Idempotent
		long square(long value);

		CompletableFuture<Long> squareAsync(long value);

		long write(long value);

	}

	/**
	 * The server's side.
	 */
	@RpcService("Squares")
	public static final class Node {

		final AtomicInteger runs = new AtomicInteger();

		final CountDownLatch running = new CountDownLatch(1);

		final CountDownLatch cancelled = new CountDownLatch(1);

		final CountDownLatch goOn = new CountDownLatch(1);

		final List<Long> written = new CopyOnWriteArrayList<>();

		volatile boolean blocks;

		volatile LongConsumer writing = (value) -> {
		};

		/** The first value that it was blocked with. */
		volatile Long held;

		public long square(long value) throws InterruptedException {
			if (value < 0) {
				throw new RpcException(RpcCode.INVALID_ARGUMENT, Known.RAN_AND_FAILED, "no square of a negative number",
						null);
			}
			this.runs.incrementAndGet();
			if (this.blocks) {
				this.held = (this.held != null) ? this.held : value;
				this.running.countDown();
				RpcContext.current().onCancelled(this.cancelled::countDown);
				this.goOn.await();
			}
			return value * value;
		}

		public long write(long value) throws InterruptedException {
			this.written.add(value);
			this.writing.accept(value);
			return square(value);
		}

	}

}
