package io.github.netrpc.server;

import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;

import io.github.netrpc.RpcCode;
import io.github.netrpc.RpcContext;
import io.github.netrpc.RpcException;
import io.github.netrpc.ServiceMethod;
import io.github.netrpc.annotation.NonBlocking;
import io.github.netrpc.annotation.RpcService;
import io.github.netrpc.cluster.RpcChannel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link ServerInterceptor} over the real transport and formats.
 */
@Timeout(60)
class ServerInterceptorIntegrationTests {

	private static final InetSocketAddress ANY_PORT = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

	private final List<String> seen = Collections.synchronizedList(new ArrayList<>());

	private final List<AutoCloseable> open = new ArrayList<>();

	@AfterEach
	void close() throws Exception {
		for (AutoCloseable each : this.open) {
			each.close();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "gob", "json" })
	void interceptorsRunAroundTheHandlerInTheirOrder(String codec) {
		Notes notes = connect(codec, recording("outer"), recording("inner"));
		assertThat(notes.add(7, 8)).isEqualTo(15);
		assertThat(this.seen).containsExactly("outer [7, 8]", "inner [7, 8]", "handler", "inner 15", "outer 15");
	}

	@ParameterizedTest
	@ValueSource(strings = { "gob", "json" })
	void argumentsAndResultMayBeReplaced(String codec) {
		Notes notes = connect(codec, (call, next) -> {
			Object[] doubled = call.arguments().stream().map((each) -> 2 * (Integer) each).toArray();
			return -(Integer) next.proceed(call.withArguments(doubled));
		});
		assertThat(notes.add(7, 8)).isEqualTo(-30);
		assertThat(notes.negate(4)).isEqualTo(8);
	}

	@Test
	void argumentsAreThoseOfTheWire() {
		Notes notes = connect("gob", recording("i"));
		notes.clear();
		assertThat(notes.negate(4)).isEqualTo(-4);
		assertThat(notes.peer()).isEqualTo("Notes.Peer");
		assertThat(this.seen).containsExactly("i []", "handler", "i null", "i [4]", "handler", "i -4", "i []",
				"handler", "i Notes.Peer");
	}

	@Test
	void anotherNumberOfArgumentsIsRefused() {
		HandlerCall call = new HandlerCall(context(), List.of(1));
		assertThatIllegalArgumentException().isThrownBy(() -> call.withArguments(1, 2))
			.withMessage("arguments of Notes.Add: 2 (expected: 1)");
		assertThat(call.withArguments((Object) null).arguments()).containsExactly((Object) null);
		assertThat(call).hasToString("call of Notes.Add");
	}

	@ParameterizedTest
	@ValueSource(strings = { "gob", "json" })
	void stagesOfAsyncMethodsCanBeLookedAtAndReplaced(String codec) {
		Notes notes = connect(codec, (call, next) -> {
			Object result = next.proceed(call);
			assertThat(result).isInstanceOf(CompletionStage.class);
			return ((CompletionStage<?>) result).thenApply((sum) -> (Integer) sum + 1000);
		});
		assertThat(notes.later(7, 8).join()).isEqualTo(1015);
		assertThat(notes.mono(7, 8).block()).isEqualTo(1015);
	}

	@Test
	void asyncMethodsMayBeAnsweredWithAPlainValue() {
		Notes notes = connect("gob", (call, next) -> 1);
		assertThat(notes.add(7, 8)).isEqualTo(1);
		assertThat(notes.later(7, 8).join()).isEqualTo(1);
		assertThat(notes.mono(7, 8).block()).isEqualTo(1);
		assertThat(this.seen).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "gob", "json" })
	void anyMethodMayBeAnsweredLater(String codec) {
		Notes notes = connect(codec, (call, next) -> CompletableFuture.supplyAsync(() -> "checked").thenApply((ok) -> {
			try {
				return next.proceed(call);
			}
			catch (Throwable ex) {
				throw new CompletionException(ex);
			}
		}));
		assertThat(notes.add(7, 8)).isEqualTo(15);
		notes.clear();
		assertThat(notes.peer()).isEqualTo("Notes.Peer");
		assertThatExceptionOfType(RpcException.class).isThrownBy(() -> notes.fail(7))
			.withMessageStartingWith("internal error (id ");
		assertThat(this.seen).containsExactly("handler", "handler", "handler");
	}

	@Test
	void resultOfAMethodWithoutOneIsLeftOut() {
		Notes notes = connect("gob", (call, next) -> "whatever");
		notes.clear();
		assertThat(this.seen).isEmpty();
	}

	@Test
	void refusedCallIsNotRun() {
		Notes notes = connect("gob", (call, next) -> {
			throw new RpcException(RpcCode.PERMISSION_DENIED, "not you");
		});
		assertThatExceptionOfType(RpcException.class).isThrownBy(() -> notes.add(7, 8)).withMessage("not you");
		assertThat(notes.later(7, 8)).failsWithin(Duration.ofSeconds(10))
			.withThrowableThat()
			.havingCause()
			.isInstanceOf(RpcException.class)
			.withMessage("not you");
		assertThat(this.seen).isEmpty();
	}

	@Test
	void otherExceptionsAreTreatedAsTheHandlers() {
		Notes notes = connect("gob", (call, next) -> {
			throw new IllegalStateException("secret");
		});
		assertThatExceptionOfType(RpcException.class).isThrownBy(() -> notes.add(7, 8))
			.withMessageStartingWith("internal error (id ");
	}

	@Test
	void handlersExceptionCanBeCaught() {
		Notes notes = connect("gob", (call, next) -> {
			try {
				return next.proceed(call);
			}
			catch (IllegalArgumentException ex) {
				return -1;
			}
		});
		assertThat(notes.fail(7)).isEqualTo(-1);
	}

	@Test
	void contextIsThatOfTheHandlerAlsoOnAnotherThread() {
		Supplier<@Nullable RpcContext> current = RpcContext::current;
		Notes notes = connect("gob", (call, next) -> {
			assertThat(current.get()).isSameAs(call.context());
			CompletableFuture<Object> later = new CompletableFuture<>();
			Thread thread = new Thread(() -> {
				try {
					later.complete(next.proceed(call));
				}
				catch (Throwable ex) {
					later.completeExceptionally(ex);
				}
				this.seen.add("after " + current.get());
			}, "elsewhere");
			thread.start();
			thread.join();
			return later.join();
		});
		assertThat(notes.peer()).isEqualTo("Notes.Peer");
		assertThat(this.seen).containsExactly("handler", "after null");
	}

	@Test
	void nonBlockingMethodsAreInterceptedOnTheIoThread() {
		List<String> threads = Collections.synchronizedList(new ArrayList<>());
		Notes notes = connect("gob", (call, next) -> {
			threads.add(Thread.currentThread().getName());
			return next.proceed(call);
		});
		notes.inline();
		notes.negate(1);
		assertThat(threads.get(0)).startsWith("rpc-server-");
		assertThat(threads.get(1)).startsWith("rpc-handler-");
	}

	@Test
	void interceptorsAreAskedOnceForEachMethodAndOnlyUsedForTheirs() {
		List<ServiceMethod> asked = new ArrayList<>();
		Notes notes = connect("gob", new ServerInterceptor() {

			@Override
			public Object intercept(HandlerCall call, Next next) throws Throwable {
				return -(Integer) next.proceed(call);
			}

			@Override
			public boolean appliesTo(ServiceMethod method) {
				asked.add(method);
				return method.method().equals("Add");
			}

		});
		assertThat(asked).hasSize(9).doesNotHaveDuplicates();
		assertThat(notes.add(7, 8)).isEqualTo(-15);
		assertThat(notes.add(7, 8)).isEqualTo(-15);
		assertThat(notes.negate(1)).isEqualTo(-1);
		assertThat(asked).hasSize(9);
	}

	private ServerInterceptor recording(String name) {
		return (call, next) -> {
			this.seen.add(name + " " + call.arguments());
			Object result = next.proceed(call);
			this.seen.add(name + " " + result);
			return result;
		};
	}

	private Notes connect(String codec, ServerInterceptor... interceptors) {
		RpcServerBuilder builder = RpcServer.builder().address(ANY_PORT).service(new NotesService(this.seen));
		for (ServerInterceptor interceptor : interceptors) {
			builder.interceptor(interceptor);
		}
		RpcServer server = builder.start();
		RpcChannel channel = RpcChannel.builder().target("127.0.0.1:" + server.port()).codec(codec).build();
		this.open.add(channel);
		this.open.add(server);
		return channel.proxy(Notes.class);
	}

	private static RpcContext context() {
		return (RpcContext) Proxy.newProxyInstance(ServerInterceptorIntegrationTests.class.getClassLoader(),
				new Class<?>[] { RpcContext.class }, (proxy, method, arguments) -> ServiceMethod.of("Notes", "Add"));
	}

	@RpcService
	interface Notes {

		int add(int a, int b);

		int negate(int a);

		int fail(int a);

		void clear();

		String peer();

		int peerAndNumber(int number);

		@NonBlocking
		int inline();

		CompletableFuture<Integer> later(int a, int b);

		Mono<Integer> mono(int a, int b);

	}

	private record NotesService(List<String> seen) implements Notes {

		@Override
		public int add(int a, int b) {
			this.seen.add("handler");
			return a + b;
		}

		@Override
		public int negate(int a) {
			this.seen.add("handler");
			return -a;
		}

		@Override
		public int fail(int a) {
			throw new IllegalArgumentException();
		}

		@Override
		public void clear() {
			this.seen.add("handler");
		}

		@Override
		public String peer() {
			this.seen.add("handler");
			RpcContext context = RpcContext.current();
			return (context != null) ? context.serviceMethod().name() : "none";
		}

		@Override
		public int peerAndNumber(int number) {
			return number;
		}

		@Override
		public int inline() {
			return 1;
		}

		@Override
		public CompletableFuture<Integer> later(int a, int b) {
			this.seen.add("handler");
			return CompletableFuture.supplyAsync(() -> a + b);
		}

		@Override
		public Mono<Integer> mono(int a, int b) {
			this.seen.add("handler");
			return Mono.fromSupplier(() -> a + b);
		}

	}

}
