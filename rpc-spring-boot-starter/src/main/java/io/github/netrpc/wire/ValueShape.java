package io.github.netrpc.wire;

import java.lang.reflect.AnnotatedType;
import java.util.List;

/**
 * What a method takes or returns, before a format has compiled it.
 *
 * @since 0.1.0
 */
public sealed interface ValueShape {

	/**
	 * The shape of a method without parameters or result. Written as an empty struct;
	 * read from any value, which is skipped and becomes null.
	 */
	ValueShape EMPTY = new Empty();

	/**
	 * One value. A null value is written as the zero value of the type ({@code 0},
	 * {@code ""}, an empty list, map or struct; in JSON never {@code null}); a null of
	 * declared type {@code Object} is refused.
	 *
	 * @param type the Java type, with the annotations on it and inside it
	 */
	record Value(AnnotatedType type) implements ValueShape {

	}

	/**
	 * Several values as the fields of one struct. Written from and read into an
	 * {@code Object[]} with one element for each field, in this order; a field that is
	 * absent has Go's zero value, so primitives are never null.
	 *
	 * @param name the name of the struct in definitions, informative only
	 * @param fields the fields
	 */
	record Struct(String name, List<Field> fields) implements ValueShape {

		public Struct {
			fields = List.copyOf(fields);
		}

	}

	/**
	 * A field of a {@link Struct}.
	 *
	 * @param name the Java name: {@code a} is {@code A} in gob and {@code a} in JSON
	 * @param type the Java type, with annotations
	 */
	record Field(String name, AnnotatedType type) {

	}

	/**
	 * Nothing; see {@link #EMPTY}.
	 */
	record Empty() implements ValueShape {

	}

}
