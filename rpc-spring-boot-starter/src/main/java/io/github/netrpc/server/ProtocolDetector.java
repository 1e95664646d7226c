package io.github.netrpc.server;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.wire.MessageBuffer;
import io.github.netrpc.wire.WireFormat.Detection;
import io.github.netrpc.wire.http.ConnectRequestReader;

/**
 * Finds out what a peer speaks, from the first bytes of its connection: one of the
 * formats, or HTTP {@code CONNECT} and then gob. Used once, by the connection's I/O
 * thread.
 */
final class ProtocolDetector {

	private static final int QUOTED_BYTES = 32;

	private static final int DETECTION_BYTES = 8;

	private final ServerScope scope;

	private final Outcome outcome;

	private @Nullable ConnectRequestReader handshake;

	ProtocolDetector(ServerScope scope, Outcome outcome) {
		this.scope = scope;
		this.outcome = outcome;
	}

	/**
	 * Reads on.
	 * @param buffer holds the bytes
	 * @param from index of the connection's first byte that was not consumed
	 * @param to index behind the last one that has arrived
	 * @return how many bytes were consumed; those behind belong to the format
	 */
	int read(byte[] buffer, int from, int to) {
		if (this.handshake == null) {
			detect(buffer, from, to);
		}
		return (this.handshake != null) ? shakeHands(this.handshake, buffer, from, to) : 0;
	}

	// Each protocol is asked in order, and a later one has its say only when those before
	// it have said no for good: so the answer does not depend on how the bytes were cut.
	private void detect(byte[] buffer, int from, int to) {
		boolean last = to - from >= DETECTION_BYTES;
		for (ServedFormat served : this.scope.formats()) {
			Detection detection = served.format().detect(buffer, from, to);
			if (detection == Detection.YES) {
				this.outcome.serve(served);
			}
			if (detection == Detection.YES || (detection == Detection.MORE && !last)) {
				return;
			}
		}
		if (this.scope.gob() != null) {
			ConnectRequestReader.Detection http = ConnectRequestReader.detect(buffer, from, to);
			if (http == ConnectRequestReader.Detection.YES) {
				this.handshake = new ConnectRequestReader(this.scope.connectPath(), this.scope.limits().headBytes());
			}
			if (http == ConnectRequestReader.Detection.YES || (http == ConnectRequestReader.Detection.MORE && !last)) {
				return;
			}
		}
		String what = isTls(buffer, from, to) ? "it speaks TLS, which is off (rpc.server.ssl.bundle)"
				: "it speaks no known protocol";
		this.outcome.unknown(what + ", its first bytes are \"" + quote(buffer, from, to) + "\"");
	}

	// A record of a handshake, with the highest byte of its version.
	private static boolean isTls(byte[] buffer, int from, int to) {
		return to - from >= 2 && buffer[from] == 0x16 && buffer[from + 1] == 3;
	}

	private int shakeHands(ConnectRequestReader reader, byte[] buffer, int from, int to) {
		int length = reader.read(buffer, from, to);
		if (length > 0) {
			ServedFormat gob = this.scope.gob();
			this.outcome.answer(reader.answer(), reader.isConnected() ? gob : null);
		}
		return length;
	}

	private static String quote(byte[] buffer, int from, int to) {
		StringBuilder quoted = new StringBuilder();
		for (int i = from; i < Math.min(to, from + QUOTED_BYTES); i++) {
			int value = buffer[i] & 0xff;
			if (value >= ' ' && value < 0x7f && value != '"' && value != '\\') {
				quoted.append((char) value);
			}
			else {
				quoted.append("\\x")
					.append(Character.forDigit(value >> 4, 16))
					.append(Character.forDigit(value & 15, 16));
			}
		}
		return quoted.toString();
	}

	/**
	 * Takes what was found out.
	 */
	interface Outcome {

		/**
		 * The peer speaks a format.
		 * @param served the format
		 */
		void serve(ServedFormat served);

		/**
		 * The peer speaks HTTP, and gets an answer.
		 * @param answer the answer
		 * @param served the format that follows, or null if the connection is to end
		 */
		void answer(MessageBuffer answer, @Nullable ServedFormat served);

		/**
		 * The peer speaks nothing that the server knows.
		 * @param reason what came
		 */
		void unknown(String reason);

	}

}
