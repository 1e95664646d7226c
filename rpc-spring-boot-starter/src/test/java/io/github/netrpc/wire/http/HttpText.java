package io.github.netrpc.wire.http;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

import io.github.netrpc.wire.MessageBuffer;

/**
 * What a message puts on the wire, as text.
 */
final class HttpText {

	private HttpText() {
	}

	static String of(MessageBuffer message) {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		message.writeTo(bytes::write);
		return bytes.toString(StandardCharsets.ISO_8859_1);
	}

}
