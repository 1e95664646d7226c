package io.github.netrpc.discovery.tests;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.discovery.DiscoveryClient;
import org.springframework.context.ConfigurableApplicationContext;

import io.github.netrpc.client.NodeSnapshot;
import io.github.netrpc.client.NodeState;
import io.github.netrpc.cluster.DirectorySnapshot;
import io.github.netrpc.cluster.RpcChannel;
import io.github.netrpc.context.RpcChannelRegistry;
import io.github.netrpc.context.RpcServerLifecycle;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What holds for each registry: nodes are found, gone and new ones are noticed, and while
 * the registry is away nobody notices. Each test class extends it.
 */
abstract class RegistryContract {

	/** From the moment that the registry's client lists a node to its first call. */
	private static final Duration FIRST_CALL = Duration.ofSeconds(5);

	/** For what a registry decides, in its own time. */
	private static final Duration PATIENCE = Duration.ofSeconds(20);

	private final Map<String, ConfigurableApplicationContext> applications = new LinkedHashMap<>();

	abstract Backend backend();

	@AfterEach
	void stop() throws Exception {
		List<ConfigurableApplicationContext> all = new ArrayList<>(this.applications.values());
		all.forEach(ConfigurableApplicationContext::close);
		backend().close();
	}

	@Test
	@Timeout(300)
	void nodesComeAndGoAndTheRegistryTakesABreak() throws Exception {
		node("a", WebApplicationType.NONE);
		node("b", WebApplicationType.NONE);
		// A web application is registered with the port of its web server.
		ConfigurableApplicationContext web = node("c", WebApplicationType.SERVLET);
		ConfigurableApplicationContext caller = start("caller", WebApplicationType.NONE, List.of());
		awaitInstances(caller, 3);
		// The channel asks from its first call on.
		caller.getBean(WhoamiClient.class).name();
		Promised.within(FIRST_CALL, () -> assertNodes(caller, "a", "b", "c"));
		assertRegistered(caller, web);

		try (Calls calls = new Calls(caller.getBean(WhoamiClient.class))) {
			Promised.within(FIRST_CALL, () -> assertCalled(calls, 0, "a", "b", "c"));

			// One dies: its connections end, and its entry stays until the registry drops
			// it.
			ConfigurableApplicationContext dead = this.applications.get("a");
			backend().fallSilent(dead);
			dead.getBean(RpcServerLifecycle.class).stop();
			awaitNodes(caller, "b", "c");

			long added = calls.count();
			node("d", WebApplicationType.NONE);
			awaitInstances(caller, 3);
			Promised.within(FIRST_CALL, () -> {
				assertNodes(caller, "b", "c", "d");
				assertCalled(calls, added, "d");
			});

			// One stops: it is withdrawn before it drains.
			this.applications.get("b").close();
			awaitNodes(caller, "c", "d");

			DirectorySnapshot before = directory(caller);
			backend().stop();
			if (backend().isMissed()) {
				await().until(() -> directory(caller).failures() > before.failures());
			}
			long away = calls.count();
			await().until(() -> calls.count() > away + 1_000);
			assertThat(nodes(caller)).containsExactlyInAnyOrder("c", "d");

			long back = calls.count();
			backend().start();
			node("e", WebApplicationType.NONE);
			awaitInstances(caller, 3);
			Promised.within(FIRST_CALL, () -> {
				assertNodes(caller, "c", "d", "e");
				assertCalled(calls, back, "c", "d", "e");
			});
			assertThat(directory(caller).age()).isLessThan(Duration.ofSeconds(5));
			calls.assertNoneFailed();
		}
	}

	private void assertRegistered(ConfigurableApplicationContext caller, ConfigurableApplicationContext web) {
		assertThat(instances(caller))
			.allSatisfy((instance) -> assertThat(instance.getMetadata()).containsEntry("rpc-codec", "gob,json")
				.containsEntry("rpc-tags", "blue")
				.containsKeys("rpc-port", "rpc-capacity"));
		String rpcPort = web.getEnvironment().getRequiredProperty("local.rpc.server.port");
		int webPort = web.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
		assertThat(instances(caller)).filteredOn((instance) -> rpcPort.equals(instance.getMetadata().get("rpc-port")))
			.extracting(ServiceInstance::getPort)
			.containsExactly(webPort);
		assertThat(channel(caller).nodes()).allSatisfy((node) -> assertThat(node.tags()).containsExactly("blue"));
	}

	private ConfigurableApplicationContext node(String name, WebApplicationType type) {
		return start(name, type, List.of("node.name=" + name));
	}

	private ConfigurableApplicationContext start(String name, WebApplicationType type, List<String> properties) {
		List<String> all = new ArrayList<>(
				List.of("spring.application.name=whoami", "server.port=0", "rpc.server.port=0",
						"rpc.server.registration.tags=blue", "rpc.client.channel.whoami.target=discovery://whoami",
						"spring.main.banner-mode=off", "spring.cloud.discovery.client.health-indicator.enabled=false"));
		all.addAll(backend().properties(name));
		all.addAll(properties);
		ConfigurableApplicationContext application = new SpringApplicationBuilder(Application.class).web(type)
			.run(all.stream().map((each) -> "--" + each).toArray(String[]::new));
		this.applications.put(name, application);
		return application;
	}

	private List<ServiceInstance> instances(ConfigurableApplicationContext caller) {
		return caller.getBean(DiscoveryClient.class).getInstances("whoami");
	}

	private static RpcChannel channel(ConfigurableApplicationContext caller) {
		return caller.getBean(RpcChannelRegistry.class).channel("whoami");
	}

	private static DirectorySnapshot directory(ConfigurableApplicationContext caller) {
		return channel(caller).directory();
	}

	/**
	 * The nodes that a caller calls, by their names.
	 */
	private List<String> nodes(ConfigurableApplicationContext caller) {
		return channel(caller).nodes()
			.stream()
			.filter((node) -> node.state() != NodeState.DRAINING)
			.map(this::name)
			.filter(Objects::nonNull)
			.toList();
	}

	private String name(NodeSnapshot node) {
		return this.applications.entrySet()
			.stream()
			.filter((each) -> node.address()
				.endsWith(":" + each.getValue().getEnvironment().getProperty("local.rpc.server.port")))
			.map(Map.Entry::getKey)
			.findFirst()
			.orElse(node.address());
	}

	/**
	 * Awaits that the registry's own client lists so many: its time, not ours.
	 */
	private void awaitInstances(ConfigurableApplicationContext caller, int count) {
		await().until(() -> instances(caller).size() == count);
	}

	private void awaitNodes(ConfigurableApplicationContext caller, String... names) {
		await().untilAsserted(() -> assertNodes(caller, names));
	}

	private void assertNodes(ConfigurableApplicationContext caller, String... names) {
		assertThat(nodes(caller)).containsExactlyInAnyOrder(names);
	}

	// From before a node was listed: its first, cold answer may make it look slow for a
	// while after.
	private static void assertCalled(Calls calls, long from, String... names) {
		for (String name : names) {
			assertThat(calls.last(name)).as("last call of " + name).isGreaterThan(from);
		}
	}

	private static org.awaitility.core.ConditionFactory await() {
		return Awaitility.await().pollInterval(Duration.ofMillis(50)).atMost(PATIENCE).ignoreExceptions();
	}

}
