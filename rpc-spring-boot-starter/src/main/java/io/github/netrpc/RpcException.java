package io.github.netrpc;

import java.util.List;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * A call that failed. A handler throws it to choose the code and the text its caller
 * sees; a caller catches it and finds what is known. <pre class="code">
 * throw new RpcException(RpcCode.NOT_FOUND, "no such account");
 * </pre> Toward a Go peer the message is exactly the error string, or the name of the
 * code if the message is empty.
 *
 * @since 0.1.0
 */
public class RpcException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	private final RpcCode code;

	private final Known known;

	/**
	 * Creates the failure of a method that ran.
	 * @param code the code, not {@link RpcCode#OK}
	 * @param message what the caller is told
	 */
	public RpcException(RpcCode code, @Nullable String message) {
		this(code, Known.RAN_AND_FAILED, message, null);
	}

	/**
	 * Creates a failure.
	 * @param code the code, not {@link RpcCode#OK}
	 * @param known what is known of the call's effect
	 * @param message what the caller is told; null or empty becomes the code's name
	 * @param cause the cause, never sent to the peer
	 */
	public RpcException(RpcCode code, Known known, @Nullable String message, @Nullable Throwable cause) {
		super((message == null || message.isEmpty()) ? code.name() : message, cause);
		if (code == RpcCode.OK) {
			throw new IllegalArgumentException("OK is not the code of a failure");
		}
		this.code = code;
		this.known = Objects.requireNonNull(known, "known");
	}

	/**
	 * How the call ended.
	 * @return the code, never {@link RpcCode#OK}
	 */
	public RpcCode code() {
		return this.code;
	}

	/**
	 * What is known of the call's effect.
	 * @return what is known
	 */
	public Known known() {
		return this.known;
	}

	/**
	 * Whether it is safe to call again and may help: the call did not run, because the
	 * node is away or has too much to do, or a call of an idempotent method was lost.
	 * Retries that were configured have been made already.
	 * @return whether the same call may be made again
	 */
	public boolean retryable() {
		return this.known == Known.NOT_RUN
				&& (this.code == RpcCode.UNAVAILABLE || this.code == RpcCode.RESOURCE_EXHAUSTED);
	}

	/**
	 * The node that the call went to last.
	 * @return {@code host:port} as configured; null if no node took the call, or if the
	 * exception is not that of a call
	 */
	public @Nullable String node() {
		return null;
	}

	/**
	 * What the call is named on both sides, in the logs of the server too.
	 * @return the id, that of the last attempt; null if the call was never given to a
	 * connection that has a name
	 */
	public @Nullable String callId() {
		return null;
	}

	/**
	 * What was tried, in the order of time.
	 * @return the attempts, empty if the exception is not that of a call
	 */
	public List<RpcAttempt> attempts() {
		return List.of();
	}

	/**
	 * The text that describes the failure, never empty.
	 * @return the text
	 */
	@Override
	public String getMessage() {
		return Objects.requireNonNull(super.getMessage());
	}

}
