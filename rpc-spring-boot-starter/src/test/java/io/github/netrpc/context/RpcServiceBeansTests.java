package io.github.netrpc.context;

import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import org.aopalliance.intercept.MethodInterceptor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.aop.framework.autoproxy.BeanNameAutoProxyCreator;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ClassPathBeanDefinitionScanner;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.context.annotation.Scope;
import org.springframework.context.annotation.ScopedProxyMode;
import org.springframework.context.support.SimpleThreadScope;

import io.github.netrpc.annotation.RpcClient;
import io.github.netrpc.annotation.RpcService;

import static org.assertj.core.api.Assertions.assertThat;

@ExtendWith(OutputCaptureExtension.class)
class RpcServiceBeansTests {

	private final AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();

	@AfterEach
	void close() {
		this.context.close();
	}

	@Test
	void beansOfAnnotatedClassesAreFoundWithTheirClass() {
		List<RpcServiceBean> beans = beans(GreeterService.class);
		assertThat(beans).singleElement().satisfies((bean) -> {
			assertThat(bean.bean()).isInstanceOf(GreeterService.class);
			assertThat(bean.targetClass()).isEqualTo(GreeterService.class);
		});
	}

	@Test
	void beansWithoutTheAnnotationAreNotFound() {
		assertThat(beans(String.class)).isEmpty();
	}

	@Test
	void beanDeclaredByItsInterfaceIsFoundByTheInterface() {
		assertThat(beans(ByInterface.class)).singleElement()
			.satisfies((bean) -> assertThat(bean.targetClass()).isEqualTo(UnannotatedGreeter.class));
	}

	@Test
	void jdkProxyIsCalledButItsTargetIsRead() {
		assertThat(proxied(false)).singleElement().satisfies((bean) -> {
			assertThat(Proxy.isProxyClass(bean.bean().getClass())).isTrue();
			assertThat(bean.targetClass()).isEqualTo(GreeterService.class);
			assertThat(((Greeter) bean.bean()).greet()).isEqualTo("intercepted hello");
		});
	}

	@Test
	void classProxyIsCalledButItsTargetIsRead() {
		assertThat(proxied(true)).singleElement().satisfies((bean) -> {
			assertThat(bean.bean()).isInstanceOf(GreeterService.class);
			assertThat(bean.bean().getClass()).isNotEqualTo(GreeterService.class);
			assertThat(bean.targetClass()).isEqualTo(GreeterService.class);
			assertThat(((Greeter) bean.bean()).greet()).isEqualTo("intercepted hello");
		});
	}

	@Test
	void proxyOfAClientIsNoService() {
		assertThat(beans(ClientProxies.class)).isEmpty();
	}

	@Test
	void clientDefinitionIsNoService() {
		this.context.registerBean(RpcClientFactory.class, () -> new RpcClientFactory() {

			@Override
			public <T> T create(Class<T> type) {
				throw new IllegalStateException("nobody asked for a client");
			}

		});
		new RpcClientDefinitions(this.context, this.context.getBeanFactory()).register(GreeterClient.class);
		this.context.getBeanFactory().getBeanDefinition(GreeterClient.class.getName()).setLazyInit(true);
		assertThat(beans(GreeterService.class)).hasSize(1);
	}

	@Test
	void lazyBeanIsCreated() {
		assertThat(beans(LazyGreeter.class)).singleElement()
			.satisfies((bean) -> assertThat(bean.bean()).isInstanceOf(GreeterService.class));
	}

	@Test
	void prototypeAnswersEachCallAnew() {
		assertThat(beans(PrototypeGreeter.class)).singleElement().satisfies((bean) -> {
			assertThat(bean.targetClass()).isEqualTo(NumberedGreeter.class);
			Greeter greeter = (Greeter) bean.bean();
			String first = greeter.greet();
			assertThat(greeter.greet()).isNotEqualTo(first);
		});
	}

	@Test
	void scopedBeanIsFoundOnceByItsProxy() {
		this.context.getBeanFactory().registerScope("thread", new SimpleThreadScope());
		assertThat(beans(ScopedGreeter.class)).singleElement().satisfies((bean) -> {
			assertThat(bean.name()).isEqualTo("greeter");
			assertThat(bean.targetClass()).isEqualTo(NumberedGreeter.class);
			Greeter greeter = (Greeter) bean.bean();
			assertThat(greeter.greet()).isEqualTo(greeter.greet());
		});
	}

	@Test
	void namesCreateNoBean() {
		this.context.register(LazyGreeter.class);
		this.context.refresh();
		List<String> names = new RpcServiceBeans(this.context.getBeanFactory()).names();
		assertThat(names).containsExactly("greeter");
		assertThat(this.context.getBeanFactory().containsSingleton("greeter")).isFalse();
	}

	@Test
	void wireNameIsNotTheNameOfTheBean(CapturedOutput output) {
		new ClassPathBeanDefinitionScanner(this.context).scan(RpcServiceBeansTests.class.getPackageName() + ".scanned");
		this.context.refresh();
		assertThat(this.context.getBeanDefinitionNames()).contains("scannedGreeter", "chosenName")
			.doesNotContain("Wire.Name", "Other");
		assertThat(Arrays.stream(this.context.getBeanDefinitionNames())
			.map(this.context.getBeanFactory()::getBeanDefinition)
			.map(BeanDefinition::getBeanClassName))
			.noneMatch((name) -> name != null && name.endsWith("ScannedService"));
		assertThat(output).doesNotContain("convention-based");
	}

	private List<RpcServiceBean> beans(Class<?> component) {
		this.context.register(component);
		this.context.refresh();
		return new RpcServiceBeans(this.context.getBeanFactory()).beans();
	}

	private List<RpcServiceBean> proxied(boolean proxyTargetClass) {
		this.context.registerBean("interceptor", MethodInterceptor.class,
				() -> (call) -> call.getMethod().getName().equals("greet") ? "intercepted " + call.proceed()
						: call.proceed());
		this.context.registerBean(BeanNameAutoProxyCreator.class, () -> {
			BeanNameAutoProxyCreator creator = new BeanNameAutoProxyCreator();
			creator.setBeanNames("*GreeterService");
			creator.setInterceptorNames("interceptor");
			creator.setProxyTargetClass(proxyTargetClass);
			return creator;
		});
		return beans(GreeterService.class);
	}

	interface Greeter {

		String greet();

	}

	@RpcService
	static class GreeterService implements Greeter {

		@Override
		public String greet() {
			return "hello";
		}

	}

	@RpcService("Remote")
	interface RemoteGreeter extends Greeter {

	}

	@RpcClient("greeter")
	interface GreeterClient extends RemoteGreeter {

	}

	static class UnannotatedGreeter extends GreeterWithoutAnnotation implements RemoteGreeter {

	}

	@RpcService
	static class NumberedGreeter implements Greeter {

		private static final AtomicInteger CREATED = new AtomicInteger();

		private final int number = CREATED.incrementAndGet();

		@Override
		public String greet() {
			return "hello from " + this.number;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class ByInterface {

		@Bean
		Greeter unannotated() {
			return new GreeterWithoutAnnotation();
		}

		@Bean
		RemoteGreeter annotated() {
			return new UnannotatedGreeter();
		}

	}

	static class GreeterWithoutAnnotation implements Greeter {

		@Override
		public String greet() {
			return "hello";
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class ClientProxies {

		@Bean
		RemoteGreeter programmaticClient() {
			return (RemoteGreeter) Proxy.newProxyInstance(RemoteGreeter.class.getClassLoader(),
					new Class<?>[] { RemoteGreeter.class }, (proxy, method, arguments) -> null);
		}

		@Bean
		GreeterClient client() {
			return (GreeterClient) Proxy.newProxyInstance(RemoteGreeter.class.getClassLoader(),
					new Class<?>[] { GreeterClient.class }, (proxy, method, arguments) -> null);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class LazyGreeter {

		@Bean
		@Lazy
		GreeterService greeter() {
			return new GreeterService();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class PrototypeGreeter {

		@Bean
		@Scope(BeanDefinition.SCOPE_PROTOTYPE)
		NumberedGreeter greeter() {
			return new NumberedGreeter();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class ScopedGreeter {

		@Bean
		@Scope(scopeName = "thread", proxyMode = ScopedProxyMode.TARGET_CLASS)
		NumberedGreeter greeter() {
			return new NumberedGreeter();
		}

	}

}
