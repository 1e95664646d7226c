package io.github.netrpc.discovery.tests;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;

/**
 * A node, if it has a name, and a caller of all of them.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
class Application {

	@Bean
	@ConditionalOnProperty("node.name")
	Whoami whoami(@Value("${node.name}") String name) {
		return () -> name;
	}

}
