package io.github.netrpc.autoconfigure.security;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Date;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.authentication.AuthenticationManager;
import org.springframework.security.authentication.AuthenticationProvider;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.authentication.TestingAuthenticationProvider;
import org.springframework.security.authentication.TestingAuthenticationToken;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.config.annotation.method.configuration.EnableMethodSecurity;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.server.resource.authentication.BearerTokenAuthenticationToken;
import org.springframework.security.provisioning.InMemoryUserDetailsManager;

import io.github.netrpc.RpcCode;
import io.github.netrpc.RpcException;
import io.github.netrpc.annotation.RpcAdvice;
import io.github.netrpc.annotation.RpcExceptionHandler;
import io.github.netrpc.annotation.RpcService;
import io.github.netrpc.autoconfigure.RpcWireAutoConfiguration;
import io.github.netrpc.autoconfigure.client.RpcClientAutoConfiguration;
import io.github.netrpc.autoconfigure.server.RpcServerAutoConfiguration;
import io.github.netrpc.cluster.RpcChannel;
import io.github.netrpc.context.RpcServerLifecycle;
import io.github.netrpc.security.AuthenticationExpiry;
import io.github.netrpc.security.RpcAuthenticationExtractor;
import io.github.netrpc.security.SpringSecurityAuthenticator;
import io.github.netrpc.security.TestIssuer;
import io.github.netrpc.server.Authenticated;
import io.github.netrpc.server.CallAuthenticator;
import io.github.netrpc.server.ServerInterceptor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Spring Security on the server, without a web server, with calls through real sockets.
 */
@Timeout(60)
@ExtendWith(OutputCaptureExtension.class)
class RpcSecurityIntegrationTests {

	private static final TestIssuer ISSUER = new TestIssuer("https://issuer.test");

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(RpcWireAutoConfiguration.class, RpcClientAutoConfiguration.class,
				RpcServerAutoConfiguration.class, RpcSecurityAutoConfiguration.class))
		.withPropertyValues("rpc.server.port=0")
		.withUserConfiguration(Methods.class)
		.withBean(VaultService.class);

	private final ApplicationContextRunner withJwts = this.runner.withBean(JwtDecoder.class, ISSUER::decoder);

	private static RpcChannel channel(AssertableApplicationContext context, String codec) {
		assertThat(context).hasNotFailed();
		return RpcChannel.builder()
			.target("127.0.0.1:" + context.getBean(RpcServerLifecycle.class).server().port())
			.codec(codec)
			.build();
	}

	// As any Go program would do it.
	private static Vault login(RpcChannel channel, String token) {
		channel.call("_goRPC_.Authenticate", token, Void.class);
		return channel.proxy(Vault.class);
	}

	private static void with(ApplicationContextRunner runner, String codec, String token, Consumer<Vault> test) {
		runner.run((context) -> {
			try (RpcChannel channel = channel(context, codec)) {
				test.accept(login(channel, token));
			}
		});
	}

	private static void refused(RpcCode code, ThrowingCallable call) {
		assertThatExceptionOfType(RpcException.class).isThrownBy(call)
			.satisfies((ex) -> assertThat(ex.code()).isEqualTo(code));
	}

	@ParameterizedTest
	@ValueSource(strings = { "gob", "json" })
	void callerMayDoWhatTheTokenSays(String codec) {
		with(this.withJwts, codec, ISSUER.token("alice", "open close"), (vault) -> {
			assertThat(vault.open("a")).isEqualTo("opened a");
			assertThat(vault.owner("alice")).isEqualTo("alice");
			refused(RpcCode.PERMISSION_DENIED, () -> vault.owner("bob"));
			refused(RpcCode.PERMISSION_DENIED, () -> vault.secured("a"));
			assertThat(vault.monoOpen().block()).isEqualTo("alice alice");
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "gob", "json" })
	void callerWithoutThePermissionIsDenied(String codec) {
		with(this.withJwts, codec, ISSUER.token("mallory", "close"), (vault) -> {
			assertThatExceptionOfType(RpcException.class).isThrownBy(() -> vault.open("a"))
				.withMessage("the caller may not call this method")
				.satisfies((ex) -> assertThat(ex.code()).isEqualTo(RpcCode.PERMISSION_DENIED));
			refused(RpcCode.PERMISSION_DENIED, vault.monoOpen()::block);
			assertThat(vault.whoami()).isEqualTo("mallory");
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "gob", "json" })
	void nobodyIsLetInWithoutAToken(String codec) {
		this.withJwts.run((context) -> {
			try (RpcChannel channel = channel(context, codec)) {
				refused(RpcCode.UNAUTHENTICATED, channel.proxy(Vault.class)::whoami);
			}
		});
	}

	@Test
	void tokensThatProveNothingAreRefusedAndNotWrittenDown(CapturedOutput output) {
		this.withJwts.run((context) -> {
			for (String token : List.of(ISSUER.expired("alice", "open"),
					new TestIssuer("https://issuer.test").token("alice", "open"),
					ISSUER.token("alice", "open", (claims) -> claims.issuer("https://other.test")),
					ISSUER.token("alice", "open",
							(claims) -> claims.notBeforeTime(Date.from(Instant.now().plusSeconds(3600)))),
					ISSUER.token("alice", "open").replace("eyJ", "eyK"), ISSUER.token("alice", "open") + "A",
					new PlainJWT(new JWTClaimsSet.Builder().issuer("https://issuer.test").subject("alice").build())
						.serialize(),
					"no-token-at-all", "a.b.c", "Bearer ", "{\"alg\":\"none\"}")) {
				try (RpcChannel channel = channel(context, "gob")) {
					refused(RpcCode.UNAUTHENTICATED, () -> channel.call("_goRPC_.Authenticate", token, Void.class));
					refused(RpcCode.UNAUTHENTICATED, channel.proxy(Vault.class)::whoami);
				}
				assertThat(output).doesNotContain(token);
			}
		});
	}

	@Test
	void schemeBeforeTheTokenIsTakenOff() {
		with(this.withJwts, "gob", "bearer " + ISSUER.token("alice", "open"),
				(vault) -> assertThat(vault.whoami()).isEqualTo("alice"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "gob", "json" })
	void handlersOfAllKindsKnowTheCaller(String codec) {
		with(this.withJwts, codec, ISSUER.token("alice", "open"), (vault) -> {
			assertThat(vault.whoami()).isEqualTo("alice");
			assertThat(vault.caller(null)).isEqualTo("alice true");
			assertThat(vault.nonBlocking()).isEqualTo("alice");
			assertThat(vault.later().join()).isEqualTo("alice " + VaultService.NOBODY);
			assertThat(vault.mono().block()).isEqualTo("alice alice");
		});
	}

	@Test
	void threadsForgetTheCaller() {
		with(this.withJwts.withUserConfiguration(Watching.class).withPropertyValues("rpc.server.concurrency.max=1"),
				"gob", ISSUER.token("alice", "open"), (vault) -> {
					Watching.seen.clear();
					vault.whoami();
					vault.later().join();
					vault.mono().block();
					vault.nonBlocking();
					refused(RpcCode.PERMISSION_DENIED, () -> vault.owner("bob"));
					// The last one is answered before its thread is back here.
					vault.whoami();
					assertThat(Watching.seen).contains("inside alice").doesNotContain("outside alice");
					assertThat(Watching.seen.stream().filter("inside alice"::equals)).hasSize(6);
				});
	}

	@Test
	void eachCallHasItsOwnCaller() {
		this.withJwts.run((context) -> {
			try (RpcChannel first = channel(context, "gob"); RpcChannel second = channel(context, "json")) {
				Vault alice = login(first, ISSUER.token("alice", "open"));
				Vault bob = login(second, ISSUER.token("bob", "open"));
				List<CompletableFuture<String>> later = new ArrayList<>();
				for (int i = 0; i < 100; i++) {
					later.add(alice.later());
					assertThat(bob.whoami()).isEqualTo("bob");
					assertThat(alice.whoami()).isEqualTo("alice");
				}
				assertThat(later).allSatisfy((each) -> assertThat(each.join()).startsWith("alice "));
			}
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "gob", "json" })
	void callerGoesAlongToTheThreadOfAnInterceptor(String codec) {
		with(this.withJwts.withUserConfiguration(OtherThread.class), codec, ISSUER.token("alice", "open"), (vault) -> {
			assertThat(vault.whoami()).isEqualTo("alice");
			assertThat(vault.open("a")).isEqualTo("opened a");
			assertThat(vault.mono().block()).isEqualTo("alice alice");
			assertThat(OtherThread.seen).isNotEmpty().containsOnly("before nobody", "after nobody");
		});
	}

	@Test
	void whatIsDeniedInsideIsAnsweredWithoutTheReason(CapturedOutput output) {
		with(this.withJwts, "gob", ISSUER.token("alice", "open"), (vault) -> {
			for (String kind : List.of("denied", "wrapped")) {
				assertThatExceptionOfType(RpcException.class).isThrownBy(() -> vault.fail(kind))
					.withMessage("the caller may not call this method")
					.satisfies((ex) -> assertThat(ex.code()).isEqualTo(RpcCode.PERMISSION_DENIED));
			}
			assertThatExceptionOfType(RpcException.class).isThrownBy(() -> vault.fail("credentials"))
				.withMessage("the caller is not authenticated")
				.satisfies((ex) -> assertThat(ex.code()).isEqualTo(RpcCode.UNAUTHENTICATED));
			assertThat(output).doesNotContain("hunter2");
		});
	}

	@Test
	void whatTheApplicationSaysOfExceptionsComesFirst() {
		with(this.withJwts.withUserConfiguration(OwnAdvice.class), "gob", ISSUER.token("alice", "close"),
				(vault) -> assertThatExceptionOfType(RpcException.class).isThrownBy(() -> vault.open("a"))
					.withMessage("ask the keeper")
					.satisfies((ex) -> assertThat(ex.code()).isEqualTo(RpcCode.NOT_FOUND)));
	}

	@Test
	void callerThatNobodyAskedForIsNotAuthenticated() {
		this.runner.run((context) -> {
			assertThat(context).doesNotHaveBean(CallAuthenticator.class);
			try (RpcChannel channel = channel(context, "gob")) {
				Vault vault = channel.proxy(Vault.class);
				assertThat(vault.whoami()).isEqualTo(VaultService.NOBODY);
				refused(RpcCode.UNAUTHENTICATED, () -> vault.open("a"));
				refused(RpcCode.UNAUTHENTICATED, () -> vault.fail("denied"));
				assertThat(vault.mono().block()).isEqualTo(VaultService.NOBODY);
			}
		});
	}

	@Test
	void usersLogInWithPasswordsWhereTheApplicationSaysHow() {
		ApplicationContextRunner users = this.runner.withUserConfiguration(Passwords.class);
		with(users, "gob", "keeper:secret", (vault) -> {
			assertThat(vault.open("a")).isEqualTo("opened a");
			assertThat(vault.secured("a")).isEqualTo("secured a");
		});
		with(users, "json", "guest:guest", (vault) -> refused(RpcCode.PERMISSION_DENIED, () -> vault.open("a")));
		users.run((context) -> {
			try (RpcChannel channel = channel(context, "gob")) {
				for (String token : List.of("keeper:wrong", "nobody:secret", "keeper", "locked:locked")) {
					refused(RpcCode.UNAUTHENTICATED, () -> channel.call("_goRPC_.Authenticate", token, Void.class));
				}
			}
		});
	}

	@Test
	void usersAloneDoNotCloseTheServer() {
		this.runner.withBean(UserDetailsService.class, InMemoryUserDetailsManager::new)
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(CallAuthenticator.class));
	}

	@Test
	void managerOfTheApplicationDecidesAlone() {
		AuthenticationManager manager = (request) -> {
			if (request instanceof BearerTokenAuthenticationToken bearer && bearer.getToken().equals("let-me-in")) {
				return new TestingAuthenticationToken("carol", "", "ROLE_KEEPER");
			}
			throw new BadCredentialsException("no");
		};
		with(this.withJwts.withBean(AuthenticationManager.class, () -> manager), "gob", "let-me-in",
				(vault) -> assertThat(vault.secured("a")).isEqualTo("secured a"));
		this.withJwts.withBean(AuthenticationManager.class, () -> manager).run((context) -> {
			try (RpcChannel channel = channel(context, "gob")) {
				refused(RpcCode.UNAUTHENTICATED,
						() -> channel.call("_goRPC_.Authenticate", ISSUER.token("alice", "open"), Void.class));
			}
		});
	}

	@Test
	void managerThatBelievesNobodyLetsNobodyIn() {
		for (AuthenticationManager manager : List.<AuthenticationManager>of((request) -> request,
				(request) -> new TestingAuthenticationToken("carol", ""), (request) -> {
					throw new IllegalStateException("the directory is down");
				})) {
			this.runner.withBean(AuthenticationManager.class, () -> manager).run((context) -> {
				try (RpcChannel channel = channel(context, "gob")) {
					assertThatExceptionOfType(RpcException.class)
						.isThrownBy(() -> channel.call("_goRPC_.Authenticate", "let-me-in", Void.class))
						.satisfies((ex) -> assertThat(ex.code()).isEqualTo(RpcCode.UNAUTHENTICATED))
						.satisfies((ex) -> assertThat(ex).hasMessageNotContaining("directory"));
				}
			});
		}
	}

	@Test
	void providersOfTheApplicationComeBeforeWhatIsBuiltIn() {
		with(this.withJwts.withBean(AuthenticationProvider.class, OnlyCarol::new), "gob", "carol",
				(vault) -> assertThat(vault.whoami()).isEqualTo("carol"));
		this.withJwts.withBean(AuthenticationProvider.class, OnlyCarol::new).run((context) -> {
			try (RpcChannel channel = channel(context, "gob")) {
				refused(RpcCode.UNAUTHENTICATED,
						() -> channel.call("_goRPC_.Authenticate", ISSUER.token("alice", "open"), Void.class));
			}
		});
		with(this.withJwts.withBean(AuthenticationProvider.class, TestingAuthenticationProvider::new), "gob",
				ISSUER.token("alice", "open"), (vault) -> assertThat(vault.whoami()).isEqualTo("alice"));
	}

	@Test
	void applicationMaySayWhenTheTimeOfACallerEnds() {
		AuthenticationExpiry expiry = (caller) -> caller.getName().equals("alice") ? Instant.EPOCH : null;
		this.withJwts.withBean(AuthenticationExpiry.class, () -> expiry).run((context) -> {
			try (RpcChannel channel = channel(context, "gob")) {
				refused(RpcCode.UNAUTHENTICATED,
						() -> channel.call("_goRPC_.Authenticate", ISSUER.token("alice", "open"), Void.class));
				assertThat(login(channel, ISSUER.token("bob", "open")).whoami()).isEqualTo("bob");
			}
		});
	}

	@Test
	void authenticatorOfTheApplicationTakesItsPlace() {
		CallAuthenticator own = (credentials) -> new Authenticated(
				new TestingAuthenticationToken("dave", "", "ROLE_KEEPER"), null);
		with(this.withJwts.withBean(CallAuthenticator.class, () -> own), "gob", "anything",
				(vault) -> assertThat(vault.secured("a")).isEqualTo("secured a"));
	}

	@Test
	void extractorThatNobodyCanAnswerFailsTheStart() {
		this.runner.withBean(RpcAuthenticationExtractor.class, () -> (credentials) -> null)
			.run((context) -> assertThat(context).hasFailed()
				.getFailure()
				.rootCause()
				.hasMessageContaining("nobody can say who calls the RPC server"));
	}

	@Test
	void usersNeedNoneOfTheOAuth2Modules() {
		with(this.runner.withUserConfiguration(Passwords.class)
			.withClassLoader(
					new FilteredClassLoader("org.springframework.security.oauth2", "com.nimbusds", "jakarta.servlet")),
				"gob", "keeper:secret", (vault) -> assertThat(vault.secured("a")).isEqualTo("secured a"));
	}

	@Test
	void jwtsNeedNoServlets() {
		with(this.withJwts.withClassLoader(new FilteredClassLoader("jakarta.servlet", "org.springframework.web",
				"org.springframework.security.web")), "json", ISSUER.token("alice", "open"),
				(vault) -> assertThat(vault.open("a")).isEqualTo("opened a"));
	}

	@Test
	void serverStartsWithoutSpringSecurity() {
		new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(RpcWireAutoConfiguration.class, RpcClientAutoConfiguration.class,
					RpcServerAutoConfiguration.class, RpcSecurityAutoConfiguration.class))
			.withPropertyValues("rpc.server.port=0")
			.withClassLoader(new FilteredClassLoader("org.springframework.security"))
			.withBean(Plain.class)
			.run((context) -> {
				assertThat(context).doesNotHaveBean(ServerInterceptor.class);
				try (RpcChannel channel = channel(context, "gob")) {
					assertThat(channel.call("Plain.Hello", "you", String.class)).isEqualTo("hello you");
				}
			});
	}

	@Test
	void bridgeIsTheServersAuthenticator() {
		this.withJwts.run((context) -> assertThat(context).getBean(CallAuthenticator.class)
			.isInstanceOf(SpringSecurityAuthenticator.class));
	}

	@Configuration(proxyBeanMethods = false)
	@EnableMethodSecurity(securedEnabled = true)
	static class Methods {

	}

	@RpcService
	public static class Plain {

		public String hello(String name) {
			return "hello " + name;
		}

	}

	/** Outside and inside of the context. */
	@Configuration(proxyBeanMethods = false)
	static class Watching {

		static final List<String> seen = Collections.synchronizedList(new ArrayList<>());

		@Bean
		@Order(Ordered.HIGHEST_PRECEDENCE)
		ServerInterceptor outside() {
			return (call, next) -> {
				seen.add("outside " + VaultService.current());
				try {
					return next.proceed(call);
				}
				finally {
					seen.add("outside " + VaultService.current());
				}
			};
		}

		@Bean
		@Order(0)
		ServerInterceptor inside() {
			return (call, next) -> {
				seen.add("inside " + VaultService.current());
				return next.proceed(call);
			};
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OtherThread {

		static final List<String> seen = Collections.synchronizedList(new ArrayList<>());

		@Bean(destroyMethod = "shutdownNow")
		ExecutorService threads() {
			return Executors.newSingleThreadExecutor();
		}

		@Bean
		ServerInterceptor hop(ExecutorService threads) {
			return (call, next) -> CompletableFuture.supplyAsync(() -> {
				seen.add("before " + VaultService.current());
				try {
					return next.proceed(call);
				}
				catch (Throwable ex) {
					throw new CompletionException(ex);
				}
				finally {
					seen.add("after " + VaultService.current());
				}
			}, threads)
				.thenCompose((result) -> (result instanceof CompletableFuture<?> later)
						? later.thenApply((value) -> (Object) value) : CompletableFuture.completedFuture(result));
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnAdvice {

		@Bean
		Answers answers() {
			return new Answers();
		}

	}

	@RpcAdvice
	static class Answers {

		@RpcExceptionHandler
		RpcException denied(AccessDeniedException ex) {
			return new RpcException(RpcCode.NOT_FOUND, "ask the keeper");
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Passwords {

		@Bean
		UserDetailsService users() {
			return new InMemoryUserDetailsManager(user("keeper", "secret").roles("KEEPER").build(),
					user("guest", "guest").roles("GUEST").build(),
					user("locked", "locked").roles("KEEPER").accountLocked(true).build());
		}

		private static User.UserBuilder user(String name, String password) {
			return User.withUsername(name).password("{noop}" + password);
		}

		@Bean
		RpcAuthenticationExtractor passwords() {
			return (credentials) -> {
				String[] parts = (credentials.token() != null) ? credentials.token().split(":", 2) : new String[0];
				return (parts.length == 2) ? UsernamePasswordAuthenticationToken.unauthenticated(parts[0], parts[1])
						: null;
			};
		}

	}

	static class OnlyCarol implements AuthenticationProvider {

		@Override
		public Authentication authenticate(Authentication request) {
			if ("carol".equals(request.getCredentials())) {
				return new TestingAuthenticationToken("carol", "", "ROLE_KEEPER");
			}
			throw new BadCredentialsException("not carol");
		}

		@Override
		public boolean supports(Class<?> request) {
			return BearerTokenAuthenticationToken.class.isAssignableFrom(request);
		}

	}

}
