package io.github.netrpc.autoconfigure.server;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;

import io.github.netrpc.Known;
import io.github.netrpc.RpcCode;
import io.github.netrpc.RpcException;
import io.github.netrpc.autoconfigure.RpcWireAutoConfiguration;
import io.github.netrpc.cluster.RpcChannel;
import io.github.netrpc.context.RpcServerLifecycle;
import io.github.netrpc.server.Authenticated;
import io.github.netrpc.server.CallAuthenticator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Who may call, and what, by properties and beans.
 */
@Timeout(60)
class ServerAccessTests {

	private static final String TOKEN = "0123456789abcdef";

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(SslAutoConfiguration.class, RpcWireAutoConfiguration.class,
				RpcServerAutoConfiguration.class))
		.withBean(Echo.class)
		.withPropertyValues("rpc.server.port=0");

	@Test
	void oneTokenIsForAll() {
		this.runner.withPropertyValues("rpc.server.authentication.token=" + TOKEN).run((context) -> {
			int port = port(context);
			assertThat(echo(port, TOKEN)).isEqualTo("hello");
			refused(port, TOKEN + "x", RpcCode.UNAUTHENTICATED);
			refused(port, null, RpcCode.UNAUTHENTICATED);
		});
	}

	@Test
	void tokensHaveNamesAndRoles() {
		this.runner
			.withPropertyValues("rpc.server.authentication.tokens.alice.value=" + TOKEN,
					"rpc.server.authentication.tokens.alice.roles=echoer",
					"rpc.server.authentication.tokens.bob.value=" + TOKEN + "-of-bob",
					"rpc.server.authentication.tokens.carol.value=" + TOKEN + "-of-carol",
					"rpc.server.authentication.roles.carol=echoer", "rpc.server.authorization.echoer=Echo.Repeat")
			.run((context) -> {
				int port = port(context);
				assertThat(echo(port, TOKEN)).isEqualTo("hello");
				assertThat(echo(port, TOKEN + "-of-carol")).isEqualTo("hello");
				refused(port, TOKEN + "-of-bob", RpcCode.PERMISSION_DENIED);
				refused(port, null, RpcCode.UNAUTHENTICATED);
			});
	}

	@Test
	void rolesOfATokenAreOfWhoHasShownIt() {
		this.runner
			.withPropertyValues("rpc.server.authentication.tokens.alice.value=" + TOKEN,
					"rpc.server.authentication.tokens.alice.roles=echoer", "rpc.server.authentication.roles.bob=echoer",
					"rpc.server.authorization.echoer=Echo.Repeat")
			.withBean(CallAuthenticator.class,
					() -> (credentials) -> new Authenticated(() -> String.valueOf(credentials.token()), null))
			.run((context) -> {
				int port = port(context);
				assertThat(echo(port, TOKEN)).isEqualTo("hello");
				refused(port, "alice", RpcCode.PERMISSION_DENIED);
				assertThat(echo(port, "bob")).isEqualTo("hello");
			});
	}

	@Test
	void beanIsAskedAboutTokensThatPropertiesDoNotHave() {
		this.runner.withPropertyValues("rpc.server.authentication.token=" + TOKEN)
			.withBean(CallAuthenticator.class, () -> (credentials) -> {
				if (!"of the bean".equals(credentials.token())) {
					throw new RpcException(RpcCode.UNAUTHENTICATED, "unknown");
				}
				return new Authenticated(() -> "bean", null);
			})
			.run((context) -> {
				int port = port(context);
				assertThat(echo(port, TOKEN)).isEqualTo("hello");
				assertThat(echo(port, "of the bean")).isEqualTo("hello");
				refused(port, "of nobody", RpcCode.UNAUTHENTICATED);
			});
	}

	@Test
	void shortTokenStopsTheStartWithoutBeingShown() {
		String token = "0123-my-secret";
		this.runner.withPropertyValues("rpc.server.authentication.tokens.alice.value=" + token).run((context) -> {
			assertThat(context).hasFailed();
			FailureAnalysis analysis = new InvalidTokenFailureAnalyzer()
				.analyze(Objects.requireNonNull(context.getStartupFailure()));
			assertThat(Objects.requireNonNull(analysis).getDescription())
				.isEqualTo("The value of the property 'rpc.server.authentication.tokens.alice.value' cannot be a token:"
						+ " 14 characters (expected: 16 or more).");
			for (Throwable each = context.getStartupFailure(); each != null; each = each.getCause()) {
				assertThat(each.toString()).doesNotContain(token);
			}
		});
	}

	@Test
	void sameTokenOfTwoStopsTheStart() {
		this.runner
			.withPropertyValues("rpc.server.authentication.token=" + TOKEN,
					"rpc.server.authentication.tokens.alice.value=" + TOKEN)
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(InvalidTokenException.class)
				.hasMessageContaining("'rpc.server.authentication.tokens.alice.value'")
				.hasMessageContaining("'rpc.server.authentication.token'"));
	}

	@Test
	void grantOfAMethodThatIsNotThereStopsTheStart() {
		this.runner
			.withPropertyValues("rpc.server.authentication.token=" + TOKEN,
					"rpc.server.authorization.echoer=Echo.repeat", "rpc.server.authentication.roles.token=echoer")
			.run((context) -> assertThat(context).getFailure()
				.satisfies((failure) -> assertThat(chain(failure)).contains("(is \"Echo.Repeat\" meant?)")));
	}

	@Test
	void roleToWhichNothingIsGrantedStopsTheStart() {
		this.runner
			.withPropertyValues("rpc.server.authentication.token=" + TOKEN,
					"rpc.server.authorization.echoer=Echo.Repeat", "rpc.server.authentication.roles.token=eccoer")
			.run((context) -> assertThat(context).getFailure()
				.satisfies((failure) -> assertThat(chain(failure)).contains("\"token\" has the role \"eccoer\"")));
	}

	@Test
	void certificatesHaveToBeAskedFor() {
		this.runner.withPropertyValues("rpc.server.authentication.certificate=san")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(InvalidConfigurationPropertyValueException.class)
				.hasMessageContaining("'rpc.server.ssl.client-auth'"));
	}

	@Test
	void tokenBeyondLoopbackNeedsTls() {
		this.runner.withPropertyValues("rpc.server.authentication.token=" + TOKEN, "rpc.server.address=0.0.0.0")
			.run((context) -> assertThat(context).getFailure()
				.satisfies((failure) -> assertThat(chain(failure)).contains("others could read tokens on the way")));
	}

	@Test
	void propertiesAreShownWithoutTokens() {
		Map<String, String> values = new LinkedHashMap<>();
		values.put("rpc.server.authentication.token", TOKEN);
		values.put("rpc.server.authentication.tokens.alice.value", TOKEN + "x");
		RpcServerProperties properties = new Binder(new MapConfigurationPropertySource(values))
			.bindOrCreate("rpc.server", RpcServerProperties.class);
		assertThat(properties.authentication().tokens().get("alice")).isNotNull();
		assertThat(properties.toString()).contains("tokens of [alice] and another one").doesNotContain(TOKEN);
		assertThat(properties.authentication().tokens().toString()).doesNotContain(TOKEN);
	}

	private static int port(ApplicationContext context) {
		return Objects.requireNonNull(context.getBean(RpcServerLifecycle.class).server()).port();
	}

	private static String chain(Throwable failure) {
		StringBuilder all = new StringBuilder();
		for (Throwable each = failure; each != null; each = each.getCause()) {
			all.append(each.getMessage()).append('\n');
		}
		return all.toString();
	}

	private static String echo(int port, @Nullable String token) {
		var builder = RpcChannel.builder().target("127.0.0.1:" + port);
		if (token != null) {
			builder.token(() -> token);
		}
		try (RpcChannel channel = builder.build()) {
			return channel.call("Echo.Repeat", "hello", String.class);
		}
	}

	private static void refused(int port, @Nullable String token, RpcCode code) {
		assertThatExceptionOfType(RpcException.class).isThrownBy(() -> echo(port, token)).satisfies((ex) -> {
			assertThat(ex.code()).isEqualTo(code);
			assertThat(ex.known()).isEqualTo(Known.NOT_RUN);
		});
	}

}
