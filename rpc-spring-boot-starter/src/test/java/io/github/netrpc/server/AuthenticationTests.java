package io.github.netrpc.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.Principal;
import java.time.Duration;
import java.time.Instant;
import java.util.AbstractMap;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import io.github.netrpc.Known;
import io.github.netrpc.RpcCode;
import io.github.netrpc.RpcContext;
import io.github.netrpc.RpcException;
import io.github.netrpc.annotation.RpcService;
import io.github.netrpc.wire.IncomingRequest;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Who calls is found out in the order of the requests, before arguments are read and
 * handlers run.
 */
class AuthenticationTests {

	/** With the least of what is random. */
	private static final Duration FRESH = Duration.ofMinutes(5).multipliedBy(81).dividedBy(100);

	private final Work work = new Work();

	private final ManualServer server = new ManualServer(this.work);

	private final Directory directory = new Directory();

	AuthenticationTests() {
		this.server.authenticator = this.directory;
	}

	@Test
	void callWithoutTokenIsRefusedAndTheConnectionGoesOn() {
		FakeConnection connection = this.server.open().receive(">>1 Work.Say a\n2;0;authorization=alice Work.Say b\n");
		this.server.runHandlers();
		connection.runTasks();
		assertThat(connection.sent()).startsWith("1!the caller is not authenticated: a token is expected")
			.contains("\n2=alice says b");
		assertThat(this.work.said).containsExactly("b");
		assertThat(this.server.refused(RefusalReason.UNAUTHENTICATED)).isEqualTo(1);
		assertThat(this.server.records).containsExactly("Say UNAUTHENTICATED", "Say OK");
	}

	@Test
	void argumentOfARefusedCallIsNotRead() {
		FakeConnection connection = this.server.open().receive(">>1 Work.Add not-a-number\n");
		assertThat(connection.sent()).startsWith("1!the caller is not authenticated");
	}

	@Test
	void whetherAMethodExistsIsToldToKnownCallersOnly() {
		FakeConnection connection = this.server.open()
			.receive(">>1 Work.Nothing a\n2 Work.Say a\n3;0;authorization=alice Work.Nothing a\n");
		String[] replies = connection.sent().split("\n");
		assertThat(replies[0].substring(2)).isEqualTo(replies[1].substring(2));
		assertThat(replies[2]).contains("rpc: can't find method Work.Nothing");
		assertThat(this.server.records).first().isEqualTo("unknown UNAUTHENTICATED");
	}

	@Test
	void fullQueueIsNotToldToStrangers() {
		this.server.queue = 1;
		FakeConnection connection = this.server.open()
			.receive(">>1;0;authorization=alice Work.Say a\n2;0;authorization=alice Work.Say b\n3 Work.Say c\n");
		assertThat(connection.sent()).contains("2!RESOURCE_EXHAUSTED").contains("3!UNAUTHENTICATED");
	}

	@Test
	void wrongTokenIsRefusedWithTheWordsOfTheAuthenticator() {
		FakeConnection connection = this.server.open().receive(">>1;0;authorization=mallory Work.Say a\n");
		assertThat(connection.sent()).isEqualTo("1!UNAUTHENTICATED NOT_RUN nobody has this token\n");
	}

	@Test
	void otherFailuresOfTheAuthenticatorAreNotTold() {
		for (String token : List.of("broken", "denied", "error")) {
			FakeConnection connection = this.server.open().receive(">>1;0;authorization=" + token + " Work.Say a\n");
			assertThat(connection.sent()).isEqualTo("1!UNAUTHENTICATED NOT_RUN the token was refused\n");
		}
	}

	@Test
	void tokenIsNotLookedAtAgainUntilItsTimeIsOver() {
		this.directory.validUntil = this.server.wallClock.plusSeconds(60);
		FakeConnection connection = this.server.open()
			.receive(">>1;0;authorization=alice Work.Say a\n2;0;authorization=alice Work.Say b\n");
		assertThat(this.directory.asked).hasSize(1);
		this.server.wallClock = this.server.wallClock.plusSeconds(59);
		connection.receive("3;0;authorization=alice Work.Say c\n");
		assertThat(this.directory.asked).hasSize(1);
		this.server.wallClock = this.server.wallClock.plusSeconds(1);
		connection.receive("4;0;authorization=alice Work.Say d\n");
		assertThat(this.directory.asked).hasSize(2);
		assertThat(connection.sent()).contains("4!UNAUTHENTICATED NOT_RUN the token has expired");
		settle(connection);
		this.server.pass(Duration.ofSeconds(5));
		this.directory.validUntil = this.server.wallClock.plusSeconds(60);
		connection.receive("5;0;authorization=alice Work.Say e\n");
		this.server.runHandlers();
		connection.runTasks();
		assertThat(this.work.said).containsExactly("a", "b", "c", "e");
	}

	@Test
	void wrongTokenIsAskedAboutOnceForAMomentAndAnotherOneAtOnce() {
		for (boolean quick : new boolean[] { true, false }) {
			this.directory.quick = quick;
			this.directory.asked.clear();
			FakeConnection connection = this.server.open().receive(">>1;0;authorization=mallory Work.Say a\n");
			settle(connection);
			for (int i = 0; i < 9; i++) {
				connection.receive("2;0;authorization=mallory Work.Say a\n");
				settle(connection);
			}
			assertThat(this.directory.asked).containsExactly("mallory");
			assertThat(connection.sent().lines()).hasSize(10)
				.allMatch((line) -> line.endsWith("!UNAUTHENTICATED NOT_RUN nobody has this token"));
			// A supplier that has a new one need not wait.
			connection.receive("3;0;authorization=alice Work.Say b\n4;0;authorization=mallory Work.Say c\n"
					+ "5;0;authorization=alice Work.Say d\n");
			settle(connection);
			assertThat(connection.sent()).contains("3=alice says b\n", "4!UNAUTHENTICATED", "5=alice says d\n");
			assertThat(this.directory.asked).containsExactly("mallory", "alice");
		}
		assertThat(this.server.refused(RefusalReason.UNAUTHENTICATED)).isEqualTo(22);
	}

	@Test
	void tokenThatWasRefusedIsAskedAboutAgainAfterAMoment() {
		this.directory.lockedOut = "alice";
		FakeConnection connection = this.server.open().receive(">>1;0;authorization=alice Work.Say a\n");
		this.directory.lockedOut = null;
		this.server.pass(Duration.ofMillis(4_999));
		connection.receive("2;0;authorization=alice Work.Say b\n");
		assertThat(connection.sent()).contains("2!UNAUTHENTICATED");
		this.server.pass(Duration.ofMillis(1));
		connection.receive("3;0;authorization=alice Work.Say c\n");
		this.server.runHandlers();
		connection.runTasks();
		assertThat(connection.sent()).contains("3=alice says c\n");
		assertThat(this.directory.asked).hasSize(2);
	}

	@Test
	void wallClockThatIsSetMakesARefusalNeitherLongerNorShorter() {
		for (Duration step : List.of(Duration.ofHours(1), Duration.ofHours(-1))) {
			this.directory.asked.clear();
			this.directory.fails = new UncheckedIOException(new IOException("down"));
			FakeConnection call = this.server.open().receive(">>1;0;authorization=alice Work.Say a\n");
			FakeConnection login = this.server.open().receive(">>1 _goRPC_.Authenticate alice\n");
			this.directory.fails = null;
			this.server.wallClock = this.server.wallClock.plus(step);
			this.server.pass(Duration.ofMillis(4_999));
			call.receive("2;0;authorization=alice Work.Say b\n");
			login.receive("2 Work.Say c\n");
			assertThat(this.directory.asked).hasSize(2);
			assertThat(call.sent()).contains("\n2!UNAUTHENTICATED");
			assertThat(login.sent()).contains("\n2!the token was refused");
			this.server.pass(Duration.ofMillis(1));
			call.receive("3;0;authorization=alice Work.Say d\n");
			login.receive("3 Work.Say e\n");
			settle(call);
			settle(login);
			assertThat(this.directory.asked).hasSize(4);
			assertThat(call.sent()).endsWith("\n3=alice says d\n");
			assertThat(login.sent()).endsWith("\n3=alice says e\n");
		}
	}

	@Test
	void refusalsAreKeptForAsLongAsIsSet() {
		String call = ";0;authorization=mallory Work.Say a\n";
		this.server.refusalValidity = Duration.ofSeconds(60);
		FakeConnection connection = this.server.open().receive(">>1" + call);
		this.server.pass(Duration.ofSeconds(59));
		connection.receive("2" + call);
		assertThat(this.directory.asked).hasSize(1);
		this.server.pass(Duration.ofSeconds(1));
		connection.receive("3" + call + "4 _goRPC_.Authenticate mallory\n");
		assertThat(this.directory.asked).hasSize(2);
		assertThat(connection.sent().lines()).hasSize(4).allMatch((line) -> line.contains("nobody has this token"));
	}

	@Test
	void whereRefusalsAreNotKeptEachCallIsAskedAbout() {
		this.server.refusalValidity = Duration.ZERO;
		String call = ";0;authorization=mallory Work.Say a\n";
		this.server.open().receive(">>1" + call + "2" + call + "3 _goRPC_.Authenticate mallory\n4" + call);
		assertThat(this.directory.asked).hasSize(4);
	}

	@Test
	void loginAndCallsThatShowTheSameWrongTokenAreAskedAboutOnce() {
		for (boolean quick : new boolean[] { true, false }) {
			this.directory.quick = quick;
			for (String requests : List.of("1 _goRPC_.Authenticate mallory\n2;0;authorization=mallory Work.Say a\n",
					"1;0;authorization=mallory Work.Say a\n2 _goRPC_.Authenticate mallory\n")) {
				this.directory.asked.clear();
				FakeConnection connection = this.server.open().receive(">>" + requests);
				settle(connection);
				assertThat(this.directory.asked).containsExactly("mallory");
				assertThat(connection.sent().lines()).hasSize(2)
					.allMatch((line) -> line.contains("nobody has this token"));
			}
		}
	}

	@Test
	void refusedLoginEndsWhatWasKeptOfItsTokenButADirectoryThatIsDownDoesNot() {
		this.server.maxValidity = Duration.ofMinutes(5);
		for (boolean down : new boolean[] { false, true }) {
			this.directory.asked.clear();
			FakeConnection connection = this.server.open().receive(">>1;0;authorization=alice Work.Say a\n");
			this.server.pass(FRESH);
			this.directory.lockedOut = "alice";
			this.directory.fails = down ? new UncheckedIOException(new IOException("down")) : null;
			connection.receive("2 _goRPC_.Authenticate alice\n3;0;authorization=alice Work.Say b\n4 Work.Say c\n");
			settle(connection);
			assertThat(connection.sent()).contains(down ? "2=null\n" : "2!UNAUTHENTICATED",
					down ? "3=alice says b\n" : "3!UNAUTHENTICATED", down ? "4=alice says c\n" : "4!UNAUTHENTICATED");
			assertThat(this.directory.asked).hasSize(2);
			this.directory.lockedOut = null;
			this.directory.fails = null;
		}
	}

	@Test
	void whoLogsInAgainWhileTheDirectoryIsDownStaysWhoItIs() {
		this.server.maxValidity = Duration.ofMinutes(5);
		for (boolean quick : new boolean[] { true, false }) {
			this.directory.quick = quick;
			this.directory.fails = null;
			// The token of a call is kept beside that of the login.
			FakeConnection connection = this.server.open()
				.receive(">>1 _goRPC_.Authenticate alice\n2;0;authorization=bob Work.Say a\n");
			settle(connection);
			this.directory.asked.clear();
			this.directory.fails = new UncheckedIOException(new IOException("down"));
			connection.receive("3 _goRPC_.Authenticate alice\n4 Work.Say b\n");
			settle(connection);
			this.server.pass(FRESH);
			connection.receive("5 _goRPC_.Authenticate alice\n6 Work.Say c\n7 Work.Say d\n");
			settle(connection);
			assertThat(connection.sent()).contains("\n3=null\n", "\n4=alice says b\n", "\n5=null\n",
					"\n6=alice says c\n", "\n7=alice says d\n");
			assertThat(this.directory.asked).containsExactly("alice", "alice");
			// It is looked up again as soon as that can be.
			this.directory.fails = null;
			this.directory.lockedOut = "alice";
			this.server.pass(FRESH);
			connection.receive("8 Work.Say e\n");
			settle(connection);
			connection.receive("9 Work.Say f\n");
			settle(connection);
			assertThat(connection.sent()).endsWith("\n9!UNAUTHENTICATED NOT_RUN nobody has this token\n");
			this.directory.lockedOut = null;
		}
	}

	@Test
	void loginOfSomebodyElseWhileTheDirectoryIsDownIsLookedIntoAgain() {
		for (boolean quick : new boolean[] { true, false }) {
			this.directory.quick = quick;
			for (String before : List.of("_goRPC_.Authenticate alice", "_goRPC_.Ping x")) {
				this.directory.fails = null;
				FakeConnection connection = this.server.open().receive(">>1 " + before + "\n");
				settle(connection);
				connection.forgetSent();
				this.directory.asked.clear();
				this.directory.fails = new UncheckedIOException(new IOException("down"));
				// The call was sent as Bob's, whatever becomes of the login.
				connection.receive("2 _goRPC_.Authenticate bob\n3 Work.Say a\n");
				settle(connection);
				this.directory.fails = null;
				connection.receive("4 _goRPC_.Authenticate bob\n5 Work.Say b\n");
				settle(connection);
				assertThat(connection.sent()).isEqualTo("2!the token was refused\n3!the token was refused\n"
						+ "4!the token was refused\n5!the token was refused\n");
				assertThat(this.directory.asked).containsExactly("bob");
				this.server.pass(Duration.ofSeconds(5));
				connection.receive("6 Work.Say c\n7 Work.Say d\n");
				settle(connection);
				assertThat(connection.sent()).contains("\n6=bob says c\n", "\n7=bob says d\n");
				assertThat(this.directory.asked).containsExactly("bob", "bob");
			}
		}
	}

	@Test
	void loginsThatCouldNotBeLookedIntoAreNoRefusedOnes() {
		this.server.loginLimits = new LoginLimits(1024, 3, TimeUnit.SECONDS.toNanos(30), 2);
		this.directory.fails = new UncheckedIOException(new IOException("down"));
		FakeConnection connection = this.server.open().receive(">>");
		for (int i = 0; i < 4; i++) {
			connection.receive("1 _goRPC_.Authenticate " + i + "\n2;0;authorization=call" + i + " Work.Say a\n");
		}
		assertThat(this.directory.asked).hasSize(8);
		this.directory.fails = null;
		this.server.pass(Duration.ofSeconds(5));
		// It counts that it is refused for sure now.
		connection.receive("3;0;authorization=call3 Work.Say b\n");
		assertThat(connection.isGracefullyClosed()).isFalse();
		connection.receive("4 _goRPC_.Authenticate mallory\n");
		assertThat(connection.isGracefullyClosed()).isTrue();
	}

	@Test
	void loginThatTakesTooLongEndsNobodyUntilItsAnswerDoes() {
		waitForRequests(300);
		this.server.maxValidity = Duration.ofMinutes(5);
		this.directory.quick = false;
		FakeConnection connection = this.server.open().receive(">>1 _goRPC_.Authenticate alice\n");
		settle(connection);
		this.server.pass(Duration.ofMinutes(5));
		connection.receive("2 _goRPC_.Authenticate alice\n3 Work.Say a\n");
		connection.advance(300, TimeUnit.MILLISECONDS);
		assertThat(connection.sent()).endsWith("\n2=null\n");
		this.directory.lockedOut = "alice";
		settle(connection);
		assertThat(connection.sent()).endsWith("\n3=alice says a\n");
		connection.receive("4 Work.Say b\n");
		settle(connection);
		assertThat(connection.sent()).endsWith("\n4!nobody has this token\n");
	}

	@Test
	void loginMayHaveSoManyBytesWhateverItsCharacters() {
		for (String each : List.of("a", "\u00e9", "\u20ac")) {
			byte[] utf8 = each.getBytes(StandardCharsets.UTF_8);
			int length = utf8.length;
			String sent = new String(utf8, StandardCharsets.ISO_8859_1);
			this.directory.asked.clear();
			FakeConnection connection = this.server.open()
				.receive(">>1 _goRPC_.Authenticate " + sent.repeat(8192 / length) + "\n");
			assertThat(this.directory.asked).hasSize(1);
			connection.receive("2 _goRPC_.Authenticate " + sent.repeat(8192 / length + 1) + "\n");
			assertThat(this.directory.asked).hasSize(1);
			assertThat(connection.sent()).isEqualTo("1!nobody has this token\n2!the token is too long\n");
		}
	}

	@Test
	void refusedLoginThatWasNotAskedAboutEndsTheOneBeforeForGood() {
		FakeConnection connection = this.server.open()
			.receive(">>1 _goRPC_.Authenticate alice\n2;0;authorization=mallory Work.Say a\n"
					+ "3 _goRPC_.Authenticate mallory\n4 Work.Say b\n");
		assertThat(this.directory.asked).containsExactly("alice", "mallory");
		this.server.pass(Duration.ofSeconds(6));
		connection.receive("5 Work.Say c\n");
		settle(connection);
		assertThat(connection.sent()).contains("4!UNAUTHENTICATED NOT_RUN nobody has this token\n",
				"5!UNAUTHENTICATED NOT_RUN nobody has this token\n");
		assertThat(this.work.said).isEmpty();
	}

	@Test
	void metadataWithoutATokenAreLookedThroughOnce() {
		ServerConnection inside = new ServerConnection(this.server.scope());
		FakeConnection connection = new FakeConnection(inside, this.server.nanoTime)
			.receive(">>1 _goRPC_.Authenticate alice\n");
		assertThat(connection.sent()).isEqualTo("1=null\n");
		CountedMap metadata = new CountedMap(Map.of("trace", "x", "tenant", "acme"));
		byte[] method = "Work.Say".getBytes(StandardCharsets.UTF_8);
		IncomingRequest request = inside.begin(method, 0, method.length);
		request.extensions(0, metadata);
		assertThat(inside.admit(request)).isSameAs(request);
		assertThat(metadata.passes).isEqualTo(1);
		assertThat(request.metadata()).isSameAs(metadata);
	}

	@Test
	void loginThatHasEndedIsAskedAboutOnceForAMoment() {
		for (boolean quick : new boolean[] { true, false }) {
			this.directory.quick = quick;
			this.directory.asked.clear();
			this.directory.validUntil = this.server.wallClock.plusSeconds(60);
			FakeConnection connection = this.server.open().receive(">>1 _goRPC_.Authenticate alice\n");
			settle(connection);
			this.server.wallClock = this.server.wallClock.plusSeconds(60);
			for (int i = 0; i < 5; i++) {
				connection.receive("2 Work.Say a\n");
				settle(connection);
			}
			assertThat(this.directory.asked).containsExactly("alice", "alice");
			assertThat(connection.sent().lines()).containsExactly("1=null", "2!the token has expired",
					"2!the token has expired", "2!the token has expired", "2!the token has expired",
					"2!the token has expired");
			// Who logs in again need not wait.
			this.directory.validUntil = null;
			connection.receive("3 _goRPC_.Authenticate alice\n4 Work.Say b\n");
			settle(connection);
			assertThat(connection.sent()).contains("3=null\n", "4=alice says b\n");
		}
	}

	@Test
	void whatCouldNotBeAskedIsNoRefusalOfTheToken() {
		this.directory.quick = false;
		this.server.queue = 1;
		this.server.open().receive(">>1;0;authorization=bob Work.Say a\n");
		FakeConnection connection = this.server.open().receive(">>1;0;authorization=alice Work.Say a\n");
		assertThat(connection.sent()).contains("server is overloaded");
		this.server.runHandlers();
		connection.receive("2;0;authorization=alice Work.Say b\n");
		settle(connection);
		assertThat(connection.sent()).contains("\n2=alice says b\n");
	}

	private void settle(FakeConnection connection) {
		for (int i = 0; i < 4; i++) {
			this.server.runHandlers();
			connection.runTasks();
		}
	}

	@Test
	void callerIsLookedUpAgainAfterAWhileWhateverTheAuthenticatorHasSaid() {
		this.server.maxValidity = Duration.ofMinutes(5);
		for (Duration lasts : new Duration[] { Duration.ZERO, Duration.ofHours(1) }) {
			this.directory.asked.clear();
			this.directory.validUntil = lasts.isZero() ? null : this.server.wallClock.plus(lasts);
			FakeConnection tokens = this.server.open().receive(">>1;0;authorization=alice Work.Say a\n");
			FakeConnection login = this.server.open().receive(">>1 _goRPC_.Authenticate bob\n2 Work.Say b\n");
			this.server.pass(FRESH.minusMillis(1));
			tokens.receive("2;0;authorization=alice Work.Say c\n");
			login.receive("3 Work.Say d\n");
			assertThat(this.directory.asked).containsExactly("alice", "bob");
			this.server.pass(Duration.ofMillis(1));
			this.directory.lockedOut = "bob";
			tokens.receive("3;0;authorization=alice Work.Say e\n");
			login.receive("4 Work.Say f\n5 Work.Say g\n");
			assertThat(this.directory.asked).containsExactly("alice", "bob", "alice", "bob");
			assertThat(login.sent()).endsWith("4!nobody has this token\n5!nobody has this token\n");
			this.directory.lockedOut = null;
		}
	}

	@Test
	void callersThatCameAtOnceAreNotLookedUpAgainAtOnce() {
		this.server.maxValidity = Duration.ofMinutes(5);
		FakeConnection soon = this.server.open().receive(">>1;0;authorization=alice Work.Say a\n");
		this.server.random = -1;
		FakeConnection late = this.server.open().receive(">>1;0;authorization=alice Work.Say a\n");
		this.server.pass(Duration.ofSeconds(290));
		late.receive("2;0;authorization=alice Work.Say b\n");
		assertThat(this.directory.asked).hasSize(2);
		soon.receive("2;0;authorization=alice Work.Say b\n");
		assertThat(this.directory.asked).hasSize(3);
		this.server.pass(Duration.ofSeconds(10));
		late.receive("3;0;authorization=alice Work.Say b\n");
		assertThat(this.directory.asked).hasSize(4);
	}

	@Test
	void whoIsKnownIsLookedUpBesideItsCallsAndLockedOutWhenThatHasSaidSo() {
		this.server.maxValidity = Duration.ofMinutes(5);
		this.directory.quick = false;
		for (String login : List.of("_goRPC_.Authenticate alice", ";0;authorization=alice Work.Say a")) {
			this.directory.asked.clear();
			String shown = login.startsWith(";") ? ";0;authorization=alice" : "";
			FakeConnection connection = this.server.open()
				.receive(">>1" + (login.startsWith(";") ? "" : " ") + login + "\n");
			settle(connection);
			this.server.pass(FRESH);
			this.directory.lockedOut = "alice";
			connection.forgetSent();
			connection.receive("2" + shown + " Work.Say b\n3" + shown + " Work.Say c\n");
			settle(connection);
			assertThat(connection.sent()).contains("2=alice says b\n", "3=alice says c\n");
			assertThat(this.directory.asked).containsExactly("alice", "alice");
			connection.receive("4" + shown + " Work.Say d\n");
			settle(connection);
			assertThat(connection.sent().lines()).last().asString().startsWith("4!").endsWith("nobody has this token");
			this.directory.lockedOut = null;
		}
	}

	@Test
	void whoHasNotCalledForLongWaitsForTheLook() {
		waitForRequests(300);
		this.server.maxValidity = Duration.ofMinutes(5);
		this.directory.quick = false;
		FakeConnection connection = this.server.open().receive(">>1;0;authorization=alice Work.Say a\n");
		settle(connection);
		this.server.pass(Duration.ofMinutes(5));
		this.directory.lockedOut = "alice";
		connection.forgetSent();
		connection.receive("2;0;authorization=alice Work.Say b\n");
		settle(connection);
		assertThat(connection.sent()).isEqualTo("2!UNAUTHENTICATED NOT_RUN nobody has this token\n");
	}

	@Test
	void whoIsKnownGoesOnWhileTheDirectoryHangs() {
		waitForRequests(300);
		this.server.maxValidity = Duration.ofMinutes(5);
		this.directory.quick = false;
		FakeConnection connection = this.server.open().receive(">>1;0;authorization=alice Work.Say a\n");
		settle(connection);
		this.server.pass(Duration.ofMinutes(5));
		connection.forgetSent();
		List<String> sent = new ArrayList<>();
		this.directory.meanwhile = () -> {
			sent.add(connection.sent());
			connection.advance(300, TimeUnit.MILLISECONDS);
			settle(connection);
			// Nor do later calls wait.
			this.server.pass(Duration.ofHours(1));
			connection.receive("3;0;authorization=alice Work.Say c\n");
			for (int i = 0; i < 10; i++) {
				connection.advance(10, TimeUnit.MILLISECONDS);
				settle(connection);
			}
			sent.add(connection.sent());
			// But what it says in the end counts.
			this.directory.lockedOut = "alice";
		};
		connection.receive("2;0;authorization=alice Work.Say b\n");
		settle(connection);
		assertThat(sent).containsExactly("", "2=alice says b\n3=alice says c\n");
		assertThat(connection.sent()).hasLineCount(2);
		assertThat(this.directory.asked).hasSize(2);
		connection.receive("4;0;authorization=alice Work.Say d\n");
		settle(connection);
		assertThat(connection.sent()).endsWith("4!UNAUTHENTICATED NOT_RUN nobody has this token\n");
	}

	@Test
	void whoIsKnownGoesOnWhileTheDirectoryIsDownForAsLongAsWasSaid() {
		this.server.maxValidity = Duration.ofMinutes(5);
		this.directory.validUntil = this.server.wallClock.plusSeconds(600);
		for (boolean quick : new boolean[] { true, false }) {
			this.directory.quick = quick;
			for (RuntimeException down : List.of(new RpcException(RpcCode.UNAVAILABLE, "down"),
					new UncheckedIOException(new IOException("down")),
					new IllegalStateException(new TimeoutException()))) {
				this.directory.fails = null;
				FakeConnection connection = this.server.open().receive(">>1;0;authorization=alice Work.Say a\n");
				settle(connection);
				this.directory.asked.clear();
				this.directory.fails = down;
				this.server.pass(FRESH);
				connection.receive("2;0;authorization=alice Work.Say b\n");
				settle(connection);
				connection.receive("3;0;authorization=alice Work.Say c\n");
				settle(connection);
				assertThat(this.directory.asked).hasSize(1);
				// It is tried again, and not too often.
				this.server.pass(Duration.ofSeconds(33));
				connection.receive("4;0;authorization=alice Work.Say d\n");
				settle(connection);
				assertThat(this.directory.asked).hasSize(2);
				assertThat(connection.sent()).contains("2=alice", "3=alice", "4=alice");
				this.server.wallClock = this.server.wallClock.plusSeconds(600);
				connection.receive("5;0;authorization=alice Work.Say e\n");
				settle(connection);
				assertThat(connection.sent()).endsWith("5!UNAUTHENTICATED NOT_RUN the token was refused\n");
				this.server.wallClock = this.server.wallClock.minusSeconds(600);
			}
		}
	}

	@Test
	void otherExceptionsLockOutWhoIsKnown() {
		this.server.maxValidity = Duration.ofMinutes(5);
		FakeConnection connection = this.server.open().receive(">>1;0;authorization=alice Work.Say a\n");
		this.server.pass(FRESH);
		this.directory.fails = new IllegalStateException("the account is locked");
		connection.receive("2;0;authorization=alice Work.Say b\n");
		assertThat(connection.sent()).isEqualTo("2!UNAUTHENTICATED NOT_RUN the token was refused\n");
	}

	@Test
	void wallClockIsReadOnlyForAnEndThatWasSaid() {
		this.server.maxValidity = Duration.ofMinutes(5);
		FakeConnection connection = this.server.open().receive(">>1;0;authorization=alice Work.Say a\n");
		long reads = this.server.wallClockReads.get();
		connection.receive("2;0;authorization=alice Work.Say b\n");
		assertThat(this.server.wallClockReads.get()).isEqualTo(reads);
	}

	@Test
	void soonerEndThatTheAuthenticatorSaysCounts() {
		this.server.maxValidity = Duration.ofMinutes(5);
		this.directory.validUntil = this.server.wallClock.plusSeconds(60);
		FakeConnection connection = this.server.open().receive(">>1;0;authorization=alice Work.Say a\n");
		this.server.wallClock = this.server.wallClock.plusSeconds(60);
		connection.receive("2;0;authorization=alice Work.Say b\n");
		assertThat(connection.sent()).startsWith("2!UNAUTHENTICATED NOT_RUN the token has expired");
	}

	@Test
	void tokenOfOneConnectionIsNoLoginOfAnother() {
		this.server.open().receive(">>1;0;authorization=alice Work.Say a\n");
		FakeConnection other = this.server.open().receive(">>1 Work.Say b\n");
		assertThat(other.sent()).startsWith("1!the caller is not authenticated");
	}

	@Test
	void callsBehindALoginAreThoseOfWhoLoggedIn() {
		FakeConnection connection = this.server.open()
			.receive(">>1 _goRPC_.Authenticate alice\n2 Work.Say a\n3 Work.Say b\n");
		this.server.runHandlers();
		connection.runTasks();
		assertThat(connection.sent()).isEqualTo("1=null\n2=alice says a\n3=alice says b\n");
		assertThat(this.directory.asked).hasSize(1);
	}

	@Test
	void refusedLoginEndsTheOneBefore() {
		FakeConnection connection = this.server.open()
			.receive(">>1 _goRPC_.Authenticate alice\n2 Work.Say a\n3 _goRPC_.Authenticate mallory\n4 Work.Say b\n");
		this.server.runHandlers();
		connection.runTasks();
		assertThat(connection.sent()).contains("3!nobody has this token\n", "4!nobody has this token\n",
				"2=alice says a\n");
	}

	@Test
	void newLoginReplacesTheOneBefore() {
		FakeConnection connection = this.server.open()
			.receive(">>1 _goRPC_.Authenticate alice\n2 Work.Say a\n3 _goRPC_.Authenticate bob\n4 Work.Say b\n");
		this.server.runHandlers();
		connection.runTasks();
		assertThat(connection.sent()).contains("2=alice says a\n", "4=bob says b\n");
	}

	@Test
	void loginIsAskedForAgainWhenItsTimeIsOver() {
		this.directory.validUntil = this.server.wallClock.plusSeconds(60);
		FakeConnection connection = this.server.open().receive(">>1 _goRPC_.Authenticate alice\n2 Work.Say a\n");
		this.server.wallClock = this.server.wallClock.plusSeconds(60);
		connection.receive("3 Work.Say b\n");
		assertThat(connection.sent()).contains("3!the token has expired");
		settle(connection);
		this.server.pass(Duration.ofSeconds(5));
		this.directory.validUntil = null;
		connection.receive("4 Work.Say c\n");
		this.server.runHandlers();
		connection.runTasks();
		assertThat(connection.sent()).contains("4=alice says c");
	}

	@Test
	void tokenOfACallGoesBeforeTheLogin() {
		FakeConnection connection = this.server.open()
			.receive(">>1 _goRPC_.Authenticate alice\n2;0;authorization=bob Work.Say a\n3;0;authorization=mallory "
					+ "Work.Say b\n4 Work.Say c\n");
		this.server.runHandlers();
		connection.runTasks();
		assertThat(connection.sent()).contains("2=bob says a\n", "3!UNAUTHENTICATED", "4=alice says c\n");
	}

	@Test
	void tokenIsReadInWhateverCaseItIsWritten() {
		FakeConnection connection = this.server.open()
			.receive(">>1 _goRPC_.Authenticate alice\n2;0;Authorization=mallory Work.Say a\n"
					+ "3;0;AUTHORIZATION=bob Work.Say b\n");
		this.server.runHandlers();
		connection.runTasks();
		assertThat(connection.sent()).contains("2!UNAUTHENTICATED", "3=bob says b\n");
		assertThat(this.work.said).containsExactly("b");
	}

	@Test
	void callWithTwoTokensIsRefused() {
		FakeConnection connection = this.server.open()
			.receive(">>1 _goRPC_.Authenticate alice\n2;0;authorization=alice&Authorization=bob Work.Say a\n");
		assertThat(connection.sent()).contains("2!UNAUTHENTICATED NOT_RUN more than one token is shown");
		assertThat(this.directory.asked).containsExactly("alice");
	}

	@Test
	void pingIsAnsweredBeforeTheLogin() {
		FakeConnection connection = this.server.open().receive(">>1 _goRPC_.Ping \n2 _goRPC_.Cancel 7\n");
		assertThat(connection.sent()).isEqualTo("1=null\n2=null\n");
	}

	@Test
	void withoutAuthenticatorEveryLoginSucceedsAndNothingIsKnown() {
		this.server.authenticator = null;
		FakeConnection connection = this.server.open()
			.receive(">>1 _goRPC_.Authenticate alice\n2;0;authorization=alice Work.Say a\n3 Work.Tell x\n");
		this.server.runHandlers();
		connection.runTasks();
		assertThat(connection.sent()).contains("1=null\n", "2=null says a\n",
				"3!UNAUTHENTICATED NOT_RUN the caller is not authenticated: the method needs to know who calls");
		assertThat(this.work.said).containsExactly("a");
	}

	@Test
	void handlerDoesNotSeeTokens() {
		FakeConnection connection = this.server.open()
			.receive(">>1;0;authorization=alice Work.Metadata x\n"
					+ "2;0;AUTHORIZATION=alice&tenant=acme Work.Metadata x\n");
		this.server.runHandlers();
		connection.runTasks();
		assertThat(connection.sent()).isEqualTo("1={}\n2={tenant=acme}\n");
	}

	@Test
	void handlerDoesNotSeeTokensThatNobodyLooksAt() {
		this.server.authenticator = null;
		FakeConnection connection = this.server.open()
			.receive(">>1;0;authorization=alice Work.Metadata x\n2;0;AUTHORIZATION=bob&a=b Work.Metadata x\n"
					+ "3;0;author=bob Work.Metadata x\n");
		this.server.runHandlers();
		connection.runTasks();
		assertThat(connection.sent()).isEqualTo("1={}\n2={a=b}\n3={author=bob}\n");
	}

	@Test
	void strangersAreNotToldWhichMethodsThereAreAlsoIfSomeAreForEverybody() {
		this.server.authenticator = null;
		this.server.authorizer = (principal, method) -> method.method().equals("Say");
		FakeConnection connection = this.server.open().receive(">>1 Work.Add 1\n2 Work.Nothing 1\n3 Nobody.Says a\n");
		assertThat(connection.sent().lines().map((line) -> line.substring(1)).distinct())
			.containsExactly("!the caller is not authenticated");
		assertThat(this.server.records).containsExactly("Add UNAUTHENTICATED", "unknown UNAUTHENTICATED",
				"unknown UNAUTHENTICATED");
	}

	@Test
	void parameterOfTypePrincipalIsWhoCalls() {
		FakeConnection connection = this.server.open()
			.receive(">>1;0;authorization=alice Work.Tell x\n2;0;authorization=alice Work.TellOther y\n");
		this.server.runHandlers();
		connection.runTasks();
		assertThat(connection.sent()).contains("1=alice tells x\n",
				"2!UNAUTHENTICATED NOT_RUN the caller is not authenticated in the way that the method needs");
		assertThat(this.work.said).containsExactly("x");
	}

	// Authenticators that block

	@Test
	void nothingIsReadWhileTheAuthenticatorWorks() {
		this.directory.quick = false;
		FakeConnection connection = this.server.open()
			.receive(">>1;0;authorization=alice Work.Say a\n2 Work.Say b\n3;0;authorization=bob Work.Say c\n");
		assertThat(this.directory.asked).isEmpty();
		assertThat(connection.sent()).isEmpty();
		assertThat(this.server.handlers).hasSize(1);
		this.server.runHandlers();
		connection.runTasks();
		// Alice's call is queued, the second refused, Bob is being looked up.
		assertThat(connection.sent()).startsWith("2!UNAUTHENTICATED");
		this.server.runHandlers();
		connection.runTasks();
		this.server.runHandlers();
		connection.runTasks();
		assertThat(connection.sent()).contains("1=alice says a\n", "3=bob says c\n");
		assertThat(this.directory.asked).hasSize(2);
	}

	@Test
	void loginForWhichThereWasNoRoomSaysNothingOfLaterCalls() {
		this.directory.quick = false;
		this.server.queue = 1;
		this.server.open().receive(">>1 _goRPC_.Authenticate alice\n");
		FakeConnection connection = this.server.open().receive(">>1 _goRPC_.Authenticate bob\n");
		assertThat(connection.sent()).startsWith("1!server is overloaded: ");
		connection.receive("2 Work.Say a\n");
		assertThat(connection.sent()).contains("\n2!the caller is not authenticated");
	}

	@Test
	void callsBehindALoginThatTakesLongAreNotLost() {
		this.directory.quick = false;
		FakeConnection connection = this.server.open();
		for (char each : ">>1 _goRPC_.Authenticate alice\n2 Work.Say a\n3 Work.Say b\n".toCharArray()) {
			connection.receive(String.valueOf(each));
		}
		assertThat(connection.sent()).isEmpty();
		this.server.runHandlers();
		connection.runTasks();
		this.server.runHandlers();
		connection.runTasks();
		assertThat(connection.sent()).isEqualTo("1=null\n2=alice says a\n3=alice says b\n");
	}

	@Test
	void refusalThatTookLongIsOfOneRequest() {
		this.directory.quick = false;
		FakeConnection connection = this.server.open()
			.receive(">>1;0;authorization=mallory Work.Say a\n2;0;authorization=mallory Work.Say b\n");
		for (int i = 0; i < 4; i++) {
			this.server.runHandlers();
			connection.runTasks();
		}
		assertThat(connection.sent().lines()).containsExactly("1!UNAUTHENTICATED NOT_RUN nobody has this token",
				"2!UNAUTHENTICATED NOT_RUN nobody has this token");
		assertThat(this.work.said).isEmpty();
	}

	@Test
	void repliesOfEarlierCallsLeaveWhileTheAuthenticatorWorks() {
		FakeConnection connection = this.server.open().receive(">>1;0;authorization=alice Work.Say a\n");
		this.directory.quick = false;
		connection.receive("2;0;authorization=bob Work.Say b\n");
		// The handler of the first call comes before the question.
		this.server.handlers.remove(0).run();
		connection.runTasks();
		assertThat(connection.sent()).startsWith("1=alice says a\n");
	}

	@Test
	void questionThatNobodyTakesIsRefusedAsAnyCallIs() {
		this.directory.quick = false;
		this.server.queue = 1;
		this.server.executor = (task) -> {
			throw new RejectedExecutionException();
		};
		FakeConnection connection = this.server.open().receive(">>1;0;authorization=alice Work.Say a\n");
		connection.runTasks();
		assertThat(connection.sent()).startsWith("1!RESOURCE_EXHAUSTED NOT_RUN server has no thread for the call");
	}

	@Test
	void questionThatWaitsTooLongTellsForHowLongItHasWaited() {
		FakeConnection busy = this.server.open().receive(">>1;0;authorization=alice Work.Say a\n");
		this.server.runHandlers();
		this.directory.meanwhile = () -> {
			this.server.pass(Duration.ofMillis(50));
			this.directory.quick = false;
		};
		FakeConnection connection = this.server.open()
			.receive(">>1;0;authorization=mallory Work.Say a\n2;0;authorization=bob Work.Say b\n");
		assertThat(connection.sent()).startsWith("1!UNAUTHENTICATED").hasLineCount(1);
		// A second one behind the question has the queue watched.
		busy.receive("2;0;authorization=alice Work.Say b\n");
		busy.advance(250, TimeUnit.MILLISECONDS);
		connection.runTasks();
		assertThat(connection.sent().lines()).last()
			.asString()
			.matches("2!RESOURCE_EXHAUSTED NOT_RUN server is overloaded: the call has waited 10\\d ms "
					+ "\\(limit: rpc.server.overload.max-wait = 100 ms\\)");
	}

	@Test
	void connectionThatEndsWhileTheAuthenticatorWorksStaysEnded() {
		this.directory.quick = false;
		FakeConnection connection = this.server.open().receive(">>1;0;authorization=alice Work.Say a\n");
		connection.reset();
		this.server.runHandlers();
		connection.runTasks();
		assertThat(connection.sent()).isEmpty();
		assertThat(this.work.said).isEmpty();
		assertThat(this.server.registry.callsInFlight()).isZero();
	}

	@Test
	void callWhoseVerdictTakesTooLongIsRefusedAndTheConnectionGoesOn() {
		waitForRequests(300);
		FakeConnection connection = this.server.open().receive(">>1;0;authorization=alice Work.Say a\n");
		this.server.runHandlers();
		this.directory.quick = false;
		connection.forgetSent();
		connection.receive("2;0;authorization=bob Work.Say b\n3;0;authorization=carol Work.Say c\n"
				+ "4;0;authorization=alice Work.Say d\n");
		connection.advance(299, TimeUnit.MILLISECONDS);
		assertThat(connection.sent()).isEmpty();
		connection.advance(1, TimeUnit.MILLISECONDS);
		String late = "!UNAVAILABLE NOT_RUN it was not found out in time who calls "
				+ "(limit: rpc.server.connection.request-timeout = 300 ms)\n";
		// The second question is not even asked while the first one goes on.
		assertThat(connection.sent()).isEqualTo("2" + late + "3" + late);
		assertThat(this.server.refused(RefusalReason.AUTHENTICATION_TIMEOUT)).isEqualTo(2);
		connection.forgetSent();
		this.server.runHandlers();
		connection.runTasks();
		assertThat(connection.sent()).isEqualTo("4=alice says d\n");
		connection.receive("5;0;authorization=bob Work.Say e\n");
		for (int i = 0; i < 2; i++) {
			this.server.runHandlers();
			connection.runTasks();
		}
		assertThat(connection.sent()).endsWith("5=bob says e\n");
		assertThat(this.directory.asked).containsExactly("alice", "bob");
	}

	@Test
	void loginThatTakesTooLongIsRefusedAndItsAnswerComesTooLate() {
		waitForRequests(300);
		this.directory.quick = false;
		FakeConnection connection = this.server.open().receive(">>1 _goRPC_.Authenticate alice\n2 Work.Say a\n");
		connection.advance(300, TimeUnit.MILLISECONDS);
		assertThat(connection.sent().lines()).hasSize(2)
			.first()
			.asString()
			.startsWith("1!it was not found out in time who calls");
		this.server.runHandlers();
		connection.runTasks();
		connection.receive("3 Work.Say b\n");
		assertThat(connection.sent()).contains("\n3!the caller is not authenticated");
		assertThat(connection.isClosed()).isFalse();
	}

	@Test
	void answerThatCameTooLateLetsInWhoShowsTheSameAgain() {
		waitForRequests(300);
		this.directory.quick = false;
		FakeConnection call = this.server.open().receive(">>1;0;authorization=alice Work.Say a\n");
		FakeConnection login = this.server.open().receive(">>1 _goRPC_.Authenticate bob\n");
		call.advance(300, TimeUnit.MILLISECONDS);
		login.advance(1, TimeUnit.MILLISECONDS);
		settle(call);
		settle(login);
		// As strangers they would be closed.
		call.advance(1, TimeUnit.HOURS);
		login.advance(1, TimeUnit.HOURS);
		call.receive("2;0;authorization=alice Work.Say b\n");
		login.receive("2 _goRPC_.Authenticate bob\n3 Work.Say c\n");
		settle(call);
		settle(login);
		assertThat(call.sent()).endsWith("\n2=alice says b\n");
		assertThat(login.sent()).endsWith("\n2=null\n3=bob says c\n");
		assertThat(this.directory.asked).containsExactly("alice", "bob");
	}

	@Test
	void drainWaitsForAVerdictAsForACall() {
		waitForRequests(60_000);
		FakeConnection stock = this.server.open().receive(">>1 _goRPC_.Authenticate alice\n");
		FakeConnection extended = this.server.open().receive(">>1;0;authorization=alice Work.Say a\n");
		FakeConnection first = this.server.open();
		this.server.runHandlers();
		extended.runTasks();
		this.directory.quick = false;
		stock.receive("2 _goRPC_.Authenticate bob\n3 Work.Say b\n");
		extended.receive("2;0;authorization=bob Work.Say c\n");
		first.receive(">>1 _goRPC_.Authenticate bob\n2 Work.Say d\n");
		this.server.registry.drain();
		List<FakeConnection> all = List.of(stock, extended, first);
		all.forEach(FakeConnection::runTasks);
		all.forEach((each) -> each.advance(2, TimeUnit.SECONDS));
		assertThat(all).noneMatch(FakeConnection::isGracefullyClosed);
		for (int i = 0; i < 3; i++) {
			this.server.runHandlers();
			all.forEach(FakeConnection::runTasks);
		}
		all.forEach((each) -> each.advance(2, TimeUnit.SECONDS));
		assertThat(all).allMatch(FakeConnection::isGracefullyClosed);
		assertThat(stock.sent()).endsWith("2=null\n3=bob says b\n");
		// It was told to go elsewhere before its request is read again, and does.
		assertThat(extended.sent()).endsWith("2!UNAVAILABLE NOT_RUN server is shutting down\n");
		assertThat(first.sent()).endsWith("1=null\n2=bob says d\n");
	}

	@Test
	void connectionOnWhichAVerdictIsAwaitedIsNotIdle() {
		waitForRequests(60_000);
		this.server.limits = this.server.limits.withIdle(TimeUnit.SECONDS.toNanos(1));
		this.directory.quick = false;
		FakeConnection connection = this.server.open().receive(">>1 _goRPC_.Authenticate alice\n2 Work.Say a\n");
		connection.advance(3, TimeUnit.SECONDS);
		for (int i = 0; i < 2; i++) {
			this.server.runHandlers();
			connection.runTasks();
		}
		assertThat(connection.sent()).isEqualTo("1=null\n2=alice says a\n");
	}

	// The queue stands for as long as the test likes.
	private void waitForRequests(long millis) {
		Duration day = Duration.ofDays(1);
		this.server.overload = OverloadLimits.of(day, day, day);
		this.server.limits = ConnectionLimits.DEFAULT.withRequests(TimeUnit.MILLISECONDS.toNanos(millis),
				TimeUnit.MILLISECONDS.toNanos(millis));
	}

	@Test
	void questionsOfStrangersTakeAPartOfTheThreadsOnly() {
		this.directory.quick = false;
		this.server.maxHandlers = 8;
		FakeConnection known = this.server.open().receive(">>1 _goRPC_.Authenticate alice\n");
		this.server.runHandlers();
		known.runTasks();
		FakeConnection gone = this.server.open().receive(">>1 _goRPC_.Authenticate mallory\n");
		FakeConnection waiting = this.server.open().receive(">>1 _goRPC_.Authenticate mallory\n");
		gone.reset();
		FakeConnection surplus = this.server.open().receive(">>1 _goRPC_.Authenticate bob\n");
		assertThat(surplus.sent())
			.startsWith("1!server is overloaded: it looks into as many unknown callers as it may");
		// Who is known may ask, and call.
		known.receive("2;0;authorization=bob Work.Say a\n");
		this.server.runHandlers();
		known.runTasks();
		waiting.runTasks();
		this.server.runHandlers();
		known.runTasks();
		assertThat(known.sent()).contains("2=bob says a\n");
		assertThat(waiting.sent()).startsWith("1!nobody has this token");
		surplus.receive("2 _goRPC_.Authenticate bob\n");
		this.server.runHandlers();
		surplus.runTasks();
		assertThat(surplus.sent()).contains("\n2=null\n");
	}

	@Test
	void questionsAboutTheKnownLeaveThreadsForHandlers() {
		this.directory.quick = false;
		this.server.maxHandlers = 4;
		List<FakeConnection> known = new ArrayList<>();
		for (int i = 0; i < 3; i++) {
			FakeConnection each = this.server.open().receive(">>1 _goRPC_.Authenticate alice\n");
			settle(each);
			each.forgetSent();
			known.add(each);
		}
		known.forEach((each) -> each.receive("2;0;authorization=bob Work.Say a\n"));
		assertThat(known.get(2).sent())
			.startsWith("2!RESOURCE_EXHAUSTED NOT_RUN server is overloaded: it looks into as "
					+ "many callers as it may (limit: half of rpc.server.concurrency.max)");
		known.get(2).receive("3 Work.Say b\n");
		known.forEach(this::settle);
		assertThat(known.get(0).sent()).isEqualTo("2=bob says a\n");
		assertThat(known.get(2).sent()).endsWith("3=alice says b\n");
		known.get(2).receive("4;0;authorization=bob Work.Say c\n");
		settle(known.get(2));
		assertThat(known.get(2).sent()).endsWith("4=bob says c\n");
	}

	@Test
	void whoIsKnownGoesOnWhereThereIsNoRoomForALook() {
		this.directory.quick = false;
		this.server.maxValidity = Duration.ofMinutes(5);
		this.server.maxHandlers = 2;
		List<FakeConnection> known = new ArrayList<>();
		for (int i = 0; i < 3; i++) {
			FakeConnection each = this.server.open().receive(">>1 _goRPC_.Authenticate alice\n");
			settle(each);
			each.forgetSent();
			known.add(each);
		}
		this.server.pass(FRESH);
		known.forEach((each) -> each.receive("2 Work.Say a\n"));
		known.forEach(this::settle);
		assertThat(known).extracting(FakeConnection::sent).containsOnly("2=alice says a\n");
		assertThat(this.directory.asked).hasSize(4);
	}

	// Limits before it is known who calls

	@Test
	void connectionThatDoesNotSayInTimeWhoCallsIsClosed() {
		FakeConnection silent = this.server.open();
		FakeConnection refused = this.server.open().receive(">>1 Work.Say a\n2;0;authorization=mallory Work.Say b\n");
		FakeConnection known = this.server.open().receive(">>1 _goRPC_.Authenticate alice\n");
		silent.advance(29_999, TimeUnit.MILLISECONDS);
		assertThat(silent.isClosed()).isFalse();
		silent.advance(1, TimeUnit.MILLISECONDS);
		refused.advance(1, TimeUnit.MILLISECONDS);
		known.advance(1, TimeUnit.MILLISECONDS);
		assertThat(silent.isClosed()).isTrue();
		assertThat(refused.isClosed()).isTrue();
		assertThat(known.isClosed()).isFalse();
		assertThat(known.timers()).isZero();
	}

	@Test
	void oneAddressHasOnlySoManyConnectionsOfStrangers() {
		this.server.loginLimits = new LoginLimits(1024, 3, TimeUnit.SECONDS.toNanos(30), 5);
		FakeConnection first = this.server.open();
		FakeConnection second = this.server.open();
		FakeConnection third = this.server.open();
		assertThat(this.server.open().isClosed()).isTrue();
		first.receive(">>1 _goRPC_.Authenticate alice\n");
		assertThat(this.server.open().isClosed()).isFalse();
		assertThat(this.server.open().isClosed()).isTrue();
		second.reset();
		first.reset();
		assertThat(this.server.open().isClosed()).isFalse();
		assertThat(this.server.open().isClosed()).isTrue();
		assertThat(third.isClosed()).isFalse();
	}

	@Test
	void whereEverybodyMayCallThereAreNoSuchLimits() {
		this.server.authenticator = null;
		this.server.authorizer = (principal, method) -> true;
		this.server.loginLimits = new LoginLimits(1024, 1, TimeUnit.SECONDS.toNanos(30), 5);
		this.server.open();
		FakeConnection second = this.server.open();
		second.advance(31, TimeUnit.SECONDS);
		assertThat(second.isClosed()).isFalse();
	}

	// Permission

	@Test
	void methodThatTheCallerMayNotCallIsDeniedBeforeItsArgumentIsRead() {
		this.server.authorizer = (principal, method) -> principal != null && principal.getName().equals("alice");
		FakeConnection connection = this.server.open()
			.receive(">>1;0;authorization=bob Work.Add x\n2;0;authorization=alice Work.Say a\n3 Work.Say b\n");
		this.server.runHandlers();
		connection.runTasks();
		assertThat(connection.sent()).contains("1!PERMISSION_DENIED NOT_RUN the caller may not call this method\n",
				"2=alice says a\n", "3!UNAUTHENTICATED");
		assertThat(this.server.refused(RefusalReason.PERMISSION_DENIED)).isEqualTo(1);
		assertThat(this.work.said).containsExactly("a");
	}

	@Test
	void authorizerThatFailsDenies() {
		this.server.authorizer = (principal, method) -> {
			throw new IllegalStateException("broken");
		};
		FakeConnection connection = this.server.open().receive(">>1;0;authorization=alice Work.Say a\n");
		assertThat(connection.sent()).isEqualTo("1!PERMISSION_DENIED NOT_RUN the caller may not call this method\n");
	}

	@Test
	void permissionWithoutAuthenticationIsForNobodyKnown() {
		this.server.authenticator = null;
		this.server.authorizer = (principal, method) -> method.method().equals("Say");
		FakeConnection connection = this.server.open().receive(">>1 Work.Say a\n2 Work.Add 1\n");
		this.server.runHandlers();
		connection.runTasks();
		assertThat(connection.sent()).contains("1=null says a\n", "2!the caller is not authenticated\n");
	}

	@Test
	void laterTokenOfTheSameConnectionIsJudgedByItself() {
		FakeConnection connection = this.server.open()
			.receive(">>1;0;authorization=alice Work.Say a\n2;0;authorization=alicf Work.Say b\n")
			.receive("3;0;authorization=alice Work.Say c\n");
		assertThat(connection.sent()).startsWith("2!UNAUTHENTICATED");
		assertThat(this.directory.asked).containsExactly("alice", "alicf");
		connection.advance(1, TimeUnit.SECONDS);
		assertThat(Duration.ofNanos(this.server.nanoTime.get())).isGreaterThan(Duration.ofSeconds(1));
	}

	private static final class Directory implements CallAuthenticator {

		final List<@Nullable String> asked = new ArrayList<>();

		@Nullable Instant validUntil;

		boolean quick = true;

		@Nullable String lockedOut;

		@Nullable RuntimeException fails;

		/** What happens while it works. */
		@Nullable Runnable meanwhile;

		@Override
		public Authenticated authenticate(CallCredentials credentials) {
			this.asked.add(credentials.token());
			Runnable first = this.meanwhile;
			this.meanwhile = null;
			if (first != null) {
				first.run();
			}
			if (this.fails != null) {
				throw this.fails;
			}
			String token = String.valueOf(credentials.token());
			return switch (token.equals(this.lockedOut) ? "locked out" : token) {
				case "alice", "bob" ->
					new Authenticated(new NamedPrincipal(String.valueOf(credentials.token())), this.validUntil);
				case "broken" -> throw new IllegalStateException("secret detail");
				case "denied" -> throw new RpcException(RpcCode.UNAVAILABLE, "secret detail");
				case "error" -> throw new AssertionError("secret detail");
				default ->
					throw new RpcException(RpcCode.UNAUTHENTICATED, Known.NOT_RUN, "nobody has this token", null);
			};
		}

		@Override
		public boolean isQuick() {
			return this.quick;
		}

	}

	/**
	 * Counts how often all entries are asked for.
	 */
	private static final class CountedMap extends AbstractMap<String, String> {

		private final Map<String, String> entries;

		int passes;

		CountedMap(Map<String, String> entries) {
			this.entries = entries;
		}

		@Override
		public Set<Entry<String, String>> entrySet() {
			this.passes++;
			return this.entries.entrySet();
		}

		@Override
		public boolean isEmpty() {
			return this.entries.isEmpty();
		}

	}

	record OtherPrincipal(String getName) implements Principal {

	}

	@RpcService
	public static class Work {

		final List<String> said = new ArrayList<>();

		public String say(String text, RpcContext context) {
			this.said.add(text);
			Principal caller = context.principal();
			return ((caller != null) ? caller.getName() : null) + " says " + text;
		}

		public int add(int number) {
			this.said.add("add");
			return number;
		}

		public String tell(Principal caller, String text) {
			this.said.add(text);
			return caller.getName() + " tells " + text;
		}

		public String tellOther(String text, OtherPrincipal caller) {
			this.said.add(text);
			return caller.getName();
		}

		public String metadata(String text, RpcContext context) {
			return Map.copyOf(context.metadata()).toString();
		}

	}

}
