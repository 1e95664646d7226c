package io.github.netrpc.gob;

import java.lang.reflect.AnnotatedType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.type.Complex;
import io.github.netrpc.type.TypeRef;

/**
 * The names of types in Go's interface values, and the Java types that take the place of
 * self-encoding Go types. Only what is registered is ever made from a received name. Go's
 * basic types are there from the start. Immutable and thread-safe. <pre class="code">
 * GobTypes types = GobTypes.builder()
 *     .register("main.Point", Point.class)          // gob.Register(Point{}) in package main
 *     .register("[]interface {}", new TypeRef&lt;List&lt;Object&gt;&gt;() { })
 *     .register("int", Long.class)                  // send a Long as int instead of int64
 *     .build();
 * </pre>
 * <table>
 * <caption>Names built in</caption>
 * <tr>
 * <th>Go</th>
 * <th>Java</th>
 * </tr>
 * <tr>
 * <td>bool, string, float32, float64</td>
 * <td>Boolean, String, Float, Double</td>
 * </tr>
 * <tr>
 * <td>int8, int16, int32, int64</td>
 * <td>Byte, Short, Integer, Long, both ways</td>
 * </tr>
 * <tr>
 * <td>int</td>
 * <td>read as Long</td>
 * </tr>
 * <tr>
 * <td>uint8, uint16; uint32; uint, uint64, uintptr</td>
 * <td>read as Integer; Long; BigInteger</td>
 * </tr>
 * <tr>
 * <td>complex128, complex64</td>
 * <td>Complex, sent as complex128</td>
 * </tr>
 * <tr>
 * <td>[]uint8, []bool, []int16, []int32, []int64, []float32, []float64, []string,
 * []complex128</td>
 * <td>byte[], boolean[], short[], int[], long[], float[], double[], String[], Complex[],
 * both ways</td>
 * </tr>
 * <tr>
 * <td>[]int; []int8; other slices of unsigned numbers</td>
 * <td>read as long[]; List of Byte; List</td>
 * </tr>
 * </table>
 *
 * @since 0.1.0
 */
public final class GobTypes {

	private final Map<String, JavaType> names;

	private final Map<Class<?>, SelfEncoding<?>> selfEncodings;

	private GobTypes(Builder builder) {
		this.names = new LinkedHashMap<>(builder.names);
		this.selfEncodings = Map.copyOf(builder.selfEncodings);
	}

	/**
	 * Only Go's basic types.
	 * @return the types
	 */
	public static GobTypes standard() {
		return builder().build();
	}

	/**
	 * Starts with Go's basic types.
	 * @return a new builder
	 */
	public static Builder builder() {
		return new Builder();
	}

	/** In the order of registration. */
	Map<String, JavaType> names() {
		return this.names;
	}

	@Nullable SelfEncoding<?> selfEncoding(Class<?> type) {
		return this.selfEncodings.get(type);
	}

	/** Whether an interface value may hold one of a Java type's subtypes. */
	boolean hasSubtypeOf(Class<?> type) {
		return this.names.values().stream().anyMatch((named) -> type.isAssignableFrom(named.raw()));
	}

	/** The names under which an interface value may hold a Java type's subtypes. */
	List<String> namesOfSubtypes(Class<?> type) {
		return this.names.entrySet()
			.stream()
			.filter((named) -> type.isAssignableFrom(named.getValue().raw()))
			.map(Map.Entry::getKey)
			.toList();
	}

	/** Names that Go has from the start and Java types that are sent under them. */
	static List<Basic> basics() {
		List<Basic> basics = new ArrayList<>();
		basics.add(new Basic("bool", Boolean.class, true));
		basics.add(new Basic("int", Long.class, false));
		basics.add(new Basic("int8", Byte.class, true));
		basics.add(new Basic("int16", Short.class, true));
		basics.add(new Basic("int32", Integer.class, true));
		basics.add(new Basic("int64", Long.class, true));
		basics.add(new Basic("float32", Float.class, true));
		basics.add(new Basic("float64", Double.class, true));
		basics.add(new Basic("complex64", Complex.class, false));
		basics.add(new Basic("complex128", Complex.class, true));
		basics.add(new Basic("string", String.class, true));
		basics.add(new Basic("[]bool", boolean[].class, true));
		basics.add(new Basic("[]int", long[].class, false));
		basics.add(new Basic("[]int16", short[].class, true));
		basics.add(new Basic("[]int32", int[].class, true));
		basics.add(new Basic("[]int64", long[].class, true));
		basics.add(new Basic("[]float32", float[].class, true));
		basics.add(new Basic("[]float64", double[].class, true));
		basics.add(new Basic("[]complex64", Complex[].class, false));
		basics.add(new Basic("[]complex128", Complex[].class, true));
		basics.add(new Basic("[]string", String[].class, true));
		basics.add(new Basic("[]uint8", byte[].class, true));
		return basics;
	}

	/**
	 * Collects names. Not thread-safe.
	 *
	 * @since 0.1.0
	 */
	public static final class Builder {

		private final Map<String, JavaType> names = new LinkedHashMap<>();

		private final Map<Class<?>, SelfEncoding<?>> selfEncodings = new LinkedHashMap<>();

		private Builder() {
		}

		/**
		 * Registers a type under a name, as {@code gob.RegisterName} does. Values of the
		 * class are sent under the name registered last, and received under each.
		 * @param name the name, such as {@code main.Point}
		 * @param type the Java type
		 * @return this builder
		 */
		public Builder register(String name, Class<?> type) {
			return register(name, JavaType.of(type));
		}

		/**
		 * Registers a generic or annotated type.
		 * @param name the name
		 * @param type the Java type
		 * @return this builder
		 */
		public Builder register(String name, TypeRef<?> type) {
			return register(name, type.annotatedType());
		}

		/**
		 * Registers a generic or annotated type.
		 * @param name the name
		 * @param type the Java type
		 * @return this builder
		 */
		public Builder register(String name, AnnotatedType type) {
			return register(name, JavaType.of(type));
		}

		private Builder register(String name, JavaType type) {
			if (name.isEmpty()) {
				throw new IllegalArgumentException("The empty name is Go's nil");
			}
			this.names.remove(name);
			this.names.put(name, type);
			return this;
		}

		/**
		 * Makes a Java class the counterpart of a Go type that encodes itself.
		 * @param type the Java class
		 * @param form how it is encoded
		 * @param <T> the Java type
		 * @return this builder
		 */
		public <T> Builder selfEncoding(Class<T> type, SelfEncoding<T> form) {
			this.selfEncodings.put(type, form);
			return this;
		}

		/**
		 * Makes the registry.
		 * @return the immutable registry
		 */
		public GobTypes build() {
			return new GobTypes(this);
		}

	}

	/** A basic name, and whether it is the one to send. */
	record Basic(String name, Class<?> type, boolean sent) {

	}

}
