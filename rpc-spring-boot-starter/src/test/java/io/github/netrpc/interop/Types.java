package io.github.netrpc.interop;

import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.type.Complex;
import io.github.netrpc.type.FixedLength;
import io.github.netrpc.type.Unsigned;

/**
 * The types of the interop fixture, as {@code src/test/go/interop/api} declares them in
 * Go. What Go may send as nil is {@code @Nullable}, so that the echo is exact.
 */
public final class Types {

	private Types() {
	}

	public record Args(long a, long b) {
	}

	public record Quotient(long quo, long rem) {
	}

	public record Address(String street, long zip) {
	}

	public record Person(String name, long age, Optional<String> email, Address home, @Nullable Address work,
			@Nullable List<String> tags, @Nullable Map<String, Double> scores, @Nullable OffsetDateTime born,
			byte @Nullable [] photo, boolean active, @Nullable List<Person> friends) {
	}

	public record Everything(boolean b, long i, byte i8, short i16, int i32, long i64, @Unsigned long u,
			@Unsigned byte u8, @Unsigned short u16, @Unsigned int u32, @Unsigned long u64, float f32, double f64,
			String s, byte @Nullable [] by, @Nullable List<Long> ints, @Nullable List<String> strs,
			@FixedLength(3) long[] arr, @Nullable Map<String, Long> m, @Nullable Map<Long, String> mI,
			@Nullable Map<String, Address> mS, Address in, @Nullable Address p, @Nullable Long pI, @Nullable Boolean pB,
			@Nullable List<List<Long>> l, @Nullable OffsetDateTime at, Duration took, @Nullable List<Address> list) {
	}

	public record Optionals(@Nullable Long n, Optional<String> s, @Nullable Boolean b, @Nullable Address a,
			@Nullable OffsetDateTime t) {
	}

	public record Tree(String key, @Nullable Tree left, @Nullable Tree right) {
	}

	public record Holder(@Nullable Object v) {
	}

	public record Point(long x, long y) {
	}

	public record BlobArgs(long size, long seed) {
	}

	public record Empty() {
	}

	public record Cplx(Complex c) {
	}

}
