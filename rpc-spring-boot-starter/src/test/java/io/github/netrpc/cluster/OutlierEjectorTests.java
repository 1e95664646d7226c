package io.github.netrpc.cluster;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.github.netrpc.Known;
import io.github.netrpc.RpcCode;
import io.github.netrpc.client.CircuitState;
import io.github.netrpc.client.FakeTimer;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link OutlierEjector}, {@link NodeCircuit} and {@link NodeLoad}: four nodes,
 * and a clock that the test moves.
 */
class OutlierEjectorTests {

	private static final long MILLI = 1_000_000;

	private final FakeTimer timer = new FakeTimer();

	private final PickClock clock = new PickClock();

	private int changes;

	private final OutlierEjector ejector = ejector(OutlierPolicy.DEFAULT);

	private final boolean[] connected = { true, true, true, true };

	private List<NodeLoad> nodes = nodes(this.ejector);

	private OutlierEjector ejector(OutlierPolicy policy) {
		return new OutlierEjector("test", policy, this.timer, () -> this.changes++);
	}

	private List<NodeLoad> nodes(OutlierEjector ejector) {
		List<NodeLoad> nodes = IntStream.range(0, 4)
			.mapToObj((i) -> new NodeLoad(NodeEndpoint.of("n" + i, 1), this.clock, ejector, Duration.ofSeconds(30),
					() -> this.connected[i]))
			.toList();
		ejector.nodes(nodes);
		return nodes;
	}

	private NodeLoad node(int number) {
		return this.nodes.get(number);
	}

	private void advance(int millis) {
		this.timer.advance(Duration.ofMillis(millis));
		this.clock.set(this.timer.nanoTime());
	}

	/**
	 * Calls that take a millisecond.
	 */
	private void good(int number, int calls) {
		for (int i = 0; i < calls; i++) {
			long begin = begin(number);
			node(number).succeeded(begin, MILLI, this.timer.nanoTime());
		}
	}

	private void bad(int number, int calls) {
		for (int i = 0; i < calls; i++) {
			bad(number, RpcCode.DEADLINE_EXCEEDED, Known.MAYBE_RAN, false);
		}
	}

	private void bad(int number, RpcCode code, Known known, boolean answered) {
		long begin = begin(number);
		node(number).failed(begin, MILLI, this.timer.nanoTime(), code, known, answered);
	}

	private long begin(int number) {
		node(number).begun();
		long begin = this.timer.nanoTime();
		advance(1);
		return begin;
	}

	private CircuitState state(int number) {
		return node(number).circuit().state();
	}

	private List<Integer> ejected() {
		return IntStream.range(0, this.nodes.size()).filter((i) -> node(i).circuit().isEjected()).boxed().toList();
	}

	/**
	 * A call that finds that a trial is due.
	 */
	private long trial(int number) {
		long begin = this.timer.nanoTime();
		assertThat(node(number).circuit().isTrialDue()).isTrue();
		assertThat(this.ejector.claimTrial(node(number), begin)).isPositive();
		node(number).begun();
		return begin;
	}

	@Test
	void fiveFailuresInARowEject() {
		bad(0, 4);
		good(0, 1);
		bad(0, 4);
		assertThat(ejected()).isEmpty();
		bad(0, 1);
		assertThat(ejected()).containsExactly(0);
		assertThat(this.changes).isEqualTo(1);
		assertThat(this.ejector.ejections()).isEqualTo(1);
	}

	@Test
	void halfOfTwentyCallsInTenSecondsEject() {
		for (int i = 0; i < 9; i++) {
			good(0, 1);
			bad(0, 1);
		}
		good(0, 1);
		assertThat(ejected()).isEmpty();
		bad(0, 1);
		assertThat(ejected()).containsExactly(0);
	}

	@ParameterizedTest
	@CsvSource({ "UNAVAILABLE, MAYBE_RAN, false, true", "UNAVAILABLE, RAN_AND_FAILED, true, false",
			"UNAVAILABLE, NOT_RUN, true, true", "UNAVAILABLE, MAYBE_RAN, true, true",
			"DEADLINE_EXCEEDED, MAYBE_RAN, false, true", "DEADLINE_EXCEEDED, RAN_AND_FAILED, true, true",
			"DEADLINE_EXCEEDED, NOT_RUN, true, false", "RESOURCE_EXHAUSTED, NOT_RUN, true, false",
			"UNKNOWN, RAN_AND_FAILED, true, false", "INTERNAL, RAN_AND_FAILED, true, false",
			"UNIMPLEMENTED, NOT_RUN, true, false", "CANCELLED, MAYBE_RAN, false, false",
			"INTERNAL, MAYBE_RAN, false, false" })
	void onlyFailuresOfTheWayToTheNodeCount(RpcCode code, Known known, boolean answered, boolean counts) {
		for (int i = 0; i < 100; i++) {
			bad(0, code, known, answered);
		}
		assertThat(ejected()).isEqualTo(counts ? List.of(0) : List.of());
	}

	@Test
	void refusalsOfANodeThatHasSaidThatItStopsDoNotCount() {
		this.connected[0] = false;
		for (int i = 0; i < 100; i++) {
			bad(0, RpcCode.UNAVAILABLE, Known.NOT_RUN, true);
		}
		assertThat(ejected()).isEmpty();
	}

	@Test
	void lostConnectionIsOneFailureHoweverManyCallsWereInFlight() {
		long[] begins = IntStream.range(0, 64).mapToLong((i) -> begin(0)).toArray();
		for (long begin : begins) {
			node(0).failed(begin, MILLI, this.timer.nanoTime(), RpcCode.UNAVAILABLE, Known.MAYBE_RAN, false);
		}
		assertThat(ejected()).isEmpty();
		assertThat(node(0).inFlight()).isZero();
		for (int i = 0; i < 4; i++) {
			bad(0, RpcCode.UNAVAILABLE, Known.MAYBE_RAN, false);
		}
		assertThat(ejected()).containsExactly(0);
	}

	@Test
	void nodeThatLeavesTheListAndComesBackIsStillEjected() {
		bad(0, 5);
		advance(1_000);
		List<NodeLoad> before = this.nodes;
		comeBack(before);
		assertThat(ejected()).containsExactly(0);
		advance(1_999);
		assertThat(node(0).circuit().isTrialDue()).isFalse();
		advance(1);
		assertThat(node(0).circuit().isTrialDue()).isTrue();
		// One that is due for a trial when it leaves is due when it comes back.
		comeBack(this.nodes);
		advance(0);
		assertThat(node(0).circuit().isTrialDue()).isTrue();
		long begin = begin(0);
		assertThat(this.ejector.claimTrial(node(0), begin)).isPositive();
		advance(1);
		node(0).failed(begin, MILLI, this.timer.nanoTime(), RpcCode.UNAVAILABLE, Known.MAYBE_RAN, false);
		// The second time in a row: twice as long.
		advance(5_999);
		assertThat(node(0).circuit().isTrialDue()).isFalse();
		advance(1);
		assertThat(node(0).circuit().isTrialDue()).isTrue();
	}

	/**
	 * The first node leaves the list, and comes back.
	 */
	private void comeBack(List<NodeLoad> before) {
		this.ejector.nodes(before.subList(1, 4));
		List<NodeLoad> after = new ArrayList<>(before.subList(1, 4));
		after.add(0, new NodeLoad(before.get(0).endpoint(), this.clock, this.ejector, Duration.ofSeconds(30),
				() -> this.connected[0], before.get(0).circuit()));
		this.nodes = after;
		this.ejector.nodes(after);
	}

	@Test
	void ejectedNodeComesBackAfterOneTrialThatSucceeds() {
		bad(0, 5);
		advance(2_999);
		assertThat(state(0)).isEqualTo(CircuitState.OPEN);
		assertThat(node(0).circuit().isTrialDue()).isFalse();
		advance(1);
		assertThat(state(0)).isEqualTo(CircuitState.HALF_OPEN);
		long begin = trial(0);
		assertThat(this.ejector.claimTrial(node(0), begin + 1)).isZero();
		assertThat(ejected()).containsExactly(0);
		advance(1);
		node(0).succeeded(begin, MILLI, this.timer.nanoTime());
		assertThat(ejected()).isEmpty();
		assertThat(this.changes).isEqualTo(3);
		assertThat(this.timer.scheduled()).isZero();
	}

	@Test
	void nodeThatIsBackStartsSlowly() {
		assertThat(node(0).weight()).isEqualTo(1);
		bad(0, 5);
		advance(3_000);
		node(0).succeeded(trial(0), MILLI, this.timer.nanoTime());
		assertThat(node(0).weight()).isEqualTo(0.1);
		advance(15_000);
		assertThat(node(0).weight()).isEqualTo(0.5);
		advance(15_000);
		assertThat(node(0).weight()).isEqualTo(1);
	}

	@Test
	void trialsThatFailComeLaterAndLater() {
		bad(0, 5);
		for (int seconds : new int[] { 3, 6, 9, 10, 10 }) {
			advance(seconds * 1_000 - 1);
			assertThat(state(0)).isEqualTo(CircuitState.OPEN);
			advance(1);
			node(0).failed(trial(0), MILLI, this.timer.nanoTime(), RpcCode.DEADLINE_EXCEEDED, Known.MAYBE_RAN, false);
			assertThat(state(0)).isEqualTo(CircuitState.OPEN);
		}
		assertThat(this.ejector.ejections()).isEqualTo(1);
	}

	@Test
	void trialThatSaysNothingMakesRoomForAnother() {
		bad(0, 5);
		advance(3_000);
		node(0).failed(trial(0), MILLI, this.timer.nanoTime(), RpcCode.CANCELLED, Known.MAYBE_RAN, false);
		assertThat(state(0)).isEqualTo(CircuitState.HALF_OPEN);
		node(0).succeeded(trial(0), MILLI, this.timer.nanoTime());
		assertThat(state(0)).isEqualTo(CircuitState.CLOSED);
	}

	@Test
	void trialThatWasNeverSentMakesRoomForAnotherAfterAWhile() {
		bad(0, 5);
		advance(3_000);
		assertThat(this.ejector.claimTrial(node(0), this.timer.nanoTime())).isPositive();
		advance(2_999);
		assertThat(node(0).circuit().isTrialDue()).isFalse();
		advance(1);
		node(0).succeeded(trial(0), MILLI, this.timer.nanoTime());
		assertThat(state(0)).isEqualTo(CircuitState.CLOSED);
	}

	/**
	 * As broadcasts, jobs and calls by the name of a node are: nobody asks them whether a
	 * trial is due.
	 */
	@Test
	void callThatIsBoundToTheNodeBringsItBackToo() {
		bad(0, 5);
		good(0, 1);
		assertThat(state(0)).isEqualTo(CircuitState.OPEN);
		advance(3_000);
		assertThat(state(0)).isEqualTo(CircuitState.HALF_OPEN);
		good(0, 1);
		assertThat(state(0)).isEqualTo(CircuitState.CLOSED);
		assertThat(node(0).circuit().isTrialDue()).isFalse();
	}

	@Test
	void callThatIsBoundToTheNodeAndFailsEjectsItAgain() {
		bad(0, 5);
		advance(3_000);
		bad(0, 1);
		assertThat(state(0)).isEqualTo(CircuitState.OPEN);
	}

	@ParameterizedTest
	@CsvSource({ "false", "true" })
	void trialThatTakesLongBringsTheNodeBackAllTheSame(boolean another) {
		bad(0, 5);
		advance(3_000);
		long trial = trial(0);
		advance(12_000);
		if (another) {
			trial(0);
		}
		node(0).succeeded(trial, MILLI, this.timer.nanoTime());
		assertThat(state(0)).isEqualTo(CircuitState.CLOSED);
	}

	/**
	 * The handler of the trial is stuck, the node is well again.
	 */
	@ParameterizedTest
	@ValueSource(ints = { 8, 10 })
	void trialThatIsStuckIsNotWaitedFor(int timeoutSeconds) {
		bad(0, 5);
		advance(3_000);
		long stuck = trial(0);
		advance(2_999);
		assertThat(node(0).circuit().isTrialDue()).isFalse();
		advance(1);
		node(0).succeeded(trial(0), MILLI, this.timer.nanoTime());
		assertThat(state(0)).isEqualTo(CircuitState.CLOSED);
		good(0, 100);
		assertThat(node(0).latencyNanos()).isBetween(MILLI / 2, MILLI);
		advance(timeoutSeconds * 1_000 - 3_100);
		node(0).failed(stuck, timeoutSeconds * 1_000 * MILLI, this.timer.nanoTime(), RpcCode.DEADLINE_EXCEEDED,
				Known.MAYBE_RAN, false);
		assertThat(state(0)).isEqualTo(CircuitState.CLOSED);
		assertThat(node(0).latencyNanos()).isBetween(1L, MILLI);
		// Nor does it count as the first of five.
		bad(0, 4);
		assertThat(ejected()).isEmpty();
	}

	@Test
	void firstOfSeveralTrialsThatFailsEjectsAgain() {
		bad(0, 5);
		advance(3_000);
		long[] stuck = new long[3];
		for (int i = 0; i < 3; i++) {
			stuck[i] = trial(0);
			advance(3_000);
		}
		assertThat(state(0)).isEqualTo(CircuitState.HALF_OPEN);
		for (long begin : stuck) {
			node(0).failed(begin, 9_000 * MILLI, this.timer.nanoTime(), RpcCode.DEADLINE_EXCEEDED, Known.MAYBE_RAN,
					false);
			assertThat(state(0)).isEqualTo(CircuitState.OPEN);
			advance(1_000);
		}
		// The second time in a row, and no more: 6 s from the first failure on.
		advance(2_999);
		assertThat(state(0)).isEqualTo(CircuitState.OPEN);
		advance(1);
		assertThat(state(0)).isEqualTo(CircuitState.HALF_OPEN);
	}

	@Test
	void whatFailedBeforeTheTrialDoesNotMakeTheNodeLookSlow() {
		good(0, 40);
		long[] stuck = IntStream.range(0, 10).mapToLong((i) -> begin(0)).toArray();
		for (int i = 0; i < 5; i++) {
			long begin = begin(0);
			node(0).failed(begin, 10_000 * MILLI, this.timer.nanoTime(), RpcCode.DEADLINE_EXCEEDED, Known.MAYBE_RAN,
					false);
		}
		advance(3_000);
		assertThat(node(0).latencyNanos()).isGreaterThan(100 * MILLI);
		node(0).succeeded(trial(0), MILLI, this.timer.nanoTime());
		// As little is known of it as of a new one.
		assertThat(node(0).latencyNanos()).isZero();
		for (long begin : stuck) {
			node(0).failed(begin, 10_000 * MILLI, this.timer.nanoTime(), RpcCode.DEADLINE_EXCEEDED, Known.MAYBE_RAN,
					false);
		}
		good(0, 2);
		assertThat(node(0).latencyNanos()).isEqualTo(MILLI);
		long late = stuck[0];
		node(0).succeeded(late, 10_000 * MILLI, this.timer.nanoTime());
		assertThat(node(0).latencyNanos()).isEqualTo(MILLI);
	}

	@Test
	void withoutAnEjectionTimeThereIsOneTrialAtATimeAllTheSame() {
		OutlierEjector own = ejector(
				new OutlierPolicy(5, 0.5, 20, Duration.ofSeconds(10), Duration.ZERO, Duration.ofSeconds(10), 0.5));
		this.nodes = nodes(own);
		bad(0, 5);
		advance(1);
		assertThat(own.claimTrial(node(0), this.timer.nanoTime())).isPositive();
		advance(9_999);
		assertThat(node(0).circuit().isTrialDue()).isFalse();
		advance(1);
		assertThat(node(0).circuit().isTrialDue()).isTrue();
	}

	@Test
	void callsOfTheTimeBeforeNeitherBringBackNorEjectAgain() {
		long good = begin(0);
		long[] late = IntStream.range(0, 20).mapToLong((i) -> begin(0)).toArray();
		bad(0, 5);
		advance(3_000);
		long trial = trial(0);
		node(0).succeeded(good, MILLI, this.timer.nanoTime());
		assertThat(state(0)).isEqualTo(CircuitState.HALF_OPEN);
		node(0).succeeded(trial, MILLI, this.timer.nanoTime());
		for (long begin : late) {
			node(0).failed(begin, MILLI, this.timer.nanoTime(), RpcCode.DEADLINE_EXCEEDED, Known.MAYBE_RAN, false);
		}
		assertThat(state(0)).isEqualTo(CircuitState.CLOSED);
	}

	@Test
	void nodeThatWasBackForAMinuteBeginsAnew() {
		for (int wait : new int[] { 3_000, 3_000, 6_000 }) {
			bad(0, 5);
			advance(wait - 1);
			assertThat(state(0)).isEqualTo(CircuitState.OPEN);
			advance(1);
			assertThat(state(0)).isEqualTo(CircuitState.HALF_OPEN);
			node(0).succeeded(trial(0), MILLI, this.timer.nanoTime());
			advance((wait == 3_000) ? 30_000 : 60_000);
			if (wait == 3_000 && this.ejector.ejections() == 1) {
				advance(30_000);
			}
		}
		bad(0, 5);
		advance(3_000);
		assertThat(state(0)).isEqualTo(CircuitState.HALF_OPEN);
	}

	@Test
	void neverMoreThanHalfAreEjected() {
		for (int round = 0; round < 10; round++) {
			for (int number = 0; number < 4; number++) {
				bad(number, 1);
			}
		}
		assertThat(ejected()).containsExactly(0, 1);
	}

	@Test
	void whenOneIsBackTheNextMayBeEjected() {
		bad(0, 5);
		bad(1, 5);
		bad(2, 5);
		advance(3_000);
		node(0).succeeded(trial(0), MILLI, this.timer.nanoTime());
		bad(2, 1);
		assertThat(ejected()).containsExactly(1, 2);
	}

	@Test
	void lastConnectedNodeIsNeverEjected() {
		this.connected[1] = false;
		this.connected[2] = false;
		this.connected[3] = false;
		bad(0, 100);
		assertThat(ejected()).isEmpty();
		this.connected[3] = true;
		bad(0, 1);
		assertThat(ejected()).containsExactly(0);
		bad(3, 100);
		assertThat(ejected()).containsExactly(0);
	}

	@ParameterizedTest
	@CsvSource({ "1, 0", "2, 1", "3, 1", "4, 2" })
	void fewNodesHaveFewEjected(int count, int most) {
		this.nodes = this.nodes.subList(0, count);
		this.ejector.nodes(this.nodes);
		for (int number = 0; number < count; number++) {
			bad(number, 30);
		}
		assertThat(ejected()).hasSize(most);
	}

	@Test
	void nodesComeBackWhenTooFewOthersAreLeft() {
		bad(0, 5);
		bad(1, 5);
		advance(3_000);
		node(0).failed(trial(0), MILLI, this.timer.nanoTime(), RpcCode.DEADLINE_EXCEEDED, Known.MAYBE_RAN, false);
		this.nodes = this.nodes.subList(0, 3);
		this.changes = 0;
		this.ejector.nodes(this.nodes);
		assertThat(ejected()).containsExactly(0);
		assertThat(this.changes).isEqualTo(1);
		this.nodes = this.nodes.subList(0, 1);
		this.ejector.nodes(this.nodes);
		assertThat(ejected()).isEmpty();
		assertThat(this.timer.scheduled()).isZero();
	}

	@Test
	void nodeThatHasLeftIsForgotten() {
		bad(0, 5);
		assertThat(this.timer.scheduled()).isEqualTo(1);
		this.ejector.nodes(this.nodes.subList(1, 4));
		assertThat(this.timer.scheduled()).isZero();
		bad(0, 100);
		assertThat(this.timer.scheduled()).isZero();
		bad(1, 5);
		this.ejector.close();
		assertThat(this.timer.scheduled()).isZero();
	}

	@Test
	void policyThatIsOffEjectsNobody() {
		this.nodes = nodes(ejector(OutlierPolicy.OFF));
		bad(0, 100);
		assertThat(ejected()).isEmpty();
	}

	@Test
	void countsOfCallsInFlightAndSent() {
		begin(0);
		node(0).begun();
		node(0).takenBack();
		assertThat(node(0).inFlight()).isEqualTo(1);
		good(0, 3);
		assertThat(node(0).inFlight()).isEqualTo(1);
		assertThat(node(0).sent()).isEqualTo(4);
	}

	@Test
	void endThatIsToldBeforeTheBeginningDoesNotMakeANegativeCount() {
		node(0).succeeded(this.timer.nanoTime(), MILLI, this.timer.nanoTime());
		assertThat(node(0).inFlight()).isZero();
		node(0).begun();
		assertThat(node(0).inFlight()).isZero();
	}

}
