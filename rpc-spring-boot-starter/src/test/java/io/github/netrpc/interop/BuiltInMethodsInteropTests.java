package io.github.netrpc.interop;

import java.io.BufferedReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.github.netrpc.annotation.RpcMethod;
import io.github.netrpc.annotation.RpcService;
import io.github.netrpc.server.RpcServer;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The methods that every server has, called by a stock Go client.
 */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class BuiltInMethodsInteropTests {

	@ParameterizedTest
	@ValueSource(strings = { "gob", "jsonrpc", "http" })
	void stockGoClientPingsAndCancels(String codec) throws Exception {
		try (RpcServer server = RpcServer.builder()
			.address(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
			.service(new Work())
			.start()) {
			assertThat(run(codec, "127.0.0.1:" + server.port())).satisfiesExactly(
					(line) -> assertThat(line).isEqualTo("ping: <nil>"),
					(line) -> assertThat(line).isEqualTo("cancel of none: <nil>"),
					(line) -> assertThat(line).isEqualTo("cancel: <nil>"),
					(line) -> assertThat(line).startsWith("wait: the call was cancelled "),
					(line) -> assertThat(line).isEqualTo("cancel of text: true"),
					(line) -> assertThat(line).isEqualTo("ping of text: <nil>"),
					(line) -> assertThat(line).isEqualTo("echo: <nil> still here"));
		}
	}

	private static List<String> run(String codec, String address) throws Exception {
		Process process = new ProcessBuilder(GoPrograms.build("builtin").toString(), "-codec", codec, address)
			.redirectError(ProcessBuilder.Redirect.INHERIT)
			.start();
		try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
			return lines.lines().toList();
		}
		finally {
			process.destroyForcibly();
		}
	}

	@RpcService("Work")
	public static class Work {

		@RpcMethod("Wait")
		public CompletableFuture<String> hang(String text) {
			return new CompletableFuture<>();
		}

		public String echo(String text) {
			return text;
		}

	}

}
