package io.github.netrpc.server;

import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.Known;
import io.github.netrpc.RpcCode;
import io.github.netrpc.type.UnsupportedTypeException;
import io.github.netrpc.wire.ClientCodec;
import io.github.netrpc.wire.EncodeException;
import io.github.netrpc.wire.IncomingRequest;
import io.github.netrpc.wire.MessageBuffer;
import io.github.netrpc.wire.RequestSink;
import io.github.netrpc.wire.ServerCodec;
import io.github.netrpc.wire.ValuePlan;
import io.github.netrpc.wire.ValueShape;
import io.github.netrpc.wire.WireException;
import io.github.netrpc.wire.WireFormat;

/**
 * A format that a test can read: {@code >>} once, then a line for each request. <pre>
 * 7 Arith.Add 3,4      a request
 * 7=7                  its reply
 * 7!no such account    an error reply
 * ?                    breaks the connection
 * 7;200;a=b&c=d Arith.Add  an extended request: 200 ms left, metadata; the peer is one from then on
 * 7=7{a=b}             a reply with metadata
 * 7!NOT_FOUND RAN_AND_FAILED no such account    an error reply to an extended peer
 * notice{drain=true}
 * +20000               a definition of so many bytes
 * </pre>
 */
final class TextFormat implements WireFormat {

	/** No error can be told to the call of this number. */
	static final long NO_ERRORS = 666;

	@Override
	public String name() {
		return "text";
	}

	@Override
	public Detection detect(byte[] buffer, int from, int to) {
		for (int i = from; i < Math.min(to, from + 2); i++) {
			if (buffer[i] != '>') {
				return Detection.NO;
			}
		}
		return (to - from < 2) ? Detection.MORE : Detection.YES;
	}

	@Override
	public ValuePlan plan(ValueShape shape) {
		List<Type> types = new ArrayList<>();
		if (shape instanceof ValueShape.Value value) {
			types.add(value.type().getType());
		}
		if (shape instanceof ValueShape.Struct struct) {
			struct.fields().forEach((field) -> types.add(field.type().getType()));
		}
		for (Type type : types) {
			if (type != int.class && type != long.class && type != String.class && type != Integer.class) {
				throw new UnsupportedTypeException("text cannot express " + type.getTypeName());
			}
		}
		return new TextPlan(types, shape instanceof ValueShape.Struct);
	}

	@Override
	public ServerCodec serverCodec() {
		return new TextCodec();
	}

	@Override
	public ClientCodec clientCodec() {
		throw new UnsupportedOperationException();
	}

	@Override
	public MessageBuffer newBuffer() {
		return new TextBuffer();
	}

	private record TextPlan(List<Type> types, boolean struct) implements ValuePlan {

		@Override
		public String goType() {
			return this.types.toString();
		}

		@Nullable Object read(String text) {
			if (this.types.isEmpty()) {
				return null;
			}
			String[] parts = this.struct ? text.split(",") : new String[] { text };
			Object[] values = new Object[this.types.size()];
			for (int i = 0; i < values.length; i++) {
				values[i] = (this.types.get(i) == String.class) ? parts[i] : (this.types.get(i) == long.class)
						? (Object) Long.parseUnsignedLong(parts[i]) : Integer.valueOf(parts[i]);
			}
			return this.struct ? values : values[0];
		}

	}

	static final class TextBuffer implements MessageBuffer {

		private byte[] bytes = {};

		void set(String text) {
			this.bytes = text.getBytes(StandardCharsets.UTF_8);
		}

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
		}

	}

	private static final class TextCodec implements ServerCodec {

		private boolean greeted;

		private boolean inRequest;

		private boolean spoken;

		private int definitionBytes;

		private volatile boolean extended;

		@Override
		public int decode(byte[] buffer, int from, int to, RequestSink sink) throws WireException {
			int at = from;
			if (!this.greeted) {
				this.greeted = true;
				at += 2;
			}
			int end = indexOf('\n', buffer, at, to);
			while (end >= 0) {
				this.spoken = true;
				if (!request(buffer, at, end, sink)) {
					break;
				}
				at = end + 1;
				end = indexOf('\n', buffer, at, to);
				if (!sink.wantsMore()) {
					break;
				}
			}
			this.inRequest = at < to || !this.spoken;
			return at - from;
		}

		private boolean request(byte[] buffer, int from, int end, RequestSink sink) throws WireException {
			if (buffer[from] == '+') {
				this.definitionBytes += Integer
					.parseInt(new String(buffer, from + 1, end - from - 1, StandardCharsets.US_ASCII));
				return true;
			}
			int first = indexOf(' ', buffer, from, end);
			if (first < 0) {
				throw new WireException("no blank in \"" + new String(buffer, from, end - from, StandardCharsets.UTF_8)
						+ "\" (expected: seq name argument)");
			}
			int second = indexOf(' ', buffer, first + 1, end);
			int nameEnd = (second < 0) ? end : second;
			IncomingRequest begun = sink.begin(buffer, first + 1, nameEnd);
			String[] header = new String(buffer, from, first - from, StandardCharsets.UTF_8).split(";");
			begun.identify(Long.parseLong(header[0]), null);
			begun.size(end - from);
			if (header.length > 1) {
				this.extended = true;
				begun.extensions(TimeUnit.MILLISECONDS.toNanos(Long.parseLong(header[1])),
						(header.length > 2) ? metadata(header[2]) : Map.of());
			}
			IncomingRequest request = sink.admit(begun);
			if (request == null) {
				return false;
			}
			ValuePlan plan = request.argumentPlan();
			String argument = (second < 0) ? ""
					: new String(buffer, second + 1, end - second - 1, StandardCharsets.UTF_8);
			Object value;
			try {
				value = (plan != null) ? ((TextPlan) plan).read(argument) : null;
			}
			catch (RuntimeException ex) {
				request.malformed("\"" + argument + "\" is no argument");
				return true;
			}
			request.received(value);
			return true;
		}

		private static Map<String, String> metadata(String text) {
			Map<String, String> metadata = new HashMap<>();
			for (String entry : text.split("&")) {
				metadata.put(entry.split("=")[0], entry.split("=")[1]);
			}
			return Map.copyOf(metadata);
		}

		@Override
		public boolean inRequest() {
			return this.inRequest;
		}

		@Override
		public int definitionBytes() {
			return this.definitionBytes;
		}

		@Override
		public boolean isExtended() {
			return this.extended;
		}

		private String text(Map<String, String> metadata) {
			return (this.extended && !metadata.isEmpty()) ? metadata.toString() : "";
		}

		@Override
		public void encodeReply(IncomingRequest request, @Nullable Object value, ValuePlan plan,
				Map<String, String> metadata, MessageBuffer out) throws EncodeException {
			if ("unencodable".equals(value)) {
				throw new EncodeException("secret detail of com.acme.Secret");
			}
			((TextBuffer) out).set(request.seq() + "=" + value + text(metadata) + "\n");
		}

		@Override
		public void encodeNotice(Map<String, String> metadata, MessageBuffer out) {
			((TextBuffer) out).set("notice" + metadata + "\n");
		}

		@Override
		public void encodeError(IncomingRequest request, RpcCode code, @Nullable Known known, String message,
				Map<String, String> metadata, MessageBuffer out) {
			if (message.startsWith("unencodable") || request.seq() == NO_ERRORS) {
				throw new IllegalStateException("secret detail of com.acme.Secret");
			}
			((TextBuffer) out).set(request.seq() + "!" + (this.extended ? code + " " + known + " " : "") + message
					+ text(metadata) + "\n");
		}

		private static int indexOf(char wanted, byte[] buffer, int from, int to) {
			for (int i = from; i < to; i++) {
				if (buffer[i] == wanted) {
					return i;
				}
			}
			return -1;
		}

	}

}
