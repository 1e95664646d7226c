package io.github.netrpc.transport.netty;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import io.github.netrpc.transport.netty.AddressRace.Attempt;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link AddressRace} with attempts and a clock that the test moves.
 */
class AddressRaceTests {

	private static final String A4 = "10.0.0.1";

	private static final String B4 = "10.0.0.2";

	private static final String C4 = "10.0.0.3";

	private static final String A6 = "[2001:db8::1]";

	private static final String B6 = "[2001:db8::2]";

	private final Map<String, Attempt> started = new LinkedHashMap<>();

	private final List<String> givenUp = new ArrayList<>();

	private @Nullable Runnable task;

	private long nowMillis;

	private long atMillis;

	private int lost;

	private AddressRace race(long timeoutMillis, String... addresses) {
		List<InetSocketAddress> all = Stream.of(addresses).map((address) -> new InetSocketAddress(address, 1)).toList();
		AddressRace race = new AddressRace(all, TimeUnit.MILLISECONDS.toNanos(timeoutMillis), (address, attempt) -> {
			String name = Stream.of(addresses)
				.filter((text) -> new InetSocketAddress(text, 1).equals(address))
				.findFirst()
				.orElseThrow();
			this.started.put(name, attempt);
			return () -> this.givenUp.add(name);
		}, this::schedule, () -> this.lost++);
		race.next();
		return race;
	}

	private Runnable schedule(Runnable task, long delayNanos) {
		assertThat(this.task).isNull();
		this.task = task;
		this.atMillis = this.nowMillis + TimeUnit.NANOSECONDS.toMillis(delayNanos);
		return () -> this.task = null;
	}

	private void advance(long millis) {
		long end = this.nowMillis + millis;
		while (this.task != null && this.atMillis <= end) {
			Runnable next = this.task;
			this.task = null;
			this.nowMillis = this.atMillis;
			next.run();
		}
		this.nowMillis = end;
	}

	@Test
	void nextAddressBeginsAfter250MillisecondsWithoutAnAnswer() {
		race(3_000, A4, B4, C4);
		advance(249);
		assertThat(this.started).containsOnlyKeys(A4);
		advance(1);
		assertThat(this.started).containsOnlyKeys(A4, B4);
		advance(250);
		assertThat(this.started).containsOnlyKeys(A4, B4, C4);
		assertThat(this.givenUp).isEmpty();
	}

	@Test
	void addressThatAnswersInTimeIsTheOnlyOneTried() {
		race(3_000, A4, B4);
		advance(100);
		assertThat(this.started.get(A4).opened()).isTrue();
		advance(10_000);
		assertThat(this.started).containsOnlyKeys(A4);
		assertThat(this.task).isNull();
		assertThat(this.givenUp).isEmpty();
	}

	@Test
	void firstToOpenWinsAndTheOthersAreGivenUp() {
		race(3_000, A4, B4, C4);
		advance(250);
		assertThat(this.started.get(B4).opened()).isTrue();
		assertThat(this.givenUp).containsExactly(A4);
		assertThat(this.task).isNull();
	}

	@Test
	void addressThatWasSlowMayStillWin() {
		race(3_000, A4, B4);
		advance(400);
		assertThat(this.started.get(A4).opened()).isTrue();
		assertThat(this.givenUp).containsExactly(B4);
	}

	@Test
	void openConnectionThatIsNotTheFirstIsNotWanted() {
		race(3_000, A4, B4);
		advance(250);
		assertThat(this.started.get(B4).opened()).isTrue();
		assertThat(this.started.get(A4).opened()).isFalse();
		this.started.get(A4).failed();
		assertThat(this.lost).isZero();
	}

	@Test
	void addressThatFailsIsFollowedAtOnceAndTheNextHasItsTime() {
		race(3_000, A4, B4, C4);
		advance(200);
		this.started.get(A4).failed();
		assertThat(this.started).containsOnlyKeys(A4, B4);
		advance(249);
		assertThat(this.started).containsOnlyKeys(A4, B4);
		advance(1);
		assertThat(this.started).containsOnlyKeys(A4, B4, C4);
	}

	@Test
	void raceIsLostWhenAllHaveFailedAndNotBefore() {
		race(3_000, A4, B4);
		advance(250);
		this.started.get(B4).failed();
		assertThat(this.lost).isZero();
		this.started.get(A4).failed();
		assertThat(this.lost).isEqualTo(1);
		this.started.get(A4).failed();
		assertThat(this.lost).isEqualTo(1);
	}

	@Test
	void raceWithoutAddressesIsLost() {
		race(3_000);
		assertThat(this.lost).isEqualTo(1);
	}

	@Test
	void familiesTakeTurnsBeginningWithTheFirstAddress() {
		race(3_000, A6, B6, A4, B4, C4);
		advance(10_000);
		assertThat(this.started.keySet()).containsExactly(A6, A4, B6, B4, C4);
	}

	@Test
	void manyAddressesAreTriedFasterSoThatTheLastHasAChance() {
		race(300, A4, B4, C4);
		advance(200);
		assertThat(this.started).containsOnlyKeys(A4, B4, C4);
	}

	@Test
	void stoppedRaceGivesAllUpAndBeginsNoMore() {
		AddressRace race = race(3_000, A4, B4, C4);
		advance(250);
		race.stop();
		assertThat(this.givenUp).containsExactly(A4, B4);
		advance(10_000);
		this.started.get(A4).failed();
		assertThat(this.started).containsOnlyKeys(A4, B4);
		assertThat(this.lost).isZero();
		assertThat(this.started.get(B4).opened()).isFalse();
	}

}
