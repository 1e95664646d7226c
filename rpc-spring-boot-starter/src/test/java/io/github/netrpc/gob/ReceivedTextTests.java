package io.github.netrpc.gob;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.github.netrpc.gob.Vectors.Feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What errors tell of what came and of what should have come.
 */
class ReceivedTextTests {

	private final Gob gob = Gob.builder()
		.types(GobTypes.builder()
			.register("main.Circle", Circle.class)
			.register("main.Square", Square.class)
			.register("main.Point", Point.class)
			.build())
		.build();

	@ParameterizedTest
	@CsvSource(quoteCharacter = '`', textBlock = """
			`PURPLE`, `"PURPLE"`
			``, `""`
			`a"b\\c`, `"a\\x22b\\x5cc"`
			`caf\u00e9`, `"caf\\xc3\\xa9"`
			`12345678901234567890123456789012`, `"12345678901234567890123456789012"`
			`123456789012345678901234567890123`, `"12345678901234567890123456789012"...`
			""")
	void textIsQuotedUpToThirtyTwoBytes(String text, String quoted) {
		assertThat(ReceivedText.quote(text)).isEqualTo(quoted);
	}

	@Test
	void eightNamesAreListed() {
		assertThat(ReceivedText.names(List.of("A", "B"))).isEqualTo("\"A\", \"B\"");
		assertThat(ReceivedText.names(IntStream.range(0, 10).mapToObj(String::valueOf).toList()))
			.endsWith("\"7\" and 2 more");
		assertThat(ReceivedText.names(IntStream.range(0, 10).mapToObj((i) -> "\n".repeat(40)).toList()))
			.isEqualTo('"' + "\\x0a".repeat(32) + "\"..., \"" + "\\x0a".repeat(32) + "\"... and 8 more");
	}

	@Test
	void pathIsToldFromBothEnds() {
		assertThat(ReceivedText.path("a".repeat(240))).isEqualTo("a".repeat(240));
		assertThat(ReceivedText.path("a".repeat(121) + "b".repeat(120)))
			.isEqualTo("a".repeat(120) + "..." + "b".repeat(120));
	}

	@Test
	void nothingInCommonListsTheFieldsOfBoth() {
		assertThat(failure(new Point(1, 2), Name.class))
			.startsWith("Received a struct with the fields \"X\", \"Y\", expected one with any of \"First\", \"Last\"");
	}

	@Test
	void constantThatNobodyKnowsIsQuotedBesideThoseThatAre() {
		assertThat(failure("PURPLE", Color.class)).startsWith("Text \"PURPLE\", expected one of \"RED\", \"GREEN\"");
	}

	@Test
	void interfaceValueThatDoesNotBelongIsNamed() {
		assertThat(failure(new Any(new Point(1, 2)), Holder.class))
			.startsWith("The type \"main.Point\" in an interface value does not belong here, "
					+ "expected one of \"main.Circle\", \"main.Square\", at Shape");
	}

	@ParameterizedTest
	@ValueSource(strings = { "x", "1e999999999", "-1e-6145" })
	void decimalThatNobodyCouldComputeWithIsRefused(String text) {
		assertThat(failure(text, BigDecimal.class))
			.startsWith("Text \"" + text + "\", expected a decimal number, its exponent from -6144 to 6144");
	}

	private String failure(Object sent, Class<?> expected) {
		GobWriter value = this.gob.writer();
		write(this.gob.type(sent.getClass()), sent, value);
		GobWriter out = this.gob.writer();
		this.gob.sentTypes().appendMissing(value, out);
		out.append(value);
		byte[] bytes = Arrays.copyOf(out.array(), out.length());
		GobException[] failure = new GobException[1];
		assertThatExceptionOfType(GobException.class)
			.isThrownBy(() -> new Vectors.Stream(this.gob, bytes, Feed.WHOLE).read(this.gob.type(expected)))
			.satisfies((ex) -> failure[0] = ex);
		return String.valueOf(failure[0].getMessage());
	}

	@SuppressWarnings("unchecked")
	private static <T> void write(GobType<T> type, Object value, GobWriter out) {
		type.write((T) value, out);
	}

	record Point(int x, int y) {

	}

	record Name(String first, String last) {

	}

	enum Color {

		RED, GREEN

	}

	interface Shape {

	}

	record Circle(int radius) implements Shape {

	}

	record Square(int side) implements Shape {

	}

	record Any(Object shape) {

	}

	record Holder(Shape shape) {

	}

}
