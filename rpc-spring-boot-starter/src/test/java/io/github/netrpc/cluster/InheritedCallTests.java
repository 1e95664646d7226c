package io.github.netrpc.cluster;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import io.github.netrpc.CallRecorder;
import io.github.netrpc.Known;
import io.github.netrpc.RpcCode;
import io.github.netrpc.RpcContextSlot;
import io.github.netrpc.RpcException;
import io.github.netrpc.RpcOptions;
import io.github.netrpc.ServedCall;
import io.github.netrpc.ServiceMethod;
import io.github.netrpc.client.CallPlan;
import io.github.netrpc.client.CallPolicy;
import io.github.netrpc.client.ClientResources;
import io.github.netrpc.client.FakeFormat;
import io.github.netrpc.client.FakeResources;
import io.github.netrpc.client.FakeTimer;
import io.github.netrpc.client.FakeTransport;
import io.github.netrpc.client.Retries;
import io.github.netrpc.client.RetryLimits;
import io.github.netrpc.wire.ValueShape;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for the deadlines of calls, of those that handlers make too.
 */
class InheritedCallTests {

	private final FakeTransport transport = new FakeTransport();

	private final FakeTimer timer = new FakeTimer();

	private final ClientResources resources = FakeResources.create(this.transport, this.timer, Runnable::run,
			() -> 0.5);

	private final NodeGroup nodes = new NodeGroup("test", "a:1", StaticDirectory.of("a:1"), this.resources,
			FakeBalancing.inTurn());

	private final ChannelInvoker invoker = new ChannelInvoker("test", new FakeFormat(), this.nodes, this.resources,
			new Retries(RetryLimits.DEFAULT, this.resources, this.nodes.otherNodes()),
			new MethodSettings(Duration.ofSeconds(4), Map.of("slow", Duration.ofSeconds(5)), Set.of()), List.of(),
			CallRecorder.Factory.NONE);

	@AfterEach
	void close() {
		RpcContextSlot.ofCurrentThread().set(null);
		this.nodes.close();
		this.resources.close();
	}

	private static void serve(@Nullable Duration timeLeft, boolean cancelled) {
		RpcContextSlot.ofCurrentThread().set(ServedCall.of(timeLeft, cancelled));
	}

	private CallPlan plan(String method, @Nullable Duration annotated) {
		return this.invoker.plan(ServiceMethod.of("S", method), ValueShape.EMPTY, ValueShape.EMPTY,
				new CallPolicy(annotated, false));
	}

	private CompletableFuture<String> call(RpcOptions options) {
		return this.invoker.callAsync(plan("M", null), options, "x");
	}

	private void assertEndsAfter(Duration time, CompletableFuture<String> call) {
		this.transport.attempts.get(0).accept();
		this.timer.advance(time.minusNanos(1));
		assertThat(call).isNotDone();
		this.timer.advance(Duration.ofNanos(1));
		assertThat(failure(call).code()).isEqualTo(RpcCode.DEADLINE_EXCEEDED);
	}

	private static RpcException failure(CompletableFuture<?> call) {
		assertThat(call).isCompletedExceptionally();
		try {
			throw new AssertionError("succeeded: " + call.join());
		}
		catch (CompletionException ex) {
			return (RpcException) ex.getCause();
		}
	}

	@Test
	void timeoutIsTheChannelsUnlessSomethingElseIsSaid() {
		assertEndsAfter(Duration.ofSeconds(4), call(RpcOptions.NONE));
	}

	@Test
	void annotatedTimeoutWinsOverTheChannels() {
		assertEndsAfter(Duration.ofSeconds(2),
				this.invoker.callAsync(plan("M", Duration.ofSeconds(2)), RpcOptions.NONE, "x"));
	}

	@Test
	void configuredTimeoutOfTheMethodWinsOverTheAnnotation() {
		assertEndsAfter(Duration.ofSeconds(5),
				this.invoker.callAsync(plan("Slow", Duration.ofSeconds(2)), RpcOptions.NONE, "x"));
	}

	@Test
	void timeoutOfTheCallWinsOverAll() {
		assertEndsAfter(Duration.ofSeconds(6), this.invoker.callAsync(plan("Slow", Duration.ofSeconds(2)),
				RpcOptions.NONE.timeout(Duration.ofSeconds(6)), "x"));
	}

	@Test
	void endlessTimeoutIsAHundredYears() {
		assertThat(MethodSettings.nanos(Duration.ofSeconds(Long.MAX_VALUE)))
			.isEqualTo(Duration.ofDays(36_500).toNanos());
	}

	@Test
	void callOfAHandlerTakesNoLongerThanTheHandlersOwn() {
		serve(Duration.ofMillis(300), false);
		assertEndsAfter(Duration.ofMillis(300), call(RpcOptions.NONE.timeout(Duration.ofSeconds(1))));
	}

	@Test
	void callOfAHandlerMayTakeLess() {
		serve(Duration.ofSeconds(300), false);
		assertEndsAfter(Duration.ofSeconds(1), call(RpcOptions.NONE.timeout(Duration.ofSeconds(1))));
	}

	@Test
	void callOfAHandlerWhoseCallerSaidNothingTakesItsOwnTime() {
		serve(null, false);
		assertEndsAfter(Duration.ofSeconds(4), call(RpcOptions.NONE));
	}

	@Test
	void callOfAHandlerWithoutTimeIsNotBegun() {
		serve(Duration.ZERO, true);
		RpcException failure = failure(call(RpcOptions.NONE));
		assertThat(failure).hasMessage("S.M: no time is left of the call of Outer.Method that needs it, not sent");
		assertThat(failure.code()).isEqualTo(RpcCode.DEADLINE_EXCEEDED);
		assertThat(failure.known()).isEqualTo(Known.NOT_RUN);
		assertThat(this.transport.attempts).isEmpty();
	}

	@Test
	void callOfACancelledHandlerIsNotBegun() {
		serve(Duration.ofSeconds(1), true);
		assertThatExceptionOfType(RpcException.class)
			.isThrownBy(() -> this.invoker.call(plan("M", null), RpcOptions.NONE, "x"))
			.withMessage("S.M: the call of Outer.Method that needs it was cancelled, not sent")
			.satisfies((ex) -> {
				assertThat(ex.code()).isEqualTo(RpcCode.CANCELLED);
				assertThat(ex.known()).isEqualTo(Known.NOT_RUN);
			});
		assertThat(this.transport.attempts).isEmpty();
	}

}
