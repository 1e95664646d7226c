package io.github.netrpc.cluster;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import io.github.netrpc.client.FakeTimer;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link LateDirectory}: the clock and the thread are the test's.
 */
class LateDirectoryTests {

	private final FakeTimer timer = new FakeTimer();

	private final List<Runnable> lookups = new ArrayList<>();

	private final List<String> told = new ArrayList<>();

	private final FakeDirectory real = new FakeDirectory();

	private boolean known;

	private final LateDirectory directory = new LateDirectory(this::find,
			new DirectoryContext("test", this.timer, () -> 0.5, this.lookups::add, null));

	private NodeDirectory find() {
		if (!this.known) {
			throw new IllegalStateException("not known yet");
		}
		return this.real;
	}

	private void watch() {
		this.directory.watch(new NodeDirectory.Listener() {

			@Override
			public void nodes(List<NodeEndpoint> nodes) {
				LateDirectoryTests.this.told.add(nodes.size() + " nodes");
			}

			@Override
			public void failed(String reason, @Nullable Throwable cause) {
				LateDirectoryTests.this.told.add(reason);
			}

		});
	}

	private void runLookup() {
		assertThat(this.lookups).hasSize(1);
		this.lookups.remove(0).run();
	}

	@Test
	void isAskedForAgainUntilItIsKnown() {
		watch();
		runLookup();
		this.timer.advance(Duration.ofMillis(249));
		assertThat(this.lookups).isEmpty();
		this.known = true;
		this.timer.advance(Duration.ofMillis(1));
		runLookup();
		this.real.list("a:1", "b:2");
		this.directory.refresh();
		assertThat(this.told).containsExactly("not known yet", "2 nodes");
		assertThat(this.real.refreshed).isOne();
		this.timer.advance(Duration.ofMinutes(1));
		assertThat(this.lookups).isEmpty();
		this.directory.close();
		assertThat(this.real.closed).isOne();
	}

	@Test
	void isNotAskedForAnyMoreOnceItIsClosed() {
		watch();
		runLookup();
		this.directory.close();
		this.timer.advance(Duration.ofMinutes(1));
		assertThat(this.lookups).isEmpty();
	}

	@Test
	void directoryThatIsFoundTooLateIsClosedUnwatched() {
		this.known = true;
		watch();
		this.directory.close();
		runLookup();
		assertThat(this.real.watched).isZero();
		assertThat(this.real.closed).isOne();
	}

}
