package io.github.netrpc.cluster;

import java.time.Duration;

import org.junit.jupiter.api.Test;

import io.github.netrpc.CallRecorder;
import io.github.netrpc.Known;
import io.github.netrpc.RpcCode;
import io.github.netrpc.RpcException;
import io.github.netrpc.ServiceMethod;
import io.github.netrpc.client.CallPlan;
import io.github.netrpc.client.FakeFormat;
import io.github.netrpc.client.FakeTimer;
import io.github.netrpc.wire.ValuePlan;
import io.github.netrpc.wire.ValueShape;
import io.github.netrpc.work.WorkerPool.ItemListener;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the calls of an item say of whether it may run twice.
 */
class CallScopeTests {

	private static final ValuePlan VALUE = new FakeFormat().plan(ValueShape.EMPTY);

	private static final CallPlan WRITE = new CallPlan(ServiceMethod.of("S", "Write"), VALUE, VALUE,
			Duration.ofSeconds(1).toNanos(), CallRecorder.NONE);

	private static final CallPlan READ = WRITE.asIdempotent();

	private final FakeTimer timer = new FakeTimer();

	private final Item item = new Item();

	private final CallScope scope = new CallScope("a:1", "job", null, this.timer,
			this.timer.nanoTime() + Duration.ofMinutes(1).toNanos(), this.item);

	@Test
	void itemThatHasCalledNothingMayNotRunTwice() {
		assertThat(this.scope.mayRunTwice()).isFalse();
	}

	@Test
	void itemThatHasOnlyReadMayRunTwiceAndNeedsNoClaim() {
		this.scope.beginning(READ);
		this.scope.beginning(READ);
		assertThat(this.scope.mayRunTwice()).isTrue();
		assertThat(this.item.claims).isZero();
	}

	@Test
	void itemThatWritesMayNotRunTwiceWhateverElseItCalls() {
		this.scope.beginning(READ);
		this.scope.beginning(WRITE);
		this.scope.beginning(READ);
		assertThat(this.scope.mayRunTwice()).isFalse();
		assertThat(this.item.claims).isOne();
		assertThat(this.scope.vain(READ)).isNull();
	}

	@Test
	void whoMakesACopySeesTheWriteBeforeItIsClaimed() {
		this.scope.beginning(READ);
		this.item.claiming = () -> assertThat(this.scope.mayRunTwice()).isFalse();
		this.scope.beginning(WRITE);
		assertThat(this.item.claims).isOne();
	}

	@Test
	void itemWhoseOtherAttemptWritesCallsNothingAnyMore() {
		this.item.granted = false;
		this.scope.beginning(READ);
		assertThat(this.scope.vain(READ)).isNull();
		this.scope.beginning(WRITE);
		assertThat(this.scope.vain(WRITE)).satisfies((failure) -> {
			assertThat(failure.code()).isEqualTo(RpcCode.CANCELLED);
			assertThat(failure.known()).isEqualTo(Known.NOT_RUN);
		});
		assertThat(this.scope.vain(READ)).isNotNull();
	}

	/**
	 * An item that has a copy, or none.
	 */
	private static final class Item implements ItemListener<String> {

		private boolean granted = true;

		private int claims;

		private Runnable claiming = () -> {
		};

		@Override
		public boolean claim() {
			this.claims++;
			this.claiming.run();
			return this.granted;
		}

		@Override
		public void succeeded(String result) {
		}

		@Override
		public void failed(RpcException failure) {
		}

		@Override
		public void misused(String why) {
		}

	}

}
