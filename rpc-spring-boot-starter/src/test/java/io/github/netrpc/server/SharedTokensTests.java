package io.github.netrpc.server;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.github.netrpc.RpcCode;
import io.github.netrpc.RpcException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class SharedTokensTests {

	private static final String FIRST = "0123456789abcdef";

	private static final String SECOND = "fedcba9876543210";

	private final SharedTokens tokens = SharedTokens.of(Map.of("old", FIRST, "new", SECOND));

	@Test
	void eachTokenIsThatOfItsOwner() {
		assertThat(this.tokens.authenticate(credentials(FIRST)).principal().getName()).isEqualTo("old");
		assertThat(this.tokens.authenticate(credentials(SECOND)).principal().getName()).isEqualTo("new");
		assertThat(this.tokens.isQuick()).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "0", "0123456789abcde", "0123456789abcdeF", "1123456789abcdef", "0123456789abcdef0",
			"0123456789abcdef\0", " 0123456789abcdef", "0123456789abcdeg", "\uD83D\uDE00" })
	void nearAndFarMissesAreRefusedInTheSameWords(String token) {
		assertThatExceptionOfType(RpcException.class).isThrownBy(() -> this.tokens.authenticate(credentials(token)))
			.withMessage("the token was refused")
			.satisfies((ex) -> assertThat(ex.code()).isEqualTo(RpcCode.UNAUTHENTICATED));
	}

	@Test
	void ownerIsWhoHasShownAToken() {
		assertThat(this.tokens.isOwner(this.tokens.authenticate(credentials(FIRST)).principal())).isTrue();
		assertThat(this.tokens.isOwner(new NamedPrincipal("old"))).isFalse();
		assertThat(this.tokens.isOwner(null)).isFalse();
	}

	@Test
	void certificateAloneIsNoToken() {
		assertThatExceptionOfType(RpcException.class).isThrownBy(() -> this.tokens.authenticate(credentials(null)))
			.withMessage("a token is expected");
	}

	@Test
	void tokenThatCanBeGuessedIsRefusedWithoutBeingQuoted() {
		assertThatIllegalArgumentException().isThrownBy(() -> SharedTokens.of(Map.of("a", "0123456789abcde")))
			.withMessage("token of \"a\": 15 characters (expected: 16 or more)");
		assertThatIllegalArgumentException().isThrownBy(() -> SharedTokens.of(Map.of("a", FIRST + "\r\n")))
			.withMessage("token of \"a\": the control character U+000D at index 16");
		assertThatIllegalArgumentException().isThrownBy(() -> SharedTokens.of(Map.of("a", FIRST, "b", FIRST)))
			.withMessageEndingWith("another name has the same one");
	}

	@Test
	void nothingShowsATokenAsText() {
		assertThat(this.tokens.toString()).isEqualTo("SharedTokens[2]");
		assertThat(credentials(FIRST).toString())
			.isEqualTo("CallCredentials[token, 0 certificates, peer=localhost/<unresolved>:1]");
	}

	private static CallCredentials credentials(@Nullable String token) {
		return new CallCredentials(token, List.of(), InetSocketAddress.createUnresolved("localhost", 1));
	}

}
