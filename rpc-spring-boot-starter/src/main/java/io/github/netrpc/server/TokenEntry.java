package io.github.netrpc.server;

import java.util.Collections;
import java.util.HashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.wire.IncomingRequest;

/**
 * The entry of a request's metadata that is a token, found in one pass: what it says, and
 * what else there is. In whatever case it is written, since other protocols do not mind:
 * if a token that is shown were passed over, the call would run as whoever has logged in.
 *
 * @param token the token
 * @param isOnlyOne whether no other is shown
 * @param rest the metadata without tokens, unmodifiable
 */
record TokenEntry(String token, boolean isOnlyOne, Map<String, String> rest) {

	static final String KEY = "authorization";

	/**
	 * Looks for it.
	 * @param metadata the metadata of a request
	 * @return the entry, or null if there is none
	 */
	static @Nullable TokenEntry in(Map<String, String> metadata) {
		if (metadata.isEmpty()) {
			return null;
		}
		String token = null;
		boolean onlyOne = true;
		Map<String, String> rest = null;
		for (Map.Entry<String, String> entry : metadata.entrySet()) {
			if (KEY.equalsIgnoreCase(entry.getKey())) {
				if (rest == null) {
					token = entry.getValue();
					rest = new HashMap<>(metadata);
				}
				else {
					onlyOne = false;
				}
				rest.remove(entry.getKey());
			}
		}
		return (token != null && rest != null) ? new TokenEntry(token, onlyOne, unmodifiable(rest)) : null;
	}

	private static Map<String, String> unmodifiable(Map<String, String> rest) {
		return rest.isEmpty() ? Map.of() : Collections.unmodifiableMap(rest);
	}

	/**
	 * Takes it out of the metadata of a request, also if nobody looks at it: handlers may
	 * write metadata into logs.
	 */
	static void hide(IncomingRequest request) {
		hide(in(request.metadata()), request);
	}

	/**
	 * The same if the entry was found before.
	 */
	static void hide(@Nullable TokenEntry found, IncomingRequest request) {
		if (found != null) {
			request.metadata(found.rest());
		}
	}

	/**
	 * Leaves the token out.
	 */
	@Override
	public String toString() {
		return "a token beside " + this.rest.keySet();
	}

}
