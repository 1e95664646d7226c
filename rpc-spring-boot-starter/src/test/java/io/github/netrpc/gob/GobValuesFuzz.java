package io.github.netrpc.gob;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.fuzz.Cuts;
import io.github.netrpc.fuzz.FuzzTarget;
import io.github.netrpc.fuzz.Promises;
import io.github.netrpc.gob.Vectors.Case;

/**
 * A gob stream is values and errors that say so, the same ones however it is cut; values
 * can be written and read again; memory and depth are bounded. The first byte of an input
 * chooses the Java type that its values are read into.
 */
public final class GobValuesFuzz implements FuzzTarget {

	/** Small, so that a few bytes can reach them. */
	static final GobLimits LIMITS = GobLimits.DEFAULT.withMaxMessageBytes(16 << 10)
		.withMaxDecodedBytes(32 << 10)
		.withMaxTypes(100, 8 << 10);

	private static final int MOST_VALUES = 8;

	private final Gob gob = Gob.builder().types(GoTypes.NAMES).limits(LIMITS).build();

	/** Reads again what was written of values that came in a more compact form. */
	private final Gob roomy = Gob.builder().types(GoTypes.NAMES).build();

	private final List<Choice> choices = new ArrayList<>();

	private final List<byte[]> seeds = new ArrayList<>();

	/**
	 * Makes the target.
	 */
	public GobValuesFuzz() {
		Map<String, Integer> indexes = new LinkedHashMap<>();
		for (String file : files()) {
			for (Case vector : Vectors.cases(file)) {
				String type = type(vector);
				if (type != null) {
					int index = indexes.computeIfAbsent(type, (name) -> {
						this.choices.add(new Choice(GoTypes.type(this.gob, name), GoTypes.type(this.roomy, name)));
						return this.choices.size() - 1;
					});
					this.seeds.add(chosen(index, vector.bytes()));
				}
			}
		}
	}

	private static List<String> files() {
		List<String> files = new ArrayList<>(Vectors.VALUES);
		files.add("decode_compat");
		files.add("decode_malformed");
		return files;
	}

	private static @Nullable String type(Case vector) {
		String member = vector.has("into") ? "into" : "type";
		return (vector.has(member) && !vector.node().get(member).isNull()) ? vector.text(member) : null;
	}

	private static byte[] chosen(int index, byte[] stream) {
		byte[] input = new byte[stream.length + 1];
		input[0] = (byte) index;
		System.arraycopy(stream, 0, input, 1, stream.length);
		return input;
	}

	@Override
	public String name() {
		return "gob-values";
	}

	@Override
	public String description() {
		return "a gob stream read into one of " + this.choices.size() + " Java types";
	}

	@Override
	public List<byte[]> seeds() {
		return this.seeds;
	}

	@Override
	public void run(byte[] input) {
		if (input.length == 0) {
			return;
		}
		Choice choice = this.choices.get((input[0] & 0xff) % this.choices.size());
		byte[] stream = Arrays.copyOfRange(input, 1, input.length);
		check(stream, choice);
	}

	/** All that is promised about a stream and a type. */
	void check(byte[] stream, Choice choice) {
		List<Object> values = new ArrayList<>();
		String whole = GobReading.outcome(this.gob, stream, Cuts.NONE, choice.type(), values, MOST_VALUES);
		Promises.bounded(stream, MOST_VALUES * LIMITS.maxDecodedBytes(),
				() -> GobReading.outcome(this.gob, stream, Cuts.NONE, choice.type(), new ArrayList<>(), MOST_VALUES));
		Cuts cuts = Cuts.of(stream);
		List<Object> ofPieces = new ArrayList<>();
		Promises.same(cuts, whole, GobReading.outcome(this.gob, stream, cuts, choice.type(), ofPieces, MOST_VALUES));
		for (int i = 0; i < values.size(); i++) {
			byte[] written = write(this.roomy, choice.roomy(), values.get(i));
			if (written != null) {
				Promises.same("value " + i + " " + cuts, hex(written),
						hex(write(this.roomy, choice.roomy(), ofPieces.get(i))));
				readAgain(written, choice);
			}
		}
	}

	private void readAgain(byte[] written, Choice choice) {
		List<Object> again = new ArrayList<>();
		String outcome = GobReading.outcome(this.roomy, written, Cuts.NONE, choice.roomy(), again, 2);
		Promises.that(again.size() == 1, "what we wrote reads as " + outcome + ": " + hex(written));
		byte[] twice = write(this.roomy, choice.roomy(), again.get(0));
		Promises.same("written, read and written", hex(written), hex(twice));
	}

	private static String hex(byte @Nullable [] bytes) {
		return (bytes != null) ? HexFormat.of().formatHex(bytes) : "refused";
	}

	@SuppressWarnings("unchecked")
	private static byte @Nullable [] write(Gob gob, GobType<?> type, @Nullable Object value) {
		GobWriter message = gob.writer();
		try {
			((GobType<Object>) type).write(value, message);
		}
		catch (GobException ex) {
			return null;
		}
		GobWriter out = gob.writer();
		gob.sentTypes().appendMissing(message, out);
		out.append(message);
		return Arrays.copyOf(out.array(), out.length());
	}

	Choice choice(int index) {
		return this.choices.get(index % this.choices.size());
	}

	/** A Java type, with small limits and with the default ones. */
	record Choice(GobType<?> type, GobType<?> roomy) {

	}

}
