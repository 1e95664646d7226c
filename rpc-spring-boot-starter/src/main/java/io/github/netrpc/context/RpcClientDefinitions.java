package io.github.netrpc.context;

import java.util.List;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.annotation.AnnotatedGenericBeanDefinition;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.context.annotation.AnnotationConfigUtils;

import io.github.netrpc.annotation.RpcClient;
import io.github.netrpc.method.RpcDefinitionException;

/**
 * Writes the bean definitions of client interfaces, and recognises them again. An
 * interface may bear {@code @Lazy}, {@code @Primary} and {@code @Fallback}, as a
 * component may.
 */
class RpcClientDefinitions {

	/** Attribute of the bean definitions, with the name of the channel. */
	static final String CHANNEL_ATTRIBUTE = RpcClientDefinitions.class.getName() + ".channel";

	private final BeanDefinitionRegistry registry;

	private final BeanFactory beanFactory;

	RpcClientDefinitions(BeanDefinitionRegistry registry, BeanFactory beanFactory) {
		this.registry = registry;
		this.beanFactory = beanFactory;
	}

	void register(Class<?> type) {
		if (!this.registry.containsBeanDefinition(type.getName())) {
			this.registry.registerBeanDefinition(type.getName(), define(type));
		}
	}

	private <T> RootBeanDefinition define(Class<T> type) {
		RpcClient annotation = type.getAnnotation(RpcClient.class);
		if (annotation == null || !type.isInterface()) {
			throw new RpcDefinitionException(List
				.of(new RpcDefinitionException.Problem(type.getName(), "is no interface annotated with @RpcClient",
						"Put @RpcClient on an interface, naming its channel, or do not list the type")));
		}
		RootBeanDefinition definition = new RootBeanDefinition(type);
		definition.setInstanceSupplier(() -> this.beanFactory.getBean(RpcClientFactory.class).create(type));
		AnnotatedGenericBeanDefinition annotated = new AnnotatedGenericBeanDefinition(type);
		AnnotationConfigUtils.processCommonDefinitionAnnotations(annotated);
		definition.setLazyInit(annotated.isLazyInit());
		definition.setPrimary(annotated.isPrimary());
		definition.setFallback(annotated.isFallback());
		definition.setAttribute(CHANNEL_ATTRIBUTE, annotation.value());
		definition.setResourceDescription(type.getName());
		return definition;
	}

	static boolean isClient(BeanDefinition definition) {
		return definition.hasAttribute(CHANNEL_ATTRIBUTE);
	}

}
