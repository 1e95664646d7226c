package io.github.netrpc.interop;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.github.netrpc.cluster.RpcChannel;
import io.github.netrpc.gob.Gob;
import io.github.netrpc.gob.GobType;
import io.github.netrpc.gob.GobWriter;
import io.github.netrpc.gob.SentTypes;
import io.github.netrpc.interop.Types.Args;
import io.github.netrpc.server.RpcServer;
import io.github.netrpc.type.Unsigned;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * gob, JSON and CONNECT on one port at the same time, however their bytes come, and peers
 * that end their output before they have read.
 */
@Timeout(60)
class PortSniffingIntegrationTests {

	private static final byte[] CONNECT = "CONNECT /_goRPC_ HTTP/1.0\n\n".getBytes(StandardCharsets.US_ASCII);

	private RpcServer server;

	@BeforeEach
	void start() {
		this.server = RpcServer.builder()
			.address(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
			.service(new ArithService())
			.start();
	}

	@AfterEach
	void close() {
		this.server.close();
	}

	@Test
	void allThreeAreServedAtTheSameTime() throws Exception {
		List<RpcChannel> channels = new ArrayList<>();
		for (int i = 0; i < 12; i++) {
			channels.add(RpcChannel.builder()
				.target("127.0.0.1:" + this.server.port())
				.codec((i % 3 == 0) ? "json" : "gob")
				.http(i % 3 == 1)
				.build());
		}
		List<CompletableFuture<Long>> calls = new ArrayList<>();
		for (int i = 0; i < 1200; i++) {
			calls.add(channels.get(i % 12).callAsync("Arith.Multiply", new Args(i, i), Long.class));
		}
		for (int i = 0; i < calls.size(); i++) {
			assertThat(calls.get(i).get(10, TimeUnit.SECONDS)).isEqualTo((long) i * i);
		}
		assertThat(this.server.connections()).hasSize(12)
			.extracting((connection) -> connection.format())
			.containsOnly("gob", "json");
		channels.forEach(RpcChannel::close);
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void jsonPeerThatHalfClosesGetsItsAnswers(boolean bytewise) throws IOException {
		try (RawPeer peer = new RawPeer(this.server.port())) {
			peer.send("""
					{"method":"Arith.Sleep","params":[150],"id":1}
					{"method":"Arith.Add","params":[{"A":7,"B":8}],"id":2}
					""".getBytes(StandardCharsets.UTF_8), bytewise);
			peer.endOutput();
			assertThat(new String(peer.readToEnd(), StandardCharsets.UTF_8))
				.isEqualTo("{\"id\":2,\"result\":15,\"error\":null}\n{\"id\":1,\"result\":150,\"error\":null}\n");
		}
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void gobPeerThatHalfClosesGetsItsAnswers(boolean bytewise) throws IOException {
		try (RawPeer peer = new RawPeer(this.server.port())) {
			peer.send(gobCall("", 150L, "Arith.Sleep"), bytewise);
			peer.endOutput();
			assertThat(GobFrames.values(peer.readToEnd(), 0)).isEqualTo(2);
		}
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void connectPeerThatHalfClosesGetsItsAnswers(boolean bytewise) throws IOException {
		try (RawPeer peer = new RawPeer(this.server.port())) {
			peer.send(CONNECT, bytewise);
			peer.send(gobCall("", 150L, "Arith.Sleep"), bytewise);
			peer.endOutput();
			byte[] all = peer.readToEnd();
			assertThat(new String(all, StandardCharsets.ISO_8859_1)).startsWith("HTTP/1.0 200 Connected to Go RPC\n\n");
			assertThat(GobFrames.values(all, Conversation.headLength(all))).isEqualTo(2);
		}
	}

	/**
	 * No header of a call is as short as 22 bytes, but another type may come before it.
	 */
	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void gobIsNoTlsHandshake(boolean bytewise) throws IOException {
		// type 200: slice "Padded" of int
		byte[] type = HexFormat.of()
			.parseHex("16" + "fe018f" + "02" + "01" + "0106506164646564" + "01fe0190" + "00" + "0104" + "00" + "00");
		assertThat(type).hasSize(1 + 0x16);
		try (RawPeer peer = new RawPeer(this.server.port())) {
			peer.send(type, bytewise);
			peer.send(gobCall("", 0L, "Arith.Sleep"), bytewise);
			peer.endOutput();
			assertThat(GobFrames.values(peer.readToEnd(), 0)).isEqualTo(2);
		}
	}

	/**
	 * The length of a gob stream's first message is any byte, also one that begins JSON,
	 * a method of HTTP's or a TLS handshake, or a blank.
	 */
	@ParameterizedTest
	@ValueSource(ints = { '{', 'C', 'G', 'P', 'H', 'D', 'O', 'T', '[', 'n', 0x7f })
	void gobIsGobWhateverItsFirstByteLooksLike(int firstByte) throws IOException {
		byte[] call = null;
		for (int padding = 0; padding < 200 && call == null; padding++) {
			byte[] candidate = gobCall("x".repeat(padding), 0L, "Arith.Sleep");
			call = ((candidate[0] & 0xff) == firstByte) ? candidate : null;
		}
		assertThat(call).as("a definition of " + firstByte + " bytes").isNotNull();
		for (boolean bytewise : new boolean[] { false, true }) {
			try (RawPeer peer = new RawPeer(this.server.port())) {
				peer.send(call, bytewise);
				peer.endOutput();
				assertThat(GobFrames.values(peer.readToEnd(), 0)).isEqualTo(2);
			}
		}
	}

	@Test
	void blanksBeforeJsonAreSkippedUpToTheEighthByte() throws IOException {
		for (String blanks : List.of(" ", "\n", "\r\n\t ", "       ")) {
			try (RawPeer peer = new RawPeer(this.server.port())) {
				peer.send(
						(blanks + "{\"method\":\"Arith.Add\",\"params\":[],\"id\":1}").getBytes(StandardCharsets.UTF_8),
						true);
				assertThat(peer.readLine()).isEqualTo("{\"id\":1,\"result\":0,\"error\":null}\n");
			}
		}
	}

	// The header's type has a name as long as it takes to make its definition long
	// enough.
	private static byte[] gobCall(String padding, long argument, String method) {
		Gob gob = Gob.standard();
		SentTypes sent = gob.sentTypes();
		GobWriter out = gob.writer();
		GobType<Object[]> header = gob.struct("Request" + padding,
				List.of(new Gob.StructField("ServiceMethod", component(0)), new Gob.StructField("Seq", component(1))));
		append(gob, sent, header, new Object[] { method, 1L }, out);
		append(gob, sent, gob.type(Long.class), argument, out);
		return java.util.Arrays.copyOf(out.array(), out.length());
	}

	private static <T> void append(Gob gob, SentTypes sent, GobType<T> type, T value, GobWriter out) {
		GobWriter message = gob.writer();
		type.write(value, message);
		sent.appendMissing(message, out);
		out.append(message);
	}

	private static java.lang.reflect.AnnotatedType component(int index) {
		return Header.class.getRecordComponents()[index].getAnnotatedType();
	}

	record Header(String serviceMethod, @Unsigned long seq) {
	}

}
