package io.github.netrpc.server;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import reactor.core.publisher.Mono;

import io.github.netrpc.Known;
import io.github.netrpc.RpcCallException;
import io.github.netrpc.RpcCode;
import io.github.netrpc.RpcContext;
import io.github.netrpc.RpcException;
import io.github.netrpc.annotation.RpcExceptionHandler;
import io.github.netrpc.annotation.RpcService;
import io.github.netrpc.cluster.RpcChannel;
import io.github.netrpc.method.RpcDefinitionException;
import io.github.netrpc.method.RpcDefinitionException.Problem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Tests for {@link RpcExceptionHandler} methods over the real transport and formats.
 */
@Timeout(60)
@ExtendWith(OutputCaptureExtension.class)
class ExceptionHandlerIntegrationTests {

	private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

	private final List<AutoCloseable> open = new ArrayList<>();

	private Supplier<? extends Throwable> thrown = IllegalStateException::new;

	@AfterEach
	void close() throws Exception {
		for (AutoCloseable each : this.open) {
			each.close();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "gob", "json" })
	void beansOwnHandlerAnswersWhateverWayTheMethodFails(String codec) {
		Thrower thrower = connect(codec, new Handling());
		this.thrown = () -> new FileNotFoundException("a.txt");
		assertThat(messageOf(thrower::sync)).isEqualTo("no file a.txt for Thrower.Sync");
		assertThat(messageOf(() -> thrower.async().join())).isEqualTo("no file a.txt for Thrower.Async");
		assertThat(messageOf(() -> thrower.mono().block())).isEqualTo("no file a.txt for Thrower.Mono");
	}

	@Test
	void mostSpecificTypeWins() {
		Thrower thrower = connect("gob", new Handling());
		this.thrown = () -> new IOException("disk");
		assertThat(messageOf(thrower::sync)).isEqualTo("UNAVAILABLE");
		this.thrown = InterruptedException::new;
		assertThat(messageOf(thrower::sync)).isEqualTo("some exception");
	}

	@Test
	void causesAreLookedAtWhenNothingElseFits() {
		Thrower thrower = connect("gob", new Plain(), new OnlyFiles());
		this.thrown = () -> new IllegalStateException(new UncheckedIOException(new FileNotFoundException("b.txt")));
		assertThat(messageOf(thrower::sync)).isEqualTo("lost b.txt");
	}

	@Test
	void ownHandlersComeBeforeAdviceEvenIfLessSpecific() {
		Thrower thrower = connect("gob", new Handling(), new OnlyFiles());
		this.thrown = InterruptedException::new;
		assertThat(messageOf(thrower::sync)).isEqualTo("some exception");
		this.thrown = () -> new IOException("disk");
		assertThat(messageOf(thrower::sync)).isEqualTo("UNAVAILABLE");
	}

	@Test
	void adviceIsAskedInItsOrderAndMayLeaveAnExceptionToTheNext() {
		Thrower thrower = connect("gob", new Plain(), new Leaving(), new OnlyFiles(), new Handling());
		this.thrown = () -> new FileNotFoundException("c.txt");
		assertThat(messageOf(thrower::sync)).isEqualTo("lost c.txt");
	}

	@Test
	void exceptionsThatNobodyHandlesStayInternal() {
		Thrower thrower = connect("gob", new Plain(), new Leaving());
		this.thrown = () -> new FileNotFoundException("secret");
		assertThat(messageOf(thrower::sync)).startsWith("internal error (id ");
		this.thrown = () -> new StackOverflowError("secret");
		assertThat(messageOf(thrower::sync)).startsWith("internal error (id ");
	}

	@Test
	void codesThatWereChosenStayUnlessAHandlerNamesTheType() {
		Thrower thrower = connect("gob", new Handling(), new OnlyFiles());
		this.thrown = () -> new RpcException(RpcCode.NOT_FOUND, Known.RAN_AND_FAILED, "no account",
				new FileNotFoundException("d.txt"));
		assertThat(messageOf(thrower::sync)).isEqualTo("no account");
		this.thrown = () -> new RpcCallException(RpcCode.UNAVAILABLE, Known.NOT_RUN, "node1:1234 is gone", null);
		assertThat(messageOf(thrower::sync)).startsWith("a call of another service failed (id ");
	}

	@Test
	void nestedFailureThatAHandlerReturnsIsPassedOn() {
		Thrower thrower = connect("gob", new Plain(), new PassingOn());
		this.thrown = () -> new RpcCallException(RpcCode.UNAVAILABLE, Known.NOT_RUN, "the bank is closed", null);
		assertThat(messageOf(thrower::sync)).isEqualTo("the bank is closed");
	}

	@Test
	void exceptionsOfInterceptorsAreHandledToo() {
		Thrower thrower = connect("gob",
				(builder) -> builder.service(new Plain()).advice(new OnlyFiles()).interceptor((call, next) -> {
					throw new FileNotFoundException("e.txt");
				}));
		assertThat(messageOf(thrower::sync)).isEqualTo("lost e.txt");
		assertThat(messageOf(() -> thrower.async().join())).isEqualTo("lost e.txt");
	}

	@Test
	void handlerThatFailsIsAnInternalErrorAndBothAreLogged(CapturedOutput output) {
		Thrower thrower = connect("gob", new Failing());
		this.thrown = () -> new IOException("first");
		assertThat(messageOf(thrower::sync)).startsWith("internal error (id ");
		assertThat(output).contains("second").contains("Suppressed: java.io.IOException: first");
	}

	@Test
	void handlerThatThrowsACodeIsAnInternalErrorToo(CapturedOutput output) {
		Thrower thrower = connect("gob", new Failing());
		this.thrown = () -> new IllegalArgumentException("first");
		assertThat(messageOf(thrower::sync)).startsWith("internal error (id ");
		assertThat(output).contains("an exception handler has thrown").contains("third");
	}

	@Test
	void handlerThatThrowsWhatItWasGivenLeavesItToTheServer() {
		Thrower thrower = connect("gob", new Rethrowing());
		this.thrown = () -> new RpcException(RpcCode.ABORTED, "as it was");
		assertThat(messageOf(thrower::sync)).isEqualTo("as it was");
		this.thrown = () -> new IOException("secret");
		assertThat(messageOf(thrower::sync)).startsWith("internal error (id ");
	}

	@Test
	void handlerThatThrowsTheCauseItWasChosenForLeavesItToTheServer() {
		Thrower thrower = connect("gob", new Plain(), new RethrowingCauses(), new OnlyFiles());
		this.thrown = () -> new IllegalStateException("wrapper", new FileNotFoundException("secret.txt"));
		assertThat(messageOf(thrower::sync)).startsWith("internal error (id ");
	}

	@ParameterizedTest
	@ValueSource(strings = { "gob", "json" })
	void textLargerThanAMessageIsCutAndTheConnectionGoesOn(String codec) {
		Thrower thrower = connect(codec, new Plain());
		this.thrown = () -> new RpcException(RpcCode.ABORTED, "x".repeat(5 << 20));
		assertThat(messageOf(thrower::sync)).startsWith("xxx").hasSizeBetween(131_000, 131_072).endsWith("…");
		assertThat(messageOf(thrower::sync)).startsWith("xxx");
		assertThat(((RpcChannel) this.open.get(0)).nodes().get(0).lastFailure()).isNull();
		assertThat(((RpcServer) this.open.get(1)).connections()).hasSize(1);
	}

	@Test
	void contextIsCurrentInHandlersOfAsyncFailures() {
		Thrower thrower = connect("gob", new Current());
		assertThat(messageOf(() -> thrower.async().join())).isEqualTo("true");
		assertThat(messageOf(thrower::sync)).isEqualTo("true");
	}

	@Test
	void handlersAreNotExposedToCallers() {
		RpcServer server = RpcServer.builder().address(ANY_PORT).service(new WithoutInterface()).start();
		this.open.add(server);
		assertThat(server.services().get(0).methods()).extracting(ServiceSnapshot.Method::name)
			.containsExactly("Hello");
	}

	@Test
	void overriddenHandlerIsCalledOnce() {
		Thrower thrower = connect("gob", new Overriding());
		this.thrown = () -> new FileNotFoundException("f.txt");
		assertThat(messageOf(thrower::sync)).isEqualTo("overridden");
	}

	@Test
	void unusableHandlersStopTheStartWithAllProblems() {
		RpcServerBuilder builder = RpcServer.builder().address(ANY_PORT).service(new Plain()).advice(new Unusable());
		RpcDefinitionException ex = catchThrowableOfType(RpcDefinitionException.class, builder::start);
		assertThat(ex.problems()).extracting(Problem::what)
			.containsExactlyInAnyOrder("handles no exception",
					"handles java.io.IOException, which is no java.lang.RuntimeException",
					"is static, private, or final behind a proxy, and cannot be called",
					"is static, private, or final behind a proxy, and cannot be called", "returns void",
					"returns java.lang.String", "takes a java.lang.String that nobody has",
					"takes a java.lang.Error that nobody has",
					"handles java.lang.ArithmeticException, and so does first");
		assertThat(ex.problems()).allSatisfy((problem) -> {
			assertThat(problem.where()).startsWith(Unusable.class.getName() + ".");
			assertThat(problem.fix()).isNotEmpty();
		});
	}

	private Thrower connect(String codec, Object service, Object... advice) {
		return connect(codec, (builder) -> {
			builder.service(service);
			for (Object each : advice) {
				builder.advice(each);
			}
		});
	}

	private Thrower connect(String codec, Consumer<RpcServerBuilder> customizer) {
		RpcServerBuilder builder = RpcServer.builder().address(ANY_PORT);
		customizer.accept(builder);
		RpcServer server = builder.start();
		RpcChannel channel = RpcChannel.builder().target("127.0.0.1:" + server.port()).codec(codec).build();
		this.open.add(channel);
		this.open.add(server);
		return channel.proxy(Thrower.class);
	}

	private static String messageOf(Runnable call) {
		Throwable failure = catchThrowableOfType(Throwable.class, call::run);
		while (!(failure instanceof RpcException)) {
			failure = failure.getCause();
		}
		return failure.getMessage();
	}

	@SuppressWarnings("unchecked")
	private static <E extends Throwable> RuntimeException sneaky(Throwable ex) throws E {
		throw (E) ex;
	}

	@RpcService
	interface Thrower {

		void sync();

		CompletableFuture<String> async();

		Mono<String> mono();

	}

	class Plain implements Thrower {

		@Override
		public void sync() {
			throw sneaky(ExceptionHandlerIntegrationTests.this.thrown.get());
		}

		@Override
		public CompletableFuture<String> async() {
			return CompletableFuture.supplyAsync(() -> {
				throw sneaky(ExceptionHandlerIntegrationTests.this.thrown.get());
			});
		}

		@Override
		public Mono<String> mono() {
			return Mono.error(ExceptionHandlerIntegrationTests.this.thrown.get());
		}

	}

	class Handling extends Plain {

		@RpcExceptionHandler
		RpcException missing(RpcContext context, FileNotFoundException ex) {
			return new RpcException(RpcCode.NOT_FOUND,
					"no file " + ex.getMessage() + " for " + context.serviceMethod());
		}

		@RpcExceptionHandler(IOException.class)
		RpcCode broken() {
			return RpcCode.UNAVAILABLE;
		}

		@RpcExceptionHandler
		RpcException other(Exception ex) {
			return new RpcException(RpcCode.ABORTED, "some exception");
		}

	}

	class Overriding extends Handling {

		@Override
		@RpcExceptionHandler
		RpcException missing(RpcContext context, FileNotFoundException ex) {
			return new RpcException(RpcCode.NOT_FOUND, "overridden");
		}

	}

	class Failing extends Plain {

		@RpcExceptionHandler
		RpcException fail(IOException ex) {
			throw new IllegalStateException("second");
		}

		@RpcExceptionHandler
		RpcException failWithCode(IllegalArgumentException ex) {
			throw new RpcException(RpcCode.ABORTED, "third");
		}

	}

	class Rethrowing extends Plain {

		@RpcExceptionHandler({ IOException.class, RpcException.class })
		RpcException rethrow(Exception ex) throws Exception {
			throw ex;
		}

	}

	static class RethrowingCauses {

		@RpcExceptionHandler
		RpcException rethrow(IOException ex) throws IOException {
			throw ex;
		}

	}

	class Current extends Plain {

		@RpcExceptionHandler
		RpcException current(Exception ex, RpcContext context) {
			return new RpcException(RpcCode.ABORTED, String.valueOf(RpcContext.current() == context));
		}

	}

	static class OnlyFiles {

		@RpcExceptionHandler
		RpcException lost(FileNotFoundException ex) {
			return new RpcException(RpcCode.NOT_FOUND, "lost " + ex.getMessage());
		}

	}

	static class Leaving {

		@RpcExceptionHandler
		@Nullable RpcException leave(Throwable ex) {
			return null;
		}

	}

	static class PassingOn {

		@RpcExceptionHandler
		RpcException pass(RpcCallException ex) {
			return ex;
		}

	}

	@RpcService
	public static class WithoutInterface {

		public String hello() {
			return "hello";
		}

		@RpcExceptionHandler
		public RpcCode broken(IOException ex) {
			return RpcCode.UNAVAILABLE;
		}

	}

	@SuppressWarnings("unused")
	static class Unusable {

		@RpcExceptionHandler
		RpcCode nothing(RpcContext context) {
			return RpcCode.ABORTED;
		}

		@RpcExceptionHandler(IOException.class)
		RpcCode other(RuntimeException ex) {
			return RpcCode.ABORTED;
		}

		@RpcExceptionHandler
		static RpcCode ofTheClass(IllegalStateException ex) {
			return RpcCode.ABORTED;
		}

		@RpcExceptionHandler
		private RpcCode hidden(IllegalArgumentException ex) {
			return RpcCode.ABORTED;
		}

		@RpcExceptionHandler
		void empty(IOException ex) {
		}

		@RpcExceptionHandler
		String text(IOException ex) {
			return "";
		}

		@RpcExceptionHandler
		RpcCode more(IOException ex, String text) {
			return RpcCode.ABORTED;
		}

		@RpcExceptionHandler
		RpcCode twice(IOException ex, Error other) {
			return RpcCode.ABORTED;
		}

		@RpcExceptionHandler
		RpcCode first(ArithmeticException ex) {
			return RpcCode.ABORTED;
		}

		@RpcExceptionHandler
		RpcCode second(ArithmeticException ex) {
			return RpcCode.ABORTED;
		}

	}

}
