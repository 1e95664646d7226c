package io.github.netrpc.autoconfigure;

import java.util.List;
import java.util.NoSuchElementException;

import org.junit.jupiter.api.Test;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.core.env.Environment;
import org.springframework.core.io.support.SpringFactoriesLoader;
import org.springframework.core.io.support.SpringFactoriesLoader.ArgumentResolver;
import org.springframework.mock.env.MockEnvironment;

import io.github.netrpc.method.RpcDefinitionException;
import io.github.netrpc.method.RpcDefinitionException.Problem;
import io.github.netrpc.type.UnsupportedTypeException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The analyses as Boot finds them, through {@code spring.factories}.
 */
class FailureAnalyzersTests {

	@Test
	void definitionProblemsAreListedEachWithItsFix() {
		FailureAnalysis analysis = analyze(new RpcDefinitionException(
				List.of(new Problem("Arith.add(int)", "is an overload of Arith.add(Args)", "Name it with @RpcMethod"),
						new Problem("Arith.all()", "returns a Stream", "Return a List"))));
		assertThat(analysis.getDescription()).contains("1. Arith.add(int): is an overload of Arith.add(Args)")
			.contains("2. Arith.all(): returns a Stream");
		assertThat(analysis.getAction()).contains("1. Name it with @RpcMethod").contains("2. Return a List");
	}

	@Test
	void unsupportedTypeNamesThePropertiesOfTheFormats() {
		FailureAnalysis analysis = analyze(new UnsupportedTypeException("java.lang.Thread: no properties"));
		assertThat(analysis.getDescription()).contains("java.lang.Thread: no properties");
		assertThat(analysis.getAction()).contains("rpc.server.codecs").contains("rpc.client.channel.<name>.codec");
	}

	@Test
	void classesOfWebServersThatSpringCloudNeedsAreNamedWithTheirLibrary() {
		FailureAnalysis analysis = analyze(
				new NoClassDefFoundError("org/springframework/boot/web/server/context/WebServerInitializedEvent"));
		assertThat(analysis.getDescription()).contains("Spring Cloud")
			.contains("org.springframework.boot.web.server.context.WebServerInitializedEvent");
		assertThat(analysis.getAction()).contains("org.springframework.boot:spring-boot-web-server");
	}

	@Test
	void otherClassesThatAreMissingAreNotOurs() {
		assertThatExceptionOfType(NoSuchElementException.class)
			.isThrownBy(() -> analyze(new NoClassDefFoundError("com/example/Missing")));
	}

	private static FailureAnalysis analyze(Throwable failure) {
		RuntimeException wrapped = new IllegalStateException("the context failed", failure);
		return SpringFactoriesLoader.forDefaultResourceLocation()
			.load(FailureAnalyzer.class, ArgumentResolver.of(Environment.class, new MockEnvironment()),
					FailureAnalyzersTests::onlyOthersMayFail)
			.stream()
			.filter((analyzer) -> analyzer.getClass().getName().startsWith("io.github.netrpc"))
			.map((analyzer) -> analyzer.analyze(wrapped))
			.filter((analysis) -> analysis != null)
			.findFirst()
			.orElseThrow();
	}

	private static void onlyOthersMayFail(Class<?> type, String name, Throwable failure) {
		assertThat(name).doesNotStartWith("io.github.netrpc");
	}

}
