package io.github.netrpc.json;

import java.util.Objects;

import tools.jackson.databind.JavaType;
import tools.jackson.databind.type.SimpleType;
import tools.jackson.databind.type.TypeBindings;

/**
 * A Java type that its annotations make another Go type: an unsigned integer, or an array
 * of fixed length. A type of its own for Jackson, so that it caches readers and writers
 * for it apart from those of the bare type. Immutable.
 */
final class GoType extends SimpleType {

	private static final long serialVersionUID = 1L;

	static final int ANY_LENGTH = -1;

	private final JavaType bare;

	private final boolean unsigned;

	private final int length;

	/**
	 * Creates the type.
	 * @param bare the integer, list or array
	 * @param unsigned whether the integer, or each of the integers in an array of
	 * primitives, is unsigned
	 * @param length how many elements every list or array has, or {@link #ANY_LENGTH}
	 */
	GoType(JavaType bare, boolean unsigned, int length) {
		super(bare.getRawClass(), TypeBindings.emptyBindings(), null, null, null, null, true);
		this.bare = bare;
		this.unsigned = unsigned;
		this.length = length;
	}

	boolean unsigned() {
		return this.unsigned;
	}

	JavaType bare() {
		return this.bare;
	}

	int length() {
		return this.length;
	}

	@Override
	public boolean equals(Object other) {
		return other instanceof GoType that && this.unsigned == that.unsigned && this.length == that.length
				&& this.bare.equals(that.bare);
	}

	@Override
	public int hashCode() {
		return Objects.hash(this.bare, this.unsigned, this.length);
	}

}
