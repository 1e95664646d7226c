package io.github.netrpc.cluster;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.github.netrpc.Known;
import io.github.netrpc.RpcCode;
import io.github.netrpc.client.FakeTimer;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Balancer, average, circuit and slow start together, under load: callers that each make
 * one call after the other to nodes that are made up, in virtual time, with chance from a
 * seed.
 */
class BalancingSimulationTests {

	private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

	private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);

	/** A call that takes longer ends here. */
	private static final long TIMEOUT = 500 * MILLI;

	private final SplittableRandom random = new SplittableRandom(11);

	private final FakeTimer timer = new FakeTimer();

	private final PickClock clock = new PickClock();

	private final OutlierEjector ejector = new OutlierEjector("sim", OutlierPolicy.DEFAULT, this.timer, this::refresh);

	private final List<Server> servers = new ArrayList<>();

	private final List<NodeLoad> loads = new ArrayList<>();

	private final List<Call> calls = new ArrayList<>();

	private List<NodeLoad> usable = List.of();

	private double[] weights = {};

	private int mostEjected;

	private GuardedBalancer balancer;

	private double weight(int node) {
		return (node < this.weights.length) ? this.weights[node] : 1;
	}

	private void start(String name, int nodes) {
		this.balancer = new GuardedBalancer("sim", new BalancerTable(List.of()).create(name, this.random::nextDouble));
		for (int i = 0; i < nodes; i++) {
			this.servers.add(new Server());
			Map<String, String> metadata = Map.of(NodeMetadata.WEIGHT, String.valueOf(weight(i)));
			this.loads.add(new NodeLoad(new NodeEndpoint("n" + i, "n" + i, 1, metadata), this.clock, this.ejector,
					Duration.ofSeconds(30), () -> true));
		}
		this.ejector.nodes(this.loads);
		refresh();
	}

	private void refresh() {
		this.usable = this.loads.stream().filter((load) -> !load.circuit().isEjected()).toList();
		this.mostEjected = Math.max(this.mostEjected, this.loads.size() - this.usable.size());
	}

	/**
	 * As the group does it.
	 */
	private NodeLoad pick(long now) {
		this.clock.set(now);
		for (NodeLoad load : this.loads) {
			if (load.circuit().isTrialDue() && this.ejector.claimTrial(load, now) != 0) {
				return load;
			}
		}
		return this.usable.get(this.balancer.pick(this.usable, FakeRequest.PLAIN, now));
	}

	/**
	 * A caller goes on until the time given.
	 */
	private void call(long until) {
		long begin = this.timer.nanoTime();
		if (begin >= until) {
			return;
		}
		NodeLoad load = pick(begin);
		int node = this.loads.indexOf(load);
		load.begun();
		Server server = this.servers.get(node);
		long time = Math.min(TIMEOUT, server.time(this.random));
		RpcCode code = (time == TIMEOUT) ? RpcCode.DEADLINE_EXCEEDED : server.code;
		this.timer.schedule(() -> {
			long now = this.timer.nanoTime();
			if (code == RpcCode.OK) {
				load.succeeded(begin, time, now);
			}
			else {
				load.failed(begin, time, now, code, Known.MAYBE_RAN, code != RpcCode.DEADLINE_EXCEEDED);
			}
			this.calls.add(new Call(node, begin, time, code));
			call(until);
		}, time);
	}

	/**
	 * Has callers call for a while, and waits until they are done.
	 */
	private void load(int callers, Duration time) {
		this.calls.clear();
		long until = this.timer.nanoTime() + time.toNanos();
		IntStream.range(0, callers).forEach((i) -> call(until));
		this.timer.advance(time.plusNanos(TIMEOUT));
	}

	private double share(int node, long from) {
		long all = this.calls.stream().filter((call) -> call.begin >= from).count();
		return (double) this.calls.stream().filter((call) -> call.node == node && call.begin >= from).count() / all;
	}

	private long percentile(double part) {
		long[] times = this.calls.stream().mapToLong(Call::nanos).sorted().toArray();
		return times[(int) Math.min(times.length - 1L, (long) (part * times.length))];
	}

	@ParameterizedTest
	@ValueSource(strings = { "least-loaded", "round-robin", "random", "weighted" })
	void nodeThatFailsGetsAtMostOnePercentAfterASecondAndIsBackInTime(String name) {
		start(name, 4);
		load(16, Duration.ofSeconds(5));
		assertThat(share(1, 0)).isBetween(0.2, 0.3);
		this.servers.get(1).code = RpcCode.UNAVAILABLE;
		long bad = this.timer.nanoTime();
		load(16, Duration.ofSeconds(30));
		assertThat(share(1, bad + SECOND)).isLessThanOrEqualTo(0.01);
		this.servers.get(1).code = RpcCode.OK;
		long healed = this.timer.nanoTime();
		load(16, Duration.ofSeconds(60));
		long back = this.calls.stream()
			.filter((call) -> call.node == 1)
			.skip(1)
			.mapToLong(Call::begin)
			.min()
			.orElseThrow();
		assertThat(back - healed).isLessThan(15 * SECOND);
		assertThat(share(1, healed + 45 * SECOND)).isBetween(0.2, 0.3);
		assertThat(this.mostEjected).isEqualTo(1);
	}

	@ParameterizedTest
	@ValueSource(strings = { "least-loaded", "round-robin" })
	void nodeThatDoesNotAnswerGetsAtMostOnePercentSoon(String name) {
		start(name, 4);
		load(16, Duration.ofSeconds(5));
		this.servers.get(1).factor = 1e6;
		long bad = this.timer.nanoTime();
		load(16, Duration.ofSeconds(30));
		// Turns take no notice of time, so calls have to time out first.
		assertThat(share(1, bad + (name.equals("least-loaded") ? SECOND : SECOND + TIMEOUT))).isLessThanOrEqualTo(0.01);
	}

	@ParameterizedTest
	@ValueSource(ints = { 6, 16, 64 })
	void slowNodeGetsFewCalls(int callers) {
		start("least-loaded", 3);
		load(callers, Duration.ofSeconds(10));
		long healthy = percentile(0.99);
		this.servers.get(2).factor = 10;
		load(callers, Duration.ofSeconds(2));
		load(callers, Duration.ofSeconds(20));
		assertThat(share(2, 0)).isBetween(0.0001, 0.12);
		assertThat(percentile(0.99)).isLessThanOrEqualTo(2 * healthy);
		assertThat(this.mostEjected).isZero();
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 2, 4, 16 })
	void nodeOfLittleWeightGetsItsShare(int callers) {
		this.weights = new double[] { 1, 4 };
		start("least-loaded", 2);
		load(callers, Duration.ofSeconds(60));
		assertThat(share(0, 0)).isBetween(0.1, 0.3);
	}

	@Test
	void slowNodeThatIsFastAgainGetsItsShare() {
		start("least-loaded", 3);
		this.servers.get(2).factor = 10;
		load(16, Duration.ofSeconds(20));
		this.servers.get(2).factor = 1;
		load(16, Duration.ofSeconds(10));
		load(16, Duration.ofSeconds(5));
		assertThat(share(2, 0)).isBetween(0.28, 0.38);
	}

	@Test
	void callsOfVeryDifferentLengthDoNotStarveANode() {
		start("least-loaded", 2);
		this.servers.forEach((server) -> server.longOnes = 0.002);
		load(16, Duration.ofSeconds(60));
		assertThat(share(0, 0)).isBetween(0.35, 0.65);
		for (long from = 10 * SECOND; from < 60 * SECOND; from += 5 * SECOND) {
			long begin = from;
			long[] counts = IntStream.range(0, 2)
				.mapToLong((node) -> this.calls.stream()
					.filter((call) -> call.node == node && call.begin >= begin && call.begin < begin + 5 * SECOND)
					.count())
				.toArray();
			assertThat(Arrays.stream(counts).min().orElseThrow() / (double) Arrays.stream(counts).sum())
				.isGreaterThan(0.3);
		}
	}

	@Test
	void whenAllFailHalfAreStillCalled() {
		start("least-loaded", 4);
		this.servers.forEach((server) -> server.code = RpcCode.UNAVAILABLE);
		load(16, Duration.ofSeconds(30));
		assertThat(this.mostEjected).isEqualTo(2);
		this.servers.forEach((server) -> server.code = RpcCode.OK);
		load(16, Duration.ofSeconds(60));
		assertThat(this.calls).allMatch((call) -> call.code == RpcCode.OK);
		assertThat(IntStream.range(0, 4).mapToDouble((node) -> share(node, this.timer.nanoTime() - 15 * SECOND)))
			.allMatch((share) -> share > 0.2);
	}

	/**
	 * A node that takes about five milliseconds.
	 */
	private static final class Server {

		private double factor = 1;

		private double longOnes;

		private RpcCode code = RpcCode.OK;

		long time(SplittableRandom random) {
			if (this.code != RpcCode.OK) {
				return MILLI / 2;
			}
			if (random.nextDouble() < this.longOnes) {
				return 400 * MILLI;
			}
			return (long) ((4 + 2 * random.nextDouble()) * MILLI * this.factor);
		}

	}

	private record Call(int node, long begin, long nanos, RpcCode code) {

	}

}
