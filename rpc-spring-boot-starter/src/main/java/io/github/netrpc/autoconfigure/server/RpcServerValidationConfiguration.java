package io.github.netrpc.autoconfigure.server;

import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

import jakarta.validation.ConstraintViolationException;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.util.ClassUtils;
import org.springframework.util.function.SingletonSupplier;

import io.github.netrpc.context.RpcServiceBean;
import io.github.netrpc.context.RpcServiceBeans;

/**
 * Answers calls whose arguments violate the constraints of their service. Advice of the
 * application is asked first.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass(ConstraintViolationException.class)
class RpcServerValidationConfiguration {

	@Bean
	ConstraintViolationAdvice rpcConstraintViolationAdvice(ConfigurableListableBeanFactory beanFactory) {
		return new ConstraintViolationAdvice(services(beanFactory));
	}

	@Bean
	MethodValidationAdvice rpcMethodValidationAdvice(ConfigurableListableBeanFactory beanFactory) {
		return new MethodValidationAdvice(services(beanFactory));
	}

	private static Predicate<Class<?>> services(ConfigurableListableBeanFactory beanFactory) {
		SingletonSupplier<Set<Class<?>>> classes = SingletonSupplier.of(() -> new RpcServiceBeans(beanFactory).beans()
			.stream()
			.map(RpcServiceBean::targetClass)
			.collect(Collectors.toUnmodifiableSet()));
		return (type) -> classes.obtain().contains(ClassUtils.getUserClass(type));
	}

}
