package io.github.netrpc.server;

import java.nio.charset.StandardCharsets;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ErrorText}.
 */
class ErrorTextTests {

	@Test
	void textThatFitsIsLeftAlone() {
		for (String text : new String[] { "", "no such account", "x".repeat(8192), "ß".repeat(4096) }) {
			assertThat(ErrorText.cut(text, 8192)).isSameAs(text);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "x", "ß", "€", "\uD83D\uDE00", "x\uD83D\uDE00", "xß€" })
	void textIsCutBetweenCodePoints(String unit) {
		String text = unit.repeat(9000);
		String cut = ErrorText.cut(text, 8192);
		byte[] bytes = cut.getBytes(StandardCharsets.UTF_8);
		assertThat(bytes.length).isBetween(8192 - 3, 8192);
		assertThat(cut).endsWith("…");
		assertThat(text).startsWith(cut.substring(0, cut.length() - 1));
		assertThat(new String(bytes, StandardCharsets.UTF_8)).isEqualTo(cut);
	}

}
