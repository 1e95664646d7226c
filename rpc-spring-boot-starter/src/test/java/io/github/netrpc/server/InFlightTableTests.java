package io.github.netrpc.server;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link InFlightTable}.
 */
@Timeout(60)
class InFlightTableTests {

	private final InFlightTable<TestCall> table = new InFlightTable<>();

	@Test
	void showsWhatWasAddedAndNotRemoved() {
		List<TestCall> calls = add(100);
		for (int i = 0; i < 100; i += 2) {
			this.table.remove(calls.get(i));
		}
		assertThat(shown()).hasSize(50).allMatch((call) -> calls.indexOf(call) % 2 == 1);
	}

	@Test
	void removedCallDoesNotTakeTheNextOwnerOfItsSlotAlong() {
		TestCall first = add(1).get(0);
		this.table.remove(first);
		List<TestCall> others = add(8);
		this.table.remove(first);
		assertThat(shown()).containsExactlyInAnyOrderElementsOf(others);
	}

	@Test
	void callsThatStayDoNotMakeTheTableGrowForEver() {
		add(20);
		for (int i = 0; i < 100_000; i++) {
			this.table.remove(add(1).get(0));
		}
		assertThat(shown()).hasSize(20);
		assertThat(this.table.capacity()).isLessThanOrEqualTo(64);
	}

	@Test
	void noCallIsLostOrLeftWhileAnotherThreadRemoves() throws Exception {
		LinkedBlockingQueue<TestCall> toRemove = new LinkedBlockingQueue<>();
		ExecutorService thread = Executors.newSingleThreadExecutor();
		thread.execute(() -> {
			try {
				for (int i = 0; i < 50_000; i++) {
					TestCall call = toRemove.take();
					call.ended = true;
					this.table.remove(call);
				}
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		});
		for (int i = 0; i < 50_000; i++) {
			toRemove.add(add(1).get(0));
		}
		thread.shutdown();
		assertThat(thread.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
		assertThat(shown()).isEmpty();
	}

	private List<TestCall> shown() {
		List<TestCall> shown = new ArrayList<>();
		this.table.forEach(shown::add);
		return shown;
	}

	private List<TestCall> add(int count) {
		List<TestCall> calls = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			TestCall call = new TestCall();
			this.table.add(call);
			calls.add(call);
		}
		return calls;
	}

	private static final class TestCall implements InFlightTable.Entry {

		private int slot;

		private volatile boolean ended;

		@Override
		public int slot() {
			return this.slot;
		}

		@Override
		public void slot(int slot) {
			this.slot = slot;
		}

		@Override
		public boolean hasEnded() {
			return this.ended;
		}

	}

}
