package io.github.netrpc.client;

import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.transport.Connection;

/**
 * The token by which a channel says to its nodes who calls. It goes along with each call
 * where that can be, and each connection has a {@linkplain ConnectionLogin login} too.
 * Goes to no node from which others may read it on the way. Thread-safe.
 */
final class CallToken {

	/** Why a token does not go to a node, and what to do. */
	static final String READABLE = "a token is sent over TLS only (rpc.client.channel.<name>.ssl.bundle), to loopback"
			+ " addresses, or where rpc.client.channel.<name>.insecure=true says that this is meant";

	/**
	 * The entry of a request's metadata that is the token; options have no other case.
	 */
	private static final String KEY = "authorization";

	/** With other metadata, no more than 8 KiB may be sent. */
	private static final int LONGEST = 7 * 1024;

	private final Supplier<String> source;

	private volatile @Nullable Carried carried;

	/**
	 * Creates a token.
	 * @param source asked for it each time, so that it may become another one
	 */
	CallToken(Supplier<String> source) {
		this.source = source;
	}

	/**
	 * Whether nobody reads what is sent on a connection but the node.
	 */
	static boolean isSafeOn(Connection connection) {
		return connection.tlsSession() != null || !(connection.remoteAddress() instanceof InetSocketAddress remote)
				|| remote.isUnresolved() || remote.getAddress().isLoopbackAddress();
	}

	/**
	 * Whether a call has a token of its own along with it.
	 */
	static boolean isIn(Map<String, String> metadata) {
		return !metadata.isEmpty() && metadata.containsKey(KEY);
	}

	/**
	 * The token as it is now.
	 * @throws UnusableTokenException if there is none that can be sent
	 */
	String current() {
		return carried().token();
	}

	/**
	 * Adds the token to what goes along with a call, unless that has one of its own.
	 * @throws UnusableTokenException if there is none that can be sent
	 */
	Map<String, String> addTo(Map<String, String> metadata) {
		if (metadata.isEmpty()) {
			return carried().alone();
		}
		if (metadata.containsKey(KEY)) {
			return metadata;
		}
		Map<String, String> all = new HashMap<>(metadata);
		all.put(KEY, current());
		return all;
	}

	private Carried carried() {
		String token = ask();
		Carried known = this.carried;
		if (known == null || !known.token().equals(token)) {
			check(token);
			known = new Carried(token, Map.of(KEY, token));
			this.carried = known;
		}
		return known;
	}

	private String ask() {
		String token;
		try {
			token = this.source.get();
		}
		catch (Throwable ex) {
			throw new UnusableTokenException("there is no token now", ex);
		}
		if (token == null) {
			throw new UnusableTokenException("the token is null", null);
		}
		return token;
	}

	private static void check(String token) {
		if (token.isEmpty() || token.length() > LONGEST) {
			throw new UnusableTokenException(
					"the token has " + token.length() + " characters (expected: 1 to " + LONGEST + ")", null);
		}
		for (int i = 0; i < token.length(); i++) {
			if (Character.isISOControl(token.charAt(i))) {
				throw new UnusableTokenException(
						"the token has the control character U+%04X at index %d".formatted((int) token.charAt(i), i),
						null);
			}
		}
	}

	@Override
	public String toString() {
		return "a token";
	}

	private record Carried(String token, Map<String, String> alone) {

		/**
		 * Leaves the token out.
		 */
		@Override
		public String toString() {
			return "a token, and as metadata";
		}

	}

	/**
	 * The token cannot be sent. Does not quote it.
	 */
	static final class UnusableTokenException extends RuntimeException {

		private static final long serialVersionUID = 1L;

		UnusableTokenException(String message, @Nullable Throwable cause) {
			super(message, cause);
		}

		@Override
		public String getMessage() {
			return String.valueOf(super.getMessage());
		}

	}

}
