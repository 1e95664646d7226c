package io.github.netrpc.server;

import java.lang.reflect.Proxy;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import io.github.netrpc.Known;
import io.github.netrpc.RpcCode;
import io.github.netrpc.RpcContext;
import io.github.netrpc.RpcException;
import io.github.netrpc.annotation.RpcService;
import io.github.netrpc.transport.TestAuthority;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Bounds on connections of which it is not known who calls, and who is no stranger any
 * more: by a certificate, as soon as the TLS handshake is over.
 */
@ExtendWith(OutputCaptureExtension.class)
class StrangerTests {

	private static final X509Certificate CAROL = new TestAuthority("ours").client("carol").certificate();

	private final Work work = new Work();

	private final ManualServer server = new ManualServer(this.work);

	private final Directory directory = new Directory();

	StrangerTests() {
		this.server.authenticator = this.directory;
	}

	// Counts

	@Test
	void strangersBeyondTheirNumberAndTheirTimeAreCounted() {
		limits(1, 5);
		FakeConnection first = this.server.open();
		assertThat(this.server.open().isClosed()).isTrue();
		assertThat(closed(CloseReason.STRANGERS)).isEqualTo(1);
		first.advance(30, TimeUnit.SECONDS);
		assertThat(first.isClosed()).isTrue();
		assertThat(closed(CloseReason.LOGIN_TIMEOUT)).isEqualTo(1);
	}

	@Test
	void whereCertificatesSayItAllHandshakesAreCounted() {
		this.server.authenticator = null;
		this.server.certificateName = CertificateName.SUBJECT;
		limits(1, 5);
		FakeConnection first = this.server.open(session(CAROL));
		assertThat(this.server.open(session(CAROL)).isClosed()).isTrue();
		assertThat(closed(CloseReason.STRANGERS)).isEqualTo(1);
		first.secured();
		FakeConnection second = this.server.open(session(null));
		assertThat(second.isClosed()).isFalse();
		// Only those with a certificate are let in by name, but nobody has to be.
		second.secured();
		assertThat(this.server.open(session(CAROL)).isClosed()).isFalse();
		assertThat(call(first, ">>1 Work.Say a\n")).isEqualTo("1=carol says a\n");
		assertThat(call(second, ">>1 Work.Say b\n")).isEqualTo("1=null says b\n");
	}

	@Test
	void whoLeavesWhileItsQuestionIsLookedIntoHasNotMadeRoom() {
		limits(1, 5);
		this.directory.quick = false;
		FakeConnection gone = this.server.open().receive(">>1 _goRPC_.Authenticate mallory\n");
		gone.reset();
		assertThat(this.server.open().isClosed()).isTrue();
		this.server.runHandlers();
		assertThat(this.server.open().isClosed()).isFalse();
		assertThat(this.server.open().isClosed()).isTrue();
	}

	@Test
	void questionOfWhoStaysKeepsNoSecondPlace() {
		limits(1, 5);
		this.directory.quick = false;
		FakeConnection known = this.server.open().receive(">>1 _goRPC_.Authenticate alice\n");
		this.server.runHandlers();
		known.runTasks();
		FakeConnection next = this.server.open();
		assertThat(next.isClosed()).isFalse();
		known.reset();
		assertThat(this.server.open().isClosed()).isTrue();
		next.reset();
		assertThat(this.server.open().isClosed()).isFalse();
	}

	@Test
	void strangersMakeRoomForNewConnectionsAlsoIfTheyHaveSpoken(CapturedOutput output) {
		this.server.registry = new ConnectionRegistry(2);
		FakeConnection known = this.server.open().receive(">>1 _goRPC_.Authenticate alice\n");
		FakeConnection stranger = this.server.open().receive(">>1 _goRPC_.Ping x\n");
		FakeConnection next = this.server.open();
		stranger.runTasks();
		assertThat(stranger.isClosed()).isTrue();
		assertThat(closed(CloseReason.SILENT)).isEqualTo(1);
		assertThat(output).contains("2 connections are open (limit: rpc.server.max-connections = 2), and this is the "
				+ "oldest that never said anything, or not who calls");
		next.receive(">>1 _goRPC_.Authenticate bob\n");
		assertThat(this.server.open().isClosed()).isTrue();
		assertThat(closed(CloseReason.TOO_MANY_CONNECTIONS)).isEqualTo(1);
		assertThat(known.isClosed()).isFalse();
		assertThat(next.isClosed()).isFalse();
	}

	@Test
	void whoIsKnownByItsCertificateMakesNoRoomThoughItNeverSaidAnything() {
		this.server.certificateName = CertificateName.SUBJECT;
		this.server.registry = new ConnectionRegistry(2);
		FakeConnection known = this.server.open(session(CAROL)).secured();
		FakeConnection stranger = this.server.open();
		FakeConnection next = this.server.open(session(CAROL)).secured();
		stranger.runTasks();
		known.runTasks();
		assertThat(stranger.isClosed()).isTrue();
		assertThat(known.isClosed()).isFalse();
		assertThat(this.server.open().isClosed()).isTrue();
		assertThat(next.isClosed()).isFalse();
	}

	@Test
	void whereNobodyNeedsToBeKnownWhoHasSpokenStays() {
		this.server.authenticator = null;
		this.server.registry = new ConnectionRegistry(1);
		FakeConnection first = this.server.open().receive(">>1 _goRPC_.Ping x\n");
		assertThat(this.server.open().isClosed()).isTrue();
		assertThat(first.isClosed()).isFalse();
	}

	// Refused logins

	@Test
	void strangerWhoseLoginsAreRefusedTooOftenIsClosedWhenItWasTold(CapturedOutput output) {
		limits(100, 2);
		for (boolean quick : new boolean[] { true, false }) {
			this.directory.quick = quick;
			FakeConnection connection = this.server.open().receive(">>1 _goRPC_.Authenticate mallory\n");
			settle(connection);
			assertThat(connection.isGracefullyClosed()).isFalse();
			connection.receive("2 _goRPC_.Authenticate mallory\n3 _goRPC_.Authenticate alice\n");
			settle(connection);
			assertThat(connection.sent()).isEqualTo("1!nobody has this token\n2!nobody has this token\n");
			assertThat(connection.isGracefullyClosed()).isTrue();
		}
		assertThat(closed(CloseReason.REFUSED_LOGINS)).isEqualTo(2);
		assertThat(output).contains("2 logins were refused (limit: rpc.server.authentication.max-refused-logins = 2)");
	}

	@Test
	void callsWithOneWrongTokenAreOneLogin() {
		limits(100, 2);
		FakeConnection connection = this.server.open();
		for (int i = 0; i < 10; i++) {
			connection.receive(((i == 0) ? ">>" : "") + "1;0;authorization=mallory Work.Say a\n");
		}
		assertThat(connection.isGracefullyClosed()).isFalse();
		connection.receive("2;0;authorization=trudy Work.Say a\n3;0;authorization=alice Work.Say b\n");
		assertThat(connection.sent().lines()).hasSize(11)
			.allMatch((line) -> line.contains("!UNAUTHENTICATED NOT_RUN "));
		assertThat(connection.isGracefullyClosed()).isTrue();
	}

	@Test
	void callsWithoutATokenAreNoLogins() {
		limits(100, 1);
		FakeConnection connection = this.server.open().receive(">>1 Work.Say a\n2 Work.Say b\n3 Work.Say c\n");
		assertThat(connection.isGracefullyClosed()).isFalse();
	}

	@Test
	void whoWasKnownOnceMayFailAsOftenAsItLikes() {
		limits(100, 2);
		FakeConnection connection = this.server.open().receive(">>1 _goRPC_.Authenticate alice\n");
		for (int i = 0; i < 5; i++) {
			connection.receive("2 _goRPC_.Authenticate mallory\n");
		}
		assertThat(connection.isGracefullyClosed()).isFalse();
	}

	// Certificates

	@Test
	void whoHasACertificateThatSaysItAllMayBeSilent() {
		this.server.certificateName = CertificateName.SUBJECT;
		limits(1, 5);
		FakeConnection connection = this.server.open(session(CAROL)).secured();
		assertThat(this.server.open().isClosed()).isFalse();
		connection.advance(1, TimeUnit.HOURS);
		assertThat(connection.isClosed()).isFalse();
		assertThat(call(connection, ">>1 Work.Say a\n")).isEqualTo("1=carol says a\n");
		assertThat(this.directory.asked).isEmpty();
	}

	@Test
	void authenticatorIsAskedAboutTheCertificateOnce() {
		for (boolean quick : new boolean[] { true, false }) {
			this.directory.quick = quick;
			this.directory.asked.clear();
			this.directory.certified = "carol";
			FakeConnection connection = this.server.open(session(CAROL)).secured();
			settle(connection);
			connection.advance(1, TimeUnit.HOURS);
			assertThat(connection.isClosed()).isFalse();
			assertThat(call(connection, ">>1 Work.Say a\n2 Work.Say b\n"))
				.isEqualTo("1=carol says a\n2=carol says b\n");
			assertThat(this.directory.asked).hasSize(1);
		}
	}

	@Test
	void authenticatorIsAskedOnceForAMomentAboutACertificateThatSaysNothing() {
		for (boolean quick : new boolean[] { true, false }) {
			this.directory.quick = quick;
			this.directory.asked.clear();
			FakeConnection connection = this.server.open(session(CAROL)).secured();
			settle(connection);
			assertThat(call(connection, ">>1 Work.Say a\n2 Work.Say b\n").lines()).hasSize(2)
				.allMatch((line) -> line.endsWith("!nobody has this token"));
			// When the handshake was over, and for the first call.
			assertThat(this.directory.asked).hasSize(2);
		}
	}

	@Test
	void requestsWaitForTheVerdictOnTheCertificate() {
		this.directory.quick = false;
		this.directory.certified = "carol";
		FakeConnection calls = this.server.open(session(CAROL)).secured();
		FakeConnection login = this.server.open(session(CAROL)).secured();
		FakeConnection pieces = this.server.open(session(CAROL)).secured();
		calls.receive(">>1 Work.Say a\n2;0;authorization=alice Work.Say b\n");
		login.receive(">>1 _goRPC_.Authenticate alice\n2 Work.Say c\n");
		for (char each : ">>1 Work.Say d\n".toCharArray()) {
			pieces.receive(String.valueOf(each));
		}
		assertThat(calls.sent() + login.sent() + pieces.sent()).isEmpty();
		for (int i = 0; i < 4; i++) {
			settle(calls);
			settle(login);
			settle(pieces);
		}
		assertThat(calls.sent()).isEqualTo("1=carol says a\n2=alice says b\n");
		assertThat(login.sent()).isEqualTo("1=null\n2=alice says c\n");
		assertThat(pieces.sent()).isEqualTo("1=carol says d\n");
	}

	@Test
	void certificateThatSaysNothingIsNoRefusedLogin(CapturedOutput output) {
		limits(100, 1);
		for (boolean quick : new boolean[] { true, false }) {
			this.directory.quick = quick;
			FakeConnection connection = this.server.open(session(CAROL)).secured();
			settle(connection);
			assertThat(call(connection, ">>1 _goRPC_.Authenticate alice\n2 Work.Say a\n"))
				.isEqualTo("1=null\n2=alice says a\n");
			FakeConnection silent = this.server.open(session(CAROL)).secured();
			settle(silent);
			silent.advance(30, TimeUnit.SECONDS);
			assertThat(silent.isClosed()).isTrue();
		}
		assertThat(output).doesNotContain("is not authenticated");
		assertThat(this.server.refused(RefusalReason.UNAUTHENTICATED)).isZero();
		assertThat(closed(CloseReason.LOGIN_TIMEOUT)).isEqualTo(2);
	}

	@Test
	void certificateThatCouldNotBeAskedAboutIsAskedAboutAgain() {
		this.directory.quick = false;
		this.directory.certified = "carol";
		this.server.maxHandlers = 4;
		FakeConnection first = this.server.open(session(CAROL)).secured();
		FakeConnection second = this.server.open(session(CAROL)).secured();
		second.advance(1, TimeUnit.SECONDS);
		settle(first);
		assertThat(this.directory.asked).hasSize(1);
		second.advance(1, TimeUnit.SECONDS);
		settle(second);
		assertThat(this.directory.asked).hasSize(2);
		second.advance(1, TimeUnit.HOURS);
		assertThat(second.isClosed()).isFalse();
		assertThat(second.timers()).isZero();
		assertThat(call(second, ">>1 Work.Say b\n")).isEqualTo("1=carol says b\n");
	}

	@Test
	void requestsWaitForACertificateThatIsAskedAboutAgain() {
		this.directory.quick = false;
		this.directory.certified = "carol";
		this.server.maxHandlers = 4;
		FakeConnection first = this.server.open(session(CAROL)).secured();
		FakeConnection second = this.server.open(session(CAROL)).secured();
		settle(first);
		second.receive(">>1 _goRPC_.Ping x\n2 Work.S");
		// Not in the middle of a request.
		second.advance(2, TimeUnit.SECONDS);
		assertThat(this.server.handlers).isEmpty();
		second.forgetSent();
		second.receive("ay a\n");
		settle(second);
		assertThat(second.sent()).isEqualTo("2=carol says a\n");
	}

	@Test
	void answerAboutACertificateThatComesLateCounts() {
		this.directory.quick = false;
		this.directory.certified = "carol";
		Duration day = Duration.ofDays(1);
		this.server.overload = OverloadLimits.of(day, day, day);
		FakeConnection connection = this.server.open(session(CAROL)).secured();
		connection.advance(12, TimeUnit.SECONDS);
		settle(connection);
		connection.advance(1, TimeUnit.HOURS);
		assertThat(connection.isClosed()).isFalse();
		assertThat(call(connection, ">>1 Work.Say a\n")).isEqualTo("1=carol says a\n");
		assertThat(this.directory.asked).hasSize(1);
	}

	@Test
	void handshakeThatEndsWithTheConnectionAsksNobody() {
		this.directory.quick = false;
		FakeConnection connection = this.server.open(session(CAROL));
		connection.reset();
		connection.secured();
		this.server.runHandlers();
		assertThat(this.directory.asked).isEmpty();
	}

	private void limits(int connections, int refusals) {
		this.server.loginLimits = new LoginLimits(1024, connections, TimeUnit.SECONDS.toNanos(30), refusals);
	}

	private long closed(CloseReason reason) {
		return this.server.registry.closes().of(reason);
	}

	private void settle(FakeConnection connection) {
		for (int i = 0; i < 3; i++) {
			this.server.runHandlers();
			connection.runTasks();
		}
	}

	private String call(FakeConnection connection, String request) {
		connection.forgetSent();
		connection.receive(request);
		settle(connection);
		return connection.sent();
	}

	/**
	 * What the client has shown is known when the handshake is over, for all it is asked.
	 */
	private static SSLSession session(@Nullable X509Certificate certificate) {
		return (SSLSession) Proxy.newProxyInstance(SSLSession.class.getClassLoader(),
				new Class<?>[] { SSLSession.class }, (session, method, arguments) -> {
					if (!method.getName().equals("getPeerCertificates")) {
						throw new UnsupportedOperationException(method.getName());
					}
					if (certificate == null) {
						throw new SSLPeerUnverifiedException("peer not authenticated");
					}
					return new Certificate[] { certificate };
				});
	}

	private static final class Directory implements CallAuthenticator {

		final List<CallCredentials> asked = new ArrayList<>();

		boolean quick = true;

		@Nullable String certified;

		@Override
		public Authenticated authenticate(CallCredentials credentials) {
			this.asked.add(credentials);
			String name = (credentials.token() != null) ? credentials.token() : this.certified;
			if (name == null || !List.of("alice", "bob", "carol").contains(name)) {
				throw new RpcException(RpcCode.UNAUTHENTICATED, Known.NOT_RUN, "nobody has this token", null);
			}
			return new Authenticated(new NamedPrincipal(name), null);
		}

		@Override
		public boolean isQuick() {
			return this.quick;
		}

	}

	@RpcService("Work")
	public static class Work {

		public String say(String text, RpcContext context) {
			return ((context.principal() != null) ? context.principal().getName() : null) + " says " + text;
		}

	}

}
