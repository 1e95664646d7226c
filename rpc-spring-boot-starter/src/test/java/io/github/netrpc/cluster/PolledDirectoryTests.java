package io.github.netrpc.cluster;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import io.github.netrpc.client.FakeTimer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link PolledDirectory}: the clock and the look-ups are the test's, and there
 * is no jitter.
 */
class PolledDirectoryTests {

	private static final List<NodeEndpoint> NODES = List.of(NodeEndpoint.of("a", 1));

	private final FakeTimer timer = new FakeTimer();

	/** Look-ups that have begun and not run. */
	private final List<Runnable> lookups = new ArrayList<>();

	private final List<String> told = new ArrayList<>();

	private @Nullable Exception failure;

	private boolean busy;

	private final PolledDirectory directory = directory(null);

	private PolledDirectory directory(@Nullable Duration refresh) {
		return new PolledDirectory("test", new DirectoryContext("test", this.timer, () -> 0.5, this::execute, refresh),
				Duration.ofSeconds(5), this::lookUp);
	}

	private void execute(Runnable task) {
		if (this.busy) {
			throw new RejectedExecutionException();
		}
		this.lookups.add(task);
	}

	private List<NodeEndpoint> lookUp() throws Exception {
		if (this.failure != null) {
			throw this.failure;
		}
		return NODES;
	}

	private void watch() {
		this.directory.watch(new NodeDirectory.Listener() {

			@Override
			public void nodes(List<NodeEndpoint> nodes) {
				PolledDirectoryTests.this.told.add(nodes.size() + " nodes");
			}

			@Override
			public void failed(String reason, @Nullable Throwable cause) {
				PolledDirectoryTests.this.told.add(reason);
			}

		});
	}

	/**
	 * Runs the one look-up that has begun.
	 */
	private void run() {
		assertThat(this.lookups).hasSize(1);
		this.lookups.remove(0).run();
	}

	private void advance(long millis) {
		this.timer.advance(Duration.ofMillis(millis));
	}

	@Test
	void asksAgainAfterTheInterval() {
		watch();
		run();
		advance(4_999);
		assertThat(this.lookups).isEmpty();
		advance(1);
		run();
		advance(5_000);
		run();
		assertThat(this.told).containsExactly("1 nodes", "1 nodes", "1 nodes");
	}

	@Test
	void intervalMayBeConfigured() {
		PolledDirectory quick = directory(Duration.ofMillis(100));
		quick.watch(new NodeDirectory.Listener() {

			@Override
			public void nodes(List<NodeEndpoint> nodes) {
			}

			@Override
			public void failed(String reason, @Nullable Throwable cause) {
			}

		});
		run();
		advance(100);
		run();
		quick.close();
		assertThatIllegalArgumentException().isThrownBy(() -> directory(Duration.ofMillis(99)))
			.withMessageContaining("PT0.099S");
	}

	@Test
	void firstListIsAskedForSoonerEachFailureLaterThanTheLast() {
		this.failure = new IOException("no such name");
		watch();
		long[] pauses = { 250, 400, 640, 1_024 };
		for (long pause : pauses) {
			run();
			advance(pause - 1);
			assertThat(this.lookups).isEmpty();
			advance(1);
		}
		for (int i = 0; i < 10; i++) {
			run();
			advance(5_000);
		}
		this.failure = null;
		run();
		assertThat(this.told).hasSize(15).startsWith("no such name").endsWith("1 nodes");
	}

	@Test
	void failureBesideAListWaitsForTheInterval() {
		watch();
		run();
		advance(5_000);
		this.failure = new IOException("no such name");
		run();
		advance(4_999);
		assertThat(this.lookups).isEmpty();
		advance(1);
		run();
	}

	@Test
	void refreshAsksSoonButNotAllTheTime() {
		watch();
		run();
		advance(1_000);
		this.directory.refresh();
		advance(0);
		run();
		for (int i = 0; i < 100; i++) {
			this.directory.refresh();
			advance(4);
		}
		assertThat(this.lookups).isEmpty();
		advance(100);
		run();
		advance(5_000);
		run();
		assertThat(this.timer.scheduled()).isOne();
	}

	@Test
	void refreshDuringALookupBeginsNoOther() {
		watch();
		this.directory.refresh();
		advance(600);
		assertThat(this.lookups).hasSize(1);
	}

	@Test
	void lookupThatHangsIsAFailureAndItsAnswerIsTakenUnlessAnotherOneCameFirst() {
		watch();
		advance(10_000);
		assertThat(this.told).containsExactly("no answer within 10 s");
		advance(250);
		assertThat(this.lookups).hasSize(2);
		this.lookups.remove(0).run();
		assertThat(this.told).containsExactly("no answer within 10 s", "1 nodes");
		run();
		assertThat(this.told).hasSize(3);
		advance(5_000);
		advance(10_000);
		advance(5_000);
		assertThat(this.lookups).hasSize(2);
		this.lookups.remove(1).run();
		int before = this.told.size();
		run();
		assertThat(this.told).hasSize(before);
	}

	@Test
	void nothingIsAskedIfThereIsNoThread() {
		this.busy = true;
		watch();
		assertThat(this.told).singleElement().asString().startsWith("there is no thread");
		this.busy = false;
		advance(250);
		run();
		assertThat(this.told).endsWith("1 nodes");
	}

	@Test
	void nothingIsAskedOrToldAfterClose() {
		watch();
		this.directory.close();
		run();
		this.directory.refresh();
		advance(60_000);
		assertThat(this.lookups).isEmpty();
		assertThat(this.told).isEmpty();
		assertThat(this.timer.scheduled()).isZero();
	}

}
