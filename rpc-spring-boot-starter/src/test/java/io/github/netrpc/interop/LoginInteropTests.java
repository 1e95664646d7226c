package io.github.netrpc.interop;

import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.security.Principal;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.github.netrpc.annotation.RpcService;
import io.github.netrpc.server.Authenticated;
import io.github.netrpc.server.CallAuthenticator;
import io.github.netrpc.server.CallCredentials;
import io.github.netrpc.server.RoleAuthorizer;
import io.github.netrpc.server.RpcServer;
import io.github.netrpc.server.SharedTokens;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Stock Go clients of each kind say who they are by an ordinary call.
 */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class LoginInteropTests {

	private static final String TOKEN = "0123456789abcdef";

	private static final String REFUSED = "echo: the caller is not authenticated: a token is expected, as the metadata"
			+ " entry \"authorization\" or by _goRPC_.Authenticate ";

	@ParameterizedTest
	@CsvSource({ "gob, true", "jsonrpc, true", "http, true", "gob, false", "jsonrpc, false", "http, false" })
	void stockGoClientLogsInAndIsRefusedWithout(String codec, boolean quick) throws Exception {
		Work work = new Work();
		try (RpcServer server = RpcServer.builder()
			.port(0)
			.service(work)
			.authenticator(quick ? SharedTokens.of(Map.of("gopher", TOKEN))
					: new Slow(SharedTokens.of(Map.of("gopher", TOKEN))))
			.authorizer(RoleAuthorizer.of(Map.of("echoer", List.of("Work.Echo"), "keeper", List.of("Work.Secret")),
					Map.of("gopher", List.of("echoer"))))
			.start()) {
			String unknown = "unknown: " + REFUSED.substring("echo: ".length()).trim();
			assertThat(run(codec, "127.0.0.1:" + server.port())).containsExactly("ping: <nil>", REFUSED, unknown,
					"wrong token: the token was refused", "echo: the token was refused ",
					"no text: a token is expected, as a text", "right token: <nil>", "echo: <nil> gopher: pipelined",
					"echo: <nil> gopher: known", "unknown: rpc: can't find method Work.Nothing",
					"denied: the caller may not call this method");
			assertThat(work.handled).hasValue(2);
		}
	}

	private static List<String> run(String codec, String address) throws Exception {
		Process process = new ProcessBuilder(GoPrograms.build("login").toString(), "-codec", codec, address,
				"0123456789abcdeF", TOKEN)
			.redirectError(ProcessBuilder.Redirect.INHERIT)
			.start();
		try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
			return lines.lines().toList();
		}
		finally {
			process.destroyForcibly();
		}
	}

	/**
	 * Asked on a handler's thread.
	 */
	private record Slow(CallAuthenticator tokens) implements CallAuthenticator {

		@Override
		public Authenticated authenticate(CallCredentials credentials) {
			return this.tokens.authenticate(credentials);
		}

	}

	@RpcService("Work")
	public static class Work {

		final AtomicInteger handled = new AtomicInteger();

		public String echo(String text, Principal caller) {
			this.handled.incrementAndGet();
			return caller.getName() + ": " + text;
		}

		public String secret(String text) {
			this.handled.incrementAndGet();
			return text;
		}

	}

}
