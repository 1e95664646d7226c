package io.github.netrpc.server;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.server.AccessControl.Verdict;

/**
 * What was found out about the tokens that came with the calls of one connection: about
 * the last good one, and about the last that was refused. Used by the connection's I/O
 * thread.
 */
final class ShownTokens {

	private @Nullable KeptVerdict last;

	private byte[] lastToken = {};

	private @Nullable Verdict refused;

	private byte[] refusedToken = {};

	static byte[] bytes(String token) {
		return token.getBytes(StandardCharsets.UTF_8);
	}

	/**
	 * What is kept of the last good token, if this is the one. Takes as long for any that
	 * is as long.
	 */
	@Nullable KeptVerdict good(byte[] token) {
		return (this.last != null && MessageDigest.isEqual(this.lastToken, token)) ? this.last : null;
	}

	/**
	 * Why the last bad token was refused, if this is the one.
	 */
	@Nullable Verdict refused(byte[] token) {
		return (this.refused != null && Arrays.equals(this.refusedToken, token)) ? this.refused : null;
	}

	/**
	 * Whether that is what is kept of the last good token.
	 */
	boolean isKept(KeptVerdict verdict) {
		return this.last == verdict;
	}

	void keep(byte[] token, KeptVerdict verdict) {
		this.last = verdict;
		this.lastToken = token;
	}

	void refuse(byte[] token, Verdict verdict) {
		this.refused = verdict;
		this.refusedToken = token;
	}

}
