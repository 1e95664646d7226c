package io.github.netrpc.interop;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.IntFunction;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

import org.jspecify.annotations.Nullable;

/**
 * What is said to a server that has to know who calls, by one who wants more than it may
 * have, and what it must be told.
 *
 * @param name what is wrong with it
 * @param text all that is sent
 * @param replies the lines of the answer, in any order; an ellipsis stands for anything
 * @param reason of its closing in the log, or null if it is not closed
 */
record GuardedInput(String name, String text, List<String> replies, @Nullable String reason) {

	/** Who may call everything. */
	static final String TOKEN_OF_ALICE = "hush-hush-0123456789";

	/** Who may call Arith only. */
	static final String TOKEN_OF_BOB = "hush-hush-9876543210";

	private static final String STRANGER = "the caller is not authenticated: a token is expected\u2026";

	private static final String REFUSED = "the token was refused";

	private static final String ARGS = "{\"A\":7,\"B\":8}";

	private static final int CALLS = 3_000;

	private static final int PAIRS = 1_000;

	/**
	 * The gallery.
	 * @return all inputs
	 */
	static List<GuardedInput> all() {
		List<GuardedInput> all = new ArrayList<>();
		addStrangers(all);
		addLogins(all);
		addCallers(all);
		addCrowds(all);
		return all;
	}

	private static void addStrangers(List<GuardedInput> all) {
		all.add(answered("call of nobody", add(1), error(1, STRANGER)));
		all.add(answered("method that is not there, of nobody", call(1, "No.Such", ARGS), error(1, STRANGER)));
		all.add(answered("argument that does not fit, of nobody", call(1, "Arith.Add", "\"x\""), error(1, STRANGER)));
		all.add(answered("token of nobody in the header", withMetadata(add(1), "hush-hush", ""), error(1, REFUSED)));
		all.add(answered("token with a line break in the header",
				withMetadata(add(1), TOKEN_OF_ALICE + "\\r\\nx: y", ""), error(1, "\u2026")));
		all.add(answered("token in the place of a method", call(1, TOKEN_OF_ALICE + ".Add", ARGS), error(1, STRANGER)));
		all.add(closed("message of 70,000 bytes of nobody", call(1, "Echo.Say", quoted("x".repeat(70_000)))));
	}

	private static void addLogins(List<GuardedInput> all) {
		String half = TOKEN_OF_ALICE.substring(0, TOKEN_OF_ALICE.length() / 2);
		all.add(answered("half of a token", login(1, half) + add(2), error(1, REFUSED), error(2, "\u2026")));
		all.add(answered("token with a line break", login(1, TOKEN_OF_ALICE + "\\n") + add(2), error(1, REFUSED),
				error(2, "\u2026")));
		all.add(answered("token with a nul behind", login(1, TOKEN_OF_ALICE + "\\u0000") + add(2), error(1, REFUSED),
				error(2, "\u2026")));
		all.add(answered("empty token", login(1, "") + add(2), error(1, REFUSED), error(2, "\u2026")));
		all.add(answered("login with a list", call(1, "_goRPC_.Authenticate", "[\"a\",\"b\"]") + add(2),
				error(1, "\u2026"), error(2, "\u2026")));
		all.add(answered("login with an object",
				call(1, "_goRPC_.Authenticate", "{\"token\":" + quoted(TOKEN_OF_ALICE) + "}") + add(2),
				error(1, "\u2026"), error(2, "\u2026")));
		all.add(answered("login with a number", call(1, "_goRPC_.Authenticate", "1") + add(2), error(1, "\u2026"),
				error(2, "\u2026")));
		all.add(answered("token of 9,000 bytes", login(1, "t".repeat(9_000)) + add(2),
				error(1, "the token is too long"), error(2, "\u2026")));
		all.add(closed("token of 100,000 bytes", login(1, "t".repeat(100_000))));
		all.add(answered("call in front of its login", add(1) + login(2, TOKEN_OF_ALICE) + add(3), error(1, STRANGER),
				value(2, "{}"), value(3, "15")));
		all.add(answered("good login and then a bad one", login(1, TOKEN_OF_ALICE) + login(2, half) + add(3),
				value(1, "{}"), error(2, REFUSED), error(3, "\u2026")));
	}

	private static void addCallers(List<GuardedInput> all) {
		String denied = "the caller may not call this method";
		all.add(answered("caller without the role", login(1, TOKEN_OF_BOB) + say(2) + add(3), value(1, "{}"),
				error(2, denied), value(3, "15")));
		all.add(answered("caller without the role, in the header", withToken(say(1), TOKEN_OF_BOB), error(1, denied)));
		all.add(answered("caller who becomes another", login(1, TOKEN_OF_ALICE) + login(2, TOKEN_OF_BOB) + say(3),
				value(1, "{}"), value(2, "{}"), error(3, denied)));
		all.add(answered("role in the metadata", withMetadata(say(1), TOKEN_OF_BOB, ",\"roles\":\"owner\""),
				error(1, denied)));
		all.add(answered("name of a method in another case", login(1, TOKEN_OF_BOB) + call(2, "echo.say", "\"x\""),
				value(1, "{}"), error(2, "rpc: can't find service echo.say")));
		all.add(answered("name of a method with a line break",
				login(1, TOKEN_OF_BOB) + call(2, "Arith.Add\\r\\nEcho.Say", ARGS), value(1, "{}"),
				error(2, "rpc: can't find service Arith.Add\\r\\nEcho.Say")));
		all.add(answered("metadata with a line break of a caller",
				withMetadata(add(1), TOKEN_OF_ALICE, ",\"a\\r\\nb\":\"c\\u0000d\""), "{\"id\":1,\u2026}"));
	}

	// More at once than is taken at once.
	private static void addCrowds(List<GuardedInput> all) {
		all.add(answered(CALLS + " calls of nobody in one piece", many(CALLS, GuardedInput::add),
				replies(CALLS, (id) -> error(id, STRANGER))));
		List<String> values = replies(CALLS, (id) -> value(id, "15"));
		values.add(value(0, "{}"));
		all.add(answered(CALLS + " calls in one piece", login(0, TOKEN_OF_ALICE) + many(CALLS, GuardedInput::add),
				values));
		List<String> outcomes = replies(PAIRS, (id) -> "{\"id\":" + id + ",\u2026}");
		outcomes.addAll(replies(PAIRS, (id) -> "{\"id\":" + -id + ",\u2026}"));
		outcomes.add(value(0, "{}"));
		all.add(answered(PAIRS + " calls, each cancelled at once", login(0, TOKEN_OF_ALICE)
				+ many(PAIRS, (id) -> say(id) + call(-id, "_goRPC_.Cancel", String.valueOf(id))), outcomes));
	}

	/**
	 * What the replies must look like.
	 * @return a pattern for each line
	 */
	List<Pattern> patterns() {
		return this.replies.stream()
			.map((reply) -> Pattern.compile("\\Q" + reply.replace("\u2026", "\\E.*\\Q") + "\\E"))
			.toList();
	}

	private static String many(int count, IntFunction<String> each) {
		StringBuilder all = new StringBuilder();
		IntStream.rangeClosed(1, count).mapToObj(each).forEach(all::append);
		return all.toString();
	}

	private static List<String> replies(int count, IntFunction<String> each) {
		return new ArrayList<>(IntStream.rangeClosed(1, count).mapToObj(each).toList());
	}

	private static GuardedInput answered(String name, String text, String... replies) {
		return answered(name, text, List.of(replies));
	}

	private static GuardedInput answered(String name, String text, List<String> replies) {
		return new GuardedInput(name, text, Collections.unmodifiableList(replies), null);
	}

	private static GuardedInput closed(String name, String text) {
		return new GuardedInput(name, text, List.of(), "rpc.server.authentication.max-message-size");
	}

	private static String add(int id) {
		return call(id, "Arith.Add", ARGS);
	}

	private static String say(int id) {
		return call(id, "Echo.Say", "\"x\"");
	}

	private static String login(int id, String token) {
		return call(id, "_goRPC_.Authenticate", quoted(token));
	}

	private static String quoted(String text) {
		return "\"" + text + "\"";
	}

	private static String call(int id, String method, String argument) {
		return "{\"method\":\"" + method + "\",\"params\":[" + argument + "],\"id\":" + id + "}";
	}

	private static String withToken(String call, String token) {
		return withMetadata(call, token, "");
	}

	private static String withMetadata(String call, String token, String more) {
		return "{\"timeLeft\":0,\"meta\":{\"authorization\":\"" + token + "\"" + more + "}," + call.substring(1);
	}

	// Extended peers are told more behind it.
	private static String error(int id, String text) {
		return "{\"id\":" + id + ",\"result\":null,\"error\":\"" + text + "\"\u2026}";
	}

	private static String value(int id, String value) {
		return "{\"id\":" + id + ",\"result\":" + value + ",\"error\":null\u2026}";
	}

	@Override
	public String toString() {
		return this.name;
	}

}
