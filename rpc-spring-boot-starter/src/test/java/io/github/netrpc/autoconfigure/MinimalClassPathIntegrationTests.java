package io.github.netrpc.autoconfigure;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.util.ClassUtils;

import io.github.netrpc.autoconfigure.sample.Arith;
import io.github.netrpc.autoconfigure.sample.GobArith;
import io.github.netrpc.autoconfigure.sample.JsonArith;
import io.github.netrpc.autoconfigure.sample.SampleApplication;
import io.github.netrpc.cluster.RpcChannel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * The application with nothing but what the starter brings. Surefire runs this class once
 * more with every optional library taken off the class path; only then are they absent.
 */
class MinimalClassPathIntegrationTests {

	@ParameterizedTest
	@ValueSource(classes = { GobArith.class, JsonArith.class })
	void applicationServesAndCalls(Class<? extends Arith> type) {
		try (ConfigurableApplicationContext context = SpringApplication.run(SampleApplication.class,
				"--rpc.server.port=0", "--server.port=0", "--rpc.client.channel.json.codec=json")) {
			assertThat(context.getBean(type).add(new Arith.Args(7, 8))).isEqualTo(new Arith.Reply(15));
		}
	}

	@Test
	@Tag("minimal")
	void optionalLibrariesAreAbsent() {
		for (String name : new String[] { "org.springframework.boot.actuate.endpoint.annotation.Endpoint",
				"org.springframework.boot.health.contributor.HealthIndicator", "io.micrometer.core.instrument.Meter",
				"reactor.core.publisher.Mono", "io.etcd.jetcd.Client",
				"org.springframework.cloud.client.discovery.DiscoveryClient",
				"org.springframework.batch.core.step.Step", "org.springframework.security.core.Authentication",
				"com.nimbusds.jwt.JWT", "org.springframework.web.servlet.DispatcherServlet" }) {
			assertThat(ClassUtils.isPresent(name, null)).as(name).isFalse();
		}
	}

	@Test
	@Tag("minimal")
	void targetInEtcdNamesTheDependencyThatIsMissing() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> RpcChannel.builder().target("etcd://127.0.0.1:2379/arith").build())
			.withMessageContaining("etcd://127.0.0.1:2379/arith")
			.withMessageContaining("io.etcd:jetcd-core");
	}

}
