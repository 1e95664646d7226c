package io.github.netrpc.autoconfigure.client;

import java.util.LinkedHashSet;
import java.util.Set;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.boot.autoconfigure.AutoConfigurationPackages;
import org.springframework.core.type.AnnotationMetadata;

import io.github.netrpc.context.RpcClientRegistrar;

/**
 * Registers the clients in the application's own packages.
 */
class AutoConfiguredRpcClientRegistrar extends RpcClientRegistrar {

	@Override
	protected Set<String> basePackages(AnnotationMetadata importing, BeanFactory beanFactory) {
		return AutoConfigurationPackages.has(beanFactory)
				? new LinkedHashSet<>(AutoConfigurationPackages.get(beanFactory)) : Set.of();
	}

}
