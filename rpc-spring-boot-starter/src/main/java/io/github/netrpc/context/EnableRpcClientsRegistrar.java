package io.github.netrpc.context;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.core.annotation.MergedAnnotation;
import org.springframework.core.type.AnnotationMetadata;
import org.springframework.util.ClassUtils;

/**
 * Registers what {@link EnableRpcClients} asks for.
 */
class EnableRpcClientsRegistrar extends RpcClientRegistrar {

	@Override
	protected Set<String> basePackages(AnnotationMetadata importing, BeanFactory beanFactory) {
		MergedAnnotation<EnableRpcClients> annotation = importing.getAnnotations().get(EnableRpcClients.class);
		Set<String> packages = new LinkedHashSet<>(List.of(annotation.getStringArray("basePackages")));
		if (packages.isEmpty() && annotation.getClassArray("types").length == 0) {
			packages.add(ClassUtils.getPackageName(importing.getClassName()));
		}
		return packages;
	}

	@Override
	protected Set<Class<?>> types(AnnotationMetadata importing) {
		return new LinkedHashSet<>(
				List.of(importing.getAnnotations().get(EnableRpcClients.class).getClassArray("types")));
	}

}
