package io.github.netrpc.server;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * What is left of tokens where they only have to be recognized: digests of one length.
 */
final class TokenDigest {

	private TokenDigest() {
	}

	/**
	 * The SHA-256 of a token.
	 * @param token the token in UTF-8
	 */
	static byte[] of(byte[] token) {
		try {
			return MessageDigest.getInstance("SHA-256").digest(token);
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("every Java has SHA-256", ex);
		}
	}

}
