package io.github.netrpc.method;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.annotation.RpcMethod;
import io.github.netrpc.annotation.RpcService;

/**
 * The names that Java declarations have on the wire.
 */
final class WireNames {

	private WireNames() {
	}

	static String ofService(Class<?> type) {
		RpcService annotation = type.getAnnotation(RpcService.class);
		return (annotation == null || annotation.value().isEmpty()) ? type.getSimpleName() : annotation.value();
	}

	static String ofMethod(Method method) {
		RpcMethod annotation = method.getAnnotation(RpcMethod.class);
		return (annotation != null) ? annotation.value() : ofMethod(method.getName());
	}

	static String ofMethod(String javaName) {
		int first = javaName.codePointAt(0);
		return Character.toString(Character.toUpperCase(first)) + javaName.substring(Character.charCount(first));
	}

	// What is wrong with a name, if anything.
	static @Nullable String flaw(String name, boolean dotsAllowed) {
		if (name.isEmpty()) {
			return "is empty";
		}
		if (!dotsAllowed && name.indexOf('.') >= 0) {
			return "contains a dot, which ends the service's name";
		}
		return name.codePoints().anyMatch(Character::isISOControl) ? "contains a control character" : null;
	}

	// A method as people write it: com.acme.Arith.add(Args).
	static String describe(Method method) {
		return method.getDeclaringClass().getName() + "." + method.getName()
				+ Arrays.stream(method.getParameterTypes())
					.map(Class::getSimpleName)
					.collect(Collectors.joining(", ", "(", ")"));
	}

}
