package io.github.netrpc.json;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;

/**
 * Times as Go's {@code time.Time} writes them: RFC 3339 with as many decimals as needed,
 * years 0 to 9999, offsets in whole minutes.
 */
final class GoTimes {

	/** Go's zero time. */
	static final OffsetDateTime ZERO = OffsetDateTime.of(1, 1, 1, 0, 0, 0, 0, ZoneOffset.UTC);

	private static final DateTimeFormatter RFC_3339 = new DateTimeFormatterBuilder().appendValue(ChronoField.YEAR, 4)
		.appendPattern("-MM-dd'T'HH:mm:ss")
		.appendFraction(ChronoField.NANO_OF_SECOND, 0, 9, true)
		.appendOffset("+HH:MM", "Z")
		.toFormatter(java.util.Locale.ROOT);

	private GoTimes() {
	}

	static String toString(OffsetDateTime time) {
		if (time.getYear() < 0 || time.getYear() > 9999) {
			throw new DateTimeException("year " + time.getYear() + " (expected: 0 to 9999)");
		}
		return RFC_3339.format(time);
	}

	static String toString(Instant time) {
		return toString(time.atOffset(ZoneOffset.UTC));
	}

	static OffsetDateTime parse(String text) {
		return OffsetDateTime.from(RFC_3339.parse(text));
	}

}
