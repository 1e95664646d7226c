package io.github.netrpc.wire;

import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * A request while it is read, and its identity until it is answered. The server extends
 * this class with what it must remember of a call, so that a request costs one object.
 * Used by one thread at a time.
 *
 * @since 0.1.0
 */
public abstract class IncomingRequest {

	private long seq;

	private byte @Nullable [] id;

	private boolean extended;

	private long timeLeftNanos;

	private Map<String, String> metadata = Map.of();

	private int size;

	private boolean beyondLimit;

	/**
	 * The number of the call (gob: {@code Seq}, unsigned).
	 * @return the number
	 */
	public final long seq() {
		return this.seq;
	}

	/**
	 * The id exactly as it is to be echoed (JSON), else null.
	 * @return the bytes of the id
	 */
	public final byte @Nullable [] id() {
		return this.id;
	}

	/**
	 * Sets what tells this call from others. Called by the codec before the argument is
	 * read.
	 * @param seq the number, or 0
	 * @param id the bytes to echo, or null
	 */
	public final void identify(long seq, byte @Nullable [] id) {
		this.seq = seq;
		this.id = id;
	}

	/**
	 * Sets what the header said beyond a stock one. Called by the codec after
	 * {@link #identify}, only if the header had our fields.
	 * @param timeLeftNanos how long the caller will wait, in nanoseconds; 0 if it did not
	 * say
	 * @param metadata what came along, unmodifiable
	 */
	public final void extensions(long timeLeftNanos, Map<String, String> metadata) {
		this.extended = true;
		this.timeLeftNanos = timeLeftNanos;
		this.metadata = metadata;
	}

	/**
	 * Sets what came along. Called by the codec in place of {@link #extensions} if the
	 * header had that of our fields only: whether the rest of the peer is ours, too,
	 * nobody knows.
	 * @param metadata what came along, unmodifiable
	 */
	public final void metadata(Map<String, String> metadata) {
		this.metadata = metadata;
	}

	/**
	 * Takes the place of a request of which the header was read.
	 * @param request the request
	 */
	protected final void takeOver(IncomingRequest request) {
		this.seq = request.seq;
		this.id = request.id;
		this.extended = request.extended;
		this.timeLeftNanos = request.timeLeftNanos;
		this.metadata = request.metadata;
		this.size = request.size;
	}

	/**
	 * Whether the header had our fields, whatever they held: the time left at least.
	 * @return whether the peer is an extended one
	 */
	public final boolean isExtended() {
		return this.extended;
	}

	/**
	 * How long the caller would wait when it sent the request.
	 * @return the time in nanoseconds, 0 if it did not say
	 */
	public final long timeLeftNanos() {
		return this.timeLeftNanos;
	}

	/**
	 * What came along with the request.
	 * @return the entries, unmodifiable
	 */
	public final Map<String, String> metadata() {
		return this.metadata;
	}

	/**
	 * How large the request is as it was sent, header and metadata included.
	 * @return the size in bytes, 0 if the codec did not say
	 */
	public final int size() {
		return this.size;
	}

	/**
	 * Sets how large the request is, with its header. Called by the codec before
	 * {@link #received}.
	 * @param bytes the size in bytes
	 */
	public final void size(int bytes) {
		this.size = bytes;
	}

	/**
	 * Whether the request passes a limit, for which it is refused.
	 * @return whether the reason given to {@link #malformed} is a limit
	 */
	public final boolean isBeyondLimit() {
		return this.beyondLimit;
	}

	/**
	 * Tells that what the request is refused for is a limit, rather than a rule of the
	 * format or the type. Called by the codec before {@link #malformed}.
	 */
	public final void beyondLimit() {
		this.beyondLimit = true;
	}

	/**
	 * The method's name as it was sent, in UTF-8. Shared, not to be changed.
	 * @return the name
	 */
	public abstract byte[] methodName();

	/**
	 * How the argument is to be read, or null if the method does not exist: then the
	 * argument is skipped, and {@link #received} called with null.
	 * @return the plan of the argument
	 */
	public abstract @Nullable ValuePlan argumentPlan();

	/**
	 * The request has been read to its end. Called once, and not together with
	 * {@link #malformed}.
	 * @param argument the argument
	 */
	public abstract void received(@Nullable Object argument);

	/**
	 * The request has been read to its end, but its argument does not fit. The connection
	 * is in step.
	 * @param reason what came, what was expected and where, for the caller to read
	 */
	public abstract void malformed(String reason);

	/**
	 * As {@link #malformed(String)}. Codecs call this one; it calls the other.
	 * @param reason what the caller may read
	 * @param cause what a constructor, setter or collection of the application's threw,
	 * which the caller may not read; null if none did
	 */
	public void malformed(String reason, @Nullable Throwable cause) {
		malformed(reason);
	}

}
