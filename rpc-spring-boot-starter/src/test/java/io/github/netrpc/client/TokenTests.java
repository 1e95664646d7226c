package io.github.netrpc.client;

import java.lang.reflect.Field;
import java.net.InetSocketAddress;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSession;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.github.netrpc.Known;
import io.github.netrpc.RpcCode;
import io.github.netrpc.RpcOptions;
import io.github.netrpc.client.FakeTransport.FakeConnection;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * How a channel says who calls, in formats whose headers come first and in others, to
 * nodes that read what goes along with calls and to others, and to whom it does not.
 */
@Timeout(60)
class TokenTests extends NodeFixture {

	private static final ClientLimits ROOMY = new ClientLimits(1, 1024, 1024, 10_000_000, Duration.ofSeconds(3));

	/** Reserved for documentation, so nobody's loopback. */
	private static final InetSocketAddress REMOTE = new InetSocketAddress("192.0.2.1", 1234);

	private volatile String token = "old";

	private void use(boolean headerComesFirst, UnaryOperator<ClientResources.Builder> more) {
		use(headerComesFirst, ADDRESS, more);
	}

	private void use(boolean headerComesFirst, InetSocketAddress address, UnaryOperator<ClientResources.Builder> more) {
		this.node.close();
		this.resources = more
			.apply(ClientResources.builder("test", this.transport, new FakeFormat(headerComesFirst))
				.limits(ROOMY)
				.callbackExecutor(Runnable::run)
				.time(this.timer, Runnable::run, this.random::get))
			.build();
		this.node = new NodeClient(address, this.resources, NodeListener.NONE);
	}

	private ClientResources.Builder withToken(ClientResources.Builder builder) {
		return builder.token(() -> this.token);
	}

	private ClientCall<Object> call(Object argument, RpcOptions options) {
		ClientCall<Object> call = new ClientCall<>(plan(Duration.ofSeconds(10)), this.resources.completions(), null,
				this.timer.nanoTime(), Duration.ofSeconds(10).toNanos(), options, null, argument);
		CallFailure refused = this.node.offer(call, argument);
		if (refused != null) {
			call.reject(refused);
		}
		return call;
	}

	private static String number(String message) {
		return message.substring(0, message.indexOf(' '));
	}

	private static List<String> withoutNumbers(List<String> messages) {
		return messages.stream().map((message) -> message.substring(message.indexOf(' ') + 1)).toList();
	}

	/**
	 * Takes the messages that open a connection, a ping and a login, and answers them.
	 */
	private FakeConnection opened(String ping, String login) {
		FakeConnection connection = connected();
		List<String> messages = connection.messages();
		assertThat(messages).hasSize(2);
		assertThat(messages.get(0)).contains(" _goRPC_.Ping ");
		assertThat(messages.get(1)).endsWith(" _goRPC_.Authenticate " + this.token);
		connection.receive(number(messages.get(0)) + " " + ping, number(messages.get(1)) + " " + login);
		return connection;
	}

	private FakeConnection extended() {
		return opened("+ok {}", "+ok {}");
	}

	private FakeConnection stock() {
		return opened("error rpc: can't find service _goRPC_.Ping", "ok {}");
	}

	// Tokens that become others

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void callsOfAnExtendedNodeHaveTheTokenAlongThatWasSuppliedForThem(boolean headerComesFirst) {
		use(headerComesFirst, this::withToken);
		FakeConnection connection = extended();
		call("a");
		this.token = "new";
		call("b");
		call("c", RpcOptions.NONE.metadata("tenant", "acme"));
		this.token = "old";
		call("d");
		assertThat(withoutNumbers(connection.messages())).containsExactly("Arith.Add a {authorization=old}",
				"Arith.Add b {authorization=new}", "Arith.Add c {authorization=new, tenant=acme}",
				"Arith.Add d {authorization=old}");
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void stockNodesAreToldBeforeTheNextCall(boolean headerComesFirst) {
		use(headerComesFirst, this::withToken);
		FakeConnection connection = stock();
		call("a");
		this.token = "new";
		call("b");
		call("c");
		assertThat(withoutNumbers(connection.messages())).containsExactly("Arith.Add a {authorization=old}",
				"_goRPC_.Authenticate new", "Arith.Add b {authorization=new}", "Arith.Add c {authorization=new}");
	}

	@Test
	void whatIsKeptOfATokenDoesNotSayIt() throws ReflectiveOperationException {
		CallToken secret = new CallToken(() -> "0123456789abcdef");
		assertThat(secret.current()).isEqualTo("0123456789abcdef");
		Field kept = CallToken.class.getDeclaredField("carried");
		kept.setAccessible(true);
		assertThat(kept.get(secret)).isNotNull().asString().doesNotContain("0123456789abcdef");
		assertThat(secret).asString().doesNotContain("0123456789abcdef");
	}

	@Test
	void withoutExtensionsNothingGoesAlong() {
		use(true, (builder) -> withToken(builder).extensions(false));
		FakeConnection connection = connected();
		List<String> messages = connection.messages();
		assertThat(withoutNumbers(messages)).containsExactly("_goRPC_.Authenticate old");
		ClientCall<Object> early = call("a");
		assertThat(connection.messages()).isEmpty();
		connection.receive(number(messages.get(0)) + " ok {}");
		this.token = "new";
		call("b");
		assertThat(withoutNumbers(connection.messages())).containsExactly("Arith.Add a", "_goRPC_.Authenticate new",
				"Arith.Add b");
		assertThat(early).isNotDone();
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void nodesThatKnowNoLoginAreToldNoMore(boolean headerComesFirst) {
		use(headerComesFirst, this::withToken);
		FakeConnection connection = opened("error rpc: can't find service _goRPC_.Ping",
				"error rpc: can't find service _goRPC_.Authenticate");
		this.token = "new";
		call("a");
		assertThat(withoutNumbers(connection.messages())).containsExactly("Arith.Add a {authorization=new}");
	}

	// Here a supplier goes by the caller, which is a mistake.

	@Test
	void nothingComesBetweenALoginAndItsCall() {
		use(false, (builder) -> withToken(builder).extensions(false));
		FakeConnection connection = connected();
		connection.receive(number(connection.messages().get(0)) + " ok {}");
		this.token = "alice";
		// Encoding a call takes time, and somebody else calls meanwhile.
		Runnable argument = new Runnable() {

			@Override
			public void run() {
				TokenTests.this.token = "bob";
				call("of bob");
				TokenTests.this.token = "alice";
			}

			@Override
			public String toString() {
				return "of alice";
			}

		};
		call(argument);
		assertThat(withoutNumbers(connection.messages())).containsExactly("_goRPC_.Authenticate bob",
				"Arith.Add of bob", "_goRPC_.Authenticate alice", "Arith.Add of alice");
	}

	@Test
	void anotherThreadDoesNotComeBetweenALoginAndItsCall() throws Exception {
		ThreadLocal<String> caller = ThreadLocal.withInitial(() -> "alice");
		use(false, (builder) -> builder.token(() -> this.token + caller.get()).extensions(false));
		FakeConnection connection = connected();
		connection.receive(number(connection.messages().get(0)) + " ok {}");
		Thread bob = new Thread(() -> {
			caller.set("bob");
			call("of bob");
		});
		connection.afterSend = () -> {
			bob.start();
			while (bob.getState() != Thread.State.BLOCKED && bob.isAlive()) {
				Thread.onSpinWait();
			}
		};
		this.token = "new ";
		call("of alice");
		bob.join();
		assertThat(withoutNumbers(connection.messages())).containsExactly("_goRPC_.Authenticate new alice",
				"Arith.Add of alice", "_goRPC_.Authenticate new bob", "Arith.Add of bob");
	}

	@Test
	void callsOfManyThreadsRunAsWhoTheSupplierSaid() throws Exception {
		Map<Thread, String> callers = new ConcurrentHashMap<>();
		use(false, (builder) -> builder.token(() -> callers.getOrDefault(Thread.currentThread(), "nobody"))
			.extensions(false));
		FakeConnection connection = connected();
		connection.receive(number(connection.messages().get(0)) + " ok {}");
		List<Thread> threads = new ArrayList<>();
		for (int i = 0; i < 4; i++) {
			String name = "caller" + i;
			Thread thread = new Thread(() -> {
				for (int n = 0; n < 200; n++) {
					call("of " + name);
				}
			});
			callers.put(thread, name);
			threads.add(thread);
		}
		threads.forEach(Thread::start);
		for (Thread thread : threads) {
			thread.join();
		}
		String loggedIn = "nobody";
		int calls = 0;
		for (String message : withoutNumbers(connection.messages())) {
			if (message.startsWith("_goRPC_.Authenticate ")) {
				loggedIn = message.substring("_goRPC_.Authenticate ".length());
			}
			else {
				assertThat(message).isEqualTo("Arith.Add of " + loggedIn);
				calls++;
			}
		}
		assertThat(calls).isEqualTo(800);
	}

	// Logins

	@Test
	void formatsWhoseHeaderComesFirstDoNotWaitForTheLogin() {
		use(true, this::withToken);
		FakeConnection connection = connected();
		call("a");
		assertThat(withoutNumbers(connection.messages()).subList(1, 3)).containsExactly("_goRPC_.Authenticate old",
				"Arith.Add a {authorization=old}");
	}

	@Test
	void otherFormatsWaitForTheLogin() {
		use(false, this::withToken);
		FakeConnection connection = connected();
		ClientCall<Object> call = call("a");
		List<String> messages = connection.messages();
		assertThat(messages).hasSize(2);
		connection.receive(number(messages.get(0)) + " +ok {}");
		assertThat(connection.messages()).isEmpty();
		connection.receive(number(messages.get(1)) + " +ok {}");
		connection.receive(connection.seq() + " +ok sum");
		assertThat(call).isCompletedWithValue("sum");
	}

	@Test
	void calledNodeThatIsExtendedRefusesCallsAndNotTheConnection() {
		use(true, this::withToken);
		FakeConnection connection = opened("+ok {}", "+coded UNAUTHENTICATED NOT_RUN the token was refused");
		ClientCall<Object> call = call("a");
		connection.receive(connection.seq() + " +coded UNAUTHENTICATED NOT_RUN the token was refused");
		assertFailure(call, RpcCode.UNAUTHENTICATED, Known.NOT_RUN, "the token was refused");
		assertThat(connection.closed).isFalse();
	}

	@ParameterizedTest
	@CsvSource({ "true,error", "false,+coded UNAUTHENTICATED NOT_RUN" })
	void refusedLoginEndsTheConnectionWhereItDecides(boolean headerComesFirst, String refusal) {
		use(headerComesFirst, this::withToken);
		FakeConnection connection = opened(
				refusal.startsWith("+") ? "+ok {}" : "error rpc: can't find service _goRPC_.Ping",
				refusal + " the token was refused");
		assertThat(connection.closed).isTrue();
		assertFailure(call("a"), RpcCode.UNAUTHENTICATED, Known.NOT_RUN,
				"the node has refused the login: the token was refused");
	}

	@Test
	void connectionsThatHaveToAnswerFirstOpenOnce() {
		use(true, this::withToken);
		connected().lose();
		this.timer.advance(Duration.ofMinutes(2));
		FakeConnection connection = this.transport.last().accept();
		List<String> messages = connection.messages();
		ClientCall<Object> call = call("a");
		assertThat(connection.messages()).isEmpty();
		connection.receive(number(messages.get(1)) + " +ok {}", number(messages.get(0)) + " +ok {}");
		connection.receive(connection.seq() + " +ok sum");
		assertThat(call).isCompletedWithValue("sum");
	}

	@Test
	void tokenThatCannotBeHadFailsCallsOnlyWhereTheyShowIt() {
		use(true, (builder) -> builder.token(() -> {
			throw new IllegalStateException("the vault is sealed");
		}));
		FakeConnection connection = connected();
		assertThat(connection.messages()).hasSize(1);
		assertFailure(call("a"), RpcCode.UNAUTHENTICATED, Known.NOT_RUN, "there is no token now");
		assertThat(connection.closed).isFalse();
		assertThat(this.node.snapshot().inFlight()).isZero();
	}

	@Test
	void tokenThatIsLostBetweenLookingAndSendingFailsTheCall() {
		List<String> left = new ArrayList<>(List.of("old", "old"));
		use(true, (builder) -> builder.token(() -> left.remove(0)));
		FakeConnection connection = connected();
		assertThat(connection.messages()).hasSize(2);
		assertFailure(call("a"), RpcCode.UNAUTHENTICATED, Known.NOT_RUN, "there is no token now");
		assertThat(connection.messages()).isEmpty();
		assertThat(this.node.snapshot().inFlight()).isZero();
	}

	@Test
	void callWhoseLoginIsLostHasNotRunAndThoseBeforeItMayHave() {
		use(false, (builder) -> withToken(builder).extensions(false));
		FakeConnection connection = connected();
		connection.receive(number(connection.messages().get(0)) + " ok {}");
		ClientCall<Object> before = call("a");
		assertThat(connection.messages()).hasSize(1);
		this.token = "new";
		// The transport has not told yet.
		connection.closed = true;
		assertFailure(call("b"), RpcCode.UNAVAILABLE, Known.NOT_RUN, "was lost before the login was sent");
		assertFailure(before, RpcCode.UNAVAILABLE, Known.MAYBE_RAN, "was lost before the login was sent");
		assertThat(this.node.snapshot().inFlight()).isZero();
	}

	// Where tokens do not go

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void tokenDoesNotLeaveWhereOthersMayReadIt(boolean headerComesFirst) {
		use(headerComesFirst, REMOTE, this::withToken);
		FakeConnection connection = connected();
		assertThat(connection.closed).isTrue();
		assertThat(connection.messages()).isEmpty();
		assertFailure(call("a"), RpcCode.UNAUTHENTICATED, Known.NOT_RUN, "ssl.bundle", "insecure=true");
		assertThat(connection.messages()).isEmpty();
	}

	@ParameterizedTest
	@CsvSource({ "192.0.2.1,true,false", "192.0.2.1,false,true", "127.0.0.1,false,false", "::1,false,false" })
	void tokenLeavesWhereThatIsMeantOverTlsAndToLoopback(String host, boolean insecure, boolean tls) throws Exception {
		use(true, new InetSocketAddress(host, 1234), (builder) -> withToken(builder).insecure(insecure));
		FakeConnection connection = connected(tls ? session() : null);
		call("a");
		assertThat(connection.closed).isFalse();
		assertThat(withoutNumbers(connection.messages())).contains("_goRPC_.Authenticate old",
				"Arith.Add a {authorization=old}");
	}

	private FakeConnection connected(@Nullable SSLSession session) {
		this.node.connect();
		FakeTransport.Attempt attempt = this.transport.last();
		attempt.session = session;
		return attempt.accept();
	}

	private static SSLSession session() throws NoSuchAlgorithmException {
		return SSLContext.getDefault().createSSLEngine().getSession();
	}

	// Tokens of calls

	@ParameterizedTest
	@ValueSource(strings = { "authorization", "Authorization", "AUTHORIZATION" })
	void callsMayHaveATokenOfTheirOwn(String key) {
		use(false, this::withToken);
		FakeConnection connection = extended();
		call("a", RpcOptions.NONE.metadata(key, "mine"));
		assertThat(withoutNumbers(connection.messages())).containsExactly("Arith.Add a {authorization=mine}");
	}

	@ParameterizedTest
	@ValueSource(strings = { "authorization", "Authorization" })
	void tokenOfACallDoesNotLeaveWhereOthersMayReadIt(String key) {
		use(true, REMOTE, (builder) -> builder);
		FakeConnection connection = greeted(true);
		assertFailure(call("a", RpcOptions.NONE.metadata(key, "mine")), RpcCode.UNAUTHENTICATED, Known.NOT_RUN,
				"Arith.Add cannot be sent to 192.0.2.1:1234: its metadata has a token (authorization)", "ssl.bundle",
				"insecure=true");
		assertThat(connection.messages()).isEmpty();
		assertThat(this.node.snapshot().inFlight()).isZero();
		call("b", RpcOptions.NONE.metadata("tenant", "acme"));
		assertThat(withoutNumbers(connection.messages())).containsExactly("Arith.Add b {tenant=acme}");
	}

	@ParameterizedTest
	@CsvSource({ "192.0.2.1,true,false", "192.0.2.1,false,true", "127.0.0.1,false,false" })
	void tokenOfACallLeavesWhereThatIsMeantOverTlsAndToLoopback(String host, boolean insecure, boolean tls)
			throws Exception {
		use(true, new InetSocketAddress(host, 1234), (builder) -> builder.insecure(insecure));
		FakeConnection connection = connected(tls ? session() : null);
		connection.messages();
		call("a", RpcOptions.NONE.metadata("authorization", "mine"));
		assertThat(withoutNumbers(connection.messages())).containsExactly("Arith.Add a {authorization=mine}");
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void tokenOfACallIsNotDroppedInSilence(boolean withToken) {
		use(true, (builder) -> (withToken ? withToken(builder) : builder).extensions(false));
		FakeConnection connection = connected();
		if (withToken) {
			connection.receive(number(connection.messages().get(0)) + " ok {}");
		}
		assertFailure(call("a", RpcOptions.NONE.metadata("Authorization", "mine")), RpcCode.UNAUTHENTICATED,
				Known.NOT_RUN, "its metadata has a token (authorization)", "rpc.client.channel.<name>.extensions");
		assertThat(connection.messages()).isEmpty();
	}

}
