package io.github.netrpc.docs;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Principal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.io.ByteArrayResource;

import io.github.netrpc.annotation.RpcService;
import io.github.netrpc.autoconfigure.RpcWireAutoConfiguration;
import io.github.netrpc.autoconfigure.client.RpcClientAutoConfiguration;
import io.github.netrpc.autoconfigure.server.RpcServerAutoConfiguration;
import io.github.netrpc.context.RpcChannelRegistry;
import io.github.netrpc.context.RpcServerLifecycle;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The guide's commands make certificates with which the guide's settings work: a server
 * and a client who is known by its name. Without {@code openssl} its test is skipped,
 * unless the environment's {@code RPC_REQUIRE_OPENSSL} is {@code true}.
 */
@Timeout(240)
class DocumentedCertificatesIntegrationTests {

	private static final Path PAGE = Path.of("docs", "guide", "security.md");

	private static final Pattern LOOK = Pattern.compile("Look at the port: `(openssl s_client [^`]*)`");

	@TempDir
	@SuppressWarnings("NullAway.Init")
	private Path folder;

	@Test
	void certificatesByOpensslAreGoodForTheGuidesServerAndClient() throws Exception {
		requireOpenssl();
		run(block("sh", "openssl req").text());
		Map<String, String> settings = new TreeMap<>();
		settings.putAll(settings(block("yaml", "keystore: { certificate: \"file:server.pem\"")));
		settings.putAll(settings(block("yaml", "keystore: { certificate: \"file:client.pem\"")));
		try (ConfigurableApplicationContext context = start(settings)) {
			assertThat(greeting(context)).isEqualTo("hello alice");
			assertThat(look(port(context))).contains("Verify return code: 0 (ok)");
		}
	}

	@Test
	void storesByKeytoolAreGoodForAServerAndAClient() throws Exception {
		run(block("sh", "keytool -genkeypair").text());
		Map<String, String> settings = new TreeMap<>();
		for (String bundle : List.of("server", "client")) {
			String prefix = "spring.ssl.bundle.jks." + bundle + ".";
			settings.put(prefix + "keystore.location", "file:" + this.folder.resolve(bundle + ".p12"));
			settings.put(prefix + "keystore.password", "changeit");
			settings.put(prefix + "truststore.location", "file:" + this.folder.resolve("trust.p12"));
			settings.put(prefix + "truststore.password", "changeit");
		}
		settings.put("rpc.server.ssl.bundle", "server");
		settings.put("rpc.server.ssl.client-auth", "need");
		settings.put("rpc.client.channel.arith.ssl.bundle", "client");
		try (ConfigurableApplicationContext context = start(settings)) {
			assertThat(greeting(context)).isEqualTo("hello alice");
		}
	}

	private static void requireOpenssl() {
		boolean found = List.of(System.getenv("PATH").split(File.pathSeparator))
			.stream()
			.anyMatch((each) -> Files.isExecutable(Path.of(each, "openssl")));
		if (!found && "true".equals(System.getenv("RPC_REQUIRE_OPENSSL"))) {
			throw new IllegalStateException(
					"RPC_REQUIRE_OPENSSL is true, but there is no program \"openssl\" on the PATH");
		}
		Assumptions.assumeTrue(found, "skipped: no program \"openssl\" on the PATH");
	}

	/** The one block of the page in a language that has a text. */
	private static CodeBlock block(String language, String text) throws IOException {
		List<CodeBlock> found = CodeBlock.all(language)
			.stream()
			.filter((block) -> block.page().equals(PAGE) && block.text().contains(text))
			.toList();
		assertThat(found).as(language + " in " + PAGE + " with " + text).hasSize(1);
		return found.get(0);
	}

	/** Runs commands of a page in the folder. */
	private String run(String commands) throws Exception {
		Path log = this.folder.resolve("log");
		ProcessBuilder builder = new ProcessBuilder("sh", "-e", "-c", commands).directory(this.folder.toFile())
			.redirectErrorStream(true)
			.redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
			.redirectOutput(log.toFile());
		builder.environment()
			.merge("PATH", Path.of(System.getProperty("java.home"), "bin").toString(),
					(path, jdk) -> jdk + File.pathSeparator + path);
		Process process = builder.start();
		try {
			assertThat(process.waitFor(100, TimeUnit.SECONDS)).as(commands + "\nends").isTrue();
			String said = Files.readString(log);
			assertThat(process.exitValue()).as(commands + "\n" + said).isZero();
			return said;
		}
		finally {
			process.destroyForcibly();
		}
	}

	private String look(int port) throws Exception {
		Matcher command = LOOK.matcher(Files.readString(CodeBlock.ROOT.resolve(PAGE)));
		assertThat(command.find()).isTrue();
		return run(command.group(1).replace("localhost:1234", "localhost:" + port));
	}

	/** Settings of a page, whose files lie in the folder. */
	private Map<String, String> settings(CodeBlock block) throws IOException {
		UnaryOperator<String> placed = (value) -> value.replace("file:", "file:" + this.folder + "/");
		Map<String, String> settings = new TreeMap<>();
		for (PropertySource<?> source : new YamlPropertySourceLoader().load("page",
				new ByteArrayResource(block.text().getBytes(StandardCharsets.UTF_8)))) {
			for (String name : ((EnumerablePropertySource<?>) source).getPropertyNames()) {
				settings.put(name, placed.apply(String.valueOf(source.getProperty(name))));
			}
		}
		return settings;
	}

	private static ConfigurableApplicationContext start(Map<String, String> settings) {
		SpringApplication application = new SpringApplication(Application.class);
		application.setWebApplicationType(WebApplicationType.NONE);
		Map<String, String> all = new TreeMap<>(settings);
		all.put("rpc.server.port", "0");
		all.put("rpc.client.channel.arith.target", "localhost:${local.rpc.server.port}");
		List<String> arguments = new ArrayList<>();
		all.forEach((name, value) -> arguments.add("--" + name + "=" + value));
		return application.run(arguments.toArray(String[]::new));
	}

	private static int port(ConfigurableApplicationContext context) {
		return context.getBean(RpcServerLifecycle.class).server().port();
	}

	private static String greeting(ConfigurableApplicationContext context) {
		return context.getBean(RpcChannelRegistry.class).channel("arith").call("Greeter.Hello", "hello", String.class);
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ SslAutoConfiguration.class, RpcWireAutoConfiguration.class,
			RpcClientAutoConfiguration.class, RpcServerAutoConfiguration.class })
	@Import(Greeter.class)
	static class Application {

	}

	@RpcService("Greeter")
	public static class Greeter {

		public String hello(String greeting, Principal caller) {
			return greeting + " " + caller.getName();
		}

	}

}
