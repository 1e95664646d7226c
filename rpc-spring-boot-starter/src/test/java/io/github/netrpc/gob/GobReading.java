package io.github.netrpc.gob;

import java.util.List;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.fuzz.Cuts;
import io.github.netrpc.fuzz.Promises;

/**
 * Reads all values of a stream into one type, and says in words what came.
 */
final class GobReading implements Cuts.Reader<RuntimeException> {

	private final GobDecoder decoder;

	private final @Nullable GobType<?> type;

	private final List<@Nullable Object> values;

	private final int most;

	private final StringBuilder outcome = new StringBuilder();

	private int noted;

	private boolean ended;

	private GobReading(GobDecoder decoder, @Nullable GobType<?> type, List<@Nullable Object> values, int most) {
		this.decoder = decoder;
		this.type = type;
		this.values = values;
		this.most = most;
	}

	/**
	 * Reads a stream.
	 * @param gob the context
	 * @param stream the bytes
	 * @param cuts how they come
	 * @param type the type, or null to skip all values
	 * @param values takes the values
	 * @param most how many values, good and bad, are read
	 * @return what came, and where the stream was left
	 */
	static String outcome(Gob gob, byte[] stream, Cuts cuts, @Nullable GobType<?> type, List<?> values, int most) {
		@SuppressWarnings("unchecked")
		GobReading reading = new GobReading(gob.decoder(), type, (List<@Nullable Object>) values, most);
		int consumed = cuts.feed(stream, reading);
		if (!reading.ended) {
			reading.outcome.append("end behind ")
				.append(consumed)
				.append(reading.decoder.mayEnd(consumed, stream.length) ? ", clean" : "");
		}
		return reading.outcome.toString();
	}

	@Override
	public int read(byte[] buffer, int from, int to) {
		int at = from;
		while (!this.ended) {
			try {
				if (!this.decoder.next(buffer, at, to)) {
					break;
				}
				boolean whole = this.decoder.isWhole();
				if (!((this.type != null) ? this.decoder.read(this.type) : this.decoder.skip())) {
					Promises.that(!whole, "a value that was whole is not");
					break;
				}
				this.values.add(this.decoder.value());
				note("value");
			}
			catch (GobException ex) {
				String message = ex.getMessage();
				Promises.told(message);
				// Of two faults the first to be seen depends on what came first
				note(ex.inStep() ? message : "out of step");
				if (!ex.inStep()) {
					this.ended = true;
				}
			}
			at = this.decoder.position();
		}
		return this.ended ? to - from : this.decoder.position() - from;
	}

	private void note(String what) {
		this.outcome.append(what).append("; ");
		this.ended = this.outcome.length() > 16_384 || ++this.noted >= this.most;
	}

}
