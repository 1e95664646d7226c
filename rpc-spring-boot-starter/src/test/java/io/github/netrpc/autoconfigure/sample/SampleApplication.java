package io.github.netrpc.autoconfigure.sample;

import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

import io.github.netrpc.autoconfigure.client.RpcClientConnectionDetails;

@SpringBootApplication(proxyBeanMethods = false)
public class SampleApplication {

	/** Every channel leads to the application's own server. */
	@Bean
	RpcClientConnectionDetails ownServer(Environment environment) {
		return (channel) -> "static://127.0.0.1:" + environment.getRequiredProperty("local.rpc.server.port");
	}

}
