package io.github.netrpc.discovery.tests;

import java.util.List;

import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.test.TestingServer;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * A real ZooKeeper in this process. What it holds survives its restart.
 */
final class ZooKeeperBackend implements Backend {

	private final TestingServer server;

	ZooKeeperBackend() {
		try {
			this.server = new TestingServer();
		}
		catch (Exception ex) {
			throw new IllegalStateException("ZooKeeper could not be started", ex);
		}
	}

	@Override
	public List<String> properties(String node) {
		return List.of("eureka.client.enabled=false", "spring.cloud.consul.enabled=false",
				"spring.cloud.zookeeper.connect-string=" + this.server.getConnectString(),
				"spring.cloud.zookeeper.session-timeout=4s", "spring.cloud.zookeeper.connection-timeout=1s",
				"spring.cloud.zookeeper.base-sleep-time-ms=50", "spring.cloud.zookeeper.max-retries=1",
				"spring.cloud.zookeeper.discovery.instance-host=127.0.0.1",
				"spring.cloud.zookeeper.discovery.register=" + !node.equals("caller"));
	}

	/**
	 * Its session is over, as when it expires: ZooKeeper drops the node's entry.
	 */
	@Override
	public void fallSilent(ConfigurableApplicationContext node) throws Exception {
		node.getBean(CuratorFramework.class).close();
	}

	@Override
	public void stop() throws Exception {
		this.server.stop();
	}

	@Override
	public void start() throws Exception {
		this.server.restart();
	}

	@Override
	public void close() throws Exception {
		this.server.close();
	}

}
