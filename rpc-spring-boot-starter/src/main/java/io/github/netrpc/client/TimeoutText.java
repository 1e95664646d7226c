package io.github.netrpc.client;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * Reads times as Spring's properties write them: {@code 500ms}, {@code 10s}, {@code 10}
 * (milliseconds), {@code PT1M}.
 */
final class TimeoutText {

	private static final Pattern SIMPLE = Pattern.compile("([0-9]{1,18})(ns|us|ms|s|m|h|d)?");

	private static final Map<String, ChronoUnit> UNITS = Map.of("ns", ChronoUnit.NANOS, "us", ChronoUnit.MICROS, "ms",
			ChronoUnit.MILLIS, "s", ChronoUnit.SECONDS, "m", ChronoUnit.MINUTES, "h", ChronoUnit.HOURS, "d",
			ChronoUnit.DAYS);

	private TimeoutText() {
	}

	static Duration parse(String text) {
		Duration timeout = read(text.strip());
		if (timeout == null || timeout.isZero() || timeout.isNegative()) {
			throw new IllegalArgumentException(
					"timeout: \"" + text + "\" (expected: more than 0, such as 500ms or 10s)");
		}
		return timeout;
	}

	private static @Nullable Duration read(String text) {
		Matcher simple = SIMPLE.matcher(text);
		try {
			if (simple.matches()) {
				String unit = (simple.group(2) != null) ? simple.group(2) : "ms";
				return Duration.of(Long.parseLong(simple.group(1)), UNITS.getOrDefault(unit, ChronoUnit.MILLIS));
			}
			return Duration.parse(text);
		}
		catch (DateTimeParseException | ArithmeticException ex) {
			return null;
		}
	}

}
