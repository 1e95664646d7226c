package io.github.netrpc.gob;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A {@code Duration} is a number in Go, which leaves a zero out of a struct.
 */
class DurationTests {

	private final Gob gob = Gob.standard();

	private final GobType<Times> times = this.gob.type(Times.class);

	@Test
	void absentDurationIsZeroUnlessItIsDeclaredNullable() {
		GobType<Sent> sent = this.gob.type(Sent.class);
		assertThat(read(bytes(sent, new Sent(1)))).isEqualTo(new Times(Duration.ZERO, null, null, 1));
	}

	@Test
	void absentInstantIsNullForItHasNoZero() {
		assertThat(read(bytes(this.gob.type(Sent.class), new Sent(1))).at()).isNull();
	}

	@Test
	void zeroDurationIsNotSentAsInGo() {
		assertThat(bytes(this.times, new Times(Duration.ZERO, null, null, 1)))
			.isEqualTo(bytes(this.times, new Times(null, null, null, 1)));
	}

	@Test
	void zeroAndNoneAreToldApartWhereThePropertyIsDeclaredNullable() {
		Times zero = new Times(Duration.ZERO, Duration.ZERO, null, 1);
		assertThat(read(bytes(this.times, zero))).isEqualTo(zero);
		Times none = new Times(Duration.ZERO, null, null, 1);
		assertThat(read(bytes(this.times, none))).isEqualTo(none);
	}

	private Times read(byte[] bytes) {
		return (Times) new Vectors.Stream(this.gob, bytes, Vectors.Feed.WHOLE).read(this.times);
	}

	private <T> byte[] bytes(GobType<T> type, T value) {
		GobWriter message = this.gob.writer();
		type.write(value, message);
		GobWriter out = this.gob.writer();
		this.gob.sentTypes().appendMissing(message, out);
		out.append(message);
		return Arrays.copyOf(out.array(), out.length());
	}

	record Times(Duration took, @Nullable Duration limit, @Nullable Instant at, long number) {
	}

	record Sent(long number) {
	}

}
