package io.github.netrpc.wire;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.Known;
import io.github.netrpc.RpcCode;
import io.github.netrpc.fuzz.Cuts;
import io.github.netrpc.fuzz.FuzzTarget;
import io.github.netrpc.fuzz.Promises;
import io.github.netrpc.gob.Vectors;

/**
 * A stream of replies ends calls that wait, each at most once and none that does not, the
 * same ones in the same way however it is cut. Of the numbers 0 to 63 each waits for
 * another type.
 */
public final class RepliesFuzz implements FuzzTarget {

	private static final int WAITING = 64;

	/** As in {@link RequestsFuzz}. */
	private static final long READER_BYTES = 512 << 10;

	private final WireFormat format;

	private final FuzzedTypes types;

	private final List<String> vectors;

	private RepliesFuzz(WireFormat format, String... vectors) {
		this.format = format;
		this.types = new FuzzedTypes(format);
		this.vectors = List.of(vectors);
	}

	/**
	 * In gob.
	 * @return the target
	 */
	public static RepliesFuzz gob() {
		return new RepliesFuzz(RequestsFuzz.gobFormat(), "rpc_gob", "rpc_gob_raw");
	}

	/**
	 * In JSON.
	 * @return the target
	 */
	public static RepliesFuzz json() {
		return new RepliesFuzz(RequestsFuzz.jsonFormat(), "rpc_json", "rpc_json_raw");
	}

	@Override
	public String name() {
		return this.format.name() + "-replies";
	}

	@Override
	public String description() {
		return "a stream of replies in " + this.format.name() + ", to calls that wait for " + this.types.count()
				+ " types";
	}

	@Override
	public List<byte[]> seeds() {
		List<byte[]> seeds = new ArrayList<>();
		for (int i = 0; i < this.types.count(); i++) {
			seeds.add(reply(i, false));
			seeds.add(reply(i, true));
		}
		for (String file : this.vectors) {
			for (Vectors.Case vector : Vectors.cases(file)) {
				if (vector.has("serverHex")) {
					seeds.add(HexFormat.of().parseHex(vector.text("serverHex")));
				}
			}
		}
		return seeds.stream().filter((seed) -> seed.length <= 4_096).toList();
	}

	/** A reply and an error of a server that has got a request. */
	private byte[] reply(int type, boolean extended) {
		CodecPair pair = new CodecPair(this.format);
		try {
			pair.request(type, extended ? 1_000_000 : 0, extended ? Map.of("key", "value") : Map.of());
			MessageBuffer buffer = this.format.newBuffer();
			pair.server.encodeReply(pair.requests.get(0), this.types.value(type), this.types.plan(type),
					extended ? Map.of("key", "value") : Map.of(), buffer);
			buffer.writeTo(pair.toClient);
			pair.server.encodeError(pair.requests.get(0), RpcCode.NOT_FOUND, Known.RAN_AND_FAILED, "not there",
					Map.of(), buffer);
			buffer.writeTo(pair.toClient);
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
		return pair.toClient.bytes;
	}

	@Override
	public void run(byte[] input) {
		Promises.bounded(input, READER_BYTES, () -> new Replies(this.format, this.types::plan).feed(input, Cuts.NONE));
		Replies whole = new Replies(this.format, this.types::plan);
		whole.feed(input, Cuts.NONE);
		Cuts cuts = Cuts.of(input);
		Replies cut = new Replies(this.format, this.types::plan);
		cut.feed(input, cuts);
		Promises.same(cuts, whole.told(this.types), cut.told(this.types));
	}

	/** Reads the one reply of a stream, which has the number 0. */
	static Outcome readOne(WireFormat format, ValuePlan plan, byte[] stream) {
		Replies replies = new Replies(format, (number) -> plan);
		replies.feed(stream, Cuts.NONE);
		return (replies.outcomes.size() == 1) ? replies.outcomes.get(0)
				: new Outcome(0, plan, null, replies.outcomes.size() + " replies, " + replies.end);
	}

	/**
	 * How a call ended.
	 *
	 * @param number of the call
	 * @param plan how its reply was to be read
	 * @param value the reply
	 * @param failure why there is none, or null
	 */
	record Outcome(long number, ValuePlan plan, @Nullable Object value, @Nullable String failure) {

		boolean succeeded() {
			return this.failure == null;
		}

	}

	/** One connection, and what came of it. */
	private static final class Replies implements ReplySink {

		private final ClientCodec codec;

		private final java.util.function.IntFunction<ValuePlan> plans;

		private final Set<Long> taken = new HashSet<>();

		private final List<Outcome> outcomes = new ArrayList<>();

		private final List<String> notes = new ArrayList<>();

		private String end = "";

		Replies(WireFormat format, java.util.function.IntFunction<ValuePlan> plans) {
			this.codec = format.clientCodec();
			this.plans = plans;
		}

		void feed(byte[] input, Cuts cuts) {
			try {
				int consumed = cuts.feed(input, (buffer, from, to) -> this.codec.decode(buffer, from, to, this));
				this.end = consumed + " consumed";
			}
			catch (WireException ex) {
				// Its text depends on how much has come: what is quoted, and which fault
				// is seen first
				this.end = "broken";
				String message = String.valueOf(ex.getMessage());
				Promises.told(message);
			}
			Promises.that(this.outcomes.size() == this.taken.size(),
					this.taken.size() + " calls taken, and " + this.outcomes.size() + " ended: " + this.end);
		}

		@Override
		public @Nullable PendingReply take(long seq) {
			if (seq < 0 || seq >= WAITING || !this.taken.add(seq)) {
				return null;
			}
			return new Call(seq, this.plans.apply((int) seq));
		}

		@Override
		public void extended() {
			this.notes.add("extended before reply " + this.outcomes.size());
		}

		@Override
		public void notice(Map<String, String> metadata) {
			this.notes.add("notice " + metadata);
		}

		List<String> told(FuzzedTypes types) {
			List<String> told = new ArrayList<>(this.notes);
			for (Outcome each : this.outcomes) {
				told.add(each.number() + ": "
						+ (each.succeeded() ? types.written(each.value(), each.plan()) : each.failure()));
			}
			told.add(this.end);
			return told;
		}

		private final class Call implements PendingReply {

			private final long number;

			private final ValuePlan plan;

			Call(long number, ValuePlan plan) {
				this.number = number;
				this.plan = plan;
			}

			@Override
			public ValuePlan replyPlan() {
				return this.plan;
			}

			@Override
			public void metadata(Map<String, String> metadata) {
				Replies.this.notes.add(this.number + " with " + metadata);
			}

			@Override
			public void succeeded(@Nullable Object value) {
				Replies.this.outcomes.add(new Outcome(this.number, this.plan, value, null));
			}

			@Override
			public void failed(String error, @Nullable RpcCode code, @Nullable Known known) {
				Promises.that(!error.isEmpty(), "a failure without a text");
				Replies.this.outcomes
					.add(new Outcome(this.number, this.plan, null, "failed: " + error + " " + code + " " + known));
			}

			@Override
			public void malformed(String reason) {
				Promises.told(reason);
				Replies.this.outcomes.add(new Outcome(this.number, this.plan, null, "misfit: " + reason));
			}

		}

	}

}
