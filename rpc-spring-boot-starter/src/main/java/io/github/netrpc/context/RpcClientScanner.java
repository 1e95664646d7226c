package io.github.netrpc.context;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

import org.springframework.beans.factory.annotation.AnnotatedBeanDefinition;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.context.annotation.ClassPathScanningCandidateComponentProvider;
import org.springframework.core.env.Environment;
import org.springframework.core.io.ResourceLoader;
import org.springframework.core.type.AnnotationMetadata;
import org.springframework.core.type.filter.AnnotationTypeFilter;
import org.springframework.util.ClassUtils;

import io.github.netrpc.annotation.RpcClient;

/**
 * Finds {@link RpcClient} interfaces on the class path. Only those that are annotated
 * themselves: extending a client does not make a second one.
 */
class RpcClientScanner extends ClassPathScanningCandidateComponentProvider {

	private final Environment environment;

	private final ResourceLoader resourceLoader;

	RpcClientScanner(Environment environment, ResourceLoader resourceLoader) {
		super(false, environment);
		this.environment = environment;
		this.resourceLoader = resourceLoader;
		setResourceLoader(resourceLoader);
		addIncludeFilter(new AnnotationTypeFilter(RpcClient.class, false, false));
	}

	List<Class<?>> scan(Collection<String> packages) {
		List<Class<?>> found = new ArrayList<>();
		for (String name : packages) {
			String resolved = this.environment.resolveRequiredPlaceholders(name);
			for (BeanDefinition candidate : findCandidateComponents(resolved)) {
				String className = candidate.getBeanClassName();
				found.add(ClassUtils.resolveClassName(String.valueOf(className), this.resourceLoader.getClassLoader()));
			}
		}
		return found;
	}

	@Override
	protected boolean isCandidateComponent(AnnotatedBeanDefinition definition) {
		AnnotationMetadata metadata = definition.getMetadata();
		return metadata.isIndependent() && !metadata.isAnnotation();
	}

}
