package io.github.netrpc.wire;

/**
 * Bounds on what a peer may send. All are checked before anything of that size is
 * allocated.
 *
 * @param maxMessageBytes size of one message on the wire, in bytes
 * @param maxDecodedBytes memory that the values of one message may take, in bytes, as
 * computed by the plans
 * @param maxDepth nesting of values, also of skipped ones, and of type definitions
 * @param maxStringBytes size of one string on the wire, in bytes
 * @param maxNumberDigits digits of one number in text formats
 * @param maxDefinitions how many types a connection may define, in formats that do
 * @param maxDefinitionBytes size of all these definitions on the wire, in bytes
 * @since 0.1.0
 */
public record WireLimits(int maxMessageBytes, long maxDecodedBytes, int maxDepth, int maxStringBytes,
		int maxNumberDigits, int maxDefinitions, int maxDefinitionBytes) {

	/** 4 MiB, 64 MiB, 64 levels, 1 MiB, 256 digits, 1,000 types in 256 KiB. */
	public static final WireLimits DEFAULT = new WireLimits(4 << 20, 64L << 20, 64, 1 << 20, 256, 1_000, 256 << 10);

	public WireLimits {
		check("maxMessageBytes", maxMessageBytes, 64);
		check("maxDecodedBytes", maxDecodedBytes, 64);
		check("maxDepth", maxDepth, 1);
		check("maxStringBytes", maxStringBytes, 1);
		check("maxNumberDigits", maxNumberDigits, 1);
		check("maxDefinitions", maxDefinitions, 1);
		check("maxDefinitionBytes", maxDefinitionBytes, 1);
	}

	/**
	 * Creates limits with the standard ones for definitions of types.
	 * @param maxMessageBytes size of one message on the wire, in bytes
	 * @param maxDecodedBytes memory that the values of one message may take, in bytes
	 * @param maxDepth nesting of values
	 * @param maxStringBytes size of one string on the wire, in bytes
	 * @param maxNumberDigits digits of one number in text formats
	 */
	public WireLimits(int maxMessageBytes, long maxDecodedBytes, int maxDepth, int maxStringBytes,
			int maxNumberDigits) {
		this(maxMessageBytes, maxDecodedBytes, maxDepth, maxStringBytes, maxNumberDigits, DEFAULT.maxDefinitions(),
				DEFAULT.maxDefinitionBytes());
	}

	private static void check(String name, long value, long least) {
		if (value < least) {
			throw new IllegalArgumentException(name + ": " + value + " (expected: " + least + " or more)");
		}
	}

}
