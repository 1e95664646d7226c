package io.github.netrpc.benchmarks.codec;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

import io.github.netrpc.type.TypeRef;
import io.github.netrpc.wire.ValueShape;

/**
 * What is encoded and decoded.
 */
public enum Payload {

	/** Two small integers, the argument of {@code Arith.Add}. */
	ARGS {

		@Override
		ValueShape shape() {
			return new ValueShape.Value(new TypeRef<Args>() {
			}.annotatedType());
		}

		@Override
		Object value() {
			return new Args(64, 100);
		}

	},

	/** Strings, numbers, a time, a list of structs and a map. */
	PERSON {

		@Override
		ValueShape shape() {
			return new ValueShape.Value(new TypeRef<Person>() {
			}.annotatedType());
		}

		@Override
		Object value() {
			return new Person(4711, "Grace Hopper", true, 1.62, Instant.parse("1906-12-09T00:00:00Z"),
					List.of(new Address("Arlington", "VA", 22201), new Address("New York", "NY", 10001)),
					Map.of("rank", "rear admiral", "language", "COBOL"));
		}

	},

	/** A list of 1,000 integers of one to three bytes. */
	INTS {

		@Override
		ValueShape shape() {
			return new ValueShape.Value(new TypeRef<List<Integer>>() {
			}.annotatedType());
		}

		@Override
		Object value() {
			return IntStream.range(0, 1000).mapToObj((i) -> i * 7 - 3000).toList();
		}

	};

	abstract ValueShape shape();

	abstract Object value();

	record Args(long a, long b) {

	}

	record Address(String street, String state, int zip) {

	}

	record Person(long id, String name, boolean active, double height, Instant born, List<Address> addresses,
			Map<String, String> notes) {

	}

}
