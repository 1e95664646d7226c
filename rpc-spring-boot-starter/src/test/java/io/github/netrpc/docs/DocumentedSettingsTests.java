package io.github.netrpc.docs;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.handler.NoUnboundElementsBindHandler;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.convert.ApplicationConversionService;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.env.PropertiesPropertySource;
import org.springframework.core.io.ByteArrayResource;

import io.github.netrpc.autoconfigure.batch.RpcBatchProperties;
import io.github.netrpc.autoconfigure.client.RpcClientProperties;
import io.github.netrpc.autoconfigure.discovery.EtcdProperties;
import io.github.netrpc.autoconfigure.discovery.cloud.CloudDiscoveryProperties;
import io.github.netrpc.autoconfigure.server.RpcServerProperties;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Settings in the README and the guide are settings that exist, with values that fit; and
 * the versions that the README asks for are those of the build.
 */
class DocumentedSettingsTests {

	private static final BindHandler STRICT = new NoUnboundElementsBindHandler(BindHandler.DEFAULT);

	static List<CodeBlock> yaml() throws IOException {
		return CodeBlock.all("yaml");
	}

	static List<CodeBlock> properties() throws IOException {
		return CodeBlock.all("properties");
	}

	@ParameterizedTest
	@MethodSource("yaml")
	void yamlOnAPageBinds(CodeBlock block) throws IOException {
		bindYaml(block.text());
	}

	@ParameterizedTest(allowZeroInvocations = true)
	@MethodSource("properties")
	void propertiesOnAPageBind(CodeBlock block) throws IOException {
		Properties properties = new Properties();
		properties.load(new java.io.StringReader(block.text()));
		MutablePropertySources sources = new MutablePropertySources();
		sources.addFirst(new PropertiesPropertySource("page", properties));
		bind(sources);
	}

	@Test
	void settingThatDoesNotExistIsNoticed() {
		assertThatExceptionOfType(BindException.class).isThrownBy(() -> bindYaml("rpc: { server: { prt: 1 } }"))
			.withRootCauseInstanceOf(RuntimeException.class);
		assertThatExceptionOfType(BindException.class)
			.isThrownBy(() -> bindYaml("rpc: { client: { channel: { arith: { timeout: soon } } } }"));
	}

	@Test
	void versionsOfTheReadmeAreThoseOfTheBuild() throws IOException {
		String readme = Files.readString(CodeBlock.ROOT.resolve("README.md"));
		String build = Files.readString(CodeBlock.ROOT.resolve("pom.xml"));
		for (String element : List.of("netty.version", "artifactId>rpc-spring-boot-starter</artifactId>\\s*<version")) {
			assertThat(version(readme, element)).isEqualTo(
					version(build, element.startsWith("netty") ? element : element.replace("starter", "parent")));
		}
	}

	private static String version(String text, String element) {
		Matcher matcher = Pattern.compile("<" + element + ">([^<]+)<").matcher(text);
		assertThat(matcher.find()).as(element).isTrue();
		return matcher.group(1);
	}

	private static void bindYaml(String yaml) throws IOException {
		MutablePropertySources sources = new MutablePropertySources();
		new YamlPropertySourceLoader().load("page", new ByteArrayResource(yaml.getBytes(StandardCharsets.UTF_8)))
			.forEach(sources::addLast);
		bind(sources);
	}

	private static void bind(MutablePropertySources sources) {
		Binder binder = new Binder(ConfigurationPropertySources.from(sources), null,
				ApplicationConversionService.getSharedInstance(), null);
		binder.bindOrCreate("rpc.server", Bindable.of(RpcServerProperties.class), STRICT);
		binder.bindOrCreate("rpc.discovery.etcd", Bindable.of(EtcdProperties.class), STRICT);
		binder.bindOrCreate("rpc.discovery.cloud", Bindable.of(CloudDiscoveryProperties.class), STRICT);
		binder.bindOrCreate("rpc.batch", Bindable.of(RpcBatchProperties.class), STRICT);
		binder.bindOrCreate("rpc.client", Bindable.of(RpcClientProperties.class), STRICT);
	}

}
