package io.github.netrpc.autoconfigure;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Positive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.aop.support.AopUtils;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.validation.autoconfigure.ValidationAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;
import org.springframework.resilience.annotation.EnableResilientMethods;
import org.springframework.resilience.annotation.Retryable;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.annotation.EnableTransactionManagement;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.AbstractPlatformTransactionManager;
import org.springframework.transaction.support.DefaultTransactionStatus;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.validation.annotation.Validated;
import reactor.core.publisher.Mono;

import io.github.netrpc.RpcCall;
import io.github.netrpc.RpcCode;
import io.github.netrpc.RpcContext;
import io.github.netrpc.RpcException;
import io.github.netrpc.RpcReply;
import io.github.netrpc.ServiceMethod;
import io.github.netrpc.annotation.RpcAdvice;
import io.github.netrpc.annotation.RpcExceptionHandler;
import io.github.netrpc.annotation.RpcService;
import io.github.netrpc.autoconfigure.client.RpcClientAutoConfiguration;
import io.github.netrpc.autoconfigure.client.RpcClientConnectionDetails;
import io.github.netrpc.autoconfigure.server.RpcServerAutoConfiguration;
import io.github.netrpc.client.ClientInterceptor;
import io.github.netrpc.context.RpcChannelRegistry;
import io.github.netrpc.method.RpcDefinitionException;
import io.github.netrpc.server.HandlerCall;
import io.github.netrpc.server.ServerInterceptor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Interceptors and exception handlers as beans, with services behind Spring's proxies and
 * calls through real sockets.
 */
@Timeout(60)
class RpcInterceptionIntegrationTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(RpcWireAutoConfiguration.class, RpcClientAutoConfiguration.class,
				RpcServerAutoConfiguration.class, ValidationAutoConfiguration.class))
		.withPropertyValues("rpc.server.port=0", "rpc.client.channel.json.codec=json")
		.withUserConfiguration(Base.class);

	private void run(String channel, Class<?>[] configurations, Consumer<Bank> test, String... properties) {
		this.runner.withUserConfiguration(configurations).withPropertyValues(properties).run((context) -> {
			assertThat(context).hasNotFailed();
			test.accept(context.getBean(RpcChannelRegistry.class).channel(channel).proxy(Bank.class));
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "gob", "json" })
	void interceptorsOfBothSidesRunInTheirOrder(String channel) {
		run(channel, new Class<?>[] { Recording.class }, (bank) -> {
			assertThat(bank.balance("a")).isEqualTo(10);
			assertThat(Recording.seen).containsExactly("client 1", "client 2", "server 1", "server 2");
			Recording.seen.clear();
			assertThat(bank.balanceLater("a").join()).isEqualTo(10);
			assertThat(bank.balanceMono("a").block()).isEqualTo(10);
			assertThat(Recording.seen).hasSize(8);
		});
	}

	@Test
	void interceptorsAreForTheChannelsAndServicesThatTheySay() {
		run("gob", new Class<?>[] { Restricted.class }, (bank) -> {
			assertThat(bank.balance("a")).isEqualTo(10);
			assertThat(Recording.seen).containsExactly("bank only");
		});
		run("json", new Class<?>[] { Restricted.class }, (bank) -> {
			assertThat(bank.balance("a")).isEqualTo(10);
			assertThat(Recording.seen).containsExactly("json only", "bank only");
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "gob", "json" })
	void metadataOfAClientsInterceptorReachesTheServers(String channel) {
		run(channel, new Class<?>[] { Tokens.class }, (bank) -> {
			assertThat(bank.balance("a")).isEqualTo(10);
			assertThat(bank.balanceLater("a").join()).isEqualTo(10);
			RpcException ex = catchThrowableOfType(RpcException.class, () -> bank.balance("stolen"));
			assertThat(ex).hasMessage("who are you?");
			assertThat(ex.code()).isEqualTo(RpcCode.UNAUTHENTICATED);
			assertThat(Recording.seen).containsOnly("{served-by=here}");
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "gob", "json" })
	void adviceAnswersExceptionsInTheOrderOfItsBeans(String channel) {
		run(channel, new Class<?>[] { LateAdvice.class, EarlyAdvice.class }, (bank) -> {
			assertThat(messageOf(() -> bank.fail("io"))).isEqualTo("early: io");
			assertThat(messageOf(() -> bank.fail("state"))).isEqualTo("late: state");
			assertThat(messageOf(() -> bank.failLater("io").join())).isEqualTo("early: io");
			assertThat(messageOf(() -> bank.failMono("state").block())).isEqualTo("late: state");
			assertThat(messageOf(() -> bank.fail("bank"))).isEqualTo("own: bank");
		});
	}

	@Test
	void unusableAdviceFailsTheStart() {
		this.runner.withUserConfiguration(UnusableAdvice.class)
			.run((context) -> assertThat(context).hasFailed()
				.getFailure()
				.rootCause()
				.isInstanceOf(RpcDefinitionException.class)
				.hasMessageContaining("returns java.lang.String"));
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void violatedConstraintsOfArgumentsAreTheCallersFault(boolean adapted) {
		run("gob", new Class<?>[] { Recording.class }, (bank) -> {
			RpcException ex = catchThrowableOfType(RpcException.class, () -> bank.transfer(new Transfer(" ", "b"), -1));
			assertThat(ex).hasMessage("amount: must be greater than 0, transfer.from: must not be blank");
			assertThat(bank.transfer(new Transfer("a", "b"), 1)).isEqualTo(1);
			assertThat(messageOf(() -> bank.transfer(new Transfer("a", "b"), 1000))).startsWith("internal error (id ");
			assertThat(messageOf(() -> bank.nested(-1))).startsWith("internal error (id ");
			assertThat(Recording.seen).contains("server 1");
		}, "spring.validation.method.adapt-constraint-violations=" + adapted);
	}

	@Test
	void violationsMayBeAnsweredOtherwise() {
		run("gob", new Class<?>[] { OwnViolations.class },
				(bank) -> assertThat(messageOf(() -> bank.transfer(new Transfer(" ", "b"), -1))).isEqualTo("ABORTED"));
	}

	@Test
	void transactionsAndRetriesGoOnWorking() {
		this.runner.withUserConfiguration(Recording.class, LateAdvice.class).run((context) -> {
			assertThat(AopUtils.isAopProxy(context.getBean(BankService.class))).isTrue();
			Bank bank = context.getBean(RpcChannelRegistry.class).channel("gob").proxy(Bank.class);
			assertThat(bank.inTransaction()).isTrue();
			assertThat(context.getBean(CountingTransactions.class).ended).containsExactly("commit");
			assertThat(messageOf(() -> bank.failInTransaction())).isEqualTo("late: rolled back");
			assertThat(context.getBean(CountingTransactions.class).ended).containsExactly("commit", "rollback");
			assertThat(bank.thirdTime()).isEqualTo(3);
			assertThat(Recording.seen.stream().filter("server 1"::equals)).hasSize(3);
		});
	}

	@Test
	void uncheckedExceptionsOfClientInterceptorsReachTheCaller() {
		run("gob", new Class<?>[] { Mapping.class, EarlyAdvice.class }, (bank) -> {
			assertThatExceptionOfType(IllegalArgumentException.class).isThrownBy(() -> bank.fail("io"))
				.withMessage("mapped: early: io");
			assertThatExceptionOfType(CompletionException.class).isThrownBy(() -> bank.failLater("io").join())
				.withCauseInstanceOf(IllegalArgumentException.class);
		});
	}

	private static String messageOf(Runnable call) {
		Throwable failure = catchThrowableOfType(Throwable.class, call::run);
		while (!(failure instanceof RpcException)) {
			failure = failure.getCause();
		}
		return failure.getMessage();
	}

	@RpcService
	public interface Bank {

		int balance(String account);

		CompletableFuture<Integer> balanceLater(String account);

		Mono<Integer> balanceMono(String account);

		void fail(String how);

		CompletableFuture<Integer> failLater(String how);

		Mono<Integer> failMono(String how);

		@Max(100)
		int transfer(@Valid Transfer transfer, @Positive int amount);

		int nested(int amount);

		boolean inTransaction();

		void failInTransaction();

		int thirdTime();

	}

	public record Transfer(@NotBlank String from, String to) {

	}

	@Validated
	public static class Limits {

		public int check(@Positive int amount) {
			return amount;
		}

	}

	@Validated
	public static class BankService implements Bank {

		private final Limits limits;

		private final AtomicInteger attempts = new AtomicInteger();

		BankService(Limits limits) {
			this.limits = limits;
		}

		@Override
		public int balance(String account) {
			return 10;
		}

		@Override
		public CompletableFuture<Integer> balanceLater(String account) {
			return CompletableFuture.supplyAsync(() -> 10);
		}

		@Override
		public Mono<Integer> balanceMono(String account) {
			return Mono.just(10);
		}

		@Override
		public void fail(String how) {
			throw failure(how);
		}

		@Override
		public CompletableFuture<Integer> failLater(String how) {
			return CompletableFuture.failedFuture(failure(how));
		}

		@Override
		public Mono<Integer> failMono(String how) {
			return Mono.error(failure(how));
		}

		private static RuntimeException failure(String how) {
			return switch (how) {
				case "io" -> new java.io.UncheckedIOException(new IOException(how));
				case "bank" -> new ArithmeticException(how);
				default -> new IllegalStateException(how);
			};
		}

		@RpcExceptionHandler
		RpcException broke(ArithmeticException ex) {
			return new RpcException(RpcCode.FAILED_PRECONDITION, "own: " + ex.getMessage());
		}

		@Override
		public int transfer(Transfer transfer, int amount) {
			return amount;
		}

		@Override
		public int nested(int amount) {
			return this.limits.check(amount);
		}

		@Override
		@Transactional
		public boolean inTransaction() {
			return TransactionSynchronizationManager.isActualTransactionActive() && RpcContext.current() != null;
		}

		@Override
		@Transactional
		public void failInTransaction() {
			throw new IllegalStateException("rolled back");
		}

		@Override
		@Retryable(maxRetries = 2, delay = 1)
		public int thirdTime() {
			int attempt = this.attempts.incrementAndGet();
			if (attempt < 3) {
				throw new IllegalStateException("not yet");
			}
			return attempt;
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableTransactionManagement(proxyTargetClass = true)
	@EnableResilientMethods(proxyTargetClass = true)
	static class Base {

		@Bean
		BankService bank(Limits limits) {
			Recording.seen.clear();
			return new BankService(limits);
		}

		@Bean
		Limits limits() {
			return new Limits();
		}

		@Bean
		CountingTransactions transactions() {
			return new CountingTransactions();
		}

		@Bean
		RpcClientConnectionDetails ownServer(Environment environment) {
			return (channel) -> "127.0.0.1:" + environment.getRequiredProperty("local.rpc.server.port");
		}

	}

	static class CountingTransactions extends AbstractPlatformTransactionManager implements PlatformTransactionManager {

		private static final long serialVersionUID = 1L;

		private final transient List<String> ended = Collections.synchronizedList(new ArrayList<>());

		@Override
		protected Object doGetTransaction() {
			return new Object();
		}

		@Override
		protected void doBegin(Object transaction, TransactionDefinition definition) {
		}

		@Override
		protected void doCommit(DefaultTransactionStatus status) {
			this.ended.add("commit");
		}

		@Override
		protected void doRollback(DefaultTransactionStatus status) {
			this.ended.add("rollback");
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Recording {

		static final List<String> seen = Collections.synchronizedList(new ArrayList<>());

		@Bean
		@Order(2)
		ServerInterceptor secondOfServer() {
			return (call, next) -> {
				seen.add("server 2");
				return next.proceed(call);
			};
		}

		@Bean
		@Order(1)
		ServerInterceptor firstOfServer() {
			return (call, next) -> {
				seen.add("server 1");
				return next.proceed(call);
			};
		}

		@Bean
		@Order(2)
		ClientInterceptor secondOfClient() {
			return (call, next) -> {
				seen.add("client 2");
				return next.proceed(call);
			};
		}

		@Bean
		@Order(1)
		ClientInterceptor firstOfClient() {
			return (call, next) -> {
				seen.add("client 1");
				return next.proceed(call);
			};
		}

	}

	@Configuration(proxyBeanMethods = false)
	@Import({ Restricted.JsonOnly.class, Restricted.BankOnly.class, Restricted.OtherOnly.class })
	static class Restricted {

		static class JsonOnly implements ClientInterceptor {

			@Override
			public CompletionStage<RpcReply> intercept(RpcCall call, Next next) {
				Recording.seen.add("json only");
				return next.proceed(call);
			}

			@Override
			public boolean appliesTo(String channel, ServiceMethod method) {
				return channel.equals("json");
			}

		}

		static class BankOnly implements ServerInterceptor {

			@Override
			public Object intercept(HandlerCall call, Next next) throws Throwable {
				Recording.seen.add("bank only");
				return next.proceed(call);
			}

			@Override
			public boolean appliesTo(ServiceMethod method) {
				return method.service().equals("Bank");
			}

		}

		static class OtherOnly extends BankOnly {

			@Override
			public boolean appliesTo(ServiceMethod method) {
				return !super.appliesTo(method);
			}

		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Tokens {

		@Bean
		ClientInterceptor sendsToken() {
			return (call, next) -> next
				.proceed(call.arguments().contains("stolen") ? call : call.withMetadata("token", "secret"))
				.thenApply((reply) -> {
					Recording.seen.add(reply.metadata().toString());
					return reply;
				});
		}

		@Bean
		ServerInterceptor checksToken() {
			return (call, next) -> {
				if (!"secret".equals(call.context().metadata().get("token"))) {
					throw new RpcException(RpcCode.UNAUTHENTICATED, "who are you?");
				}
				call.context().replyMetadata("served-by", "here");
				return next.proceed(call);
			};
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Mapping {

		@Bean
		ClientInterceptor maps() {
			return (call, next) -> next.proceed(call).exceptionally((failure) -> {
				throw new IllegalArgumentException("mapped: " + failure.getMessage(), failure);
			});
		}

	}

	@RpcAdvice
	static class LateAdvice {

		@RpcExceptionHandler
		RpcException any(Exception ex) {
			return new RpcException(RpcCode.ABORTED, "late: " + ex.getMessage());
		}

	}

	@RpcAdvice
	@Order(Ordered.HIGHEST_PRECEDENCE)
	static class EarlyAdvice {

		@RpcExceptionHandler
		RpcException io(IOException ex) {
			return new RpcException(RpcCode.UNAVAILABLE, "early: " + ex.getMessage());
		}

	}

	@RpcAdvice
	static class OwnViolations {

		@RpcExceptionHandler
		RpcCode violated(jakarta.validation.ConstraintViolationException ex) {
			return RpcCode.ABORTED;
		}

	}

	@RpcAdvice
	static class UnusableAdvice {

		@RpcExceptionHandler
		String text(IOException ex) {
			return "";
		}

	}

}
