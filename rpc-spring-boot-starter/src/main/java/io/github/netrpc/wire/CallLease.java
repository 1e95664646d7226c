package io.github.netrpc.wire;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * How a request says that it is wanted only as long as its caller gives signs of life: an
 * entry of its metadata, in milliseconds. <pre>
 * rpc-lease: 9000     drop the call if nothing has come over its connection for 9 s
 * </pre> Any bytes are a sign of life; callers that have nothing to say send a ping. It
 * is for work that nobody else would end if its caller is stopped or cut off, so that the
 * connection does not close. Peers that do not know the entry ignore it.
 *
 * @since 0.1.0
 */
public final class CallLease {

	/** The key of the entry. */
	public static final String KEY = "rpc-lease";

	private static final int MOST_DIGITS = 12;

	private CallLease() {
	}

	/**
	 * What a request says.
	 * @param metadata the entries of the request
	 * @return how long its caller may be silent, in nanoseconds; 0 if it does not say, or
	 * not in digits
	 */
	public static long nanos(Map<String, String> metadata) {
		String text = metadata.isEmpty() ? null : metadata.get(KEY);
		if (text == null || text.isEmpty() || text.length() > MOST_DIGITS) {
			return 0;
		}
		long millis = 0;
		for (int i = 0; i < text.length(); i++) {
			char digit = text.charAt(i);
			if (digit < '0' || digit > '9') {
				return 0;
			}
			millis = 10 * millis + digit - '0';
		}
		return TimeUnit.MILLISECONDS.toNanos(millis);
	}

	/**
	 * What a request is to say.
	 * @param lease how long its caller may be silent, 1 ms or more
	 * @return the value of the entry
	 */
	public static String value(Duration lease) {
		return Long.toString(Math.max(1, lease.toMillis()));
	}

}
