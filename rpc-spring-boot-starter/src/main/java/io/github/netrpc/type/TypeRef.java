package io.github.netrpc.type;

import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.Type;

/**
 * Keeps a generic type, with the annotations inside it, for calls by name. Create it as
 * an anonymous subclass: <pre class="code">
 * TypeRef&lt;List&lt;@Unsigned Integer&gt;&gt; ports = new TypeRef&lt;&gt;() { };
 * </pre> Immutable and thread-safe.
 *
 * @param <T> the type kept
 * @since 0.1.0
 */
public abstract class TypeRef<T> {

	private final AnnotatedType annotatedType;

	/**
	 * Reads the type argument of the subclass.
	 * @throws IllegalStateException if the subclass was declared without a type argument
	 */
	protected TypeRef() {
		AnnotatedType parent = getClass().getAnnotatedSuperclass();
		if (!(parent instanceof AnnotatedParameterizedType parameterized)) {
			throw new IllegalStateException(
					"TypeRef without a type argument: write new TypeRef<List<String>>() { }, not new TypeRef() { }");
		}
		this.annotatedType = parameterized.getAnnotatedActualTypeArguments()[0];
	}

	/**
	 * The type with its annotations.
	 * @return the annotated type
	 */
	public final AnnotatedType annotatedType() {
		return this.annotatedType;
	}

	/**
	 * The type without annotations.
	 * @return the type
	 */
	public final Type type() {
		return this.annotatedType.getType();
	}

	@Override
	public final String toString() {
		return this.annotatedType.toString();
	}

}
