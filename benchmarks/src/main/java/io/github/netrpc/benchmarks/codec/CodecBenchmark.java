package io.github.netrpc.benchmarks.codec;

import java.util.Objects;
import java.util.ServiceLoader;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

import io.github.netrpc.ServiceMethod;
import io.github.netrpc.wire.ClientCodec;
import io.github.netrpc.wire.EncodeException;
import io.github.netrpc.wire.MessageBuffer;
import io.github.netrpc.wire.ServerCodec;
import io.github.netrpc.wire.ValuePlan;
import io.github.netrpc.wire.WireException;
import io.github.netrpc.wire.WireFormat;
import io.github.netrpc.wire.WireLimits;

/**
 * Encodes and decodes one request, and a reply with the same value, in mid-stream: header
 * and body, the types already known to both sides. No interceptors, threads or sockets.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@SuppressWarnings("NullAway.Init")
public abstract class CodecBenchmark {

	private static final ServiceMethod METHOD = ServiceMethod.of("Arith", "Add");

	private static final long SEQ = 70_000;

	/** What is encoded and decoded. */
	@Param
	public Payload payload;

	/** What the headers carry. */
	@Param
	public Header header;

	private final String formatName;

	private final RequestBytes out = new RequestBytes();

	private Object value;

	private ValuePlan plan;

	private ClientCodec client;

	private ServerCodec server;

	private MessageBuffer buffer;

	private LastRequest sink;

	private byte[] request;

	private LastReply replySink;

	private byte[] reply;

	CodecBenchmark(String formatName) {
		this.formatName = formatName;
	}

	@Setup
	public void prepare() throws EncodeException, WireException {
		WireFormat format = ServiceLoader.load(WireFormat.Provider.class)
			.stream()
			.map(ServiceLoader.Provider::get)
			.filter((provider) -> provider.name().equals(this.formatName))
			.findFirst()
			.orElseThrow()
			.create(WireLimits.DEFAULT);
		this.value = this.payload.value();
		this.plan = format.plan(this.payload.shape());
		this.client = format.clientCodec();
		this.server = format.serverCodec();
		this.buffer = format.newBuffer();
		this.sink = new LastRequest(METHOD.utf8(), this.plan);
		// The first request brings the types, where the format has any
		encode();
		this.request = this.out.copy();
		check(decode());
		encode();
		this.request = this.out.copy();
		check(decode());
		this.replySink = new LastReply(this.plan);
		for (int i = 0; i < 2; i++) {
			encodeReply();
			this.reply = this.out.copy();
			check(decodeReply());
		}
	}

	@Benchmark
	public int encode() throws EncodeException {
		this.client.encodeRequest(METHOD, SEQ, this.header.timeLeftNanos(), this.header.metadata(), this.value,
				this.plan, this.buffer);
		return this.out.take(this.buffer);
	}

	@Benchmark
	public @Nullable Object decode() throws WireException {
		int consumed = this.server.decode(this.request, 0, this.request.length, this.sink);
		if (consumed != this.request.length) {
			throw new IllegalStateException(consumed + " of " + this.request.length + " bytes consumed");
		}
		return this.sink.argument();
	}

	@Benchmark
	public int encodeReply() throws EncodeException {
		this.server.encodeReply(this.sink.request(), this.value, this.plan, this.header.metadata(), this.buffer);
		return this.out.take(this.buffer);
	}

	@Benchmark
	public @Nullable Object decodeReply() throws WireException {
		int consumed = this.client.decode(this.reply, 0, this.reply.length, this.replySink);
		if (consumed != this.reply.length) {
			throw new IllegalStateException(consumed + " of " + this.reply.length + " bytes consumed");
		}
		return this.replySink.value();
	}

	private void check(@Nullable Object decoded) {
		if (!Objects.equals(decoded, this.value)) {
			throw new IllegalStateException("decoded " + decoded + " (expected: " + this.value + ")");
		}
	}

}
