package io.github.netrpc.context;

import java.lang.reflect.Modifier;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.springframework.aop.framework.AopProxyUtils;
import org.springframework.aop.framework.ProxyFactory;
import org.springframework.aop.framework.autoproxy.AutoProxyUtils;
import org.springframework.aop.scope.ScopedProxyUtils;
import org.springframework.aop.target.SimpleBeanTargetSource;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.core.annotation.MergedAnnotations.SearchStrategy;
import org.springframework.util.ClassUtils;

import io.github.netrpc.annotation.RpcClient;
import io.github.netrpc.annotation.RpcService;

/**
 * Finds the beans that offer services: those whose class, a parent of it or one of its
 * interfaces is annotated with {@link RpcService}. Clients' proxies have such interfaces
 * too, but offer nothing. A bean that is no singleton is asked for at each call, so its
 * scope decides which instance answers; lazy singletons are created.
 *
 * @since 0.1.0
 */
public final class RpcServiceBeans {

	private final ConfigurableListableBeanFactory beanFactory;

	/**
	 * Creates a finder.
	 * @param beanFactory the factory that is searched, without its parents
	 */
	public RpcServiceBeans(ConfigurableListableBeanFactory beanFactory) {
		this.beanFactory = beanFactory;
	}

	/**
	 * The names of the beans. Creates no bean, so it may be asked while definitions are
	 * still being registered.
	 * @return the names, in the order of registration
	 */
	public List<String> names() {
		return Arrays.stream(this.beanFactory.getBeanNamesForType(Object.class, true, false))
			.filter((name) -> !ScopedProxyUtils.isScopedTarget(name))
			.filter((name) -> isService(typeOf(name)))
			.toList();
	}

	/**
	 * The beans, created if need be.
	 * @return the beans, in the order of registration
	 */
	public List<RpcServiceBean> beans() {
		return names().stream().map(this::bean).filter((bean) -> !Proxy.isProxyClass(bean.targetClass())).toList();
	}

	private RpcServiceBean bean(String name) {
		if (this.beanFactory.isSingleton(name)) {
			Object bean = this.beanFactory.getBean(name);
			return new RpcServiceBean(name, bean, ClassUtils.getUserClass(AopProxyUtils.ultimateTargetClass(bean)));
		}
		Class<?> type = typeOf(name);
		if (type == null) {
			throw new IllegalStateException("the class of the bean '" + name + "' is not known");
		}
		return new RpcServiceBean(name, asksAtEachCall(name, type), ClassUtils.getUserClass(type));
	}

	private Object asksAtEachCall(String name, Class<?> type) {
		SimpleBeanTargetSource source = new SimpleBeanTargetSource();
		source.setTargetBeanName(name);
		source.setBeanFactory(this.beanFactory);
		source.setTargetClass(type);
		ProxyFactory proxies = new ProxyFactory();
		proxies.setTargetSource(source);
		proxies.setInterfaces(ClassUtils.getAllInterfacesForClass(type));
		proxies.setProxyTargetClass(!Modifier.isFinal(type.getModifiers()));
		return proxies.getProxy(this.beanFactory.getBeanClassLoader());
	}

	private @Nullable Class<?> typeOf(String name) {
		if (this.beanFactory.containsBeanDefinition(name)
				&& RpcClientDefinitions.isClient(this.beanFactory.getBeanDefinition(name))) {
			return null;
		}
		Class<?> type = this.beanFactory.getType(name, false);
		if (type != null && Proxy.isProxyClass(type)) {
			Class<?> target = AutoProxyUtils.determineTargetClass(this.beanFactory, name);
			return (target != null) ? target : type;
		}
		return type;
	}

	static boolean isService(@Nullable Class<?> type) {
		if (type == null) {
			return false;
		}
		MergedAnnotations annotations = MergedAnnotations.from(type, SearchStrategy.TYPE_HIERARCHY);
		return annotations.isPresent(RpcService.class) && !annotations.isPresent(RpcClient.class);
	}

}
