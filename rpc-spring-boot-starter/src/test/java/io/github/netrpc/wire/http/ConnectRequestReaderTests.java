package io.github.netrpc.wire.http;

import java.nio.charset.StandardCharsets;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.github.netrpc.wire.http.ConnectRequestReader.Detection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class ConnectRequestReaderTests {

	@ParameterizedTest
	@ValueSource(strings = { "CONNECT ", "GET ", "POST ", "PUT ", "HEAD ", "DELETE ", "OPTIONS ", "PATCH ", "TRACE " })
	void detectNeedsTheMethodAndTheBlank(String method) {
		byte[] bytes = (method + "/").getBytes(StandardCharsets.US_ASCII);
		for (int length = 0; length < method.length(); length++) {
			assertThat(ConnectRequestReader.detect(bytes, 0, length)).isEqualTo(Detection.MORE);
		}
		assertThat(ConnectRequestReader.detect(bytes, 0, method.length())).isEqualTo(Detection.YES);
		assertThat(ConnectRequestReader.detect(bytes, 0, bytes.length)).isEqualTo(Detection.YES);
	}

	@ParameterizedTest
	@ValueSource(strings = { "X", "CX", "GETX", "connect ", "CONNECT\t", "{\"met", " GET ", "C\u007f" })
	void detectWhenNoMethodIsNo(String start) {
		byte[] bytes = start.getBytes(StandardCharsets.ISO_8859_1);
		assertThat(ConnectRequestReader.detect(bytes, 0, bytes.length)).isEqualTo(Detection.NO);
	}

	@ParameterizedTest
	@ValueSource(strings = { "CONNECT /_goRPC_ HTTP/1.0\r\nContent-Length: 0\r\n\r\n",
			"CONNECT /_goRPC_ HTTP/1.1\ntransfer-encoding: chunked\n\n", "CONNECT /_goRPC_\n\n",
			"CONNECT /_goRPC_ HTTP/2.0\n\n", "CONNECT /_goRPC_ HTTP/1.0 \n\n", "CONNECT  /_goRPC_ HTTP/1.0\n\n",
			"CONNECT /_goRPC_ HTTP/1.0\nHost : x\n\n", "CONNECT /_goRPC_ HTTP/1.0\nA: b\n c\n\n",
			"CONNECT /_goRPC_ HTTP/1.0\nnonsense\n\n", "CONNECT /_goRPC_ HTTP/1.0\nA: b\rc\n\n",
			"CONNECT /_go\u0000RPC_ HTTP/1.0\n\n", "GET /_goRPC_ HTTP/1.x\n\n" })
	void readWhenNotTheAgreedRequestAnswers400(String request) {
		assertThat(answerTo(request)).isEqualTo("HTTP/1.1 400 Bad Request\r\n"
				+ "Content-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n400 Bad Request");
	}

	@Test
	void readTakesAnyVersionOneAndHeaders() {
		assertThat(answerTo("CONNECT /_goRPC_ HTTP/1.7\r\nHost:\r\nX-Y: \u00e4\t1\n\r\n"))
			.isEqualTo("HTTP/1.0 200 Connected to Go RPC\n\n");
	}

	@ParameterizedTest
	@ValueSource(strings = { "/_gorpc_", "/_goRPC_/", "/_goRPC_?x", "/", "*", "http://x/_goRPC_" })
	void readWhenThePathIsAnotherAnswers404(String path) {
		assertThat(answerTo("CONNECT " + path + " HTTP/1.0\n\n")).startsWith("HTTP/1.0 404 Not Found\r\n");
	}

	@Test
	void readWhenTheHeadIsTooLargeAnswers431AtTheLimit() {
		byte[] bytes = ("CONNECT /_goRPC_ HTTP/1.0\nA: " + "x".repeat(9000)).getBytes(StandardCharsets.US_ASCII);
		ConnectRequestReader reader = new ConnectRequestReader(ConnectPath.DEFAULT);
		assertThat(reader.read(bytes, 0, ConnectRequestReader.DEFAULT_MAX_HEAD_BYTES - 1)).isZero();
		assertThatIllegalStateException().isThrownBy(reader::answer);
		assertThat(reader.read(bytes, 0, ConnectRequestReader.DEFAULT_MAX_HEAD_BYTES))
			.isEqualTo(ConnectRequestReader.DEFAULT_MAX_HEAD_BYTES);
		assertThat(HttpText.of(reader.answer())).startsWith("HTTP/1.1 431 Request Header Fields Too Large\r\n");
		assertThat(reader.isConnected()).isFalse();
	}

	@Test
	void readTakesAHeadOfExactlyTheLimit() {
		String start = "CONNECT /_goRPC_ HTTP/1.0\nA: ";
		String head = start + "x".repeat(ConnectRequestReader.DEFAULT_MAX_HEAD_BYTES - start.length() - 2) + "\n\n";
		assertThat(answerTo(head)).isEqualTo("HTTP/1.0 200 Connected to Go RPC\n\n");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "x", "/a b", "/a\nb", "/a\r", "/\u0000", "/\u00e4" })
	void pathWithBlanksOrControlCharactersIsRefused(String path) {
		assertThatIllegalArgumentException().isThrownBy(() -> new ConnectPath(path))
			.withMessageStartingWith("HTTP path");
	}

	private static String answerTo(String request) {
		byte[] bytes = ("ab" + request + "more").getBytes(StandardCharsets.ISO_8859_1);
		ConnectRequestReader reader = new ConnectRequestReader(ConnectPath.DEFAULT);
		assertThat(reader.read(bytes, 2, bytes.length)).isEqualTo(request.length());
		return HttpText.of(reader.answer());
	}

}
