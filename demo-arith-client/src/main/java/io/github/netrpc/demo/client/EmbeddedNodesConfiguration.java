package io.github.netrpc.demo.client;

import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Starts nodes of our own where no target is configured.
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

}
