package io.github.netrpc.cluster;

import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import io.github.netrpc.Known;
import io.github.netrpc.client.RunningCall;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link OpenCalls}.
 */
class OpenCallsTests {

	private final OpenCalls open = new OpenCalls();

	private final List<RunningCall> calls = Stream.generate(OpenCallsTests::call).limit(4).toList();

	private static RunningCall call() {
		// No lambda, which would be the same object each time.
		return new RunningCall() {

			@Override
			public Known abandon(String why) {
				return Known.MAYBE_RAN;
			}

		};
	}

	@Test
	void holdsThoseThatHaveNotEnded() {
		assertThat(this.open.isEmpty()).isTrue();
		assertThat(this.open.all()).isEmpty();
		this.open.add(this.calls.get(0));
		assertThat(this.open.all()).containsExactly(this.calls.get(0));
		this.open.add(this.calls.get(1));
		this.open.add(this.calls.get(2));
		assertThat(this.open.all()).containsExactlyInAnyOrderElementsOf(this.calls.subList(0, 3));
		this.open.remove(this.calls.get(0));
		assertThat(this.open.all()).containsExactlyInAnyOrderElementsOf(this.calls.subList(1, 3));
		this.open.add(this.calls.get(3));
		this.open.remove(this.calls.get(1));
		this.open.remove(this.calls.get(2));
		assertThat(this.open.isEmpty()).isFalse();
		this.open.remove(this.calls.get(3));
		assertThat(this.open.isEmpty()).isTrue();
		assertThat(this.open.all()).isEmpty();
	}

	@Test
	void removesWhatItDoesNotHoldToNoEffect() {
		this.open.remove(this.calls.get(0));
		this.open.add(this.calls.get(1));
		this.open.remove(this.calls.get(0));
		assertThat(this.open.all()).containsExactly(this.calls.get(1));
	}

	@Test
	void whatAllHasGivenStaysAsItWas() {
		this.open.add(this.calls.get(0));
		this.open.add(this.calls.get(1));
		assertThat(this.open.all()).hasSize(2).satisfies((all) -> {
			this.open.remove(this.calls.get(1));
			assertThat(all).hasSize(2);
		});
	}

}
