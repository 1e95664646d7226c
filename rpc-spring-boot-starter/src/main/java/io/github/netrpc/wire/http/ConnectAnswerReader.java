package io.github.netrpc.wire.http;

import java.nio.charset.StandardCharsets;

import io.github.netrpc.wire.WireException;

/**
 * The client's side of the handshake on one connection: reads the answer to
 * {@link ConnectPath#request}. Used by one thread, for one answer.
 * <p>
 * Any HTTP version, LF or CRLF and headers are accepted, but the status must be exactly
 * {@code 200 Connected to Go RPC}, as Go's client wants it. Source: Go {@code net/rpc},
 * client.go, DialHTTPPath; vectors {@code hreply_*} of rpc_http.json. Bytes behind the
 * head belong to the gob stream; Go's client loses those that arrive with it.
 *
 * @since 0.1.0
 */
public final class ConnectAnswerReader {

	/** Largest head, in bytes, with its empty line. */
	private static final int MAX_HEAD_BYTES = 8 * 1024;

	private static final String CONNECTED = "200 Connected to Go RPC";

	private final ConnectPath path;

	private final HeadScanner scanner = new HeadScanner(MAX_HEAD_BYTES);

	/**
	 * Creates a reader for one connection.
	 * @param path the path of the request, for error messages
	 */
	public ConnectAnswerReader(ConnectPath path) {
		this.path = path;
	}

	/**
	 * Reads the head of the answer.
	 * @param bytes holds what has arrived and was not consumed
	 * @param from index of the first byte of the connection: nothing is consumed before
	 * the head is complete
	 * @param to index behind the last byte
	 * @return how many bytes to consume, 0 if the head is not complete yet. Then the
	 * connection is a gob stream.
	 * @throws WireException if the server did not accept, is no HTTP server, or its head
	 * is larger than 8 KiB
	 */
	public int read(byte[] bytes, int from, int to) throws WireException {
		if (!beginsLikeHttp(bytes, from, to)) {
			throw new WireException(
					"malformed HTTP response: " + Quoted.bytes(bytes, from, lineEnd(bytes, from, to)) + asked());
		}
		int length = this.scanner.headLength(bytes, from, to);
		if (length < 0) {
			throw new WireException("HTTP response: head of more than " + MAX_HEAD_BYTES + " bytes" + asked());
		}
		if (length > 0) {
			checkStatus(bytes, from);
		}
		return length;
	}

	private void checkStatus(byte[] bytes, int from) throws WireException {
		int end = HeadScanner.textEnd(bytes, from, HeadScanner.lineFeed(bytes, from));
		String line = new String(bytes, from, end - from, StandardCharsets.ISO_8859_1);
		int blank = line.indexOf(' ');
		if (blank < 0) {
			throw new WireException("malformed HTTP response: " + Quoted.text(line) + asked());
		}
		String status = line.substring(blank + 1).stripLeading();
		if (!CONNECTED.equals(status)) {
			throw new WireException("unexpected HTTP response: " + Quoted.plain(status) + asked());
		}
	}

	private String asked() {
		return " (expected: " + CONNECTED + "), answering CONNECT " + this.path.value();
	}

	private static boolean beginsLikeHttp(byte[] bytes, int from, int to) {
		String start = "HTTP/";
		for (int i = 0; i < start.length() && from + i < to; i++) {
			if (bytes[from + i] != start.charAt(i)) {
				return false;
			}
		}
		return true;
	}

	private static int lineEnd(byte[] bytes, int from, int to) {
		int i = from;
		while (i < to && bytes[i] != '\n' && bytes[i] != '\r') {
			i++;
		}
		return i;
	}

}
