package io.github.netrpc.gob;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.fuzz.FuzzTarget;
import io.github.netrpc.fuzz.Promises;
import io.github.netrpc.type.TypeRef;

/**
 * What real Go reads from a stream, we read, and the other way round, the same values up
 * to the same place, but for what {@link MeantDifferences} lists. The first byte of an
 * input chooses the type. Without Go there is nothing to compare with.
 */
public final class GobDifferencesFuzz implements FuzzTarget {

	private static final int MOST_VALUES = 4;

	private static final long SEED = 7;

	private final Gob gob = Gob.builder().types(RandomTypes.NAMES).build();

	private final List<GobType<?>> types = new ArrayList<>();

	private final List<RandomShape> shapes = new ArrayList<>();

	private final @Nullable GoDecoder go;

	/**
	 * Makes the target with a live Go, if there is one.
	 */
	public GobDifferencesFuzz() {
		this(GoDecoder.find());
	}

	GobDifferencesFuzz(@Nullable GoDecoder go) {
		this.go = go;
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
			ByteArrayOutputStream out = new ByteArrayOutputStream();
			out.write(kind);
			out.writeBytes(write(kind, this.shapes.get(kind).randomElement(random, 3)));
			if (out.size() < 2_000) {
				seeds.add(out.toByteArray());
			}
		}
		for (String file : List.of("decode_compat", "decode_malformed", "values_structs", "values_interfaces")) {
			int kind = 0;
			for (Vectors.Case vector : Vectors.cases(file)) {
				ByteArrayOutputStream out = new ByteArrayOutputStream();
				out.write(kind++ % this.types.size());
				out.writeBytes(vector.bytes());
				seeds.add(out.toByteArray());
			}
		}
		return seeds;
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
	public void run(byte[] input) throws Exception {
		if (input.length < 2 || this.go == null) {
			return;
		}
		int kind = (input[0] & 0xff) % this.types.size();
		byte[] stream = Arrays.copyOfRange(input, 1, input.length);
		Answer ours = read(stream, kind);
		if (MeantDifferences.tooCostlyForGo(ours.failure())) {
			return;
		}
		Answer ofGo = this.go.read(kind, MOST_VALUES, stream);
		Promises.that(ours.agrees(ofGo) || MeantDifferences.explain(ours, ofGo),
				"type " + kind + " read by us: " + ours + "\nby Go: " + ofGo);
	}

	private Answer read(byte[] stream, int kind) {
		List<Long> hashes = new ArrayList<>();
		GobDecoder decoder = this.gob.decoder();
		int at = 0;
		String failure = "";
		try {
			while (hashes.size() < MOST_VALUES) {
				if (!decoder.next(stream, at, stream.length) || !decoder.read(this.types.get(kind))) {
					failure = decoder.mayEnd(decoder.position(), stream.length) ? "EOF" : "unexpected EOF";
					break;
				}
				hashes.add(RandomShape.Hash.of(this.shapes.get(kind), decoder.value()));
				at = decoder.position();
			}
		}
		catch (GobException ex) {
			failure = ex.getMessage();
		}
		return new Answer(hashes, failure);
	}

	/**
	 * What a reader made of a stream.
	 *
	 * @param hashes of the values
	 * @param failure what ended it, empty if nothing did
	 */
	record Answer(List<Long> hashes, String failure) {

		/** In place of the hash of a value with a string that is no UTF-8. */
		static final long NO_TEXT = 0;

		/** Whether the values are the same, and both failed or neither did. */
		boolean agrees(Answer other) {
			return this.hashes.size() == other.hashes.size() && beginsLike(other)
					&& this.failure.isEmpty() == other.failure.isEmpty();
		}

		/** Whether these values are the first ones of the other. */
		boolean beginsLike(Answer other) {
			if (this.hashes.size() > other.hashes.size()) {
				return false;
			}
			for (int i = 0; i < this.hashes.size(); i++) {
				long theirs = other.hashes.get(i);
				if (theirs != NO_TEXT && theirs != this.hashes.get(i)) {
					return false;
				}
			}
			return true;
		}

	}

}
