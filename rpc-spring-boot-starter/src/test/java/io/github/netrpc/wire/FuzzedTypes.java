package io.github.netrpc.wire;

import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.ServiceMethod;
import io.github.netrpc.interop.Types;
import io.github.netrpc.type.FixedLength;
import io.github.netrpc.type.TypeRef;
import io.github.netrpc.type.Unsigned;

/**
 * What the methods take and return that fuzzed streams call, as plans of one format, with
 * an honest value for each.
 */
final class FuzzedTypes {

	private static final String SERVICE = "T";

	private final WireFormat format;

	private final List<ValuePlan> plans = new ArrayList<>();

	private final List<Object> values = new ArrayList<>();

	FuzzedTypes(WireFormat format) {
		this.format = format;
		addNumbers();
		addStructs();
		this.plans.add(format.plan(ValueShape.EMPTY));
		this.values.add(new Object[0]);
		add(new Types.Args(7, 8), new TypeRef<Object>() {
		});
	}

	private void addNumbers() {
		add(new Types.Args(7, -8), new TypeRef<Types.Args>() {
		});
		add(42, new TypeRef<Integer>() {
		});
		add("a text \u00e4\ud83d\ude00", new TypeRef<String>() {
		});
		add(-1L, new TypeRef<@Unsigned Long>() {
		});
		add(1.5e300, new TypeRef<Double>() {
		});
		add(new byte[] { 1, 2, 3 }, new TypeRef<byte[]>() {
		});
		add(List.of("x", "", "z"), new TypeRef<List<String>>() {
		});
		add(new double[] { 0, 1, -0.5 }, new TypeRef<double[]>() {
		});
		add(Map.of(1, true), new TypeRef<Map<Integer, Boolean>>() {
		});
		add(new BigInteger("-123456789012345678901234567890"), new TypeRef<BigInteger>() {
		});
		add(new BigDecimal("1.50"), new TypeRef<BigDecimal>() {
		});
		add(UUID.fromString("00112233-4455-6677-8899-aabbccddeeff"), new TypeRef<UUID>() {
		});
		add(Duration.ofMillis(5), new TypeRef<Duration>() {
		});
	}

	private void addStructs() {
		OffsetDateTime time = OffsetDateTime.parse("2026-11-23T04:05:06.789+01:00");
		Types.Address home = new Types.Address("Main Street", 12345);
		add(new Types.Person("Ann", 42, Optional.of("a@b.c"), home, null, List.of("t"), Map.of("s", 1.5), time,
				new byte[] { 9 }, true, List.of()), new TypeRef<Types.Person>() {
				});
		add(new Types.Optionals(1L, Optional.empty(), true, home, time), new TypeRef<Types.Optionals>() {
		});
		add(new Types.Tree("root", new Types.Tree("left", null, null), null), new TypeRef<Types.Tree>() {
		});
		add(new Odd(Instant.EPOCH.plusSeconds(1), Color.GREEN, new int[] { 1, 2, 3 }, (byte) -1, 2.5f,
				Map.of(4L, List.of(Color.RED)), new Nested(Optional.of(3L), null)), new TypeRef<Odd>() {
				});
	}

	private void add(Object value, TypeRef<?> type) {
		this.plans.add(this.format.plan(new ValueShape.Value(type.annotatedType())));
		this.values.add(value);
	}

	int count() {
		return this.plans.size();
	}

	ValuePlan plan(int index) {
		return this.plans.get(Integer.remainderUnsigned(index, this.plans.size()));
	}

	Object value(int index) {
		return this.values.get(index);
	}

	/** What a method named like this takes, or null if there is none. */
	@Nullable ValuePlan argument(byte[] buffer, int from, int to) {
		int length = to - from;
		if (length == 3 && buffer[from] == 'T' && buffer[from + 1] == '.') {
			return plan((buffer[from + 2] - 'A') & 0xff);
		}
		// Arith.Add and the like, as in the recorded conversations
		return (length > 5 && buffer[from] == 'A' && buffer[from + 5] == '.') ? plan(0)
				: (length > 4 && buffer[from] == 'E' && buffer[from + 4] == '.') ? plan(length) : null;
	}

	/** The method that takes a type, see {@link #argument}. */
	static ServiceMethod method(int index) {
		return ServiceMethod.of(SERVICE, String.valueOf((char) ('A' + index)));
	}

	/** A value as a new connection's server writes it, or why it does not. */
	String written(@Nullable Object value, ValuePlan plan) {
		MessageBuffer buffer = this.format.newBuffer();
		try {
			this.format.serverCodec().encodeReply(new Answered(), value, plan, Map.of(), buffer);
		}
		catch (EncodeException ex) {
			return "refused: " + ex.getMessage();
		}
		return HexFormat.of().formatHex(bytes(buffer));
	}

	static byte[] bytes(MessageBuffer message) {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		message.writeTo(bytes::write);
		return bytes.toByteArray();
	}

	enum Color {

		RED, GREEN

	}

	record Nested(Optional<Long> number, @Nullable List<Nested> more) {
	}

	record Odd(Instant at, Color color, @FixedLength(3) int[] three, @Unsigned byte octet, float small,
			Map<Long, List<Color>> colors, Nested nested) {
	}

	private static final class Answered extends IncomingRequest {

		@Override
		public byte[] methodName() {
			return new byte[] { 'T', '.', 'A' };
		}

		@Override
		public @Nullable ValuePlan argumentPlan() {
			return null;
		}

		@Override
		public void received(@Nullable Object argument) {
		}

		@Override
		public void malformed(String reason) {
		}

	}

}
