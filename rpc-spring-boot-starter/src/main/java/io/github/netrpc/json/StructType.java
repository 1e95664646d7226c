package io.github.netrpc.json;

import java.util.List;

import tools.jackson.databind.JavaType;
import tools.jackson.databind.type.SimpleType;
import tools.jackson.databind.type.TypeBindings;

/**
 * Several values as the members of one object, in Java an {@code Object[]}. Immutable.
 */
final class StructType extends SimpleType {

	private static final long serialVersionUID = 1L;

	private final List<String> names;

	private final List<JavaType> types;

	StructType(List<String> names, List<JavaType> types) {
		super(Object[].class, TypeBindings.emptyBindings(), null, null, null, null, true);
		this.names = List.copyOf(names);
		this.types = List.copyOf(types);
	}

	List<String> names() {
		return this.names;
	}

	List<JavaType> types() {
		return this.types;
	}

	@Override
	public boolean equals(Object other) {
		return other instanceof StructType that && this.names.equals(that.names) && this.types.equals(that.types);
	}

	@Override
	public int hashCode() {
		return this.names.hashCode() * 31 + this.types.hashCode();
	}

}
