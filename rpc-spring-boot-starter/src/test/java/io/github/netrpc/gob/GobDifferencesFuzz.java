package io.github.netrpc.gob;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.fuzz.Cuts;
import io.github.netrpc.fuzz.FuzzTarget;
import io.github.netrpc.fuzz.Promises;
import io.github.netrpc.type.TypeRef;

/**
 * What real Go reads from a stream, we read, and the other way round, the same values up
 * to the same place, however they are cut, but for what {@link MeantDifferences} lists.
 * The first byte of an input chooses the type. Without Go, known inputs are compared with
 * what it was recorded to say.
 */
public final class GobDifferencesFuzz implements FuzzTarget {

	private static final int MOST_VALUES = 4;

	private static final long SEED = 7;

	/** The kind with interface values. */
	private static final int ANYS = 7;

	private final Gob gob = Gob.builder().types(RandomTypes.NAMES).build();

	private final List<GobType<?>> types = new ArrayList<>();

	private final List<RandomShape> shapes = new ArrayList<>();

	private final GoAnswers go;

	private final boolean live;

	/**
	 * Makes the target with a live Go, if there is one.
	 */
	public GobDifferencesFuzz() {
		this(GoDecoder.find());
	}

	private GobDifferencesFuzz(@Nullable GoDecoder found) {
		this((found != null) ? found : RecordedAnswers.read(), found != null);
	}

	GobDifferencesFuzz(GoAnswers go, boolean live) {
		this.go = go;
		this.live = live;
		for (TypeRef<?> kind : RandomTypes.KINDS) {
			this.types.add(this.gob.type(kind));
			this.shapes.add(RandomShape.of(kind.annotatedType()));
		}
	}

	@Override
	public String name() {
		return "gob-differences";
	}

	@Override
	public String description() {
		return "a gob stream read by us and by real Go";
	}

	@Override
	public List<byte[]> seeds() {
		List<byte[]> seeds = new ArrayList<>();
		Random random = new Random(SEED);
		for (int i = 0; i < 4 * this.types.size(); i++) {
			int kind = i % this.types.size();
			byte[] seed = input(kind, write(kind, this.shapes.get(kind).randomElement(random, 3)));
			if (seed.length < 2_000) {
				seeds.add(seed);
			}
		}
		BasicValues.streams().forEach((stream) -> seeds.add(input(ANYS, stream)));
		Vectors.cases("values_interfaces").forEach((vector) -> seeds.add(input(ANYS, vector.bytes())));
		for (String file : List.of("decode_compat", "decode_malformed", "values_structs")) {
			int kind = 0;
			for (Vectors.Case vector : Vectors.cases(file)) {
				seeds.add(input(kind++ % this.types.size(), vector.bytes()));
			}
		}
		return seeds;
	}

	private static byte[] input(int kind, byte[] stream) {
		byte[] input = new byte[1 + stream.length];
		input[0] = (byte) kind;
		System.arraycopy(stream, 0, input, 1, stream.length);
		return input;
	}

	@SuppressWarnings("unchecked")
	private byte[] write(int kind, Object value) {
		GobWriter message = this.gob.writer();
		((GobType<Object>) this.types.get(kind)).write(value, message);
		GobWriter out = this.gob.writer();
		this.gob.sentTypes().appendMissing(message, out);
		out.append(message);
		return Arrays.copyOf(out.array(), out.length());
	}

	@Override
	public @Nullable String missing() {
		return this.live ? null : "no program \"go\" on the PATH";
	}

	@Override
	public void record(List<byte[]> known, Path folder) throws IOException {
		SortedMap<String, Answer> answers = new TreeMap<>();
		for (byte[] input : known) {
			Answer answer = answer(input);
			if (answer != null) {
				answers.put(RecordedAnswers.key(kind(input), stream(input)), answer);
			}
		}
		RecordedAnswers.write(answers, folder);
	}

	/** What Go makes of an input; null if nothing is known, or it is spared it. */
	@Nullable Answer answer(byte[] input) {
		return isComparable(input) ? this.go.read(kind(input), MOST_VALUES, stream(input)) : null;
	}

	/** Whether Go is asked what it makes of an input. */
	boolean isComparable(byte[] input) {
		return input.length >= 2
				&& !MeantDifferences.tooCostlyForGo(read(stream(input), kind(input), Cuts.NONE).failure());
	}

	@Override
	public void run(byte[] input) {
		if (input.length < 2) {
			return;
		}
		int kind = kind(input);
		byte[] stream = stream(input);
		Answer ours = read(stream, kind, Cuts.NONE);
		Cuts cuts = Cuts.of(stream);
		Promises.same(cuts, ours.untold(), read(stream, kind, cuts).untold());
		if (MeantDifferences.tooCostlyForGo(ours.failure())) {
			return;
		}
		Answer ofGo = this.go.read(kind, MOST_VALUES, stream);
		Promises.that(
				ofGo == null || ours.agrees(ofGo) || MeantDifferences.explain(ours, ofGo)
						|| MeantDifferences.explain(stream)
						|| new OddDefinitions(RandomTypes.KINDS.get(kind).type()).areIn(this.gob.decoder(), stream),
				"type " + kind + " read by us: " + ours + "\nby Go: " + ofGo);
	}

	private int kind(byte[] input) {
		return (input[0] & 0xff) % this.types.size();
	}

	private static byte[] stream(byte[] input) {
		return Arrays.copyOfRange(input, 1, input.length);
	}

	private Answer read(byte[] stream, int kind, Cuts cuts) {
		Reading reading = new Reading(this.gob.decoder(), this.types.get(kind), this.shapes.get(kind));
		int consumed = cuts.feed(stream, reading);
		return reading.answer(consumed, stream.length);
	}

	/** One stream of values of one type. */
	private static final class Reading implements Cuts.Reader<RuntimeException> {

		private final GobDecoder decoder;

		private final GobType<?> type;

		private final RandomShape shape;

		private final List<Long> hashes = new ArrayList<>();

		private @Nullable String failure;

		Reading(GobDecoder decoder, GobType<?> type, RandomShape shape) {
			this.decoder = decoder;
			this.type = type;
			this.shape = shape;
		}

		@Override
		public int read(byte[] buffer, int from, int to) {
			int at = from;
			try {
				while (!hasEnded()) {
					if (!this.decoder.next(buffer, at, to) || !this.decoder.read(this.type)) {
						return this.decoder.position() - from;
					}
					this.hashes.add(RandomShape.Hash.ifClear(this.shape, this.decoder.value()));
					at = this.decoder.position();
				}
			}
			catch (GobException ex) {
				this.failure = ex.getMessage();
			}
			return to - from;
		}

		private boolean hasEnded() {
			return this.failure != null || this.hashes.size() == MOST_VALUES;
		}

		Answer answer(int consumed, int length) {
			String end = this.failure;
			if (!hasEnded()) {
				end = this.decoder.mayEnd(consumed, length) ? Answer.END : Answer.CUT;
			}
			return new Answer(this.hashes, (end != null) ? end : "");
		}

	}

	/**
	 * What a reader made of a stream.
	 *
	 * @param hashes of the values
	 * @param failure what ended it, empty if nothing did
	 */
	record Answer(List<Long> hashes, String failure) {

		/** The failure of a stream that ends between values. */
		static final String END = "EOF";

		/** The failure of a stream that ends within one. */
		static final String CUT = "unexpected EOF";

		/**
		 * In place of the hash of a value that may well be the same: with a string that
		 * is no UTF-8, or with keys that are equal on one side only.
		 */
		static final long VAGUE = 0;

		/** Whether the values are the same, and both failed or neither did. */
		boolean agrees(Answer other) {
			return this.hashes.size() == other.hashes.size() && beginsLike(other)
					&& this.failure.isEmpty() == other.failure.isEmpty();
		}

		/**
		 * The same without what a refusal says: of two faults the one that is seen first
		 * depends on what has come.
		 */
		Answer untold() {
			boolean refused = !this.failure.isEmpty() && !this.failure.equals(END) && !this.failure.equals(CUT);
			return refused ? new Answer(this.hashes, "refused") : this;
		}

		/** Whether these values are the first ones of the other. */
		boolean beginsLike(Answer other) {
			if (this.hashes.size() > other.hashes.size()) {
				return false;
			}
			for (int i = 0; i < this.hashes.size(); i++) {
				long theirs = other.hashes.get(i);
				long ours = this.hashes.get(i);
				if (theirs != VAGUE && ours != VAGUE && theirs != ours) {
					return false;
				}
			}
			return true;
		}

	}

}
