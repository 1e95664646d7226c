package io.github.netrpc.wire.http;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.wire.MessageBuffer;

/**
 * The server's side of the handshake on one connection: reads a request line and headers,
 * and knows the answer. Used by one thread, for one request: after 200 the connection is
 * a gob stream, after any other answer it is to be closed.
 *
 * <pre>{@code
 * CONNECT /_goRPC_ HTTP/1.0        any HTTP/1.x, LF or CRLF, headers are ignored
 *
 * HTTP/1.0 200 Connected to Go RPC
 *
 * }</pre>
 *
 * Other answers: 404 for another path, 405 for another method, 400 for what is no such
 * request or announces a body, 431 for a head that is too large. They are Go's but for
 * the header {@code Date}, which needs a clock and which no RPC client reads. Source: Go
 * {@code net/rpc}, server.go, ServeHTTP; vectors {@code hraw_*} of rpc_http.json.
 * <p>
 * What follows the head belongs to the gob stream, also when it arrived together with it.
 * Go drops such bytes if they happened to be in the same read (vector
 * {@code hraw_call_with_handshake}); here the same bytes mean the same, however TCP cuts
 * them.
 *
 * @since 0.1.0
 */
public final class ConnectRequestReader {

	/**
	 * Whether bytes begin like an HTTP request.
	 */
	public enum Detection {

		/** They begin with a method and a blank. */
		YES,

		/** They do not, whatever follows. */
		NO,

		/** Too few bytes to know; never so for 8 or more. */
		MORE

	}

	/** Largest head unless told otherwise, in bytes, with its empty line. */
	public static final int DEFAULT_MAX_HEAD_BYTES = 8 * 1024;

	private static final byte[][] METHODS = { ascii("CONNECT "), ascii("GET "), ascii("POST "), ascii("PUT "),
			ascii("HEAD "), ascii("DELETE "), ascii("OPTIONS "), ascii("PATCH "), ascii("TRACE ") };

	private static final MessageBuffer CONNECTED = new HttpMessage("HTTP/1.0 200 Connected to Go RPC\n\n");

	private final ConnectPath path;

	private final HeadScanner scanner;

	private @Nullable MessageBuffer answer;

	/**
	 * Creates a reader for one connection.
	 * @param path where the server accepts calls
	 */
	public ConnectRequestReader(ConnectPath path) {
		this(path, DEFAULT_MAX_HEAD_BYTES);
	}

	/**
	 * Creates a reader for one connection.
	 * @param path where the server accepts calls
	 * @param maxHeadBytes largest head that is read, in bytes, with its empty line
	 */
	public ConnectRequestReader(ConnectPath path, int maxHeadBytes) {
		this.path = path;
		this.scanner = new HeadScanner(maxHeadBytes);
	}

	/**
	 * Looks at the first bytes of a connection.
	 * @param bytes holds them
	 * @param from index of the first one
	 * @param to index behind the last one
	 * @return whether this is HTTP, the same for any way to cut the bytes
	 */
	public static Detection detect(byte[] bytes, int from, int to) {
		boolean more = false;
		for (byte[] method : METHODS) {
			int length = Math.min(to - from, method.length);
			int i = 0;
			while (i < length && bytes[from + i] == method[i]) {
				i++;
			}
			if (i == method.length) {
				return Detection.YES;
			}
			more |= (i == length);
		}
		return more ? Detection.MORE : Detection.NO;
	}

	/**
	 * Reads the head of the request.
	 * @param bytes holds what has arrived and was not consumed
	 * @param from index of the first byte of the connection: nothing is consumed before
	 * the head is complete
	 * @param to index behind the last byte
	 * @return how many bytes to consume, 0 if the head is not complete yet. Then
	 * {@link #answer} is to be sent.
	 */
	public int read(byte[] bytes, int from, int to) {
		int length = this.scanner.headLength(bytes, from, to);
		if (length < 0) {
			this.answer = refusal("431 Request Header Fields Too Large");
			return to - from;
		}
		if (length > 0) {
			this.answer = answerTo(bytes, from, from + length);
		}
		return length;
	}

	/**
	 * Whether the connection is a gob stream now. If not, send the answer and close.
	 * @return true if the answer is 200
	 */
	public boolean isConnected() {
		return this.answer == CONNECTED;
	}

	/**
	 * What to send.
	 * @return the answer
	 * @throws IllegalStateException if the head is not complete yet
	 */
	public MessageBuffer answer() {
		if (this.answer == null) {
			throw new IllegalStateException("the head of the HTTP request is not complete yet");
		}
		return this.answer;
	}

	private MessageBuffer answerTo(byte[] bytes, int from, int to) {
		int lineFeed = HeadScanner.lineFeed(bytes, from);
		int end = HeadScanner.textEnd(bytes, from, lineFeed);
		int targetFrom = indexOf((byte) ' ', bytes, from, end) + 1;
		int targetTo = indexOf((byte) ' ', bytes, targetFrom, end);
		boolean known = targetFrom > 0 && detect(bytes, from, targetFrom) == Detection.YES;
		if (!known || targetTo < 0 || !isVersion(bytes, targetTo + 1, end) || hasControl(bytes, from, end)) {
			return refusal("400 Bad Request");
		}
		boolean connect = bytes[from] == 'C';
		if (!headersAreSound(bytes, lineFeed + 1, to, connect)) {
			return refusal("400 Bad Request");
		}
		String version = (bytes[end - 1] == '0') ? "HTTP/1.0" : "HTTP/1.1";
		if (!this.path.matches(bytes, targetFrom, targetTo)) {
			return page(version, "404 Not Found", "X-Content-Type-Options: nosniff\r\n", "404 page not found\n");
		}
		return connect ? CONNECTED : page(version, "405 Method Not Allowed", "", "405 must CONNECT\n");
	}

	private static boolean isVersion(byte[] bytes, int from, int to) {
		return to - from == 8 && "HTTP/1.".equals(new String(bytes, from, 7, StandardCharsets.ISO_8859_1))
				&& bytes[to - 1] >= '0' && bytes[to - 1] <= '9';
	}

	private static boolean headersAreSound(byte[] bytes, int from, int to, boolean connect) {
		// Headers say nothing to an RPC server, but one that two parties read differently
		// is how requests are smuggled.
		int lineFrom = from;
		while (lineFrom < to) {
			int lineFeed = HeadScanner.lineFeed(bytes, lineFrom);
			int end = HeadScanner.textEnd(bytes, lineFrom, lineFeed);
			if (end > lineFrom) {
				int colon = indexOf((byte) ':', bytes, lineFrom, end);
				if (colon <= lineFrom || hasBlank(bytes, lineFrom, colon) || hasControl(bytes, lineFrom, end)) {
					return false;
				}
				if (connect && announcesBody(bytes, lineFrom, colon)) {
					return false;
				}
			}
			lineFrom = lineFeed + 1;
		}
		return true;
	}

	private static boolean announcesBody(byte[] bytes, int from, int colon) {
		String name = new String(bytes, from, colon - from, StandardCharsets.ISO_8859_1).toLowerCase(Locale.ROOT);
		return "content-length".equals(name) || "transfer-encoding".equals(name);
	}

	private static boolean hasBlank(byte[] bytes, int from, int to) {
		return indexOf((byte) ' ', bytes, from, to) >= 0 || indexOf((byte) '\t', bytes, from, to) >= 0;
	}

	private static boolean hasControl(byte[] bytes, int from, int to) {
		for (int i = from; i < to; i++) {
			if ((bytes[i] >= 0 && bytes[i] < ' ' && bytes[i] != '\t') || bytes[i] == 0x7f) {
				return true;
			}
		}
		return false;
	}

	private static int indexOf(byte wanted, byte[] bytes, int from, int to) {
		for (int i = from; i < to; i++) {
			if (bytes[i] == wanted) {
				return i;
			}
		}
		return -1;
	}

	private static MessageBuffer page(String version, String status, String header, String body) {
		String close = "HTTP/1.1".equals(version) ? "Connection: close\r\n" : "";
		return new HttpMessage(version + ' ' + status + "\r\nContent-Type: text/plain; charset=utf-8\r\n" + header
				+ "Content-Length: " + body.length() + "\r\n" + close + "\r\n" + body);
	}

	private static MessageBuffer refusal(String status) {
		return new HttpMessage("HTTP/1.1 " + status
				+ "\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n" + status);
	}

	private static byte[] ascii(String text) {
		return text.getBytes(StandardCharsets.US_ASCII);
	}

}
