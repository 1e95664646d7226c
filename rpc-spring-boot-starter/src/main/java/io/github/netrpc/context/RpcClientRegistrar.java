package io.github.netrpc.context;

import java.util.Objects;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.BeanFactoryAware;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.context.EnvironmentAware;
import org.springframework.context.ResourceLoaderAware;
import org.springframework.context.annotation.ImportBeanDefinitionRegistrar;
import org.springframework.core.env.Environment;
import org.springframework.core.io.ResourceLoader;
import org.springframework.core.type.AnnotationMetadata;

import io.github.netrpc.annotation.RpcClient;
import io.github.netrpc.cluster.RpcCluster;

/**
 * Registers two bean definitions for each {@link RpcClient} interface that it finds. The
 * name of the first is the name of the interface, its type the interface; the second is
 * its {@link RpcCluster}, made when it is asked for. Both instances come from the one
 * {@link RpcClientFactory} of the context. Nothing is scanned after start-up, or at all
 * after ahead-of-time processing. Subclasses say where to look.
 *
 * @since 0.1.0
 */
public abstract class RpcClientRegistrar
		implements ImportBeanDefinitionRegistrar, EnvironmentAware, ResourceLoaderAware, BeanFactoryAware {

	private @Nullable Environment environment;

	private @Nullable ResourceLoader resourceLoader;

	private @Nullable BeanFactory beanFactory;

	/**
	 * The packages to scan, with those below them.
	 * @param importing the class that imports the registrar
	 * @param beanFactory the bean factory
	 * @return names of packages, which may hold placeholders
	 */
	protected abstract Set<String> basePackages(AnnotationMetadata importing, BeanFactory beanFactory);

	/**
	 * The interfaces to register without scanning.
	 * @param importing the class that imports the registrar
	 * @return client interfaces
	 */
	protected Set<Class<?>> types(AnnotationMetadata importing) {
		return Set.of();
	}

	@Override
	public void registerBeanDefinitions(AnnotationMetadata importing, BeanDefinitionRegistry registry) {
		BeanFactory beans = Objects.requireNonNull(this.beanFactory, "beanFactory");
		RpcClientDefinitions definitions = new RpcClientDefinitions(registry, beans);
		types(importing).forEach(definitions::register);
		Set<String> packages = basePackages(importing, beans);
		if (!packages.isEmpty()) {
			Environment scanEnvironment = Objects.requireNonNull(this.environment, "environment");
			ResourceLoader scanLoader = Objects.requireNonNull(this.resourceLoader, "resourceLoader");
			new RpcClientScanner(scanEnvironment, scanLoader).scan(packages).forEach(definitions::register);
		}
	}

	@Override
	public void setEnvironment(Environment environment) {
		this.environment = environment;
	}

	@Override
	public void setResourceLoader(ResourceLoader resourceLoader) {
		this.resourceLoader = resourceLoader;
	}

	@Override
	public void setBeanFactory(BeanFactory beanFactory) {
		this.beanFactory = beanFactory;
	}

}
