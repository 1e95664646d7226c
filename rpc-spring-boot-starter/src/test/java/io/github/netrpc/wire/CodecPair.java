package io.github.netrpc.wire;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.Known;
import io.github.netrpc.RpcCode;
import io.github.netrpc.ServiceMethod;
import io.github.netrpc.type.TypeRef;

/**
 * Both ends of one connection, and the bytes between them. All that either end finds is
 * kept as text, in order.
 */
public final class CodecPair {

	public static final ServiceMethod METHOD = ServiceMethod.of("Any", "Thing");

	public final WireFormat format;

	public final ClientCodec client;

	public final ServerCodec server;

	public final Bytes toServer = new Bytes();

	public final Bytes toClient = new Bytes();

	/** What the server found, by turns with what the client did. */
	public final List<String> events = new ArrayList<>();

	public final List<Request> requests = new ArrayList<>();

	private final Map<Long, ValuePlan> pending = new HashMap<>();

	private final ValuePlan number;

	private boolean methodIsThere = true;

	public CodecPair(WireFormat format) {
		this.format = format;
		this.client = format.clientCodec();
		this.server = format.serverCodec();
		this.number = plan(new TypeRef<Integer>() {
		});
	}

	public ValuePlan plan(TypeRef<?> type) {
		return this.format.plan(new ValueShape.Value(type.annotatedType()));
	}

	public ValuePlan number() {
		return this.number;
	}

	public CodecPair withoutMethod() {
		this.methodIsThere = false;
		return this;
	}

	/** Sends a request with a number for its argument. */
	public void request(long seq, long timeLeftNanos, Map<String, String> metadata) throws Exception {
		MessageBuffer buffer = this.format.newBuffer();
		this.client.encodeRequest(METHOD, seq, timeLeftNanos, metadata, (int) seq, this.number, buffer);
		buffer.writeTo(this.toServer);
		this.pending.put(seq, this.number);
		readRequests();
	}

	/** Lets the server read what has come. */
	public void readRequests() throws WireException {
		this.toServer.drop(this.server.decode(this.toServer.bytes, 0, this.toServer.length, new Server()));
	}

	public void reply(int request, @Nullable Object value, ValuePlan plan, Map<String, String> metadata)
			throws Exception {
		MessageBuffer buffer = this.format.newBuffer();
		this.server.encodeReply(this.requests.get(request), value, plan, metadata, buffer);
		buffer.writeTo(this.toClient);
		this.pending.put((long) request, plan);
		readReplies();
	}

	public void error(int request, RpcCode code, @Nullable Known known, String message, Map<String, String> metadata)
			throws Exception {
		MessageBuffer buffer = this.format.newBuffer();
		this.server.encodeError(this.requests.get(request), code, known, message, metadata, buffer);
		buffer.writeTo(this.toClient);
		readReplies();
	}

	public void notice(Map<String, String> metadata) throws Exception {
		MessageBuffer buffer = this.format.newBuffer();
		this.server.encodeNotice(metadata, buffer);
		buffer.writeTo(this.toClient);
		readReplies();
	}

	/** Lets the client read what has come. */
	public void readReplies() throws WireException {
		this.toClient.drop(this.client.decode(this.toClient.bytes, 0, this.toClient.length, new Client()));
	}

	/** A call that waits for a reply of a type. */
	public void expect(long seq, ValuePlan plan) {
		this.pending.put(seq, plan);
	}

	/** What the ends found since the last time. */
	public List<String> events() {
		List<String> found = List.copyOf(this.events);
		this.events.clear();
		return found;
	}

	/** Bytes on their way. */
	public static final class Bytes implements MessageBuffer.Output {

		public byte[] bytes = {};

		public int length;

		public int total;

		@Override
		public void write(byte[] source, int offset, int count) {
			this.bytes = Arrays.copyOf(this.bytes, this.length + count);
			System.arraycopy(source, offset, this.bytes, this.length, count);
			this.length += count;
			this.total += count;
		}

		public void write(byte[] source) {
			write(source, 0, source.length);
		}

		void drop(int count) {
			this.bytes = Arrays.copyOfRange(this.bytes, count, this.length);
			this.length -= count;
		}

	}

	private final class Server implements RequestSink {

		@Override
		public IncomingRequest begin(byte[] buffer, int from, int to) {
			Request request = new Request(Arrays.copyOfRange(buffer, from, to));
			CodecPair.this.requests.add(request);
			return request;
		}

		@Override
		public boolean wantsMore() {
			return true;
		}

	}

	/** A request that says what came. */
	public final class Request extends IncomingRequest {

		private final byte[] name;

		Request(byte[] name) {
			this.name = name;
		}

		@Override
		public byte[] methodName() {
			return this.name;
		}

		@Override
		public @Nullable ValuePlan argumentPlan() {
			return CodecPair.this.methodIsThere ? CodecPair.this.number : null;
		}

		@Override
		public void received(@Nullable Object received) {
			CodecPair.this.events.add("request " + received + (isExtended() ? " left " + timeLeftNanos() : "")
					+ ((isExtended() || !metadata().isEmpty()) ? " with " + metadata() : ""));
		}

		@Override
		public void malformed(String why) {
			CodecPair.this.events.add("refused: " + why);
		}

	}

	private final class Client implements ReplySink {

		@Override
		public @Nullable PendingReply take(long seq) {
			ValuePlan plan = CodecPair.this.pending.remove(seq);
			return (plan != null) ? new Call(seq, plan) : null;
		}

		@Override
		public void extended() {
			CodecPair.this.events.add("extended");
		}

		@Override
		public void notice(Map<String, String> metadata) {
			CodecPair.this.events.add("notice " + metadata);
		}

	}

	private final class Call implements PendingReply {

		private final String prefix;

		private final ValuePlan plan;

		Call(long seq, ValuePlan plan) {
			this.prefix = "reply " + Long.toUnsignedString(seq) + " ";
			this.plan = plan;
		}

		@Override
		public ValuePlan replyPlan() {
			return this.plan;
		}

		@Override
		public void metadata(Map<String, String> metadata) {
			CodecPair.this.events.add(this.prefix + "with " + metadata);
		}

		@Override
		public void succeeded(@Nullable Object value) {
			CodecPair.this.events.add(this.prefix + "= " + value);
		}

		@Override
		public void failed(String error, @Nullable RpcCode code, @Nullable Known known) {
			CodecPair.this.events.add(this.prefix + "failed: " + error + " " + code + " " + known);
		}

		@Override
		public void malformed(String reason) {
			CodecPair.this.events.add(this.prefix + "misfit: " + reason);
		}

	}

}
