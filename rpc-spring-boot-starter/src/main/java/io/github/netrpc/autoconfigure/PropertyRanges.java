package io.github.netrpc.autoconfigure;

import java.time.Duration;

import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.util.unit.DataSize;

import io.github.netrpc.wire.WireLimits;

/**
 * Refuses values of properties that lie beyond their range, in the words of Boot's own
 * failure analysis. Each method returns the value it was given.
 *
 * @since 0.1.0
 */
public final class PropertyRanges {

	/** No format takes larger messages: 1 GiB. */
	private static final int MOST_BYTES = 1 << 30;

	private PropertyRanges() {
	}

	/**
	 * Checks a number.
	 * @param name the whole name of the property
	 * @param value the value
	 * @param least the least value allowed
	 * @param most the largest value allowed
	 * @return the value
	 * @throws InvalidConfigurationPropertyValueException if it lies beyond the range
	 */
	public static int between(String name, int value, int least, int most) {
		if (value < least || value > most) {
			throw new InvalidConfigurationPropertyValueException(name, value, (most == Integer.MAX_VALUE)
					? "must be " + least + " or more" : "must be between " + least + " and " + most);
		}
		return value;
	}

	/**
	 * Checks that a time is longer than nothing.
	 * @param name the whole name of the property
	 * @param value the value
	 * @return the value
	 * @throws InvalidConfigurationPropertyValueException if it is zero or negative
	 */
	public static Duration positive(String name, Duration value) {
		if (value.isZero() || value.isNegative()) {
			throw new InvalidConfigurationPropertyValueException(name, value, "must be more than zero");
		}
		return value;
	}

	/**
	 * Checks that a time is not shorter than another one.
	 * @param name the whole name of the property
	 * @param value the value
	 * @param least the shortest time allowed
	 * @return the value
	 * @throws InvalidConfigurationPropertyValueException if it is shorter
	 */
	public static Duration atLeast(String name, Duration value, Duration least) {
		if (value.compareTo(least) < 0) {
			throw new InvalidConfigurationPropertyValueException(name, value,
					"must be " + least.toMillis() + "ms or more");
		}
		return value;
	}

	/**
	 * Checks a part of one.
	 * @param name the whole name of the property
	 * @param value the value
	 * @return the value
	 * @throws InvalidConfigurationPropertyValueException if it is not between 0 and 1
	 */
	public static double ratio(String name, double value) {
		if (!(value >= 0 && value <= 1)) {
			throw new InvalidConfigurationPropertyValueException(name, value, "must be between 0 and 1");
		}
		return value;
	}

	/**
	 * Checks that a time is not negative.
	 * @param name the whole name of the property
	 * @param value the value
	 * @return the value
	 * @throws InvalidConfigurationPropertyValueException if it is negative
	 */
	public static Duration notNegative(String name, Duration value) {
		if (value.isNegative()) {
			throw new InvalidConfigurationPropertyValueException(name, value, "must be zero or more");
		}
		return value;
	}

	/**
	 * Checks that a time is longer than another one.
	 * @param name the whole name of the property
	 * @param value the value
	 * @param other what it has to exceed
	 * @return the value
	 * @throws InvalidConfigurationPropertyValueException if it does not
	 */
	public static Duration moreThan(String name, Duration value, Duration other) {
		if (value.compareTo(other) <= 0) {
			throw new InvalidConfigurationPropertyValueException(name, value, "must be more than " + other);
		}
		return value;
	}

	/**
	 * Checks a number of places.
	 * @param name the whole name of the property
	 * @param value the value
	 * @param most the largest value allowed
	 * @return the value
	 * @throws InvalidConfigurationPropertyValueException if it is no power of two or
	 * beyond the range
	 */
	public static int powerOfTwo(String name, int value, int most) {
		if (value < 1 || value > most || Integer.bitCount(value) != 1) {
			throw new InvalidConfigurationPropertyValueException(name, value,
					"must be a power of two between 1 and " + most);
		}
		return value;
	}

	/**
	 * Checks a size.
	 * @param name the whole name of the property
	 * @param value the value
	 * @param least the least number of bytes allowed
	 * @return the value
	 * @throws InvalidConfigurationPropertyValueException if it is less
	 */
	public static DataSize upToGigabyte(String name, DataSize value, long least) {
		bytes(name, value, least, MOST_BYTES);
		return value;
	}

	/**
	 * Checks a path of HTTP's {@code CONNECT}.
	 * @param name the whole name of the property
	 * @param value the value
	 * @return the value
	 * @throws InvalidConfigurationPropertyValueException if it does not begin with a
	 * slash or holds blanks, control characters or more than ASCII
	 */
	public static String path(String name, String value) {
		if (!value.startsWith("/") || !value.chars().allMatch((c) -> c > ' ' && c < 0x7f)) {
			throw new InvalidConfigurationPropertyValueException(name, value,
					"must begin with a slash and hold neither blanks nor control characters");
		}
		return value;
	}

	/**
	 * Checks the limits on what a peer may send, and brings them together.
	 * @param prefix the prefix of the properties, without the last dot
	 * @param maxMessageSize value of {@code max-message-size}
	 * @param maxDecodedSize value of {@code max-decoded-size}
	 * @param maxDepth value of {@code max-depth}
	 * @param maxStringSize value of {@code max-string-size}
	 * @param maxNumberDigits value of {@code max-number-digits}
	 * @param maxDefinitions value of {@code max-definitions}
	 * @param maxDefinitionsSize value of {@code max-definitions-size}
	 * @return the limits
	 * @throws InvalidConfigurationPropertyValueException if one lies beyond its range
	 */
	public static WireLimits limits(String prefix, DataSize maxMessageSize, DataSize maxDecodedSize, int maxDepth,
			DataSize maxStringSize, int maxNumberDigits, int maxDefinitions, DataSize maxDefinitionsSize) {
		return new WireLimits((int) bytes(prefix + ".max-message-size", maxMessageSize, 64, MOST_BYTES),
				bytes(prefix + ".max-decoded-size", maxDecodedSize, 64, Long.MAX_VALUE),
				between(prefix + ".max-depth", maxDepth, 1, 10_000),
				(int) bytes(prefix + ".max-string-size", maxStringSize, 1, MOST_BYTES),
				between(prefix + ".max-number-digits", maxNumberDigits, 1, Integer.MAX_VALUE),
				between(prefix + ".max-definitions", maxDefinitions, 1, 1_000_000),
				(int) bytes(prefix + ".max-definitions-size", maxDefinitionsSize, 1, MOST_BYTES));
	}

	private static long bytes(String name, DataSize value, long least, long most) {
		if (value.toBytes() < least || value.toBytes() > most) {
			throw new InvalidConfigurationPropertyValueException(name, value,
					"must be " + least + " bytes or more" + ((most == Long.MAX_VALUE) ? "" : ", and at most 1 GB"));
		}
		return value.toBytes();
	}

}
