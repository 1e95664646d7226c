package io.github.netrpc.server;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

import org.jspecify.annotations.Nullable;

/**
 * What was found out about the tokens that came with the calls of one connection: about
 * the last good one, and about the last that was refused. Of the latter there is a digest
 * only: strangers may show what they like. The good one has to be looked up again, so it
 * is there anyway; each call shows it, so its bytes are there too unless they are many.
 * Used by the connection's I/O thread.
 */
final class ShownTokens {

	/** Of longer tokens bytes are made anew, from the text. */
	private static final int MOST_BYTES = 1024;

	private @Nullable KeptVerdict last;

	/** The last good token, or null if it is longer. */
	private byte @Nullable [] lastToken;

	private @Nullable KeptRefusal refused;

	private byte[] refusedDigest = {};

	static byte[] bytes(String token) {
		return token.getBytes(StandardCharsets.UTF_8);
	}

	/**
	 * Whether a verdict is about a token. Takes as long for any that is as long.
	 */
	static boolean isAbout(KeptVerdict verdict, byte[] token) {
		CallCredentials credentials = verdict.verdict().credentials();
		String shown = (credentials != null) ? credentials.token() : null;
		return shown != null && MessageDigest.isEqual(bytes(shown), token);
	}

	/**
	 * What is kept of the last good token, if this is the one. Takes as long for any that
	 * is as long.
	 */
	@Nullable KeptVerdict good(byte[] token) {
		KeptVerdict good = this.last;
		if (good == null) {
			return null;
		}
		byte[] kept = this.lastToken;
		boolean same = (kept != null) ? MessageDigest.isEqual(kept, token) : isAbout(good, token);
		return same ? good : null;
	}

	/**
	 * Why the last bad token was refused, if this is the one; it may be over.
	 */
	@Nullable KeptRefusal refused(byte[] token) {
		KeptRefusal bad = this.refused;
		return (bad != null && MessageDigest.isEqual(this.refusedDigest, TokenDigest.of(token))) ? bad : null;
	}

	/**
	 * Whether that is what is kept of the last good token.
	 */
	boolean isKept(KeptVerdict verdict) {
		return this.last == verdict;
	}

	/**
	 * Keeps what was found out about a good token.
	 * @param token the token
	 * @param verdict about its owner, with the token
	 */
	void keep(byte[] token, KeptVerdict verdict) {
		this.last = verdict;
		this.lastToken = (token.length <= MOST_BYTES) ? token : null;
		accept(token);
	}

	/**
	 * Forgets that a token was refused.
	 */
	void accept(byte[] token) {
		if (refused(token) != null) {
			this.refused = null;
		}
	}

	void refuse(byte[] token, KeptRefusal refusal) {
		this.refused = refusal;
		this.refusedDigest = TokenDigest.of(token);
	}

}
