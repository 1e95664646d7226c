package io.github.netrpc.interop;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import io.github.netrpc.interop.DifferencesFromGo.Difference;
import io.github.netrpc.interop.DifferencesFromGo.Side;
import io.github.netrpc.server.RpcServer;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The id of a JSON request that is longer than we take: Go echoes it, our connection ends
 * and the port goes on.
 */
@Timeout(60)
class LongIdInteropTests {

	private static final Difference DIFFERENCE = DifferencesFromGo.of(Side.BOUND, "json_id");

	private static final String ID = "\"" + "i".repeat(Integer.parseInt(DIFFERENCE.outcome().get(0))) + "\"";

	@Test
	void ofOursEndsTheConnection() throws IOException {
		try (RpcServer server = RpcServer.builder()
			.address(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
			.service(new EchoService())
			.start()) {
			assertThat(answer(server.port(), ID)).isEmpty();
			assertThat(answer(server.port(), "1")).isEqualTo("{\"id\":1,\"result\":\"on\",\"error\":null}\n");
		}
	}

	@Test
	void ofGoIsEchoed() throws Exception {
		try (GoServer server = new GoServer()) {
			String address = server.address("jsonrpc");
			assertThat(answer(Integer.parseInt(address.substring(address.lastIndexOf(':') + 1)), ID))
				.isEqualTo("{\"id\":" + ID + ",\"result\":\"on\",\"error\":null}\n");
		}
	}

	private static String answer(int port, String id) throws IOException {
		try (RawPeer peer = new RawPeer(port)) {
			peer.send("{\"method\":\"Echo.Say\",\"params\":[\"on\"],\"id\":" + id + "}");
			peer.endOutput();
			return new String(peer.readToEnd(), StandardCharsets.UTF_8);
		}
	}

}
