package io.github.netrpc.gob;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.junit.jupiter.api.function.Executable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The golden vectors made by real Go, and ways to feed their bytes.
 */
public final class Vectors {

	static final List<String> VALUES = List.of("values_interfaces", "values_maps", "values_recursive", "values_scalars",
			"values_self_encoding", "values_sequences", "values_slices_arrays", "values_strings_bytes",
			"values_structs");

	private static final Set<String> READ = ConcurrentHashMap.newKeySet();

	private Vectors() {
	}

	/**
	 * Which files some code reads.
	 * @param code the code
	 * @return the names of the files
	 */
	public static Set<String> readBy(Executable code) throws Throwable {
		READ.clear();
		code.execute();
		return Set.copyOf(READ);
	}

	public static List<Case> cases(String file) {
		READ.add(file);
		try (InputStream in = Vectors.class.getResourceAsStream("/vectors/" + file + ".json")) {
			List<Case> cases = new ArrayList<>();
			for (JsonNode node : JsonMapper.builder().build().readTree(in).get("cases")) {
				cases.add(new Case(file, node));
			}
			return cases;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	static List<Case> values() {
		return VALUES.stream().flatMap((file) -> cases(file).stream()).toList();
	}

	/** How the bytes of a stream come. */
	public enum Feed {

		WHOLE, BYTE_BY_BYTE

	}

	/** Reads values from bytes that come whole or one at a time. */
	public static final class Stream {

		final GobDecoder decoder;

		private final byte[] bytes;

		private int from;

		private int to;

		private final int step;

		public Stream(Gob gob, byte[] bytes, Feed feed) {
			this.decoder = gob.decoder();
			this.bytes = bytes;
			this.step = (feed == Feed.WHOLE) ? Math.max(1, bytes.length) : 1;
			this.to = (feed == Feed.WHOLE) ? bytes.length : 0;
		}

		/** The next value; an {@link EndOfStream} if there is none. */
		Object read(java.util.function.Predicate<GobDecoder> how) {
			while (true) {
				try {
					if (this.decoder.next(this.bytes, this.from, this.to) && how.test(this.decoder)) {
						Object value = this.decoder.value();
						this.from = this.decoder.position();
						return value;
					}
				}
				catch (GobException ex) {
					this.from = this.decoder.position();
					throw ex;
				}
				this.from = this.decoder.position();
				if (this.to == this.bytes.length) {
					throw new EndOfStream(this.decoder.mayEnd(this.from, this.to));
				}
				this.to = Math.min(this.bytes.length, this.to + this.step);
			}
		}

		public Object read(GobType<?> type) {
			return read((decoder) -> decoder.read(type));
		}

		public Object readDynamic() {
			return read(GobDecoder::readDynamic);
		}

		void skip() {
			read(GobDecoder::skip);
		}

		public int left() {
			return this.bytes.length - this.from;
		}

	}

	/** The stream ended before a value had come. */
	static final class EndOfStream extends RuntimeException {

		final boolean clean;

		EndOfStream(boolean clean) {
			super(clean ? "EOF" : "unexpected EOF");
			this.clean = clean;
		}

	}

	/** One vector. */
	public record Case(String file, JsonNode node) {

		public String name() {
			return this.node.get("name").asString();
		}

		public byte[] bytes() {
			return HexFormat.of().parseHex(text("hex"));
		}

		public String text(String member) {
			return this.node.get(member).asString();
		}

		public boolean has(String member) {
			return this.node.has(member);
		}

		/**
		 * Whether the server of a conversation was the first to close.
		 * @return false if the client was, or nobody has closed
		 */
		public boolean serverClosesFirst() {
			for (JsonNode step : this.node.get("steps")) {
				if (step.has("close")) {
					return step.get("from").asString().equals("server");
				}
			}
			return false;
		}

		@Override
		public String toString() {
			return this.file + ":" + name();
		}

	}

}
