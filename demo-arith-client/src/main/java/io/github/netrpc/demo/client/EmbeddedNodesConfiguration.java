package io.github.netrpc.demo.client;

import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;

import io.github.netrpc.cluster.RpcCluster;
import io.github.netrpc.context.RpcChannelRegistry;

/**
 * Starts nodes of our own where no target is configured. They may die.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnProperty(name = "rpc.client.channel.arith.target", havingValue = "none", matchIfMissing = true)
class EmbeddedNodesConfiguration {

	@Bean
	EmbeddedNodes embeddedNodes() {
		EmbeddedNodes nodes = new EmbeddedNodes();
		System.out.println("No target is configured: three nodes started here, " + nodes.getTarget("arith"));
		return nodes;
	}

	@Bean
	@Order(4)
	DyingNode dyingNode(ArithClient arith, RpcCluster<ArithClient> cluster, RpcChannelRegistry channels,
			EmbeddedNodes nodes) {
		return new DyingNode(arith, cluster, channels, nodes);
	}

}
