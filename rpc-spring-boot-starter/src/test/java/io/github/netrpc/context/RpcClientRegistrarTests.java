package io.github.netrpc.context;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.aot.test.generate.TestGenerationContext;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.aot.ApplicationContextAotGenerator;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.ResolvableType;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.test.tools.CompileWithForkedClassLoader;
import org.springframework.core.test.tools.TestCompiler;
import org.springframework.javapoet.ClassName;

import io.github.netrpc.cluster.RpcChannel;
import io.github.netrpc.cluster.RpcCluster;
import io.github.netrpc.context.scanned.clients.ScannedClient;
import io.github.netrpc.method.RpcDefinitionException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class RpcClientRegistrarTests {

	private static final String SCANNED = "io.github.netrpc.context.scanned.clients";

	private final AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();

	@AfterEach
	void close() {
		this.context.close();
	}

	@Test
	void scanRegistersAnnotatedInterfacesAndNothingElse() {
		start(Scans.class);
		assertThat(this.context.getBeanNamesForType(ScannedClient.class))
			.containsExactlyInAnyOrder(ScannedClient.class.getName());
		assertThat(this.context.getBean(Factory.class).created).containsExactlyInAnyOrder(ScannedClient.class,
				ScannedClient.Nested.class);
	}

	@Test
	void clientsAreInjectedByType() {
		start(Scans.class);
		this.context.getBeanFactory().registerSingleton("later", new Object());
		assertThat(this.context.getBeanProvider(ScannedClient.class).getIfUnique()).isNotNull();
		assertThat(this.context.getBean(ScannedClient.class)).isSameAs(this.context.getBean(ScannedClient.class));
	}

	@Test
	void clusterOfEachClientIsInjectedByItsGenericType() {
		this.context.register(Injected.class);
		start(Scans.class);
		assertThat(this.context.getBeanNamesForType(RpcCluster.class)).hasSize(2);
		assertThat(this.context.getBean(Injected.class).cluster).hasToString(cluster("ScannedClient"));
		assertThat(this.context.getBean(Injected.class).nested).hasToString(cluster("Nested"));
	}

	@Test
	void clusterIsMadeWhenItIsAskedFor() {
		start(Scans.class);
		assertThat(this.context.getBean(Factory.class).clusters).isEmpty();
		ResolvableType type = ResolvableType.forClassWithGenerics(RpcCluster.class, ScannedClient.class);
		assertThat(this.context.getBeanProvider(type).getObject())
			.isSameAs(this.context.getBeanProvider(type).getObject());
		assertThat(this.context.getBean(Factory.class).clusters).containsExactly(ScannedClient.class);
	}

	@Test
	void factoryThatMakesNoClustersSaysSo() {
		this.context.register(ProxiesOnly.class, Scans.class);
		this.context.refresh();
		assertThatThrownBy(() -> this.context.getBean(ScannedClient.class.getName() + ".cluster"))
			.hasRootCauseInstanceOf(UnsupportedOperationException.class)
			.hasStackTraceContaining("makes no RpcCluster<ScannedClient>: implement createCluster");
	}

	private static String cluster(String type) {
		return "RpcCluster of " + type + " over scanned static://node:1";
	}

	@Test
	void packagesMayBePlaceholders() {
		this.context.getEnvironment()
			.getPropertySources()
			.addFirst(new MapPropertySource("test", Map.of("clients.package", SCANNED)));
		start(ScansPlaceholder.class);
		assertThat(this.context.getBeanNamesForType(ScannedClient.class)).hasSize(1);
	}

	@Test
	void listedTypesAreRegisteredWithoutAScan() {
		start(Lists.class);
		assertThat(this.context.getBean(Factory.class).created).containsExactly(ScannedClient.Nested.class);
	}

	@Test
	void scanningTwiceRegistersOnce() {
		this.context.register(Scans.class, ListsAndScans.class, Factory.class);
		this.context.refresh();
		assertThat(this.context.getBean(Factory.class).created).hasSize(2).doesNotHaveDuplicates();
	}

	@Test
	void typeWithoutTheAnnotationFailsNamingIt() {
		assertThatThrownBy(() -> start(ListsWrongType.class)).isInstanceOf(RpcDefinitionException.class)
			.hasMessageContaining("java.lang.Runnable")
			.hasMessageContaining("@RpcClient");
	}

	@Test
	void scannedClassFailsBecauseItIsNoInterface() {
		assertThatThrownBy(() -> start(ScansClass.class)).isInstanceOf(RpcDefinitionException.class)
			.hasMessageContaining("MisplacedClient")
			.hasMessageContaining("is no interface");
	}

	@Test
	@CompileWithForkedClassLoader
	void aotCreatesTheSameClientsFromGeneratedCode() {
		GenericApplicationContext prepared = new AnnotationConfigApplicationContext(Factory.class, Scans.class) {

			@Override
			public void refresh() {
				// Only the definitions are wanted.
			}

		};
		TestGenerationContext generation = new TestGenerationContext();
		ClassName initializer = new ApplicationContextAotGenerator().processAheadOfTime(prepared, generation);
		generation.writeGeneratedContent();
		assertThat(RuntimeHintsPredicates.proxies().forInterfaces(ScannedClient.class))
			.accepts(generation.getRuntimeHints());
		assertThat(RuntimeHintsPredicates.reflection().onType(ScannedClient.Question.class))
			.accepts(generation.getRuntimeHints());
		assertThat(RuntimeHintsPredicates.reflection().onType(ScannedClient.Answer.class))
			.accepts(generation.getRuntimeHints());
		TestCompiler.forSystem().with(generation).compile((compiled) -> {
			try (GenericApplicationContext frozen = new GenericApplicationContext()) {
				instance(compiled.getClassLoader(), initializer).initialize(frozen);
				frozen.refresh();
				assertThat(frozen.getBean(ScannedClient.class)).isNotNull();
				ResolvableType cluster = ResolvableType.forClassWithGenerics(RpcCluster.class, ScannedClient.class);
				assertThat(frozen.getBeanNamesForType(cluster)).hasSize(1);
				assertThat(frozen.getBean(Factory.class).clusters).isEmpty();
				assertThat(frozen.getBeanProvider(cluster).getObject()).hasToString(cluster("ScannedClient"));
				assertThat(frozen.getBean(Factory.class).created).extracting(Class::getName)
					.containsExactlyInAnyOrder(ScannedClient.class.getName(), ScannedClient.Nested.class.getName());
			}
		});
	}

	@SuppressWarnings("unchecked")
	private static ApplicationContextInitializer<GenericApplicationContext> instance(ClassLoader loader,
			ClassName name) {
		try {
			return (ApplicationContextInitializer<GenericApplicationContext>) Class
				.forName(name.reflectionName(), true, loader)
				.getDeclaredConstructor()
				.newInstance();
		}
		catch (ReflectiveOperationException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private void start(Class<?> configuration) {
		this.context.register(Factory.class, configuration);
		this.context.refresh();
	}

	static class Injected {

		private final RpcCluster<ScannedClient> cluster;

		private final RpcCluster<ScannedClient.Nested> nested;

		Injected(RpcCluster<ScannedClient> cluster, RpcCluster<ScannedClient.Nested> nested) {
			this.cluster = cluster;
			this.nested = nested;
		}

	}

	static class ProxiesOnly implements RpcClientFactory {

		@Override
		public <T> T create(Class<T> type) {
			return new Factory().create(type);
		}

	}

	static class Factory implements RpcClientFactory, DisposableBean {

		private final List<Class<?>> created = new ArrayList<>();

		private final List<Class<?>> clusters = new ArrayList<>();

		private final RpcChannel channel = RpcChannel.builder().name("scanned").target("static://node:1").build();

		@Override
		public <T> RpcCluster<T> createCluster(Class<T> type) {
			this.clusters.add(type);
			return this.channel.cluster(type);
		}

		@Override
		public void destroy() {
			this.channel.close();
		}

		@Override
		public <T> T create(Class<T> type) {
			this.created.add(type);
			return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] { type },
					(proxy, method, arguments) -> method.getName().equals("equals") ? proxy == arguments[0]
							: (method.getName().equals("hashCode") ? (Object) 1 : null)));
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableRpcClients(basePackages = SCANNED)
	static class Scans {

	}

	@Configuration(proxyBeanMethods = false)
	@EnableRpcClients(basePackages = "io.github.netrpc.context.scanned.misplaced")
	static class ScansClass {

	}

	@Configuration(proxyBeanMethods = false)
	@EnableRpcClients(basePackages = "${clients.package}")
	static class ScansPlaceholder {

	}

	@Configuration(proxyBeanMethods = false)
	@EnableRpcClients(types = ScannedClient.Nested.class)
	static class Lists {

		@Bean
		String unrelated() {
			return "unrelated";
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableRpcClients(types = ScannedClient.class, basePackages = SCANNED)
	static class ListsAndScans {

	}

	@Configuration(proxyBeanMethods = false)
	@EnableRpcClients(types = Runnable.class)
	static class ListsWrongType {

	}

}
