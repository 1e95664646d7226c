package io.github.netrpc;

/**
 * What is known of a failed call's effect on the server.
 *
 * @since 0.1.0
 */
public enum Known {

	/** The method did not run: the call was never sent, or refused before dispatch. */
	NOT_RUN,

	/** The call was sent and no answer came. */
	MAYBE_RAN,

	/** The method ran and failed. */
	RAN_AND_FAILED

}
