package io.github.netrpc.interop;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import io.github.netrpc.Known;
import io.github.netrpc.RpcCode;
import io.github.netrpc.RpcContext;
import io.github.netrpc.RpcException;
import io.github.netrpc.annotation.RpcService;
import io.github.netrpc.cluster.RpcChannel;
import io.github.netrpc.cluster.RpcChannelBuilder;
import io.github.netrpc.server.Authenticated;
import io.github.netrpc.server.CallAuthenticator;
import io.github.netrpc.server.CallCredentials;
import io.github.netrpc.server.CertificateName;
import io.github.netrpc.server.RoleAuthorizer;
import io.github.netrpc.server.RpcServer;
import io.github.netrpc.server.RpcServerBuilder;
import io.github.netrpc.server.SharedTokens;
import io.github.netrpc.transport.TestAuthority;
import io.github.netrpc.transport.TestAuthority.Identity;
import io.github.netrpc.transport.TlsSettings;
import io.github.netrpc.transport.TlsSettings.ClientAuth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Who gets through with what, as a table: each row in each format, with the verdict that
 * it must have. Where that is no, no handler has run.
 */
@Timeout(60)
class AccessTableIntegrationTests {

	private static final String TOKEN = "0123456789abcdef";

	private static final TestAuthority AUTHORITY = new TestAuthority("ours");

	private static final TestAuthority STRANGER = new TestAuthority("strangers");

	private static final Identity NODE = AUTHORITY.server("127.0.0.1");

	private static final Consumer<RpcServerBuilder> PLAIN = AccessTableIntegrationTests::plain;

	private static final Consumer<RpcServerBuilder> TLS = tls(ClientAuth.NONE);

	private static final Consumer<RpcServerBuilder> NEED = tls(ClientAuth.NEED);

	private static final Consumer<RpcServerBuilder> WANT = tls(ClientAuth.WANT);

	private static final Consumer<RpcServerBuilder> TOKENS = AccessTableIntegrationTests::tokens;

	private static final Consumer<RpcServerBuilder> SLOW = AccessTableIntegrationTests::slow;

	private static final Consumer<RpcServerBuilder> ROLES = AccessTableIntegrationTests::roles;

	private final List<AutoCloseable> open = new ArrayList<>();

	private final Vault vault = new Vault();

	@AfterEach
	void close() throws Exception {
		for (AutoCloseable each : this.open) {
			each.close();
		}
	}

	static Stream<Row> rows() {
		List<Row> rows = new ArrayList<>();
		for (String format : List.of("gob", "json", "http")) {
			// Tokens
			rows.add(row(format, "no authentication, no token", PLAIN, AccessTableIntegrationTests::anybody, null));
			rows.add(row(format, "no authentication, a token", PLAIN, token(TOKEN), null));
			rows.add(row(format, "token", PLAIN.andThen(TOKENS), token(TOKEN), "alice"));
			rows.add(row(format, "another token", PLAIN.andThen(TOKENS), token(TOKEN + "-of-bob"), "bob"));
			rows.add(row(format, "token over TLS", TLS.andThen(TOKENS), overTls(null).andThen(token(TOKEN)), "alice"));
			rows.add(row(format, "slow token", PLAIN.andThen(SLOW), token(TOKEN), "owner of " + TOKEN));
			rows.add(row(format, "slow token over TLS", TLS.andThen(SLOW), overTls(null).andThen(token(TOKEN)),
					"owner of " + TOKEN));
			rows.add(refused(format, "no token", PLAIN.andThen(TOKENS), AccessTableIntegrationTests::anybody,
					RpcCode.UNAUTHENTICATED));
			rows.add(refused(format, "no token over TLS", TLS.andThen(TOKENS), overTls(null), RpcCode.UNAUTHENTICATED));
			rows.add(refused(format, "no slow token", PLAIN.andThen(SLOW), AccessTableIntegrationTests::anybody,
					RpcCode.UNAUTHENTICATED));
			rows.add(refused(format, "wrong token", PLAIN.andThen(TOKENS), token("something else"),
					RpcCode.UNAUTHENTICATED));
			rows.add(refused(format, "wrong slow token", PLAIN.andThen(SLOW), token("something else"),
					RpcCode.UNAUTHENTICATED));
			rows.add(refused(format, "token too short by one", PLAIN.andThen(TOKENS), token(TOKEN.substring(1)),
					RpcCode.UNAUTHENTICATED));
			rows.add(refused(format, "token wrong in its last letter", PLAIN.andThen(TOKENS), token("0123456789abcdeg"),
					RpcCode.UNAUTHENTICATED));
			rows.add(refused(format, "empty token", PLAIN.andThen(TOKENS), token(""), RpcCode.UNAUTHENTICATED));
			rows.add(refused(format, "token with a line break", PLAIN.andThen(TOKENS), token(TOKEN + "\n"),
					RpcCode.UNAUTHENTICATED));
			rows.add(refused(format, "token of 8 KiB", PLAIN.andThen(TOKENS), token("t".repeat(8192)),
					RpcCode.UNAUTHENTICATED));
			rows.add(refused(format, "expired token", expiring(Instant.EPOCH), token(TOKEN), RpcCode.UNAUTHENTICATED));
			rows.add(row(format, "token that will expire", expiring(Instant.now().plus(Duration.ofHours(1))),
					token(TOKEN), "owner of " + TOKEN));
			rows.add(refused(format, "broken authenticator", (server) -> server.authenticator((credentials) -> {
				throw new IllegalStateException("secret detail");
			}), token(TOKEN), RpcCode.UNAUTHENTICATED));
			// Certificates
			rows.add(row(format, "certificate", NEED, overTls(AUTHORITY.client("alice")), "alice"));
			rows.add(row(format, "certificate, nobody asks", TLS, overTls(AUTHORITY.client("alice")), null));
			rows.add(row(format, "certificate that is wanted", WANT, overTls(AUTHORITY.client("alice")), "alice"));
			rows.add(row(format, "no certificate, one is wanted", WANT, overTls(null), null));
			rows.add(refused(format, "no certificate, one is needed", NEED, overTls(null), RpcCode.UNAVAILABLE));
			rows.add(refused(format, "certificate of a stranger", NEED, overTls(STRANGER.client("alice")),
					RpcCode.UNAVAILABLE));
			rows.add(row(format, "certificate, its name is left out",
					NEED.andThen((server) -> server.certificateName(CertificateName.NONE)),
					overTls(AUTHORITY.client("alice")), null));
			rows.add(refused(format, "certificate, no alternative name, and tokens",
					NEED.andThen(TOKENS).andThen((server) -> server.certificateName(CertificateName.SAN)),
					overTls(AUTHORITY.client("alice")), RpcCode.UNAUTHENTICATED));
			rows.add(row(format, "certificate in place of a token",
					WANT.andThen(TOKENS).andThen((server) -> server.certificateName(CertificateName.SUBJECT)),
					overTls(AUTHORITY.client("carol")), "carol"));
			rows.add(refused(format, "certificate where tokens are asked for", WANT.andThen(TOKENS),
					overTls(AUTHORITY.client("alice")), RpcCode.UNAUTHENTICATED));
			rows.add(refused(format, "wrong token with a good certificate",
					WANT.andThen(TOKENS).andThen((server) -> server.certificateName(CertificateName.SUBJECT)),
					overTls(AUTHORITY.client("alice")).andThen(token("something else")), RpcCode.UNAUTHENTICATED));
			rows.add(row(format, "certificate for the authenticator", NEED.andThen(SLOW),
					overTls(AUTHORITY.client("dave")), "CN=dave"));
			rows.add(refused(format, "plain caller of TLS", TLS.andThen(TOKENS), token(TOKEN), RpcCode.UNAVAILABLE));
			// Permission
			rows.add(row(format, "token with the role", PLAIN.andThen(TOKENS).andThen(ROLES), token(TOKEN), "alice"));
			rows.add(refused(format, "token without the role", PLAIN.andThen(TOKENS).andThen(ROLES),
					token(TOKEN + "-of-bob"), RpcCode.PERMISSION_DENIED));
			rows.add(refused(format, "no token, roles", PLAIN.andThen(TOKENS).andThen(ROLES),
					AccessTableIntegrationTests::anybody, RpcCode.UNAUTHENTICATED));
			rows.add(refused(format, "nobody known, roles", PLAIN.andThen(ROLES), AccessTableIntegrationTests::anybody,
					RpcCode.UNAUTHENTICATED));
			rows.add(row(format, "certificate with the role", NEED.andThen(ROLES), overTls(AUTHORITY.client("alice")),
					"alice"));
			rows.add(refused(format, "certificate without the role", NEED.andThen(ROLES),
					overTls(AUTHORITY.client("bob")), RpcCode.PERMISSION_DENIED));
			rows.add(refused(format, "certificate of nobody", NEED.andThen(ROLES), overTls(AUTHORITY.client("mallory")),
					RpcCode.PERMISSION_DENIED));
		}
		return rows.stream();
	}

	@ParameterizedTest
	@MethodSource("rows")
	void verdictIsAsWritten(Row row) {
		RpcChannel channel = channel(row, server(row));
		if (row.refused() == null) {
			assertThat(channel.call("Vault.Open", "a", String.class)).isEqualTo(row.principal() + " opens a");
			assertThat(channel.call("Vault.Open", "b", String.class)).isEqualTo(row.principal() + " opens b");
			assertThat(this.vault.handled).hasValue(2);
			return;
		}
		for (int i = 0; i < 2; i++) {
			assertThatExceptionOfType(RpcException.class)
				.isThrownBy(() -> channel.call("Vault.Open", "a", String.class))
				.satisfies((ex) -> {
					assertThat(ex.code()).as(ex.getMessage()).isEqualTo(row.refused());
					assertThat(ex.known()).as(ex.getMessage()).isEqualTo(Known.NOT_RUN);
					assertThat(ex.getMessage()).doesNotContain(TOKEN).doesNotContain("secret detail");
				});
		}
		assertThat(this.vault.handled).hasValue(0);
	}

	@Test
	void thereAreEnoughRows() {
		assertThat(rows()).hasSizeGreaterThanOrEqualTo(120);
		assertThat(rows().map(Row::toString)).doesNotHaveDuplicates();
	}

	private RpcServer server(Row row) {
		RpcServerBuilder builder = RpcServer.builder().port(0).service(this.vault);
		row.server().accept(builder);
		RpcServer server = builder.start();
		this.open.add(0, server);
		return server;
	}

	private RpcChannel channel(Row row, RpcServer server) {
		RpcChannelBuilder builder = RpcChannel.builder()
			.target("127.0.0.1:" + server.port())
			.codec(row.format().equals("json") ? "json" : "gob")
			.http(row.format().equals("http"));
		row.client().accept(builder);
		RpcChannel channel = builder.build();
		this.open.add(0, channel);
		return channel;
	}

	private static void plain(RpcServerBuilder server) {
		server.insecure(false);
	}

	private static void tokens(RpcServerBuilder server) {
		server.authenticator(SharedTokens.of(Map.of("alice", TOKEN, "bob", TOKEN + "-of-bob")));
	}

	private static void slow(RpcServerBuilder server) {
		server.authenticator(new Directory(TOKEN, null));
	}

	private static void roles(RpcServerBuilder server) {
		server.authorizer(RoleAuthorizer.of(Map.of("reader", List.of("Vault.Read"), "owner", List.of("Vault")),
				Map.of("alice", List.of("owner"), "bob", List.of("reader"))));
	}

	private static Row row(String format, String name, Consumer<RpcServerBuilder> server,
			Consumer<RpcChannelBuilder> client, @Nullable String principal) {
		return new Row(format, name, server, client, principal, null);
	}

	private static Row refused(String format, String name, Consumer<RpcServerBuilder> server,
			Consumer<RpcChannelBuilder> client, RpcCode refused) {
		return new Row(format, name, server, client, null, refused);
	}

	private static Consumer<RpcServerBuilder> tls(ClientAuth clientAuth) {
		TlsSettings.Builder settings = TlsSettings.builder().keys(NODE.keyStore(), TestAuthority.PASSWORD);
		if (clientAuth != ClientAuth.NONE) {
			settings.trust(AUTHORITY.trustStore()).clientAuth(clientAuth);
		}
		TlsSettings tls = settings.build();
		return (server) -> server.tls(() -> tls);
	}

	private static Consumer<RpcServerBuilder> expiring(Instant validUntil) {
		return (server) -> server.authenticator(new Directory(TOKEN, validUntil));
	}

	private static void anybody(RpcChannelBuilder client) {
		client.insecure(false);
	}

	private static Consumer<RpcChannelBuilder> token(String token) {
		Supplier<String> source = () -> token;
		return (client) -> client.token(source);
	}

	private static Consumer<RpcChannelBuilder> overTls(@Nullable Identity identity) {
		TlsSettings.Builder settings = TlsSettings.builder().trust(AUTHORITY.trustStore());
		if (identity != null) {
			settings.keys(identity.keyStore(), TestAuthority.PASSWORD);
		}
		TlsSettings tls = settings.build();
		return (client) -> client.tls(() -> tls);
	}

	/**
	 * A row of the table.
	 *
	 * @param format how the client speaks
	 * @param name what it is about
	 * @param server what the server asks for
	 * @param client what the client shows
	 * @param principal who the handler sees, or null for nobody
	 * @param refused how the call ends, or null if it succeeds
	 */
	record Row(String format, String name, Consumer<RpcServerBuilder> server, Consumer<RpcChannelBuilder> client,
			@Nullable String principal, @Nullable RpcCode refused) {

		@Override
		public String toString() {
			return this.name + ", " + this.format;
		}

	}

	/**
	 * Asked on handlers' threads.
	 */
	private record Directory(String token, @Nullable Instant validUntil) implements CallAuthenticator {

		@Override
		public Authenticated authenticate(CallCredentials credentials) {
			if (credentials.token() == null) {
				String subject = credentials.certificates().get(0).getSubjectX500Principal().getName();
				return new Authenticated(() -> subject, null);
			}
			if (!this.token.equals(credentials.token())) {
				throw new RpcException(RpcCode.UNAUTHENTICATED, "unknown");
			}
			return new Authenticated(() -> "owner of " + this.token, this.validUntil);
		}

	}

	@RpcService("Vault")
	public static class Vault {

		final AtomicInteger handled = new AtomicInteger();

		public @Nullable String open(String what, RpcContext context) {
			this.handled.incrementAndGet();
			var principal = context.principal();
			return ((principal != null) ? principal.getName() : null) + " opens " + what;
		}

		public String read(String what) {
			this.handled.incrementAndGet();
			return what;
		}

	}

}
