package io.github.netrpc;

/**
 * Where the outcome of each call of one method over one format is recorded. Thread-safe,
 * and cheap: it is called once per call, on the hot path.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface CallRecorder {

	/** Records nothing. */
	CallRecorder NONE = (code, nanos) -> {
	};

	/**
	 * Records the end of a call.
	 * @param code how it ended
	 * @param nanos how long it took, in nanoseconds
	 */
	void record(RpcCode code, long nanos);

	/**
	 * Records that a call is tried again, before it is. A call that is tried three times
	 * is recorded twice here, and once by {@link #record}.
	 * @param reason how the attempt before has ended
	 */
	default void retried(RpcCode reason) {
	}

	/**
	 * Records that a call which takes long is made at a second node as well, before it
	 * is.
	 */
	default void hedged() {
	}

	/**
	 * Records the end of such a second attempt.
	 * @param won whether its answer is that of the call
	 */
	default void hedgeEnded(boolean won) {
	}

	/**
	 * Makes the recorder of each method, once, at start-up.
	 */
	@FunctionalInterface
	interface Factory {

		/** Records nothing. */
		Factory NONE = (service, method, format) -> CallRecorder.NONE;

		/**
		 * The recorder of a method.
		 * @param service the service's name on the wire, {@code unknown} for calls of
		 * what is not registered
		 * @param method the method's name, or {@code unknown}
		 * @param format the name of the wire format: {@code gob} or {@code json}
		 * @return the recorder
		 */
		CallRecorder recorder(String service, String method, String format);

	}

}
