package io.github.netrpc.context;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

import org.springframework.aop.framework.AopProxyUtils;
import org.springframework.aop.scope.ScopedProxyUtils;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.util.ClassUtils;

import io.github.netrpc.annotation.RpcAdvice;

/**
 * Finds the beans annotated with {@link RpcAdvice}.
 *
 * @since 0.1.0
 */
public final class RpcAdviceBeans {

	private final ConfigurableListableBeanFactory beanFactory;

	/**
	 * Creates a finder.
	 * @param beanFactory the factory that is searched, without its parents
	 */
	public RpcAdviceBeans(ConfigurableListableBeanFactory beanFactory) {
		this.beanFactory = beanFactory;
	}

	/**
	 * The beans, created if need be.
	 * @return the beans in the order of {@link Ordered} or {@link Order @Order}, on their
	 * classes or on the methods that make them; those without one last
	 */
	public List<RpcServiceBean> beans() {
		return Arrays.stream(this.beanFactory.getBeanNamesForAnnotation(RpcAdvice.class))
			.filter((name) -> !ScopedProxyUtils.isScopedTarget(name))
			.map(this::bean)
			.sorted(Comparator.comparingInt(this::order))
			.toList();
	}

	private RpcServiceBean bean(String name) {
		Object bean = this.beanFactory.getBean(name);
		return new RpcServiceBean(name, bean, ClassUtils.getUserClass(AopProxyUtils.ultimateTargetClass(bean)));
	}

	private int order(RpcServiceBean bean) {
		if (bean.bean() instanceof Ordered ordered) {
			return ordered.getOrder();
		}
		Order order = this.beanFactory.findAnnotationOnBean(bean.name(), Order.class);
		return (order != null) ? order.value() : Ordered.LOWEST_PRECEDENCE;
	}

}
