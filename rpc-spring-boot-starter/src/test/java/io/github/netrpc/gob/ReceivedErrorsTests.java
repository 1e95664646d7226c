package io.github.netrpc.gob;

import java.math.BigInteger;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.github.netrpc.gob.Vectors.Feed;
import io.github.netrpc.type.TypeRef;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * What is said of bytes that cannot be read: what came, what was expected, and where.
 */
class ReceivedErrorsTests {

	/** Type AB struct { A, B int } under the id 65. */
	private static final String AB = "1cff8103010102414201ff820001020101410104000101420104000000";

	/** Type Pair struct { P AB }, under the id 66, behind AB. */
	private static final String PAIR = AB + "19ff83030101045061697201ff8400010101015001ff82000000";

	private static final String TIME = "10ff810501010454696d6501ff82000000";

	private static final String BIG_INT = "0fff8105010103496e7401ff82000000";

	private final Gob gob = Gob.standard();

	@Test
	void fieldsThatAStructDoesNotHave() {
		assertThat(failure(AB + "04ff820900", Ab.class))
			.isEqualTo("Field delta: 9 behind field 0 of 2 (expected: at most 2) (byte 4 of the message)");
		assertThat(failure(AB + "06ff82010e0200", Ab.class))
			.isEqualTo("Field delta: 2 behind field 1 of 2 (expected: at most 1) (byte 6 of the message)");
		assertThat(failure(PAIR + "07ff8401010e0300", Pair.class))
			.contains("Field delta: 3 behind field 1 of 2 (expected: at most 1), at P (byte ");
		assertThat(failure("04ff810900", Ab.class))
			.isEqualTo("Field delta: 9 behind field 0 of 7 (expected: at most 7), in a type definition");
	}

	@Test
	void fieldsThatNobodyKnowsAreSaidByNumber() {
		assertThat(failure(PAIR + "08ff8401010e030000", Ab.class)).contains("expected one with any of \"A\", \"B\"");
		assertThat(failure(PAIR + "07ff8401010e0300", Empty.class))
			.contains("Field delta: 3 behind field 1 of 2 (expected: at most 1), at (unknown field 0) (byte ");
	}

	@Test
	void numbersBeforeAValueThatIsNoStruct() {
		assertThat(failure("03040106", long.class))
			.isEqualTo("Number 1 before a value that is not a struct, expected 0 (byte 3 of the message)");
	}

	@Test
	void lengthsOfMessagesAndNumbers() {
		assertThat(failure("f7ffffffffffffffffff", long.class))
			.isEqualTo("Message length of 9 bytes (expected: at most 8)");
		assertThat(failure("0c0400f7ffffffffffffffffff", long.class))
			.startsWith("Unsigned integer of 9 bytes (expected: at most 8)");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			07ff82 00 03 010203 | time.Time of 3 bytes, version 1 (expected: 15 bytes of version 1, or 16 of version 2)
			04ff82 00 00 | time.Time of 0 bytes, version 0 (expected: 15 bytes of version 1, or 16 of version 2)
			13ff82 00 0f 01 0000000edce5e800 ffffffff ffff | time.Time with -1 nanoseconds (expected: 0 to 999999999)
			13ff82 00 0f 01 7fffffffffffffff 00000000 ffff | time.Time 9223372036854775807 seconds after year 1 \
			(expected: a year from -999999999 to 999999999)
			""")
	void timesThatAreNone(String hex, String text) {
		for (Class<?> type : List.of(Instant.class, OffsetDateTime.class)) {
			assertThat(failure(TIME + hex.replace(" ", ""), type)).startsWith(text + " (byte ");
		}
	}

	@Test
	void offsetsAndNumbersThatAreNone() {
		assertThat(failure(TIME + "13ff82000f01" + "0000000edce5e800" + "00000000" + "7fff", OffsetDateTime.class))
			.startsWith("time.Time with an offset of 32767 minutes (expected: at most 18 hours)");
		assertThat(failure(BIG_INT + "05ff82000108", BigInteger.class))
			.startsWith("big.Int of version 4 (expected: version 1)");
	}

	@Test
	void failuresOfReceivedBytesTakeNoStackTrace() {
		assertThat(thrown("03040106", long.class).getStackTrace()).isEmpty();
		assertThat(thrown("f7ffffffffffffffffff", long.class).getStackTrace()).isEmpty();
	}

	@Test
	void failuresToWriteHaveOne() {
		GobException thrown = catchThrowableOfType(GobException.class,
				() -> this.gob.type(Ab.class).write(null, this.gob.writer()));
		assertThat(thrown.getStackTrace()).isNotEmpty();
		GobType<List<Pair>> pairs = this.gob.type(new TypeRef<List<Pair>>() {
		});
		List<Pair> withNull = Collections.singletonList(null);
		thrown = catchThrowableOfType(GobException.class, () -> pairs.write(withNull, this.gob.writer()));
		assertThat(thrown).hasMessageEndingWith(", at [0]");
		assertThat(thrown.getStackTrace()).isNotEmpty();
	}

	private String failure(String hex, Class<?> type) {
		return thrown(hex, type).getMessage();
	}

	private GobException thrown(String hex, Class<?> type) {
		Vectors.Stream stream = new Vectors.Stream(this.gob, HexFormat.of().parseHex(hex), Feed.WHOLE);
		GobException failure = catchThrowableOfType(GobException.class, () -> stream.read(this.gob.type(type)));
		assertThat(failure).isNotNull();
		return failure;
	}

	record Ab(long a, long b) {

	}

	record Pair(Ab p) {

	}

	record Empty() {

	}

}
