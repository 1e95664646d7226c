package io.github.netrpc.gob;

import java.util.Arrays;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Maps are the one container of which gob can tell nil from empty: nil is not sent.
 */
class NilMapTests {

	private final Gob gob = Gob.standard();

	@Test
	void nilMapStaysNullWhereThePropertyIsDeclaredNullable() {
		assertThat(echo(new Maps(null, Map.of(), 1))).isEqualTo(new Maps(null, Map.of(), 1));
	}

	@Test
	void emptyMapStaysEmpty() {
		assertThat(echo(new Maps(Map.of(), Map.of(), 1))).isEqualTo(new Maps(Map.of(), Map.of(), 1));
	}

	@Test
	void nilMapIsEmptyWhereThePropertyIsNotDeclaredNullable() {
		GobType<Sent> sent = this.gob.type(Sent.class);
		assertThat(read(bytes(sent, new Sent(1)))).isEqualTo(new Maps(null, Map.of(), 1));
	}

	private Object echo(Maps maps) {
		return read(bytes(this.gob.type(Maps.class), maps));
	}

	private Object read(byte[] bytes) {
		return new Vectors.Stream(this.gob, bytes, Vectors.Feed.WHOLE).read(this.gob.type(Maps.class));
	}

	private <T> byte[] bytes(GobType<T> type, T value) {
		GobWriter message = this.gob.writer();
		type.write(value, message);
		GobWriter out = this.gob.writer();
		this.gob.sentTypes().appendMissing(message, out);
		out.append(message);
		return Arrays.copyOf(out.array(), out.length());
	}

	record Maps(@Nullable Map<String, Long> nullable, Map<String, Long> always, long number) {
	}

	record Sent(long number) {
	}

}
