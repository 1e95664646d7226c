package io.github.netrpc.method;

import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.util.List;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.ServiceMethod;
import io.github.netrpc.wire.ValueShape;

/**
 * A Java method read as a {@code net/rpc} method. Everything that reflection can say is
 * here, so a call needs none. Immutable.
 *
 * @since 0.1.0
 */
public final class MethodShape {

	private final Method method;

	private final ServiceMethod name;

	private final ValueShape argument;

	private final List<Integer> wireParameters;

	private final int[] wireIndexes;

	private final ReplyShape reply;

	private final boolean twin;

	private final List<AnnotatedElement> annotated;

	MethodShape(Method method, ServiceMethod name, ArgumentShape argument, ReplyShape reply, boolean twin,
			List<AnnotatedElement> annotated) {
		this.method = method;
		this.name = name;
		this.argument = argument.shape();
		this.wireParameters = List.copyOf(argument.wireParameters());
		this.wireIndexes = this.wireParameters.stream().mapToInt(Integer::intValue).toArray();
		this.reply = reply;
		this.twin = twin;
		this.annotated = List.copyOf(annotated);
	}

	/**
	 * The Java method, as the service's interface or class declares it.
	 * @return the method
	 */
	public Method method() {
		return this.method;
	}

	/**
	 * The name on the wire.
	 * @return the name
	 */
	public ServiceMethod name() {
		return this.name;
	}

	/**
	 * What is sent to the method: {@link ValueShape#EMPTY} without parameters, a
	 * {@link ValueShape.Value} of one, a {@link ValueShape.Struct} of several.
	 * @return the shape of the argument
	 */
	public ValueShape argument() {
		return this.argument;
	}

	/**
	 * What the method answers: {@link ValueShape#EMPTY} or a {@link ValueShape.Value}.
	 * @return the shape of the reply
	 */
	public ValueShape reply() {
		return this.reply.shape();
	}

	/**
	 * How the method hands over its result.
	 * @return the kind of its return type
	 */
	public ReturnKind returns() {
		return this.reply.kind();
	}

	/**
	 * What converts the return type.
	 * @return the adapter for {@link ReturnKind#ADAPTED}, else null
	 */
	public @Nullable AsyncAdapter adapter() {
		return this.reply.adapter();
	}

	/**
	 * Which parameters are on the wire. The others are of type
	 * {@link io.github.netrpc.RpcContext}, {@link io.github.netrpc.RpcOptions} or
	 * {@link java.security.Principal}, its subtypes included.
	 * @return indexes of parameters, ascending
	 */
	public List<Integer> wireParameters() {
		return this.wireParameters;
	}

	/**
	 * Whether this is the twin of another method, whose name it has on the wire:
	 * {@code addAsync(Args)} or {@code add(Args, RpcOptions)} of {@code add(Args)}.
	 * Servers do not expose twins.
	 * @return whether this is a twin
	 */
	public boolean twin() {
		return this.twin;
	}

	/**
	 * Picks what is sent out of what the method was called with.
	 * @param arguments the arguments of the Java method, null for none
	 * @return what a format's plan for {@link #argument} writes
	 */
	public @Nullable Object toWire(@Nullable Object @Nullable [] arguments) {
		int[] indexes = this.wireIndexes;
		if (arguments == null || indexes.length == 0) {
			return null;
		}
		if (indexes.length == 1) {
			return arguments[indexes[0]];
		}
		if (indexes.length == arguments.length) {
			return arguments;
		}
		Object[] values = new Object[indexes.length];
		for (int i = 0; i < indexes.length; i++) {
			values[i] = arguments[indexes[i]];
		}
		return values;
	}

	/**
	 * Finds an annotation where it is closest: on the implementing method, the method's
	 * declaration, the implementing class, the declaring type.
	 * @param <A> the type of the annotation
	 * @param type the type of the annotation
	 * @return the annotation, or null
	 */
	public <A extends Annotation> @Nullable A annotation(Class<A> type) {
		for (AnnotatedElement element : this.annotated) {
			A found = element.getAnnotation(type);
			if (found != null) {
				return found;
			}
		}
		return null;
	}

	@Override
	public String toString() {
		return this.name + " (" + this.method + ")";
	}

	/**
	 * How the arguments of a Java method become the one argument of {@code net/rpc}.
	 *
	 * @param shape the shape of that argument
	 * @param wireParameters indexes of the parameters that are part of it
	 */
	record ArgumentShape(ValueShape shape, List<Integer> wireParameters) {

	}

	/**
	 * How the result of a Java method becomes a reply.
	 *
	 * @param shape the shape of the reply
	 * @param kind how the result is handed over
	 * @param adapter what converts it, if need be
	 */
	record ReplyShape(ValueShape shape, ReturnKind kind, @Nullable AsyncAdapter adapter) {

	}

}
