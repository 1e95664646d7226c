package io.github.netrpc.method;

import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.security.Principal;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.stream.BaseStream;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.RpcContext;
import io.github.netrpc.RpcOptions;
import io.github.netrpc.method.MethodShape.ArgumentShape;
import io.github.netrpc.method.MethodShape.ReplyShape;
import io.github.netrpc.method.RpcDefinitionException.Problem;
import io.github.netrpc.type.UnsupportedTypeException;
import io.github.netrpc.wire.ValueShape;

/**
 * Reads the parameters and the return type of one method.
 */
final class SignatureReader {

	private static final String CONCRETE = "Put a concrete type in its place, in the interface or the class";

	private final Method method;

	private final TypeVariables variables;

	private final AsyncAdapters adapters;

	private final Consumer<Problem> problems;

	SignatureReader(Method method, TypeVariables variables, AsyncAdapters adapters, Consumer<Problem> problems) {
		this.method = method;
		this.variables = variables;
		this.adapters = adapters;
		this.problems = problems;
	}

	/**
	 * Reads the parameters.
	 * @return the argument, or null after a problem
	 */
	@Nullable ArgumentShape readArgument() {
		Parameter[] parameters = this.method.getParameters();
		AnnotatedType[] types = this.method.getAnnotatedParameterTypes();
		List<Integer> indexes = new ArrayList<>();
		List<ValueShape.Field> fields = new ArrayList<>();
		boolean usable = true;
		for (int i = 0; i < parameters.length; i++) {
			if (isLocal(parameters[i].getType())) {
				continue;
			}
			AnnotatedType type = resolve(types[i], "parameter " + parameters[i].getName());
			usable &= type != null;
			if (type != null) {
				indexes.add(i);
				fields.add(new ValueShape.Field(parameters[i].getName(), type));
			}
		}
		if (indexes.size() > 1 && !parameters[indexes.get(0)].isNamePresent()) {
			problem("has several parameters, which become the fields of a struct, but their names are not in the"
					+ " class file", "Compile with -parameters, or declare one parameter that holds them all");
			usable = false;
		}
		return usable ? new ArgumentShape(shape(fields), indexes) : null;
	}

	/**
	 * Whether a parameter is not on the wire.
	 */
	private static boolean isLocal(Class<?> type) {
		return type == RpcContext.class || type == RpcOptions.class || Principal.class.isAssignableFrom(type);
	}

	/**
	 * Reads the return type.
	 * @return the reply, or null after a problem
	 */
	@Nullable ReplyShape readReply() {
		Class<?> type = TypeVariables.erase(this.method.getGenericReturnType());
		AsyncAdapter adapter = this.adapters.find(type);
		if (adapter != null) {
			return readElement(ReturnKind.ADAPTED, adapter);
		}
		if (type == CompletionStage.class || type == CompletableFuture.class) {
			return readElement(ReturnKind.STAGE, null);
		}
		if (Future.class.isAssignableFrom(type) || CompletionStage.class.isAssignableFrom(type)) {
			problem("returns " + type.getName() + ", which is neither a value nor a stage",
					"Return CompletionStage or CompletableFuture");
			return null;
		}
		AnnotatedType resolved = resolve(this.method.getAnnotatedReturnType(), "return type");
		return (resolved != null) ? reply(resolved, ReturnKind.VALUE, null) : null;
	}

	// The parameter types without generics, as the implementing type sees them.
	static List<Class<?>> erasedParameters(Method method, TypeVariables variables) {
		List<Class<?>> erased = new ArrayList<>();
		for (AnnotatedType type : method.getAnnotatedParameterTypes()) {
			AnnotatedType resolved;
			try {
				resolved = variables.resolve(type);
			}
			catch (UnsupportedTypeException ex) {
				resolved = type;
			}
			erased.add(TypeVariables.erase(resolved.getType()));
		}
		return erased;
	}

	private @Nullable ReplyShape readElement(ReturnKind kind, @Nullable AsyncAdapter adapter) {
		if (!(this.method.getAnnotatedReturnType() instanceof AnnotatedParameterizedType stage)) {
			problem("returns a raw " + this.method.getReturnType().getSimpleName()
					+ ", so the type of the reply is not known", "Declare its type argument");
			return null;
		}
		AnnotatedType element = resolve(stage.getAnnotatedActualTypeArguments()[0], "return type");
		return (element != null) ? reply(element, kind, adapter) : null;
	}

	private static ReplyShape reply(AnnotatedType type, ReturnKind kind, @Nullable AsyncAdapter adapter) {
		boolean nothing = type.getType() == void.class || type.getType() == Void.class;
		return new ReplyShape(nothing ? ValueShape.EMPTY : new ValueShape.Value(type),
				(nothing && kind == ReturnKind.VALUE) ? ReturnKind.VOID : kind, adapter);
	}

	private ValueShape shape(List<ValueShape.Field> fields) {
		return switch (fields.size()) {
			case 0 -> ValueShape.EMPTY;
			case 1 -> new ValueShape.Value(fields.get(0).type());
			default -> new ValueShape.Struct(WireNames.ofMethod(this.method.getName()) + "Args", fields);
		};
	}

	private @Nullable AnnotatedType resolve(AnnotatedType type, String where) {
		AnnotatedType resolved;
		try {
			resolved = this.variables.resolve(type);
		}
		catch (UnsupportedTypeException ex) {
			problem(where + ": " + ex.getMessage(), CONCRETE);
			return null;
		}
		Class<?> raw = TypeVariables.erase(resolved.getType());
		if (isStreamed(raw)) {
			problem(where + ": " + raw.getName() + " is a streamed type, and streaming is not built yet",
					"Use a List, or several calls");
			return null;
		}
		return resolved;
	}

	private static boolean isStreamed(Class<?> type) {
		return type == Iterable.class || BaseStream.class.isAssignableFrom(type)
				|| Flow.Publisher.class.isAssignableFrom(type) || isReactivePublisher(type);
	}

	// Compares by name, since Reactive Streams need not be on the class path.
	private static boolean isReactivePublisher(@Nullable Class<?> type) {
		if (type == null) {
			return false;
		}
		if (type.getName().equals("org.reactivestreams.Publisher") || isReactivePublisher(type.getSuperclass())) {
			return true;
		}
		for (Class<?> parent : type.getInterfaces()) {
			if (isReactivePublisher(parent)) {
				return true;
			}
		}
		return false;
	}

	private void problem(String what, String fix) {
		this.problems.accept(new Problem(WireNames.describe(this.method), what, fix));
	}

}
