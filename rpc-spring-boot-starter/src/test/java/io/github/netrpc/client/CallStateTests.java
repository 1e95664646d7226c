package io.github.netrpc.client;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link CallState}.
 */
class CallStateTests {

	private final CallState<Object> call = new CallState<>() {
	};

	@Test
	void claimedCallIsNotSent() {
		assertThat(this.call.toClaimed()).isTrue();
		assertThat(this.call.wasSent()).isFalse();
		assertThat(this.call.toSent()).isFalse();
		assertThat(this.call.isOpen()).isFalse();
	}

	@Test
	void whoClaimsKnowsThatItWasSent() {
		assertThat(this.call.toSent()).isTrue();
		assertThat(this.call.isSent()).isTrue();
		assertThat(this.call.toClaimed()).isTrue();
		assertThat(this.call.wasSent()).isTrue();
		assertThat(this.call.toUnsent()).isFalse();
	}

	@Test
	void callThatIsTakenBackWasNotSent() {
		this.call.toSent();
		assertThat(this.call.toUnsent()).isTrue();
		assertThat(this.call.toClaimed()).isTrue();
		assertThat(this.call.wasSent()).isFalse();
	}

	@Test
	void callThatIsTriedAgainIsClaimedOnceMoreAndNeverSent() {
		this.call.toClaimed();
		assertThat(this.call.toClaimedAgain()).isFalse();
		this.call.toRetrying();
		assertThat(this.call.isOpen()).isFalse();
		assertThat(this.call.toSent()).isFalse();
		assertThat(this.call.toClaimed()).isFalse();
		assertThat(this.call.toClaimedAgain()).isTrue();
		assertThat(this.call.toClaimedAgain()).isFalse();
		assertThat(this.call.hasEnded()).isFalse();
		this.call.toEnded();
		assertThat(this.call.hasEnded()).isTrue();
	}

	@Test
	void ofManyWhoWantToEndItOneDoesAndKnowsWhetherItWasSent() throws Exception {
		ExecutorService threads = Executors.newFixedThreadPool(3);
		try {
			for (int round = 0; round < 2_000; round++) {
				boolean takenBack = round % 2 == 0;
				CallState<Object> call = new CallState<>() {
				};
				CyclicBarrier start = new CyclicBarrier(3);
				Callable<Boolean> end = () -> {
					start.await();
					return call.toClaimed();
				};
				Callable<Boolean> send = () -> {
					start.await();
					return call.toSent() && !(takenBack && call.toUnsent());
				};
				List<Future<Boolean>> done = threads.invokeAll(List.of(end, end, send));
				boolean first = done.get(0).get();
				assertThat(done.get(1).get()).isNotEqualTo(first);
				assertThat(call.wasSent()).isEqualTo(done.get(2).get());
			}
		}
		finally {
			threads.shutdownNow();
		}
	}

}
