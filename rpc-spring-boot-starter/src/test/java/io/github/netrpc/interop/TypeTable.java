package io.github.netrpc.interop;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

import io.github.netrpc.annotation.RpcService;
import io.github.netrpc.type.FixedLength;
import io.github.netrpc.type.Unsigned;

/**
 * The rows of {@code docs/guide/types.md}. Each method gives back what it gets.
 */
@RpcService
public interface TypeTable {

	boolean bool(boolean value);

	byte int8(byte value);

	short int16(short value);

	int int32(int value);

	long int64(long value);

	Long boxed(Long value);

	Boolean boolBox(Boolean value);

	Byte byteBox(Byte value);

	Short shortBox(Short value);

	Integer intBox(Integer value);

	Float floatBox(Float value);

	Double doubleBox(Double value);

	@Unsigned
	Byte uint8Box(@Unsigned Byte value);

	@Unsigned
	Short uint16Box(@Unsigned Short value);

	@Unsigned
	Integer uint32Box(@Unsigned Integer value);

	@Unsigned
	Long uint64Box(@Unsigned Long value);

	@Unsigned
	byte uint8(@Unsigned byte value);

	@Unsigned
	short uint16(@Unsigned short value);

	@Unsigned
	int uint32(@Unsigned int value);

	@Unsigned
	long uint64(@Unsigned long value);

	float float32(float value);

	double float64(double value);

	String text(String value);

	byte[] bytes(byte[] value);

	int[] ints(int[] value);

	List<String> texts(List<String> value);

	Set<String> set(Set<String> value);

	List<@Unsigned Integer> unsigneds(List<@Unsigned Integer> value);

	@FixedLength(3)
	long[] array(@FixedLength(3) long[] value);

	@FixedLength(4)
	byte[] byteArray(@FixedLength(4) byte[] value);

	Map<String, Long> table(Map<String, Long> value);

	Map<Long, String> numbered(Map<Long, String> value);

	Point point(Point value);

	Bean bean(Bean value);

	Node node(Node value);

	Color color(Color value);

	Absent absent(Absent value);

	Instant instant(Instant value);

	OffsetDateTime offsetDateTime(OffsetDateTime value);

	Duration duration(Duration value);

	BigInteger big(BigInteger value);

	BigDecimal decimal(BigDecimal value);

	UUID uuid(UUID value);

	Account account(Account value);

	Holder holder(Holder value);

	enum Color {

		RED, GREEN

	}

	record Point(long x, long y) {
	}

	record Node(String key, @Nullable Node left, @Nullable Node right) {
	}

	record Absent(Optional<String> text, Optional<String> none, OptionalInt number, OptionalLong longNumber,
			OptionalDouble ratio, @Nullable Integer box, @Nullable Point home) {
	}

	record Holder(@Nullable Object v) {
	}

	record Account(@JsonProperty("UserID") String userId, @JsonIgnore String secret) {
	}

	class Bean {

		private int x;

		private int y;

		public int getX() {
			return this.x;
		}

		public void setX(int x) {
			this.x = x;
		}

		public int getY() {
			return this.y;
		}

		public void setY(int y) {
			this.y = y;
		}

	}

}
