package io.github.netrpc.discovery.tests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.stream.Stream;

import com.netflix.discovery.EurekaClient;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.cloud.netflix.eureka.server.EnableEurekaServer;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * A real Eureka server in this process. It remembers nothing: after a restart it is empty
 * until the nodes have told it again. Its clients have a copy of the list, and answer
 * from it while the server is away. The intervals are far shorter than Eureka's own.
 */
final class EurekaBackend implements Backend {

	private final int port = freePort();

	private @Nullable ConfigurableApplicationContext server;

	EurekaBackend() {
		start();
	}

	private static int freePort() {
		try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			return socket.getLocalPort();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Override
	public List<String> properties(String node) {
		return List.of("spring.cloud.zookeeper.enabled=false", "spring.cloud.consul.enabled=false",
				"eureka.client.service-url.defaultZone=http://127.0.0.1:" + this.port + "/eureka/",
				"eureka.client.register-with-eureka=" + !node.equals("caller"), "eureka.instance.hostname=127.0.0.1",
				"eureka.instance.instance-id=" + node, "eureka.client.registry-fetch-interval-seconds=1",
				"eureka.client.jersey.enabled=false", "eureka.client.should-unregister-on-shutdown=false",
				"eureka.instance.lease-renewal-interval-in-seconds=1",
				"eureka.instance.lease-expiration-duration-in-seconds=2");
	}

	/**
	 * It renews its lease no more, and Eureka drops it when that is over.
	 */
	@Override
	public void fallSilent(ConfigurableApplicationContext node) {
		node.getBean(EurekaClient.class).shutdown();
	}

	@Override
	public boolean isMissed() {
		return false;
	}

	@Override
	public void start() {
		this.server = new SpringApplicationBuilder(Server.class).web(WebApplicationType.SERVLET)
			.run(Stream.of("server.port=" + this.port, "server.address=127.0.0.1", "spring.application.name=eureka",
					"rpc.server.enabled=false", "rpc.client.enabled=false", "spring.cloud.zookeeper.enabled=false",
					"spring.cloud.consul.enabled=false", "eureka.client.register-with-eureka=false",
					"eureka.client.fetch-registry=false", "eureka.instance.hostname=127.0.0.1",
					"eureka.client.service-url.defaultZone=http://127.0.0.1:" + this.port + "/eureka/",
					"eureka.server.enable-self-preservation=false", "eureka.server.eviction-interval-timer-in-ms=500",
					"eureka.server.response-cache-update-interval-ms=200",
					"eureka.server.wait-time-in-ms-when-sync-empty=0", "spring.main.banner-mode=off",
					"spring.freemarker.prefer-file-system-access=false")
				.map((each) -> "--" + each)
				.toArray(String[]::new));
	}

	@Override
	public void stop() {
		close();
	}

	@Override
	public void close() {
		if (this.server != null) {
			this.server.close();
			this.server = null;
		}
	}

	/**
	 * The server.
	 */
	@SpringBootConfiguration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	@EnableEurekaServer
	static class Server {

	}

}
