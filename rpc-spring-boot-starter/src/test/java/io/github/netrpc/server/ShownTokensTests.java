package io.github.netrpc.server;

import java.lang.reflect.Field;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

import io.github.netrpc.server.AccessControl.Verdict;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a connection keeps of the tokens that were shown.
 */
class ShownTokensTests {

	private final ShownTokens tokens = new ShownTokens();

	@Test
	void lastGoodTokenIsFoundHoweverLongItIs() {
		for (int length : new int[] { 1, 1024, 1025, 8192 }) {
			KeptVerdict verdict = good("a".repeat(length));
			this.tokens.keep(bytes("a".repeat(length)), verdict);
			assertThat(this.tokens.good(bytes("a".repeat(length)))).isSameAs(verdict);
			assertThat(this.tokens.isKept(verdict)).isTrue();
			for (String other : List.of("", "a".repeat(length - 1) + "b", "a".repeat(length + 1),
					"b" + "a".repeat(length - 1))) {
				assertThat(this.tokens.good(bytes(other))).isNull();
			}
		}
	}

	@Test
	void lastBadTokenIsFoundUntilItIsAccepted() {
		KeptRefusal refusal = refusal();
		this.tokens.refuse(bytes("mallory"), refusal);
		assertThat(this.tokens.refused(bytes("mallory"))).isSameAs(refusal);
		assertThat(this.tokens.refused(bytes("mallorz"))).isNull();
		this.tokens.keep(bytes("alice"), good("alice"));
		assertThat(this.tokens.refused(bytes("mallory"))).isSameAs(refusal);
		this.tokens.keep(bytes("mallory"), good("mallory"));
		assertThat(this.tokens.refused(bytes("mallory"))).isNull();
	}

	@Test
	void thereIsADigestOnlyOfABadTokenAndNoSecondCopyOfALongGoodOne() throws IllegalAccessException {
		this.tokens.keep(bytes("a".repeat(8192)), good("a".repeat(8192)));
		this.tokens.refuse(bytes("b".repeat(8192)), refusal());
		assertThat(byteCounts()).containsExactly(32);
		this.tokens.keep(bytes("a".repeat(40)), good("a".repeat(40)));
		assertThat(byteCounts()).containsExactlyInAnyOrder(32, 40);
	}

	private List<Integer> byteCounts() throws IllegalAccessException {
		List<Integer> counts = new ArrayList<>();
		for (Field field : ShownTokens.class.getDeclaredFields()) {
			field.setAccessible(true);
			if (field.get(this.tokens) instanceof byte[] bytes) {
				counts.add(bytes.length);
			}
		}
		return counts;
	}

	@Test
	void refusalIsOverAtItsEndAlsoWhereTheClockBeginsAnew() {
		KeptRefusal refusal = new KeptRefusal(Verdict.refused("no"), Long.MIN_VALUE + 5);
		assertThat(refusal.isOver(Long.MAX_VALUE)).isFalse();
		assertThat(refusal.isOver(Long.MIN_VALUE + 4)).isFalse();
		assertThat(refusal.isOver(Long.MIN_VALUE + 5)).isTrue();
	}

	private static KeptVerdict good(String token) {
		CallCredentials shown = new CallCredentials(token, List.of(), new InetSocketAddress(4711));
		return new KeptVerdict(new Verdict(shown, new NamedPrincipal("alice"), null, null, null, false));
	}

	private static KeptRefusal refusal() {
		return new KeptRefusal(Verdict.refused("no"), Duration.ofSeconds(5).toNanos());
	}

	private static byte[] bytes(String token) {
		return ShownTokens.bytes(token);
	}

}
