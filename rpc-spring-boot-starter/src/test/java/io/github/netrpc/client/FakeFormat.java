package io.github.netrpc.client;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

import io.github.netrpc.Known;
import io.github.netrpc.RpcCode;
import io.github.netrpc.ServiceMethod;
import io.github.netrpc.wire.ClientCodec;
import io.github.netrpc.wire.EncodeException;
import io.github.netrpc.wire.MessageBuffer;
import io.github.netrpc.wire.PendingReply;
import io.github.netrpc.wire.ReplySink;
import io.github.netrpc.wire.ServerCodec;
import io.github.netrpc.wire.ValuePlan;
import io.github.netrpc.wire.ValueShape;
import io.github.netrpc.wire.WireException;
import io.github.netrpc.wire.WireFormat;

/**
 * A format of lines. A request is {@code seq method argument}, and {@code {key=value}} if
 * there is metadata; a reply is {@code seq ok value}, {@code seq with key=value value},
 * {@code seq error text}, {@code seq coded code known text} with {@code -} for what is
 * not known, or {@code seq bad reason}; a + before the second word says that the peer
 * knows our fields. {@code notice drain true} is a notice. Anything else is out of step.
 */
public final class FakeFormat implements WireFormat {

	static final ValuePlan PLAN = () -> "string";

	private final boolean headerComesFirst;

	public FakeFormat() {
		this(false);
	}

	FakeFormat(boolean headerComesFirst) {
		this.headerComesFirst = headerComesFirst;
	}

	@Override
	public boolean headerComesFirst() {
		return this.headerComesFirst;
	}

	@Override
	public String name() {
		return "fake";
	}

	@Override
	public Detection detect(byte[] buffer, int from, int to) {
		return Detection.NO;
	}

	@Override
	public ValuePlan plan(ValueShape shape) {
		return PLAN;
	}

	@Override
	public ServerCodec serverCodec() {
		throw new UnsupportedOperationException();
	}

	@Override
	public ClientCodec clientCodec() {
		return new Codec();
	}

	@Override
	public MessageBuffer newBuffer() {
		return new Line();
	}

	private static final class Codec implements ClientCodec {

		private boolean extended;

		@Override
		public void encodeRequest(ServiceMethod method, long seq, long timeLeftNanos, Map<String, String> metadata,
				Object argument, ValuePlan plan, MessageBuffer out) throws EncodeException {
			if ("unwritable".equals(argument)) {
				throw new EncodeException("the value cannot be written");
			}
			if (argument instanceof Runnable meanwhile) {
				meanwhile.run();
			}
			String text = (argument instanceof byte[] large) ? "x".repeat(large.length) : String.valueOf(argument);
			String along = metadata.isEmpty() ? "" : " " + new TreeMap<>(metadata);
			((Line) out).bytes = (Long.toUnsignedString(seq) + " " + method + " " + text + along + "\n")
				.getBytes(StandardCharsets.UTF_8);
		}

		@Override
		public int decode(byte[] buffer, int from, int to, ReplySink sink) throws WireException {
			int start = from;
			for (int i = from; i < to; i++) {
				if (buffer[i] == '\n') {
					reply(new String(buffer, start, i - start, StandardCharsets.UTF_8), sink);
					start = i + 1;
				}
			}
			return start - from;
		}

		private void reply(String line, ReplySink sink) throws WireException {
			String[] words = line.split(" ", 3);
			if (words.length < 3) {
				throw new WireException("out of step: " + line);
			}
			if (words[0].equals("notice")) {
				sink.notice(Map.of(words[1], words[2]));
				return;
			}
			if (words[1].startsWith("+")) {
				words[1] = words[1].substring(1);
				if (!this.extended) {
					this.extended = true;
					sink.extended();
				}
			}
			PendingReply call = sink.take(Long.parseUnsignedLong(words[0]));
			if (call == null) {
				return;
			}
			switch (words[1]) {
				case "ok" -> call.succeeded(words[2]);
				case "error" -> call.failed(words[2], null, null);
				case "coded" -> {
					String[] parts = words[2].split(" ", 3);
					call.failed(parts[2], RpcCode.valueOf(parts[0]),
							parts[1].equals("-") ? null : Known.valueOf(parts[1]));
				}
				case "with" -> {
					String[] parts = words[2].split("[= ]", 3);
					call.metadata(Map.of(parts[0], parts[1]));
					call.succeeded(parts[2]);
				}
				case "bad" -> call.malformed(words[2]);
				default -> throw new WireException("out of step: " + line);
			}
		}

	}

	private static final class Line implements MessageBuffer {

		private byte[] bytes = {};

		@Override
		public void writeTo(Output out) {
			out.write(this.bytes, 0, this.bytes.length);
		}

		@Override
		public int size() {
			return this.bytes.length;
		}

		@Override
		public void trim() {
			this.bytes = new byte[0];
		}

	}

}
