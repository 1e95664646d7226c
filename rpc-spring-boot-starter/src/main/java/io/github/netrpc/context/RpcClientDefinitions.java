package io.github.netrpc.context;

import java.util.List;

import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.annotation.AnnotatedGenericBeanDefinition;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.context.annotation.AnnotationConfigUtils;
import org.springframework.core.ResolvableType;

import io.github.netrpc.annotation.RpcClient;
import io.github.netrpc.cluster.RpcCluster;
import io.github.netrpc.method.RpcDefinitionException;

/**
 * Writes the bean definitions of client interfaces and their clusters, and recognises
 * them again. An interface may bear {@code @Lazy}, {@code @Primary} and
 * {@code @Fallback}, as a component may.
 */
class RpcClientDefinitions {

	/** Attribute of the bean definitions, with the name of the channel. */
	static final String CHANNEL_ATTRIBUTE = RpcClientDefinitions.class.getName() + ".channel";

	/** Attribute of the bean definitions of clusters, with the interface. */
	private static final String CLUSTER_ATTRIBUTE = RpcClientDefinitions.class.getName() + ".cluster";

	private final BeanDefinitionRegistry registry;

	private final BeanFactory beanFactory;

	RpcClientDefinitions(BeanDefinitionRegistry registry, BeanFactory beanFactory) {
		this.registry = registry;
		this.beanFactory = beanFactory;
	}

	void register(Class<?> type) {
		if (!this.registry.containsBeanDefinition(type.getName())) {
			RootBeanDefinition client = define(type);
			this.registry.registerBeanDefinition(type.getName(), client);
			this.registry.registerBeanDefinition(clusterName(type), defineCluster(type, client));
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

	/**
	 * The cluster of a client. Lazy, since few clients need one, and what is wrong with
	 * an interface its proxy tells at the start.
	 */
	private <T> RootBeanDefinition defineCluster(Class<T> type, RootBeanDefinition client) {
		RootBeanDefinition definition = new RootBeanDefinition(RpcCluster.class);
		definition.setTargetType(ResolvableType.forClassWithGenerics(RpcCluster.class, type));
		definition.setInstanceSupplier(() -> this.beanFactory.getBean(RpcClientFactory.class).createCluster(type));
		definition.setLazyInit(true);
		definition.setPrimary(client.isPrimary());
		definition.setFallback(client.isFallback());
		definition.setAttribute(CLUSTER_ATTRIBUTE, type);
		definition.setResourceDescription(type.getName());
		return definition;
	}

	static String clusterName(Class<?> type) {
		return type.getName() + ".cluster";
	}

	/**
	 * The interface of a cluster.
	 * @return the interface, or null if the bean is no cluster
	 */
	static @Nullable Class<?> clusterType(BeanDefinition definition) {
		return (Class<?>) definition.getAttribute(CLUSTER_ATTRIBUTE);
	}

	static boolean isClient(BeanDefinition definition) {
		return definition.hasAttribute(CHANNEL_ATTRIBUTE);
	}

}
