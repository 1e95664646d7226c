package io.github.netrpc.interop;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.github.netrpc.Known;
import io.github.netrpc.RpcCode;
import io.github.netrpc.RpcContext;
import io.github.netrpc.RpcException;
import io.github.netrpc.RpcOptions;
import io.github.netrpc.annotation.NonBlocking;
import io.github.netrpc.annotation.RpcService;
import io.github.netrpc.cluster.RpcChannel;
import io.github.netrpc.server.RpcServer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * A caller, a server that it calls, and a server that this one calls: what travels along.
 */
@Timeout(60)
class CallChainIntegrationTests {

	private final BackService backService = new BackService();

	private RpcServer back;

	private RpcChannel toBack;

	private RpcServer front;

	@BeforeEach
	void start() {
		this.back = serve(this.backService);
		this.toBack = channel(this.back, "gob");
		this.front = serve(new FrontService(this.toBack.proxy(Back.class)));
	}

	private static RpcServer serve(Object service) {
		return RpcServer.builder()
			.address(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
			.service(service)
			.start();
	}

	private static RpcChannel channel(RpcServer server, String codec) {
		return RpcChannel.builder()
			.target(server.address().getAddress().getHostAddress() + ":" + server.address().getPort())
			.codec(codec)
			.build();
	}

	@AfterEach
	void stop() {
		this.toBack.close();
		this.front.close();
		this.back.close();
	}

	@ParameterizedTest
	@ValueSource(strings = { "gob", "json" })
	void timeLeftShrinksFromHopToHop(String codec) {
		try (RpcChannel channel = channel(this.front, codec)) {
			Front proxy = RpcOptions.of(channel.proxy(Front.class)).timeout(Duration.ofSeconds(5)).proxy();
			assertThat(Duration.ofNanos(proxy.timeLeftBehind())).isBetween(Duration.ofSeconds(1),
					Duration.ofSeconds(5));
			assertThat(Duration.ofNanos(this.toBack.proxy(Back.class).timeLeft())).isBetween(Duration.ofSeconds(6),
					Duration.ofSeconds(10));
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "gob", "json" })
	void deadlineOfTheFirstCallEndsTheLast(String codec) throws InterruptedException {
		try (RpcChannel channel = channel(this.front, codec)) {
			Front proxy = channel.proxy(Front.class);
			proxy.timeLeftBehind();
			Front quick = RpcOptions.of(proxy).timeout(Duration.ofMillis(300)).proxy();
			assertThatExceptionOfType(RpcException.class).isThrownBy(quick::stuckBehind)
				.satisfies((ex) -> assertThat(ex.code()).isEqualTo(RpcCode.DEADLINE_EXCEEDED));
			assertThat(this.backService.interrupted.await(5, TimeUnit.SECONDS)).isTrue();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "gob", "json" })
	void cancellingTheFirstCallEndsTheLast(String codec) throws InterruptedException {
		try (RpcChannel channel = channel(this.front, codec)) {
			channel.proxy(Front.class).timeLeftBehind();
			CompletableFuture<Long> call = channel.callAsync("Front.StuckBehind", null, Long.class);
			assertThat(this.backService.entered.await(5, TimeUnit.SECONDS)).isTrue();
			call.cancel(true);
			assertThat(this.backService.interrupted.await(5, TimeUnit.SECONDS)).isTrue();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "gob", "json" })
	void metadataReachesTheHandlerAndGoesNoFurther(String codec) {
		try (RpcChannel channel = channel(this.front, codec)) {
			Front proxy = RpcOptions.of(channel.proxy(Front.class)).metadata("tenant", "acme").proxy();
			assertThat(proxy.tenants()).isEqualTo("acme, behind: none");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "gob", "json" })
	void codeAndIdOfAFailureAreThoseOfTheServer(String codec) {
		try (RpcChannel channel = channel(this.back, codec)) {
			Back proxy = channel.proxy(Back.class);
			proxy.timeLeft();
			assertThatExceptionOfType(RpcException.class).isThrownBy(proxy::fail).satisfies((ex) -> {
				assertThat(ex.code()).isEqualTo(RpcCode.NOT_FOUND);
				assertThat(ex.known()).isEqualTo(Known.RAN_AND_FAILED);
				assertThat(ex.callId()).isNotNull();
				assertThat(ex).hasMessage("no such thing in " + ex.callId());
				assertThat(ex.attempts()).hasSize(1);
			});
		}
	}

	@Test
	void failureBehindIsNotSaidToHaveNotRun() {
		this.back.close();
		try (RpcChannel channel = channel(this.front, "gob")) {
			Front proxy = RpcOptions.of(channel.proxy(Front.class)).timeout(Duration.ofSeconds(5)).proxy();
			assertThatExceptionOfType(RpcException.class).isThrownBy(proxy::timeLeftBehind).satisfies((ex) -> {
				assertThat(ex.code()).isEqualTo(RpcCode.UNAVAILABLE);
				assertThat(ex.known()).isEqualTo(Known.RAN_AND_FAILED);
				assertThat(ex.attempts()).hasSize(1);
				assertThat(ex.getMessage()).startsWith("a call of another service failed (id ")
					.doesNotContain("127.0.0.1");
			});
		}
	}

	@Test
	void synchronousCallOfANonBlockingHandlerIsRefusedThoughItsChannelHasThreadsOfItsOwn() {
		try (RpcChannel channel = channel(this.front, "gob")) {
			Front proxy = channel.proxy(Front.class);
			assertThatExceptionOfType(RpcException.class).isThrownBy(proxy::timeLeftBehindOnIoThread)
				.satisfies((ex) -> assertThat(ex.code()).isEqualTo(RpcCode.FAILED_PRECONDITION));
			assertThat(proxy.timeLeftBehind()).isPositive();
		}
	}

	private static String tenantOf(@Nullable RpcContext context) {
		return (context != null) ? context.metadata().getOrDefault("tenant", "none") : "no context";
	}

	@RpcService
	public interface Front {

		long timeLeftBehind();

		@NonBlocking
		long timeLeftBehindOnIoThread();

		long stuckBehind();

		String tenants();

	}

	@RpcService
	public interface Back {

		long timeLeft();

		long stuck();

		String tenant();

		String fail();

	}

	private static final class FrontService implements Front {

		private final Back back;

		FrontService(Back back) {
			this.back = back;
		}

		@Override
		public long timeLeftBehind() {
			return this.back.timeLeft();
		}

		@Override
		public long timeLeftBehindOnIoThread() {
			return this.back.timeLeft();
		}

		@Override
		public long stuckBehind() {
			return this.back.stuck();
		}

		@Override
		public String tenants() {
			return tenantOf(RpcContext.current()) + ", behind: " + this.back.tenant();
		}

	}

	private static final class BackService implements Back {

		private final CountDownLatch entered = new CountDownLatch(1);

		private final CountDownLatch interrupted = new CountDownLatch(1);

		@Override
		public long timeLeft() {
			Duration left = context().timeLeft();
			return (left != null) ? left.toNanos() : -1;
		}

		@Override
		public long stuck() {
			this.entered.countDown();
			try {
				new CountDownLatch(1).await();
			}
			catch (InterruptedException ex) {
				if (context().cancelled()) {
					this.interrupted.countDown();
				}
				Thread.currentThread().interrupt();
			}
			return 0;
		}

		@Override
		public String tenant() {
			return tenantOf(RpcContext.current());
		}

		@Override
		public String fail() {
			throw new RpcException(RpcCode.NOT_FOUND, "no such thing in " + context().callId());
		}

		private static RpcContext context() {
			RpcContext context = RpcContext.current();
			if (context == null) {
				throw new IllegalStateException("no context");
			}
			return context;
		}

	}

}
