package io.github.netrpc.cluster;

import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.github.netrpc.CallRecorder;
import io.github.netrpc.Known;
import io.github.netrpc.RpcCall;
import io.github.netrpc.RpcCode;
import io.github.netrpc.RpcContext;
import io.github.netrpc.RpcContextSlot;
import io.github.netrpc.RpcException;
import io.github.netrpc.RpcOptions;
import io.github.netrpc.RpcReply;
import io.github.netrpc.ServiceMethod;
import io.github.netrpc.client.CallPlan;
import io.github.netrpc.client.CallPolicy;
import io.github.netrpc.client.ClientCall;
import io.github.netrpc.client.ClientInterceptor;
import io.github.netrpc.client.ClientInterceptor.Next;
import io.github.netrpc.client.ClientResources;
import io.github.netrpc.client.FakeFormat;
import io.github.netrpc.client.FakeResources;
import io.github.netrpc.client.FakeTimer;
import io.github.netrpc.client.FakeTransport;
import io.github.netrpc.client.FakeTransport.Attempt;
import io.github.netrpc.client.FakeTransport.FakeConnection;
import io.github.netrpc.client.Retries;
import io.github.netrpc.client.RetryLimits;
import io.github.netrpc.wire.ValueShape;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for calls with interceptors around them: two nodes, and a clock that the test
 * moves.
 */
class InterceptedCallTests {

	private static final Duration TIMEOUT = Duration.ofSeconds(10);

	private static final ServiceMethod METHOD = ServiceMethod.of("S", "M");

	private static final ValueShape ONE = new ValueShape.Value(
			InterceptedCallTests.class.getDeclaredMethods()[0].getAnnotatedReturnType());

	private static final ValueShape TWO = new ValueShape.Struct("Args", List.of());

	private final FakeTransport transport = new FakeTransport();

	private final FakeTimer timer = new FakeTimer();

	private final ClientResources resources = FakeResources.create(this.transport, this.timer, Runnable::run,
			() -> 0.5);

	private final NodeGroup nodes = new NodeGroup("test", "a:1,b:2", StaticDirectory.of("a:1,b:2"), this.resources,
			FakeBalancing.inTurn());

	private final Retries retries = new Retries(RetryLimits.DEFAULT, this.resources, this.nodes.otherNodes());

	private final List<String> seen = new ArrayList<>();

	private FakeConnection a;

	private FakeConnection b;

	@BeforeEach
	void connect() {
		ChannelInvoker plain = invoker();
		this.nodes.start(this.resources.future(plan(plain, ONE)), "first");
		List<FakeConnection> connections = this.transport.attempts.stream().map(Attempt::accept).toList();
		this.a = connections.get(0);
		this.b = connections.get(1);
		this.a.receive(this.a.seq() + " ok first");
	}

	@AfterEach
	void nothingIsLeft() {
		RpcContextSlot.ofCurrentThread().set(null);
		assertThat(Thread.interrupted()).isFalse();
		this.nodes.close();
		this.retries.close();
		assertThat(this.timer.scheduled()).isZero();
		this.resources.close();
	}

	@Test
	void interceptorsSeeTheCallAndTheReplyInTheirOrder() {
		CompletableFuture<String> call = call("x", recording("outer"), recording("inner"));
		this.a.receive(this.a.seq() + " with node=a value");
		assertThat(call).isCompletedWithValue("value");
		assertThat(this.seen).containsExactly("outer S.M [x] {}", "inner S.M [x] {}", "inner value {node=a}",
				"outer value {node=a}");
	}

	@Test
	void metadataAndArgumentsMayBeChanged() {
		call("x", (call, next) -> next.proceed(call.withMetadata("tenant", "acme").withArguments("y")));
		assertThat(this.a.requests()).singleElement().asString().endsWith(" S.M y {tenant=acme}");
	}

	@Test
	void severalParametersAreSeveralArguments() {
		ChannelInvoker invoker = invoker((call, next) -> {
			assertThat(call.arguments()).containsExactly(7, null);
			assertThatIllegalArgumentException().isThrownBy(() -> call.withArguments(1))
				.withMessage("arguments of S.M: 1 (expected: 2)");
			return next.proceed(call.withArguments(8, 9));
		});
		Object[] arguments = { 7, null };
		CompletableFuture<?> call = invoker.callAsync(plan(invoker, TWO), RpcOptions.NONE, arguments);
		assertThat(call).isNotDone();
		assertThat(this.a.requests()).singleElement().asString().contains(" S.M [Ljava.lang.Object;");
		assertThat(arguments).containsExactly(7, null);
	}

	@Test
	void methodWithoutParametersHasNoArguments() {
		ChannelInvoker invoker = invoker(recording("i"));
		CompletableFuture<?> call = invoker.callAsync(plan(invoker, ValueShape.EMPTY), RpcOptions.NONE, null);
		assertThat(call).isNotDone();
		assertThat(this.seen).containsExactly("i S.M [] {}");
	}

	@Test
	void callMayBeAnsweredWithoutBeingMade() {
		CompletableFuture<String> call = call("x",
				(each, next) -> CompletableFuture.completedFuture(RpcReply.of("cached")));
		assertThat(call).isCompletedWithValue("cached");
		assertThat(this.a.requests()).isEmpty();
		assertThat(this.b.requests()).isEmpty();
	}

	@Test
	void synchronousCallerGetsTheInterceptorsAnswer() {
		ChannelInvoker invoker = invoker((each, next) -> CompletableFuture.completedFuture(RpcReply.of("cached")));
		assertThat(invoker.call(plan(invoker, ONE), RpcOptions.NONE, "x")).isEqualTo("cached");
	}

	@Test
	void failureReachesTheInterceptorBareAndMayBecomeAnother() {
		CompletableFuture<String> call = call("x", (each, next) -> next.proceed(each).exceptionally((failure) -> {
			assertThat(failure).isInstanceOf(RpcException.class).hasMessage("no such account");
			throw new IllegalStateException("mapped", failure);
		}));
		this.a.receive(this.a.seq() + " error no such account");
		assertThat(failure(call)).isInstanceOf(IllegalStateException.class).hasMessage("mapped");
	}

	@Test
	void synchronousCallerGetsUncheckedExceptionsAsTheyAre() {
		ChannelInvoker invoker = invoker((each, next) -> {
			throw new UnsupportedOperationException("not today");
		});
		CallPlan plan = plan(invoker, ONE);
		assertThatExceptionOfType(UnsupportedOperationException.class)
			.isThrownBy(() -> invoker.call(plan, RpcOptions.NONE, "x"))
			.withMessage("not today");
	}

	@Test
	void callIsNotMadeWhenItsTimeIsUsedUp() {
		CompletableFuture<String> call = call("x", (each, next) -> {
			this.timer.advance(TIMEOUT);
			return next.proceed(each);
		});
		assertThat(failure(call)).hasMessage("S.M: interceptors have used up its 10000 ms, not sent")
			.isInstanceOfSatisfying(RpcException.class, (ex) -> {
				assertThat(ex.code()).isEqualTo(RpcCode.DEADLINE_EXCEEDED);
				assertThat(ex.known()).isEqualTo(Known.NOT_RUN);
			});
		assertThat(this.a.requests()).isEmpty();
	}

	@Test
	void stackTraceOfAFailureShowsTheSynchronousCaller() {
		ChannelInvoker invoker = invoker((each, next) -> {
			CompletionStage<RpcReply> stage = next.proceed(each);
			String seq = this.a.seq();
			new Thread(() -> this.a.receive(seq + " error no such account")).start();
			return stage;
		});
		CallPlan plan = plan(invoker, ONE);
		assertThatExceptionOfType(RpcException.class).isThrownBy(() -> invoker.call(plan, RpcOptions.NONE, "x"))
			.withMessage("no such account")
			.satisfies((ex) -> assertThat(Arrays.stream(ex.getStackTrace()).map(StackTraceElement::getClassName))
				.contains(InterceptedCallTests.class.getName()));
	}

	@Test
	void attemptsLieBehindTheInterceptors() {
		CompletableFuture<String> call = call("x", recording("i"));
		this.a.receive(this.a.seq() + " coded UNAVAILABLE NOT_RUN the node is stopping");
		this.b.receive(this.b.seq() + " with node=b from b");
		assertThat(call).isCompletedWithValue("from b");
		assertThat(this.seen).containsExactly("i S.M [x] {}", "i from b {node=b}");
	}

	@Test
	void interceptorMayRepeatACallItself() {
		CompletableFuture<String> call = call("x",
				(each, next) -> next.proceed(each).exceptionallyCompose((failure) -> next.proceed(each)));
		this.a.receive(this.a.seq() + " error once");
		assertThat(call).isNotDone();
		this.b.receive(this.b.seq() + " ok twice");
		assertThat(call).isCompletedWithValue("twice");
	}

	@Test
	void nullIsNoAnswer() {
		assertThat(failure(call("x", (each, next) -> null))).hasMessage("S.M: an interceptor returned null")
			.satisfies((ex) -> assertThat(((RpcException) ex).known()).isEqualTo(Known.NOT_RUN));
		assertThat(failure(call("x", (each, next) -> CompletableFuture.completedFuture(null))))
			.hasMessage("S.M: an interceptor's stage completed with null");
	}

	@Test
	void cancellingTheFutureGivesUpTheCallBehind() {
		List<CompletionStage<RpcReply>> behind = new ArrayList<>();
		CompletableFuture<String> call = call("x", (each, next) -> {
			behind.add(next.proceed(each));
			return behind.get(0);
		});
		assertThat(this.nodes.snapshots().get(0).inFlight()).isEqualTo(1);
		call.cancel(true);
		assertThat(this.nodes.snapshots().get(0).inFlight()).isZero();
		assertThat(behind.get(0).toCompletableFuture()).isCompletedExceptionally();
		this.a.receive(this.a.seq() + " ok late");
		assertThat(call).isCancelled();
	}

	@Test
	void callIsNotMadeAfterItsCallerHasGivenItUp() {
		CompletableFuture<Void> gate = new CompletableFuture<>();
		CompletableFuture<String> call = call("x", (each, next) -> gate.thenCompose((open) -> next.proceed(each)));
		assertThat(call.completeExceptionally(new IllegalStateException("enough"))).isTrue();
		gate.complete(null);
		assertThat(this.a.requests()).isEmpty();
		assertThat(this.b.requests()).isEmpty();
	}

	@Test
	void interceptorMayAnswerAndLetTheCallGoOn() {
		CompletableFuture<String> call = call("x", (each, next) -> {
			next.proceed(each).thenAccept((reply) -> this.seen.add("refreshed " + reply.value()));
			return CompletableFuture.completedFuture(RpcReply.of("stale"));
		});
		assertThat(call).isCompletedWithValue("stale");
		this.a.receive(this.a.seq() + " ok fresh");
		assertThat(this.seen).containsExactly("refreshed fresh");
	}

	@Test
	void interceptorMayCancelACallThatItMade() {
		CompletableFuture<String> call = call("x", (each, next) -> {
			CompletableFuture<RpcReply> first = next.proceed(each).toCompletableFuture();
			first.cancel(true);
			assertThatExceptionOfType(CancellationException.class).isThrownBy(first::join);
			return next.proceed(each);
		});
		assertThat(this.nodes.snapshots().stream().mapToInt((node) -> node.inFlight()).sum()).isEqualTo(1);
		this.b.receive(this.b.seq() + " ok second");
		assertThat(call).isCompletedWithValue("second");
	}

	@Test
	void timeoutMayBeShortened() {
		CompletableFuture<String> call = call("x", (each, next) -> {
			assertThat(each.timeout()).isEqualTo(TIMEOUT);
			return next.proceed(each.withTimeout(Duration.ofMillis(200)));
		});
		this.timer.advance(Duration.ofMillis(199));
		assertThat(call).isNotDone();
		this.timer.advance(Duration.ofMillis(100));
		assertThat(code(call)).isEqualTo(RpcCode.DEADLINE_EXCEEDED);
	}

	@Test
	void timeoutDoesNotOutlastTheCaller() {
		CompletableFuture<String> call = call("x", (each, next) -> {
			this.timer.advance(Duration.ofSeconds(4));
			return next.proceed(each.withTimeout(Duration.ofDays(200_000)));
		});
		this.timer.advance(Duration.ofMillis(5_999));
		assertThat(call).isNotDone();
		this.timer.advance(Duration.ofMillis(100));
		assertThat(code(call)).isEqualTo(RpcCode.DEADLINE_EXCEEDED);
	}

	@Test
	void callEndsAfterItsDeadlineWhateverItsInterceptorsDo() {
		CompletableFuture<String> call = call("x", (each, next) -> new CompletableFuture<>());
		this.timer.advance(Duration.ofMillis(10_049));
		assertThat(call).isNotDone();
		this.timer.advance(Duration.ofMillis(1));
		assertThat(failure(call)).hasMessage("S.M: no answer from its interceptors within 10000 ms");
		assertThat(((RpcException) failure(call)).known()).isEqualTo(Known.NOT_RUN);
	}

	@Test
	void callThatWasMadeMayHaveRunWhenItsInterceptorsDoNotAnswer() {
		CompletableFuture<String> call = call("x", (each, next) -> {
			next.proceed(each);
			return new CompletableFuture<>();
		});
		this.a.receive(this.a.seq() + " ok done");
		this.timer.advance(Duration.ofMillis(10_050));
		assertThat(((RpcException) failure(call)).known()).isEqualTo(Known.MAYBE_RAN);
	}

	@Test
	void callEndsAtItsDeadlineThoughTheInterceptorTakesAllTheTimeOfItsThread() {
		CompletableFuture<String> call = call("x", (each, next) -> {
			this.timer.advance(Duration.ofMillis(10_050));
			return CompletableFuture.completedFuture(RpcReply.of("late"));
		});
		assertThat(failure(call)).hasMessage("S.M: no answer from its interceptors within 10000 ms");
	}

	@Test
	void nothingIsSentOnceItIsSaidThatTheCallDidNotRun() {
		CompletableFuture<Void> gate = new CompletableFuture<>();
		CompletableFuture<String> call = call("x", (each, next) -> gate.thenCompose((open) -> next.proceed(each)));
		call.whenComplete((reply, failure) -> gate.complete(null));
		// The nodes would still take it.
		this.resources.close();
		assertClosed(call, Known.NOT_RUN);
		assertThat(this.a.requests()).isEmpty();
		assertThat(this.b.requests()).isEmpty();
	}

	@Test
	void callThatIsBeingSentMayRun() {
		Runnable argument = () -> this.timer.advance(Duration.ofMillis(10_050));
		CompletableFuture<String> call = call(argument, recording("i"));
		assertThat(((RpcException) failure(call)).known()).isEqualTo(Known.MAYBE_RAN);
	}

	@Test
	void whatMayHaveRunOnceIsNotSaidToHaveNotRunAfterASecondCall() {
		CompletableFuture<String> call = call("x", (each, next) -> next.proceed(each)
			.exceptionallyCompose((failure) -> next.proceed(each.withOptions(RpcOptions.NONE.node("nowhere:1")))));
		this.a.seq();
		this.a.lose();
		assertThat(failure(call)).hasMessageStartingWith("S.M: no node is \"nowhere:1\"")
			.hasMessageEndingWith("; an earlier call may have run")
			.isInstanceOfSatisfying(RpcException.class, (ex) -> {
				assertThat(ex.code()).isEqualTo(RpcCode.INVALID_ARGUMENT);
				assertThat(ex.known()).isEqualTo(Known.MAYBE_RAN);
			});
	}

	@Test
	void whatMayHaveRunOnceIsNotSaidToHaveNotRunWhenTheTimeIsUsedUp() {
		CompletableFuture<String> call = call("x",
				(each, next) -> next.proceed(each).exceptionallyCompose((failure) -> {
					this.timer.advance(TIMEOUT);
					return next.proceed(each);
				}));
		this.a.receive(this.a.seq() + " error once");
		assertThat(failure(call)).hasMessage("S.M: interceptors have used up its 10000 ms, not sent")
			.isInstanceOfSatisfying(RpcException.class, (ex) -> assertThat(ex.known()).isEqualTo(Known.RAN_AND_FAILED));
	}

	@Test
	void closingEndsCallsThatInterceptorsHoldAndSaysWhatIsKnown() {
		CompletableFuture<Void> gate = new CompletableFuture<>();
		CompletableFuture<String> before = call("x", (each, next) -> gate.thenCompose((open) -> next.proceed(each)));
		CompletableFuture<String> behind = call("x", (each, next) -> {
			next.proceed(each);
			return new CompletableFuture<>();
		});
		CompletableFuture<String> refused = call("x", (each, next) -> {
			next.proceed(each.withOptions(RpcOptions.NONE.node("nowhere:1")));
			return new CompletableFuture<>();
		});
		closeAll();
		assertClosed(before, Known.NOT_RUN);
		assertClosed(behind, Known.MAYBE_RAN);
		assertClosed(refused, Known.NOT_RUN);
		assertThat(this.timer.scheduled()).isZero();
		this.a.requests();
		gate.complete(null);
		assertThat(this.a.requests()).isEmpty();
	}

	@Test
	void callAfterTheEndIsRefusedWithoutItsInterceptors() {
		closeAll();
		assertClosed(call("x", recording("i")), Known.NOT_RUN);
		assertThat(this.seen).isEmpty();
		ChannelInvoker invoker = invoker(recording("i"));
		CallPlan plan = plan(invoker, ONE);
		assertThatExceptionOfType(RpcException.class).isThrownBy(() -> invoker.call(plan, RpcOptions.NONE, "x"))
			.withMessage("S.M: the channel is closed");
	}

	private void closeAll() {
		this.nodes.close();
		this.retries.close();
		this.resources.close();
	}

	private static void assertClosed(CompletableFuture<?> call, Known known) {
		assertThat(failure(call)).hasMessage("S.M: the channel is closed")
			.isInstanceOfSatisfying(RpcException.class, (ex) -> {
				assertThat(ex.code()).isEqualTo(RpcCode.UNAVAILABLE);
				assertThat(ex.known()).isEqualTo(known);
			});
	}

	@Test
	void interruptedCallerGivesTheCallUpAndStaysInterrupted() {
		ChannelInvoker invoker = invoker(recording("i"));
		CallPlan plan = plan(invoker, ONE);
		Thread.currentThread().interrupt();
		assertThatExceptionOfType(RpcException.class).isThrownBy(() -> invoker.call(plan, RpcOptions.NONE, "x"))
			.withMessage("S.M: the calling thread was interrupted")
			.satisfies((ex) -> assertThat(ex.code()).isEqualTo(RpcCode.CANCELLED))
			.satisfies((ex) -> assertThat(ex.known()).isEqualTo(Known.MAYBE_RAN));
		assertThat(Thread.interrupted()).isTrue();
		assertThat(this.nodes.snapshots().get(0).inFlight()).isZero();
	}

	@Test
	void deadlineOfTheServedCallHoldsOnAnotherThread() {
		ChannelInvoker invoker = invoker((each, next) -> {
			assertThat(each.timeout()).isEqualTo(Duration.ofSeconds(2));
			RpcContextSlot.ofCurrentThread().set(null);
			return next.proceed(each);
		});
		RpcContextSlot.ofCurrentThread().set(serving(Duration.ofSeconds(2)));
		CompletableFuture<String> call = invoker.callAsync(plan(invoker, ONE), RpcOptions.NONE, "x");
		this.timer.advance(Duration.ofMillis(2_050));
		assertThat(code(call)).isEqualTo(RpcCode.DEADLINE_EXCEEDED);
	}

	@Test
	void callInVainIsNotIntercepted() {
		ChannelInvoker invoker = invoker(recording("i"));
		RpcContextSlot.ofCurrentThread().set(serving(Duration.ZERO));
		CompletableFuture<String> call = invoker.callAsync(plan(invoker, ONE), RpcOptions.NONE, "x");
		assertThat(failure(call)).hasMessageContaining("no time is left of the call of Up.Stream");
		assertThat(this.seen).isEmpty();
	}

	@Test
	void synchronousCallOnAnIoThreadIsRefused() {
		ChannelInvoker invoker = invoker(recording("i"));
		CallPlan plan = plan(invoker, ONE);
		this.transport.inIoThread = true;
		assertThatExceptionOfType(RpcException.class).isThrownBy(() -> invoker.call(plan, RpcOptions.NONE, "x"))
			.satisfies((ex) -> assertThat(ex.code()).isEqualTo(RpcCode.FAILED_PRECONDITION));
		assertThat(this.seen).isEmpty();
	}

	@Test
	void methodsThatNoInterceptorIsForAreNotIntercepted() {
		List<String> asked = new ArrayList<>();
		ChannelInvoker invoker = invoker(new ClientInterceptor() {

			@Override
			public CompletionStage<RpcReply> intercept(RpcCall call, Next next) {
				throw new AssertionError();
			}

			@Override
			public boolean appliesTo(String channel, ServiceMethod method) {
				asked.add(channel + " " + method);
				return false;
			}

		});
		CallPlan plan = plan(invoker, ONE);
		assertThat(plan.interceptors()).isNull();
		for (int i = 0; i < 2; i++) {
			CompletableFuture<String> call = invoker.callAsync(plan, RpcOptions.NONE, "x");
			assertThat(call).isInstanceOf(ClientCall.class);
		}
		assertThat(asked).containsExactly("test S.M");
	}

	@Test
	void optionsOfTheCallerAreSeenAndMayBeReplaced() {
		ChannelInvoker invoker = invoker((each, next) -> {
			assertThat(each.options().node()).isEqualTo("b:2");
			assertThat(each.timeout()).isEqualTo(Duration.ofSeconds(3));
			assertThat(each.metadata()).isEqualTo(Map.of("k", "v"));
			return next.proceed(each.withOptions(RpcOptions.NONE.node("a:1")));
		});
		CompletableFuture<String> call = invoker.callAsync(plan(invoker, ONE),
				RpcOptions.NONE.node("b:2").timeout(Duration.ofSeconds(3)).metadata("k", "v"), "x");
		this.a.receive(this.a.seq() + " ok from a");
		assertThat(call).isCompletedWithValue("from a");
	}

	private CompletableFuture<String> call(@Nullable Object argument, ClientInterceptor... interceptors) {
		ChannelInvoker invoker = invoker(interceptors);
		return invoker.callAsync(plan(invoker, ONE), RpcOptions.NONE, argument);
	}

	private ClientInterceptor recording(String name) {
		return (call, next) -> {
			this.seen.add(name + " " + call.method() + " " + call.arguments() + " " + call.metadata());
			return next.proceed(call).thenApply((reply) -> {
				this.seen.add(name + " " + reply.value() + " " + reply.metadata());
				return reply;
			});
		};
	}

	private ChannelInvoker invoker(ClientInterceptor... interceptors) {
		return new ChannelInvoker("test", new FakeFormat(), this.nodes, this.resources, this.retries,
				new MethodSettings(TIMEOUT, Map.of(), Set.of()), List.of(interceptors), CallRecorder.Factory.NONE);
	}

	private static CallPlan plan(ChannelInvoker invoker, ValueShape argument) {
		return invoker.plan(METHOD, argument, ValueShape.EMPTY, CallPolicy.NONE);
	}

	private static RpcCode code(CompletableFuture<?> call) {
		return ((RpcException) failure(call)).code();
	}

	private static Throwable failure(CompletableFuture<?> call) {
		assertThat(call).isCompletedExceptionally();
		try {
			throw new AssertionError("succeeded: " + call.join());
		}
		catch (CompletionException ex) {
			return ex.getCause();
		}
	}

	private static RpcContext serving(Duration left) {
		return (RpcContext) Proxy.newProxyInstance(InterceptedCallTests.class.getClassLoader(),
				new Class<?>[] { RpcContext.class }, (proxy, method, arguments) -> switch (method.getName()) {
					case "timeLeft" -> left;
					case "cancelled" -> false;
					default -> ServiceMethod.of("Up", "Stream");
				});
	}

}
