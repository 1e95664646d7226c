package io.github.netrpc.method;

import java.lang.reflect.AnnotatedArrayType;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.AnnotatedWildcardType;
import java.lang.reflect.Array;
import java.lang.reflect.GenericArrayType;
import java.lang.reflect.GenericDeclaration;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.github.netrpc.type.UnsupportedTypeException;

/**
 * What the type variables of a class's ancestors stand for in that class. Annotations on
 * and inside types survive the substitution.
 */
final class TypeVariables {

	private final Class<?> root;

	private final Map<TypeVariable<?>, AnnotatedType> bindings = new HashMap<>();

	private final Set<Class<?>> visited = new HashSet<>();

	private TypeVariables(Class<?> root) {
		this.root = root;
	}

	static TypeVariables of(Class<?> root) {
		TypeVariables variables = new TypeVariables(root);
		variables.visit(root);
		return variables;
	}

	/**
	 * Replaces the type variables in a type.
	 * @param type a type in a declaration of the root class or an ancestor of it
	 * @return the type without variables, the same object if it had none
	 * @throws UnsupportedTypeException if a variable stands for nothing
	 */
	AnnotatedType resolve(AnnotatedType type) {
		return mentionsVariable(type.getType()) ? substitute(type) : type;
	}

	private void visit(Class<?> type) {
		if (!this.visited.add(type)) {
			return;
		}
		AnnotatedType parent = type.getAnnotatedSuperclass();
		if (parent != null) {
			bind(parent);
		}
		for (AnnotatedType each : type.getAnnotatedInterfaces()) {
			bind(each);
		}
	}

	private void bind(AnnotatedType ancestor) {
		if (ancestor instanceof AnnotatedParameterizedType parameterized) {
			Class<?> raw = erase(ancestor.getType());
			TypeVariable<?>[] variables = raw.getTypeParameters();
			AnnotatedType[] arguments = parameterized.getAnnotatedActualTypeArguments();
			for (int i = 0; i < variables.length; i++) {
				try {
					this.bindings.putIfAbsent(variables[i], resolve(arguments[i]));
				}
				catch (UnsupportedTypeException ex) {
					// Left unbound: a problem only if a method mentions it.
				}
			}
		}
		visit(erase(ancestor.getType()));
	}

	private AnnotatedType substitute(AnnotatedType type) {
		if (type.getType() instanceof TypeVariable<?> variable) {
			return SubstitutedType.annotate(binding(variable), type.getAnnotations());
		}
		if (type instanceof AnnotatedParameterizedType parameterized) {
			return SubstitutedType.parameterized(parameterized,
					resolveAll(parameterized.getAnnotatedActualTypeArguments()));
		}
		if (type instanceof AnnotatedArrayType array) {
			return SubstitutedType.array(array, resolve(array.getAnnotatedGenericComponentType()));
		}
		AnnotatedWildcardType wildcard = (AnnotatedWildcardType) type;
		return SubstitutedType.wildcard(wildcard, resolveAll(wildcard.getAnnotatedUpperBounds()),
				resolveAll(wildcard.getAnnotatedLowerBounds()));
	}

	private List<AnnotatedType> resolveAll(AnnotatedType[] types) {
		return Arrays.stream(types).map(this::resolve).toList();
	}

	private AnnotatedType binding(TypeVariable<?> variable) {
		AnnotatedType bound = this.bindings.get(variable);
		if (bound == null) {
			GenericDeclaration declaration = variable.getGenericDeclaration();
			String owner = (declaration instanceof Method method) ? "the method " + method.getName()
					: ((Class<?>) declaration).getName();
			throw new UnsupportedTypeException("type variable " + variable.getName() + " of " + owner
					+ " does not stand for a type in " + this.root.getName());
		}
		return bound;
	}

	static Class<?> erase(Type type) {
		if (type instanceof Class<?> raw) {
			return raw;
		}
		if (type instanceof ParameterizedType parameterized) {
			return (Class<?>) parameterized.getRawType();
		}
		if (type instanceof GenericArrayType array) {
			return Array.newInstance(erase(array.getGenericComponentType()), 0).getClass();
		}
		if (type instanceof TypeVariable<?> variable) {
			return erase(variable.getBounds()[0]);
		}
		return erase(((WildcardType) type).getUpperBounds()[0]);
	}

	private static boolean mentionsVariable(Type type) {
		if (type instanceof ParameterizedType parameterized) {
			return anyMentionsVariable(parameterized.getActualTypeArguments());
		}
		if (type instanceof GenericArrayType array) {
			return mentionsVariable(array.getGenericComponentType());
		}
		if (type instanceof WildcardType wildcard) {
			return anyMentionsVariable(wildcard.getUpperBounds()) || anyMentionsVariable(wildcard.getLowerBounds());
		}
		return type instanceof TypeVariable<?>;
	}

	private static boolean anyMentionsVariable(Type[] types) {
		return Arrays.stream(types).anyMatch(TypeVariables::mentionsVariable);
	}

}
