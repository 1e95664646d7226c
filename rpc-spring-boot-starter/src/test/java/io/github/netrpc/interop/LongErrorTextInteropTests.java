package io.github.netrpc.interop;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.github.netrpc.RpcCode;
import io.github.netrpc.RpcException;
import io.github.netrpc.cluster.RpcChannel;
import io.github.netrpc.interop.DifferencesFromGo.Difference;
import io.github.netrpc.interop.DifferencesFromGo.Side;
import io.github.netrpc.server.RpcServer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * The text of an error that a handler has chosen: Go sends all of it, ours as much as is
 * promised, and the connection goes on.
 */
@Timeout(60)
class LongErrorTextInteropTests {

	private static final String TEXT = "0123456789abcdef".repeat(12_800);

	private static int used;

	@AfterAll
	static void everyDifferenceIsUsed() {
		if (used > 0) {
			DifferencesFromGo.requireUsed(Side.LIMIT);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "gob", "json" })
	void ofOursIsCut(String codec) {
		used++;
		Difference difference = DifferencesFromGo.of(Side.LIMIT, "error_text");
		try (RpcServer server = RpcServer.builder()
			.address(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
			.service(new EchoService())
			.start()) {
			String text = failure("127.0.0.1:" + server.port(), codec);
			assertThat(text.getBytes(StandardCharsets.UTF_8)).hasSize(Integer.parseInt(difference.outcome().get(0)));
			assertThat(text).endsWith("\u2026");
			assertThat(TEXT).startsWith(text.substring(0, text.length() - 1));
		}
	}

	@Test
	void ofGoIsWhole() throws Exception {
		try (GoServer server = new GoServer()) {
			assertThat(failure(server.address("gob"), "gob")).isEqualTo(TEXT);
			assertThat(failure(server.address("jsonrpc"), "json")).isEqualTo(TEXT);
		}
	}

	private static String failure(String address, String codec) {
		try (RpcChannel channel = RpcChannel.builder().target(address).codec(codec).build()) {
			RpcException failure = catchThrowableOfType(RpcException.class,
					() -> channel.call("Echo.Fail", TEXT, String.class));
			assertThat(failure.code()).isEqualTo(RpcCode.UNKNOWN);
			assertThat(channel.call("Echo.Say", "on", String.class)).isEqualTo("on");
			return failure.getMessage();
		}
	}

}
