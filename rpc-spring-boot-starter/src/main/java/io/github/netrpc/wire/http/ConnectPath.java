package io.github.netrpc.wire.http;

import java.nio.charset.StandardCharsets;

import io.github.netrpc.wire.MessageBuffer;

/**
 * The agreed path of the CONNECT handshake. Immutable.
 *
 * @param value the path, printable ASCII, beginning with a slash
 * @since 0.1.0
 */
public record ConnectPath(String value) {

	/** Go's {@code rpc.DefaultRPCPath}. */
	public static final ConnectPath DEFAULT = new ConnectPath("/_goRPC_");

	/**
	 * Checks the path, which becomes part of a request line.
	 * @throws IllegalArgumentException if it does not begin with a slash, or holds a
	 * blank, a control character or one beyond ASCII
	 */
	public ConnectPath {
		if (!value.startsWith("/")) {
			throw new IllegalArgumentException(
					"HTTP path: " + Quoted.text(value) + " (expected: a path that begins with '/')");
		}
		for (int i = 0; i < value.length(); i++) {
			char c = value.charAt(i);
			if (c <= ' ' || c >= 0x7f) {
				throw new IllegalArgumentException("HTTP path: " + Quoted.text(value) + ", character 0x"
						+ Integer.toHexString(c) + " at index " + i + " (expected: printable ASCII without blanks)");
			}
		}
	}

	/**
	 * What a client sends first, as Go does: {@code CONNECT /_goRPC_ HTTP/1.0}, then an
	 * empty line, both ended by a bare line feed. It must wait for the answer before it
	 * sends gob: a Go server drops what arrives together with this.
	 * @return the request, reusable
	 */
	public MessageBuffer request() {
		return new HttpMessage("CONNECT " + this.value + " HTTP/1.0\n\n");
	}

	boolean matches(byte[] bytes, int from, int to) {
		return this.value.equals(new String(bytes, from, to - from, StandardCharsets.ISO_8859_1));
	}

}
