package io.github.netrpc.autoconfigure;

import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import io.github.netrpc.annotation.RpcClient;
import io.github.netrpc.annotation.RpcService;
import io.github.netrpc.autoconfigure.OwnServerIntegrationTests.Application;
import io.github.netrpc.autoconfigure.client.RpcClientAutoConfiguration;
import io.github.netrpc.autoconfigure.server.RpcServerAutoConfiguration;
import io.github.netrpc.cluster.RpcCluster;
import io.github.netrpc.context.EnableRpcClients;
import io.github.netrpc.context.LocalRpcServerPort;
import io.github.netrpc.context.RpcChannelRegistry;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A client that is injected before the application's own server listens on a free port
 * calls it, by properties alone.
 */
@SpringBootTest(classes = Application.class, webEnvironment = SpringBootTest.WebEnvironment.NONE,
		properties = { "rpc.server.port=0", "rpc.client.channel.own.target=127.0.0.1:${local.rpc.server.port}" })
class OwnServerIntegrationTests {

	@Autowired
	private EchoClient echo;

	@Autowired
	private RpcCluster<EchoClient> cluster;

	@LocalRpcServerPort
	private int port;

	@Test
	void injectedClientCallsTheServerOfTheApplication(@Autowired RpcChannelRegistry channels) {
		assertThat(this.echo.echo("x")).isEqualTo("x");
		assertThat(channels.channel("own").nodes()).singleElement()
			.satisfies((node) -> assertThat(node.address()).isEqualTo("127.0.0.1:" + this.port));
	}

	@Test
	void injectedClusterCallsTheServerOfTheApplication() {
		assertThat(this.cluster.broadcast((echo) -> echo.echo("y")).orThrow().values()).containsExactly("y");
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ RpcWireAutoConfiguration.class, RpcClientAutoConfiguration.class,
			RpcServerAutoConfiguration.class })
	@EnableRpcClients(types = EchoClient.class)
	static class Application {

		@Bean
		EchoService echoService() {
			return new EchoService();
		}

	}

	@RpcService
	interface Echo {

		String echo(String text);

	}

	@RpcClient("own")
	interface EchoClient extends Echo {

	}

	@RpcService
	static class EchoService implements Echo {

		@Override
		public String echo(String text) {
			return text;
		}

	}

}
