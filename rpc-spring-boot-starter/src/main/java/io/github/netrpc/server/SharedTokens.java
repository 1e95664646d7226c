package io.github.netrpc.server;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.Principal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.Known;
import io.github.netrpc.RpcCode;
import io.github.netrpc.RpcException;

/**
 * Tokens that server and callers have agreed on, each with the name of those who have it.
 * While one is replaced by another, both are good. <pre class="code">
 * RpcServer.builder().tls(() -&gt; tls).authenticator(SharedTokens.of(Map.of("billing", token)));
 * </pre> What is shown is compared with all of them, each in the same time, by digests of
 * one length: no answer comes sooner for a better guess. Immutable and thread-safe.
 *
 * @since 0.1.0
 */
public final class SharedTokens implements CallAuthenticator {

	/** Shorter ones can be guessed. */
	public static final int LEAST_LENGTH = 16;

	private final List<byte[]> digests = new ArrayList<>();

	private final List<Authenticated> callers = new ArrayList<>();

	private final Set<Principal> owners = Collections.newSetFromMap(new IdentityHashMap<>());

	private SharedTokens(Map<String, String> tokens) {
		Set<String> seen = new HashSet<>();
		tokens.forEach((name, token) -> {
			String wrong = whyNot(token);
			if (wrong == null && !seen.add(token)) {
				wrong = "another name has the same one";
			}
			if (wrong != null) {
				throw new IllegalArgumentException("token of \"" + name + "\": " + wrong);
			}
			this.digests.add(digest(token));
			Principal owner = new NamedPrincipal(name);
			this.owners.add(owner);
			this.callers.add(new Authenticated(owner, null));
		});
	}

	/**
	 * Creates an authenticator.
	 * @param tokens the tokens by the names of their owners
	 * @return a new authenticator
	 * @throws IllegalArgumentException if a token is shorter than 16 characters, has
	 * control characters, or is there twice; it is not quoted
	 */
	public static SharedTokens of(Map<String, String> tokens) {
		return new SharedTokens(tokens);
	}

	/**
	 * Whether a text may serve as a token.
	 * @param token the text
	 * @return what is wrong with it, without quoting it, or null
	 */
	public static @Nullable String whyNot(String token) {
		if (token.length() < LEAST_LENGTH) {
			return token.length() + " characters (expected: " + LEAST_LENGTH + " or more)";
		}
		for (int i = 0; i < token.length(); i++) {
			if (Character.isISOControl(token.charAt(i))) {
				return "the control character U+%04X at index %d".formatted((int) token.charAt(i), i);
			}
		}
		return null;
	}

	@Override
	public Authenticated authenticate(CallCredentials credentials) {
		String token = credentials.token();
		Authenticated caller = null;
		if (token != null) {
			byte[] shown = digest(token);
			// To the end, whichever it is.
			for (int i = 0; i < this.digests.size(); i++) {
				if (MessageDigest.isEqual(this.digests.get(i), shown)) {
					caller = this.callers.get(i);
				}
			}
		}
		if (caller == null) {
			throw new RpcException(RpcCode.UNAUTHENTICATED, Known.NOT_RUN,
					(token != null) ? "the token was refused" : "a token is expected", null);
		}
		return caller;
	}

	/**
	 * Whether a caller has shown one of these tokens. Others may have the same name: in a
	 * certificate, or by the word of another authenticator.
	 * @param principal the caller, or null if that is not known
	 * @return whether it is the owner of a token
	 */
	public boolean isOwner(@Nullable Principal principal) {
		return principal != null && this.owners.contains(principal);
	}

	@Override
	public boolean isQuick() {
		return true;
	}

	private static byte[] digest(String token) {
		return TokenDigest.of(token.getBytes(StandardCharsets.UTF_8));
	}

	/**
	 * Says how many tokens there are.
	 */
	@Override
	public String toString() {
		return "SharedTokens[" + this.digests.size() + "]";
	}

}
