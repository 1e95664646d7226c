package io.github.netrpc;

/**
 * How a call ended. Names and numbers are gRPC's status codes, so dashboards and people
 * need to learn nothing new.
 *
 * @since 0.1.0
 */
public enum RpcCode {

	/** The call succeeded. */
	OK(0),

	/** The caller cancelled the call. */
	CANCELLED(1),

	/**
	 * An error of which no more is known, as every application error of a stock Go
	 * server.
	 */
	UNKNOWN(2),

	/** The argument does not fit the method. */
	INVALID_ARGUMENT(3),

	/** The call did not end before its deadline. */
	DEADLINE_EXCEEDED(4),

	/** What was asked for does not exist. */
	NOT_FOUND(5),

	/** What was to be created exists. */
	ALREADY_EXISTS(6),

	/** The caller is known, but may not do this. */
	PERMISSION_DENIED(7),

	/** A bound was reached: a queue, a quota, a size. */
	RESOURCE_EXHAUSTED(8),

	/** The state of the service does not allow the call. */
	FAILED_PRECONDITION(9),

	/** The call was given up because of a conflict. */
	ABORTED(10),

	/** A value lies beyond the valid range. */
	OUT_OF_RANGE(11),

	/** The service or the method is not there. */
	UNIMPLEMENTED(12),

	/** A failure that the server does not describe to callers. */
	INTERNAL(13),

	/** The node cannot be reached, or went away. */
	UNAVAILABLE(14),

	/** Data was lost or damaged. */
	DATA_LOSS(15),

	/** The caller is not known. */
	UNAUTHENTICATED(16);

	private static final RpcCode[] BY_NUMBER = values();

	private final int number;

	RpcCode(int number) {
		this.number = number;
	}

	/**
	 * The number of this code, 0 to 16.
	 * @return gRPC's number
	 */
	public int number() {
		return this.number;
	}

	/**
	 * The code with a number.
	 * @param number a number, as it came from a peer
	 * @return the code, {@link #UNKNOWN} for numbers that are none
	 */
	public static RpcCode ofNumber(long number) {
		return (number >= 0 && number < BY_NUMBER.length) ? BY_NUMBER[(int) number] : UNKNOWN;
	}

}
