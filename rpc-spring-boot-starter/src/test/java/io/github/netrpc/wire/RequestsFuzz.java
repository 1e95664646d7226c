package io.github.netrpc.wire;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.Known;
import io.github.netrpc.RpcCode;
import io.github.netrpc.fuzz.Cuts;
import io.github.netrpc.fuzz.FuzzTarget;
import io.github.netrpc.fuzz.Promises;
import io.github.netrpc.gob.GobTypes;
import io.github.netrpc.gob.PropertyNames;
import io.github.netrpc.gob.Vectors;
import io.github.netrpc.interop.Types;
import io.github.netrpc.wire.gob.GobWireFormat;
import io.github.netrpc.wire.json.JsonWireFormat;

/**
 * A stream of requests is calls, each ended once, and at most one failure at its end, the
 * same ones however it is cut; what was received can be sent back and read again.
 */
public final class RequestsFuzz implements FuzzTarget {

	static final WireLimits LIMITS = new WireLimits(16 << 10, 32 << 10, 64, 8 << 10, 256);

	/** What a JSON reader takes to begin with, for each of the requests of an input. */
	private static final long READER_BYTES = 512 << 10;

	private static final Pattern BEYOND_LIMIT = Pattern.compile("\\(limit: [^()]*max-[a-z-]+\\)");

	private final WireFormat format;

	private final FuzzedTypes types;

	private final List<String> vectors;

	private RequestsFuzz(WireFormat format, String... vectors) {
		this.format = format;
		this.types = new FuzzedTypes(format);
		this.vectors = List.of(vectors);
	}

	/**
	 * In gob.
	 * @return the target
	 */
	public static RequestsFuzz gob() {
		return new RequestsFuzz(gobFormat(), "rpc_gob", "rpc_gob_raw");
	}

	/**
	 * In JSON.
	 * @return the target
	 */
	public static RequestsFuzz json() {
		return new RequestsFuzz(jsonFormat(), "rpc_json", "rpc_json_raw");
	}

	static WireFormat gobFormat() {
		GobTypes names = GobTypes.builder()
			.register("Args", Types.Args.class)
			.register("Tree", Types.Tree.class)
			.build();
		return new GobWireFormat(LIMITS, names, PropertyNames.standard());
	}

	static WireFormat jsonFormat() {
		return new JsonWireFormat.Provider().create(LIMITS);
	}

	@Override
	public String name() {
		return this.format.name() + "-requests";
	}

	@Override
	public String description() {
		return "a stream of requests in " + this.format.name() + ", for methods of " + this.types.count() + " types";
	}

	@Override
	public List<byte[]> seeds() {
		List<byte[]> seeds = new ArrayList<>();
		for (int i = 0; i < this.types.count(); i++) {
			seeds.add(request(i, 0, Map.of()));
			seeds.add(request(i, 1_000_000, Map.of("key", "value")));
		}
		for (String file : this.vectors) {
			for (Vectors.Case vector : Vectors.cases(file)) {
				if (vector.has("clientHex")) {
					seeds.add(HexFormat.of().parseHex(vector.text("clientHex")));
				}
			}
		}
		return seeds.stream().filter((seed) -> seed.length <= 4_096).toList();
	}

	private byte[] request(int type, long timeLeftNanos, Map<String, String> metadata) {
		MessageBuffer buffer = this.format.newBuffer();
		try {
			this.format.clientCodec()
				.encodeRequest(FuzzedTypes.method(type), type, timeLeftNanos, metadata, this.types.value(type),
						this.types.plan(type), buffer);
		}
		catch (EncodeException ex) {
			throw new IllegalStateException(ex);
		}
		return FuzzedTypes.bytes(buffer);
	}

	@Override
	public void run(byte[] input) throws Exception {
		Stream whole = new Stream();
		Promises.bounded(input, READER_BYTES, () -> new Stream().feed(input, Cuts.NONE));
		whole.feed(input, Cuts.NONE);
		Cuts cuts = Cuts.of(input);
		Stream cut = new Stream();
		cut.feed(input, cuts);
		Promises.same(cuts, whole.told(), cut.told());
		whole.answer();
	}

	/** One connection, and what came of it. */
	private final class Stream implements RequestSink {

		private final ServerCodec codec = RequestsFuzz.this.format.serverCodec();

		private final List<Call> calls = new ArrayList<>();

		private String end = "";

		void feed(byte[] input, Cuts cuts) {
			try {
				int consumed = cuts.feed(input, (buffer, from, to) -> this.codec.decode(buffer, from, to, this));
				this.end = consumed + " consumed" + (this.codec.inRequest() ? ", in a request" : "");
			}
			catch (WireException ex) {
				// Its text depends on how much has come: what is quoted, and which fault
				// is seen first
				this.end = "broken";
				String message = String.valueOf(ex.getMessage());
				Promises.told(message);
			}
		}

		@Override
		public IncomingRequest begin(byte[] buffer, int from, int to) {
			Promises.that(this.calls.isEmpty() || this.calls.get(this.calls.size() - 1).ends == 1,
					"a call begins before the one before has ended");
			Call call = new Call(Arrays.copyOfRange(buffer, from, to),
					RequestsFuzz.this.types.argument(buffer, from, to));
			this.calls.add(call);
			return call;
		}

		@Override
		public boolean wantsMore() {
			return true;
		}

		List<String> told() {
			List<String> told = new ArrayList<>();
			this.calls.forEach((call) -> told.add(call.told()));
			told.add(this.end);
			return told;
		}

		/** Whatever was received, a server must be able to answer. */
		void answer() throws EncodeException {
			MessageBuffer buffer = RequestsFuzz.this.format.newBuffer();
			for (Call call : this.calls) {
				this.codec.encodeError(call, RpcCode.INTERNAL, Known.NOT_RUN, "\u00e4\ud800\u0000", Map.of("a", "b"),
						buffer);
				Promises.that(buffer.size() > 0 && buffer.size() < LIMITS.maxMessageBytes(), "no answer to a call");
				call.checkEcho();
			}
		}

	}

	/** A request, kept as it is until all have come: telling takes memory. */
	private final class Call extends IncomingRequest {

		private final byte[] name;

		private final @Nullable ValuePlan plan;

		private @Nullable Object argument;

		private @Nullable String reason;

		private int ends;

		Call(byte[] name, @Nullable ValuePlan plan) {
			this.name = name;
			this.plan = plan;
		}

		@Override
		public byte[] methodName() {
			return this.name;
		}

		@Override
		public @Nullable ValuePlan argumentPlan() {
			return this.plan;
		}

		@Override
		public void received(@Nullable Object received) {
			this.argument = received;
			this.ends++;
		}

		@Override
		public void malformed(String why) {
			this.reason = why;
			this.ends++;
			Promises.told(why);
		}

		String told() {
			Promises.that(this.ends <= 1, "a call that ended " + this.ends + " times");
			byte[] id = id();
			String outcome = (this.reason != null) ? this.reason
					: (this.ends == 0) ? "unfinished" : (this.plan != null) ? written(this.plan) : "unknown";
			return HexFormat.of().formatHex(this.name) + " " + seq() + " "
					+ ((id != null) ? HexFormat.of().formatHex(id) : "") + " " + isExtended() + " " + timeLeftNanos()
					+ " " + metadata() + " " + ((this.reason != null) ? 0 : size()) + " " + outcome;
		}

		private String written(ValuePlan known) {
			return RequestsFuzz.this.types.written(this.argument, known);
		}

		/**
		 * What is sent may be longer than what came: absent members are written,
		 * characters escaped, and numbers have an exponent.
		 */
		private static boolean isBeyondLimit(@Nullable String failure) {
			return failure != null && BEYOND_LIMIT.matcher(failure).find();
		}

		void checkEcho() {
			if (this.plan == null || this.ends == 0 || this.reason != null) {
				return;
			}
			String once = written(this.plan);
			if (!once.startsWith("refused")) {
				RepliesFuzz.Outcome read = RepliesFuzz.readOne(RequestsFuzz.this.format, this.plan,
						HexFormat.of().parseHex(once));
				if (isBeyondLimit(read.failure())) {
					return;
				}
				Promises.that(read.succeeded(), "what we sent reads as " + read + ": " + once);
				Promises.same("sent, read and sent", once, RequestsFuzz.this.types.written(read.value(), this.plan));
			}
		}

	}

}
