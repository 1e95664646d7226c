package io.github.netrpc.server;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.github.netrpc.RpcCode;
import io.github.netrpc.RpcException;
import io.github.netrpc.RpcOptions;
import io.github.netrpc.annotation.RpcService;
import io.github.netrpc.cluster.RpcChannel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for the bounds of arguments with the real formats, which say how large they are.
 */
@Timeout(60)
class ArgumentMemoryIntegrationTests {

	@ParameterizedTest
	@ValueSource(strings = { "gob", "json" })
	void callsBeyondTheBoundAreRefused(String codec) throws Exception {
		HolderService service = new HolderService();
		try (RpcServer server = RpcServer.builder()
			.address(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
			.maxConnectionArgumentBytes(100_000)
			.service(service)
			.start();
				RpcChannel channel = RpcChannel.builder().target("127.0.0.1:" + server.port()).codec(codec).build()) {
			Holder holder = channel.proxy(Holder.class);
			CompletableFuture<Integer> first = holder.hold("x".repeat(100_000));
			assertThat(service.entered.await(10, TimeUnit.SECONDS)).isTrue();
			assertThatExceptionOfType(RpcException.class).isThrownBy(() -> holder.length("x"))
				.withMessageContaining("(limit: rpc.server.connection.max-arguments-size = 100000 bytes)")
				.satisfies((ex) -> assertThat(ex.code()).isEqualTo(RpcCode.RESOURCE_EXHAUSTED));
			service.held.complete(1);
			assertThat(first.join()).isEqualTo(1);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "gob", "json" })
	void metadataCountWithTheirCall(String codec) throws Exception {
		HolderService service = new HolderService();
		try (RpcServer server = RpcServer.builder()
			.address(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
			.maxConnectionArgumentBytes(5_000)
			.service(service)
			.start();
				RpcChannel channel = RpcChannel.builder().target("127.0.0.1:" + server.port()).codec(codec).build()) {
			Holder holder = channel.proxy(Holder.class);
			CompletableFuture<Integer> first = RpcOptions.of(holder)
				.metadata("tenant", "t".repeat(5_000))
				.proxy()
				.hold("x");
			assertThat(service.entered.await(10, TimeUnit.SECONDS)).isTrue();
			assertThat(server.argumentBytes()).isBetween(5_000L, 5_400L);
			assertThatExceptionOfType(RpcException.class).isThrownBy(() -> holder.length("x"))
				.withMessageContaining("(limit: rpc.server.connection.max-arguments-size = 5000 bytes)");
			service.held.complete(1);
			assertThat(first.join()).isEqualTo(1);
		}
	}

	@RpcService
	interface Holder {

		CompletableFuture<Integer> hold(String text);

		int length(String text);

	}

	private static final class HolderService implements Holder {

		private final CountDownLatch entered = new CountDownLatch(1);

		private final CompletableFuture<Integer> held = new CompletableFuture<>();

		@Override
		public CompletableFuture<Integer> hold(String text) {
			this.entered.countDown();
			return this.held;
		}

		@Override
		public int length(String text) {
			return text.length();
		}

	}

}
