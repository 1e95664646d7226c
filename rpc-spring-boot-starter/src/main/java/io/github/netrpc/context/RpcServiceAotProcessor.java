package io.github.netrpc.context;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.springframework.aot.hint.BindingReflectionHintsRegistrar;
import org.springframework.aot.hint.ExecutableMode;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.beans.factory.aot.BeanRegistrationAotContribution;
import org.springframework.beans.factory.aot.BeanRegistrationAotProcessor;
import org.springframework.beans.factory.support.RegisteredBean;
import org.springframework.util.ClassUtils;

import io.github.netrpc.method.MethodReader;
import io.github.netrpc.method.MethodShape;
import io.github.netrpc.method.ServiceShape;

/**
 * Tells a native image of the methods that callers may call, and of the types of their
 * arguments and replies, whose properties are found by reflection at start-up.
 */
class RpcServiceAotProcessor implements BeanRegistrationAotProcessor {

	@Override
	public @Nullable BeanRegistrationAotContribution processAheadOfTime(RegisteredBean registeredBean) {
		if (RpcClientDefinitions.isClient(registeredBean.getMergedBeanDefinition())
				|| !RpcServiceBeans.isService(registeredBean.getBeanClass())) {
			return null;
		}
		List<MethodShape> methods = methods(ClassUtils.getUserClass(registeredBean.getBeanClass()));
		return (generation, code) -> registerHints(generation.getRuntimeHints(), methods);
	}

	// What is wrong with a service stops the start, with all reasons; not the build.
	private static List<MethodShape> methods(Class<?> type) {
		List<MethodShape> methods = new ArrayList<>();
		for (ServiceShape service : new MethodReader(List.of()).readServices(type, null, (problem) -> {
		})) {
			methods.addAll(service.methods());
		}
		return methods;
	}

	private static void registerHints(RuntimeHints hints, List<MethodShape> methods) {
		BindingReflectionHintsRegistrar binding = new BindingReflectionHintsRegistrar();
		for (MethodShape shape : methods) {
			hints.reflection().registerMethod(shape.method(), ExecutableMode.INVOKE);
			binding.registerReflectionHints(hints.reflection(), shape.method().getGenericParameterTypes());
			binding.registerReflectionHints(hints.reflection(), shape.method().getGenericReturnType());
		}
	}

}
