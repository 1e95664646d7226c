package io.github.netrpc.discovery.tests;

import java.net.URI;
import java.util.List;
import java.util.function.IntSupplier;

import org.springframework.cloud.client.serviceregistry.Registration;
import org.springframework.cloud.consul.discovery.TtlScheduler;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * The client of Consul, and something that answers it. Applications without a web server
 * need Consul's TTL checks: there is nothing that Consul could ask.
 */
final class ConsulBackend implements Backend {

	private final String host;

	private final IntSupplier port;

	private final Runnable start;

	private final Runnable stop;

	ConsulBackend(String host, IntSupplier port, Runnable start, Runnable stop) {
		this.host = host;
		this.port = port;
		this.start = start;
		this.stop = stop;
	}

	static ConsulBackend at(URI consul) {
		Relay relay = new Relay(consul.getHost(), consul.getPort());
		return new ConsulBackend("127.0.0.1", relay::port, relay::start, relay::stop);
	}

	static ConsulBackend standIn() {
		ConsulStandIn standIn = new ConsulStandIn();
		return new ConsulBackend("127.0.0.1", standIn::port, standIn::start, standIn::stop);
	}

	@Override
	public List<String> properties(String node) {
		return List.of("eureka.client.enabled=false", "spring.cloud.zookeeper.enabled=false",
				"spring.cloud.consul.host=" + this.host, "spring.cloud.consul.port=" + this.port.getAsInt(),
				"spring.cloud.consul.config.enabled=false", "spring.cloud.consul.discovery.hostname=127.0.0.1",
				"spring.cloud.consul.discovery.instance-id=whoami-" + node,
				"spring.cloud.consul.discovery.register=" + !node.equals("caller"),
				"spring.cloud.consul.discovery.query-passing=true",
				"spring.cloud.consul.discovery.heartbeat.enabled=true",
				"spring.cloud.consul.discovery.heartbeat.ttl=3s",
				"spring.cloud.consul.discovery.catalog-services-watch-delay=200");
	}

	/**
	 * It passes its check no more.
	 */
	@Override
	public void fallSilent(ConfigurableApplicationContext node) {
		node.getBean(TtlScheduler.class).remove(node.getBean(Registration.class).getInstanceId());
	}

	@Override
	public void stop() {
		this.stop.run();
	}

	@Override
	public void start() {
		this.start.run();
	}

	@Override
	public void close() {
		stop();
	}

}
