package io.github.netrpc.gob;

/**
 * What a stream may ask of us. Every limit is checked before anything is allocated for
 * what was announced. Immutable. <pre class="code">
 * GobLimits large = GobLimits.DEFAULT.withMaxMessageBytes(64 &lt;&lt; 20).withMaxDepth(1_000);
 * </pre>
 *
 * @param maxMessageBytes the largest message, read or written, in bytes; also the most
 * that one value may take when it is cut over several messages
 * @param maxDecodedBytes the most memory that one decoded value may take, in bytes, by
 * the instance sizes computed when its type was compiled
 * @param maxDepth how deep values may be nested, read, skipped or written
 * @param maxStringBytes the longest string read, in bytes; byte slices may be as long as
 * a message
 * @param maxTypes how many types one stream may define
 * @param maxDefinitionBytes how many bytes of definitions one stream may send
 * @param maxNameBytes the longest name of a type in an interface value, in bytes
 * @since 0.1.0
 */
public record GobLimits(int maxMessageBytes, long maxDecodedBytes, int maxDepth, int maxStringBytes, int maxTypes,
		int maxDefinitionBytes, int maxNameBytes) {

	/**
	 * 4 MiB messages, 64 MiB decoded, depth 64, 1,000 types in 256 KiB, names of 1 KiB.
	 */
	public static final GobLimits DEFAULT = new GobLimits(4 << 20, 64L << 20, 64, 4 << 20, 1_000, 256 << 10, 1_024);

	public GobLimits {
		atLeastOne("maxMessageBytes", maxMessageBytes);
		atLeastOne("maxDecodedBytes", maxDecodedBytes);
		atLeastOne("maxDepth", maxDepth);
		atLeastOne("maxStringBytes", maxStringBytes);
		atLeastOne("maxTypes", maxTypes);
		atLeastOne("maxDefinitionBytes", maxDefinitionBytes);
		atLeastOne("maxNameBytes", maxNameBytes);
		if (maxMessageBytes > 1 << 30) {
			throw new IllegalArgumentException("maxMessageBytes: " + maxMessageBytes + " (at most 1 GiB)");
		}
	}

	private static void atLeastOne(String name, long value) {
		if (value < 1) {
			throw new IllegalArgumentException(name + ": " + value + " (at least 1)");
		}
	}

	/**
	 * These limits with another message size; strings may then be as long as a message.
	 * @param bytes the largest message, in bytes
	 * @return the new limits
	 */
	public GobLimits withMaxMessageBytes(int bytes) {
		return new GobLimits(bytes, this.maxDecodedBytes, this.maxDepth, bytes, this.maxTypes, this.maxDefinitionBytes,
				this.maxNameBytes);
	}

	/**
	 * These limits with another bound for decoded values.
	 * @param bytes the memory one decoded value may take, in bytes
	 * @return the new limits
	 */
	public GobLimits withMaxDecodedBytes(long bytes) {
		return new GobLimits(this.maxMessageBytes, bytes, this.maxDepth, this.maxStringBytes, this.maxTypes,
				this.maxDefinitionBytes, this.maxNameBytes);
	}

	/**
	 * These limits with another depth.
	 * @param depth how deep values may be nested
	 * @return the new limits
	 */
	public GobLimits withMaxDepth(int depth) {
		return new GobLimits(this.maxMessageBytes, this.maxDecodedBytes, depth, this.maxStringBytes, this.maxTypes,
				this.maxDefinitionBytes, this.maxNameBytes);
	}

	/**
	 * These limits with another bound for type definitions.
	 * @param types how many types one stream may define
	 * @param bytes how many bytes its definitions may take together
	 * @return the new limits
	 */
	public GobLimits withMaxTypes(int types, int bytes) {
		return new GobLimits(this.maxMessageBytes, this.maxDecodedBytes, this.maxDepth, this.maxStringBytes, types,
				bytes, this.maxNameBytes);
	}

}
