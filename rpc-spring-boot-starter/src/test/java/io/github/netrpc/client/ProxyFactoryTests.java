package io.github.netrpc.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.test.StepVerifier;

import io.github.netrpc.CallRecorder;
import io.github.netrpc.RpcOptions;
import io.github.netrpc.ServiceMethod;
import io.github.netrpc.annotation.Idempotent;
import io.github.netrpc.annotation.RpcClient;
import io.github.netrpc.annotation.RpcService;
import io.github.netrpc.annotation.RpcTimeout;
import io.github.netrpc.method.MethodReader;
import io.github.netrpc.method.RpcDefinitionException;
import io.github.netrpc.wire.ValueShape;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link ProxyFactory}.
 */
class ProxyFactoryTests {

	private final RecordingInvoker invoker = new RecordingInvoker();

	private final ProxyFactory factory = new ProxyFactory(new MethodReader(List.of()));

	private <T> T proxy(Class<T> type) {
		return this.factory.create(type, null, this.invoker);
	}

	@Test
	void methodsCallTheInterfaceThatDeclaresThem() {
		this.invoker.reply = 15L;
		assertThat(proxy(CalculatorClient.class).add(7, 8)).isEqualTo(15);
		assertThat(this.invoker.calls).containsExactly("Calculator.Add [7, 8]");
	}

	@Test
	void twinCallsTheMethodItIsTheTwinOf() {
		this.invoker.reply = 15L;
		assertThat(proxy(CalculatorClient.class).addAsync(7, 8)).isCompletedWithValue(15L);
		assertThat(this.invoker.calls).containsExactly("Calculator.Add [7, 8]");
	}

	@Test
	void monoCallsOnceForEachSubscription() {
		this.invoker.reply = "x";
		Mono<String> mono = proxy(CalculatorClient.class).name("a");
		assertThat(this.invoker.calls).isEmpty();
		StepVerifier.create(mono).expectNext("x").verifyComplete();
		StepVerifier.create(mono).expectNext("x").verifyComplete();
		assertThat(this.invoker.calls).containsExactly("Calculator.Name a", "Calculator.Name a");
	}

	@Test
	void cancellingAMonoCancelsTheCall() {
		this.invoker.future = new CompletableFuture<>();
		proxy(CalculatorClient.class).name("a").subscribe().dispose();
		assertThat(this.invoker.future).isCancelled();
	}

	@Test
	void nullReplyOfAnOptionalIsEmpty() {
		assertThat(proxy(CalculatorClient.class).find("a")).isEmpty();
	}

	@Test
	void voidMethodReturnsWhenTheCallHasEnded() {
		proxy(CalculatorClient.class).reset();
		assertThat(this.invoker.calls).containsExactly("Calculator.Reset null");
	}

	@Test
	void ownDefaultMethodRunsOnThisSide() {
		this.invoker.reply = 4L;
		assertThat(proxy(CalculatorClient.class).twice(2)).isEqualTo("twice 4");
		assertThat(this.invoker.calls).containsExactly("Calculator.Add [2, 2]");
	}

	@Test
	void methodsOfObjectAreLocal() {
		CalculatorClient first = proxy(CalculatorClient.class);
		CalculatorClient second = proxy(CalculatorClient.class);
		assertThat(first).isEqualTo(first).isNotEqualTo(second).hasSameHashCodeAs(first);
		assertThat(first).hasToString("CalculatorClient over recording");
		assertThat(this.invoker.calls).isEmpty();
	}

	@Test
	void timeoutOfTheMethodWinsOverThatOfTheInterface() {
		proxy(CalculatorClient.class);
		assertThat(this.invoker.timeouts).contains("Calculator.Reset PT0.5S", "Calculator.Name PT2S");
	}

	@Test
	void idempotentMethodsAreThoseThatSaySoAndTheirTwins() {
		proxy(CalculatorClient.class);
		assertThat(this.invoker.idempotent).containsExactlyInAnyOrder("Calculator.Add", "Calculator.Add",
				"Calculator.Add", "Calculator.Reset empty");
	}

	@Test
	void idempotentTypeIsThatOfAllItsMethods() {
		proxy(Lookup.class);
		assertThat(this.invoker.idempotent).containsExactlyInAnyOrder("Lookup.First", "Lookup.Second");
	}

	@Test
	void variantOfAProxyCallsWithItsOptions() {
		CalculatorClient plain = proxy(CalculatorClient.class);
		CalculatorClient quick = RpcOptions.of(plain).timeout(Duration.ofMillis(200)).proxy();
		CalculatorClient tenant = RpcOptions.of(quick).metadata("tenant", "acme").noRetry().node("node-3").proxy();
		this.invoker.reply = 4L;
		tenant.twice(2);
		quick.addAsync(7, 8);
		plain.reset();
		RpcOptions timeout = RpcOptions.NONE.timeout(Duration.ofMillis(200));
		assertThat(this.invoker.options).containsExactly(timeout.metadata("tenant", "acme").noRetry().node("node-3"),
				timeout, RpcOptions.NONE);
		assertThat(this.invoker.options.get(2)).isSameAs(RpcOptions.NONE);
	}

	@Test
	void variantsAreEqualIfTheirOptionsAre() {
		CalculatorClient plain = proxy(CalculatorClient.class);
		CalculatorClient quick = RpcOptions.of(plain).timeout(Duration.ofMillis(200)).proxy();
		assertThat(quick).isNotEqualTo(plain)
			.isEqualTo(RpcOptions.of(plain).timeout(Duration.ofMillis(200)).proxy())
			.hasSameHashCodeAs(RpcOptions.of(plain).timeout(Duration.ofMillis(200)).proxy())
			.hasToString("CalculatorClient over recording with RpcOptions timeout=PT0.2S");
		assertThat(RpcOptions.of(plain).proxy()).isEqualTo(plain).hasSameHashCodeAs(plain);
		assertThat(plain.equals(null)).isFalse();
		assertThat(this.invoker.calls).isEmpty();
	}

	@Test
	void parameterWithOptionsIsNotSentAndWinsOverTheProxy() {
		this.invoker.reply = 15L;
		CalculatorClient quick = RpcOptions.of(proxy(CalculatorClient.class))
			.timeout(Duration.ofMillis(200))
			.metadata("tenant", "acme")
			.proxy();
		assertThat(quick.add(7, 8, RpcOptions.NONE.timeout(Duration.ofSeconds(1)).metadata("user", "u"))).isEqualTo(15);
		assertThat(quick.add(7, 8, null)).isEqualTo(15);
		assertThat(this.invoker.calls).containsExactly("Calculator.Add [7, 8]", "Calculator.Add [7, 8]");
		assertThat(this.invoker.options).containsExactly(
				RpcOptions.NONE.timeout(Duration.ofSeconds(1)).metadata("tenant", "acme").metadata("user", "u"),
				RpcOptions.NONE.timeout(Duration.ofMillis(200)).metadata("tenant", "acme"));
	}

	@Test
	void overloadsAndMissingServicesAndBadTimeoutsAreListed() {
		assertThatExceptionOfType(RpcDefinitionException.class).isThrownBy(() -> proxy(BrokenClient.class))
			.withMessageContaining("Overloaded.Add")
			.withMessageContaining("same name on the wire")
			.withMessageContaining("has no service")
			.withMessageContaining("soon");
	}

	@Test
	void timesAreReadAsSpringWritesThem() {
		assertThat(TimeoutText.parse("500ms")).isEqualTo(Duration.ofMillis(500));
		assertThat(TimeoutText.parse("10s")).isEqualTo(Duration.ofSeconds(10));
		assertThat(TimeoutText.parse("250")).isEqualTo(Duration.ofMillis(250));
		assertThat(TimeoutText.parse("PT1M")).isEqualTo(Duration.ofMinutes(1));
		for (String text : List.of("0s", "-1s", "PT-1S", "soon", "", "1 year")) {
			assertThatExceptionOfType(IllegalArgumentException.class).isThrownBy(() -> TimeoutText.parse(text))
				.withMessageContaining("\"" + text + "\"");
		}
	}

	@RpcService
	@RpcTimeout("2s")
	interface Calculator {

		@Idempotent
		long add(long a, long b);

		Mono<String> name(String key);

		Optional<String> find(String key);

		@Idempotent
		@RpcTimeout("500ms")
		void reset();

	}

	@RpcClient("calculator")
	interface CalculatorClient extends Calculator {

		CompletableFuture<Long> addAsync(long a, long b);

		long add(long a, long b, @Nullable RpcOptions options);

		default String twice(long value) {
			return "twice " + add(value, value);
		}

	}

	@Idempotent
	interface Lookup {

		String first();

		String second();

	}

	interface Overloaded {

		long add(long a);

		long add(long a, long b);

		@RpcTimeout("soon")
		void late();

	}

	@RpcClient("broken")
	interface BrokenClient extends Overloaded {

		void nowhere();

	}

	private static final class RecordingInvoker implements Invoker {

		final List<String> calls = new ArrayList<>();

		final List<String> timeouts = new ArrayList<>();

		final List<String> idempotent = new ArrayList<>();

		final List<RpcOptions> options = new ArrayList<>();

		@Nullable Object reply;

		@Nullable CompletableFuture<Object> future;

		@Override
		public CallPlan plan(ServiceMethod method, ValueShape argument, ValueShape reply, CallPolicy policy) {
			this.timeouts.add(method + " " + policy.timeout());
			if (policy.idempotent()) {
				this.idempotent.add(method + ((reply == ValueShape.EMPTY) ? " empty" : ""));
			}
			return new CallPlan(method, FakeFormat.PLAN, FakeFormat.PLAN, 1, CallRecorder.NONE);
		}

		@Override
		public @Nullable Object call(CallPlan plan, RpcOptions options, @Nullable Object argument) {
			this.options.add(options);
			this.calls.add(plan + " " + ((argument instanceof Object[] all) ? List.of(all) : argument));
			return this.reply;
		}

		@Override
		@SuppressWarnings("unchecked")
		public <R> CompletableFuture<R> callAsync(CallPlan plan, RpcOptions options, @Nullable Object argument) {
			call(plan, options, argument);
			return (CompletableFuture<R>) ((this.future != null) ? this.future
					: CompletableFuture.completedFuture(this.reply));
		}

		@Override
		public String toString() {
			return "recording";
		}

	}

}
