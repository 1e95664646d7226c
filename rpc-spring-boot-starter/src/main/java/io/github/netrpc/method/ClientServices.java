package io.github.netrpc.method;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.annotation.RpcClient;
import io.github.netrpc.annotation.RpcService;

/**
 * Which service each method of a client's interface belongs to.
 */
final class ClientServices {

	private final Class<?> type;

	private final String inPlace;

	private final List<Class<?>> services;

	ClientServices(Class<?> type, @Nullable String service) {
		this.type = type;
		RpcClient annotation = type.getAnnotation(RpcClient.class);
		boolean itself = annotation == null || type.isAnnotationPresent(RpcService.class);
		if (service != null) {
			this.inPlace = service;
		}
		else if (annotation != null && !annotation.service().isEmpty()) {
			this.inPlace = annotation.service();
		}
		else {
			this.inPlace = itself ? WireNames.ofService(type) : "";
		}
		this.services = Declarations.interfacesOf(type)
			.stream()
			.filter((each) -> each != type && !Declarations.isForeign(each))
			.toList();
	}

	// Whether no parent declares the method.
	boolean isDeclaredInPlace(Method method) {
		return method.getDeclaringClass() == this.type && this.services.stream().noneMatch((each) -> has(each, method));
	}

	// The service of a method, empty if there is none.
	String of(Method method) {
		return this.services.stream()
			.filter((each) -> each.isAnnotationPresent(RpcService.class) && has(each, method))
			.reduce((closer, further) -> declares(further, method) ? further : closer)
			.or(() -> this.services.stream().filter((each) -> declares(each, method)).reduce((near, far) -> far))
			.map(WireNames::ofService)
			.orElse(this.inPlace);
	}

	private static boolean has(Class<?> type, Method method) {
		return Arrays.stream(type.getMethods()).anyMatch((each) -> isSame(each, method));
	}

	private static boolean declares(Class<?> type, Method method) {
		return Arrays.stream(type.getDeclaredMethods()).anyMatch((each) -> isSame(each, method));
	}

	private static boolean isSame(Method left, Method right) {
		return Objects.equals(left.getName(), right.getName())
				&& Arrays.equals(left.getParameterTypes(), right.getParameterTypes());
	}

}
