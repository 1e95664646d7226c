package io.github.netrpc.gob;

import java.util.ArrayList;
import java.util.List;

import io.github.netrpc.fuzz.Cuts;
import io.github.netrpc.fuzz.FuzzTarget;
import io.github.netrpc.fuzz.Promises;

/**
 * What nobody wants is read over: a value that is skipped whole, or whose fields a struct
 * does not know, ends where it ends for a reader that wants all of it.
 */
public final class GobSkippedFuzz implements FuzzTarget {

	private static final int MOST_VALUES = 8;

	private final Gob gob = Gob.builder().types(GoTypes.NAMES).limits(GobValuesFuzz.LIMITS).build();

	private final GobType<?> stranger = this.gob.type(GoTypes.Keep.class);

	@Override
	public String name() {
		return "gob-skipped";
	}

	@Override
	public String description() {
		return "a gob stream skipped, read by its own definitions, and read into a struct that knows none of its fields";
	}

	@Override
	public List<byte[]> seeds() {
		List<byte[]> seeds = new ArrayList<>();
		for (String file : List.of("decode_compat", "decode_malformed")) {
			Vectors.cases(file).forEach((vector) -> seeds.add(vector.bytes()));
		}
		Vectors.values().forEach((vector) -> seeds.add(vector.bytes()));
		return seeds;
	}

	@Override
	public void run(byte[] input) {
		String whole = GobReading.outcome(this.gob, input, Cuts.NONE, null, new ArrayList<>(), MOST_VALUES);
		Promises.bounded(input, 0,
				() -> GobReading.outcome(this.gob, input, Cuts.NONE, null, new ArrayList<>(), MOST_VALUES));
		Cuts cuts = Cuts.of(input);
		Promises.same(cuts, whole, GobReading.outcome(this.gob, input, cuts, null, new ArrayList<>(), MOST_VALUES));
		List<Integer> skipped = ends(input, GobDecoder::skip);
		samePlaces("read by its definitions", skipped, ends(input, GobDecoder::readDynamic));
		samePlaces("read into another struct", skipped, ends(input, (decoder) -> decoder.read(this.stranger)));
		String strange = GobReading.outcome(this.gob, input, Cuts.NONE, this.stranger, new ArrayList<>(), MOST_VALUES);
		Promises.same("another struct, " + cuts, strange,
				GobReading.outcome(this.gob, input, cuts, this.stranger, new ArrayList<>(), MOST_VALUES));
	}

	/**
	 * Where each value ends, negative if it was lost there; the last one may be a break.
	 */
	private List<Integer> ends(byte[] input, java.util.function.Predicate<GobDecoder> how) {
		List<Integer> ends = new ArrayList<>();
		GobDecoder decoder = this.gob.decoder();
		int at = 0;
		while (ends.size() < MOST_VALUES) {
			try {
				if (!decoder.next(input, at, input.length) || !how.test(decoder)) {
					return ends;
				}
				decoder.value();
				ends.add(decoder.position());
			}
			catch (GobException ex) {
				if (!ex.inStep()) {
					return ends;
				}
				ends.add(-decoder.position());
			}
			at = decoder.position();
		}
		return ends;
	}

	/**
	 * A value may be lost to one reader and not to the other, but then both go on there.
	 */
	private static void samePlaces(String what, List<Integer> skipped, List<Integer> ends) {
		for (int i = 0; i < Math.min(skipped.size(), ends.size()); i++) {
			Promises.that(Math.abs(skipped.get(i)) == Math.abs(ends.get(i)),
					what + ": values end at " + ends + ", skipped ones at " + skipped);
			Promises.that(skipped.get(i) >= 0 || ends.get(i) < 0,
					what + ": " + ends + " is more than can be skipped: " + skipped);
		}
	}

}
