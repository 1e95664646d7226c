package io.github.netrpc.gob;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.Year;
import java.time.ZoneOffset;
import java.util.Arrays;

/**
 * The bytes that Go's {@code time.Time} and {@code big.Int} make of themselves (vectors
 * {@code time_*}, {@code bigint_*}). <pre>
 * time.Time: 01, seconds since 0001-01-01T00:00:00Z int64, nanoseconds int32,
 *            minutes east of UTC int16, ffff for UTC; all big-endian.
 *            02 and a 16th byte if the offset has seconds.
 * big.Int:   02, or 03 if negative; magnitude, big-endian, without leading zeros
 * </pre> Go's zero time is an ordinary value here, 0001-01-01T00:00:00Z: a property that
 * is absent reads as null, and null is absent.
 */
final class GoValues {

	private static final long SECONDS_TO_1970 = 62_135_596_800L;

	private static final int UTC = -1;

	static final SelfEncoding<Instant> INSTANT = SelfEncoding.gob("time.Time", (value) -> encode(value, ZoneOffset.UTC),
			GoValues::instant);

	static final SelfEncoding<OffsetDateTime> OFFSET_DATE_TIME = SelfEncoding.gob("time.Time",
			(value) -> encode(value.toInstant(), value.getOffset()),
			(bytes) -> OffsetDateTime.ofInstant(instant(bytes), offset(bytes)));

	static final SelfEncoding<BigInteger> BIG_INTEGER = SelfEncoding.gob("*big.Int", GoValues::encode,
			GoValues::bigInteger);

	/** Go's zero time. */
	static final Instant ZERO_TIME = Instant.ofEpochSecond(-SECONDS_TO_1970);

	private GoValues() {
	}

	private static byte[] encode(Instant instant, ZoneOffset offset) {
		int total = offset.getTotalSeconds();
		int minutes = (total == 0) ? UTC : total / 60;
		int seconds = total % 60;
		if (total != 0 && minutes == UTC) {
			throw GobException.value("An offset of minus one minute, which gob cannot tell from UTC");
		}
		ByteBuffer bytes = ByteBuffer.allocate((seconds == 0) ? 15 : 16);
		bytes.put((byte) ((seconds == 0) ? 1 : 2));
		bytes.putLong(instant.getEpochSecond() + SECONDS_TO_1970);
		bytes.putInt(instant.getNano());
		bytes.putShort((short) minutes);
		if (seconds != 0) {
			bytes.put((byte) seconds);
		}
		return bytes.array();
	}

	private static Instant instant(byte[] bytes) {
		int version = (bytes.length > 0) ? bytes[0] : 0;
		if (!(version == 1 && bytes.length == 15) && !(version == 2 && bytes.length == 16)) {
			throw GobException.value("time.Time of " + bytes.length + " bytes, version " + version
					+ " (expected: 15 bytes of version 1, or 16 of version 2)");
		}
		ByteBuffer buffer = ByteBuffer.wrap(bytes);
		long seconds = buffer.getLong(1);
		int nanos = buffer.getInt(9);
		if (nanos < 0 || nanos > 999_999_999) {
			throw GobException.value("time.Time with " + nanos + " nanoseconds (expected: 0 to 999999999)");
		}
		try {
			return Instant.ofEpochSecond(Math.subtractExact(seconds, SECONDS_TO_1970), nanos);
		}
		catch (DateTimeException | ArithmeticException ex) {
			throw GobException.value("time.Time " + seconds + " seconds after year 1 (expected: a year from "
					+ Year.MIN_VALUE + " to " + Year.MAX_VALUE + ")");
		}
	}

	private static ZoneOffset offset(byte[] bytes) {
		int minutes = ByteBuffer.wrap(bytes).getShort(13);
		int seconds = (bytes.length > 15) ? bytes[15] : 0;
		if (minutes == UTC && seconds == 0) {
			return ZoneOffset.UTC;
		}
		try {
			return ZoneOffset.ofTotalSeconds(minutes * 60 + seconds);
		}
		catch (DateTimeException ex) {
			throw GobException
				.value("time.Time with an offset of " + minutes + " minutes (expected: at most 18 hours)");
		}
	}

	private static byte[] encode(BigInteger value) {
		byte[] magnitude = value.abs().toByteArray();
		int from = (magnitude[0] == 0) ? 1 : 0;
		byte[] bytes = new byte[1 + magnitude.length - from];
		bytes[0] = (byte) ((value.signum() < 0) ? 3 : 2);
		System.arraycopy(magnitude, from, bytes, 1, magnitude.length - from);
		return bytes;
	}

	private static BigInteger bigInteger(byte[] bytes) {
		if (bytes.length == 0) {
			return BigInteger.ZERO;
		}
		if (bytes[0] >> 1 != 1) {
			throw GobException.value("big.Int of version " + (bytes[0] >> 1) + " (expected: version 1)");
		}
		return new BigInteger((bytes[0] == 3) ? -1 : 1, Arrays.copyOfRange(bytes, 1, bytes.length));
	}

}
