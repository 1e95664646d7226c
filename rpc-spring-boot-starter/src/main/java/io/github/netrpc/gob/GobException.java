package io.github.netrpc.gob;

import java.io.Serial;

import org.jspecify.annotations.Nullable;

/**
 * Thrown when a value cannot be read from gob or written to it. Unchecked, since it comes
 * out of compiled accessors too; says what came, what was expected and where. Of received
 * text at most 32 bytes are quoted, escaped. What is wrong with received bytes has no
 * stack trace, which would take kilobytes for a message of four bytes: its message says
 * where it is. A value that cannot be written has one, and so has the code of an
 * application that failed, as the cause.
 *
 * @since 0.1.0
 */
public class GobException extends RuntimeException {

	@Serial
	private static final long serialVersionUID = 1L;

	/** What a peer is told when a constructor or setter fails: no name, no text. */
	static final String REFUSED = "Value refused by its type";

	private final boolean inStep;

	private final boolean limit;

	private final StringBuilder path = new StringBuilder();

	private final StringBuilder place = new StringBuilder();

	/**
	 * Creates an exception for a value.
	 * @param message what came, what was expected, and where
	 * @param inStep whether the stream can be read on behind the value
	 */
	public GobException(String message, boolean inStep) {
		this(message, inStep, null);
	}

	/**
	 * Creates an exception for a value, with the failure of a property's own code.
	 * @param message what came, what was expected, and where
	 * @param inStep whether the stream can be read on behind the value
	 * @param cause the failure behind it, or null
	 */
	public GobException(String message, boolean inStep, @Nullable Throwable cause) {
		this(message, inStep, cause, false, true);
	}

	private GobException(@Nullable String message, boolean inStep, @Nullable Throwable cause, boolean limit,
			boolean traced) {
		super(message, cause, true, traced);
		this.inStep = inStep;
		this.limit = limit;
	}

	/**
	 * Whether the stream is still in step: the value is lost, but the next one can be
	 * read. False after a broken length or definition, and when it is not certain where
	 * the value ended: nothing more can be read then.
	 * @return true if reading may go on
	 */
	public boolean inStep() {
		return this.inStep;
	}

	/**
	 * Whether a limit is passed, rather than a rule of the format.
	 * @return whether the message names a limit
	 */
	public boolean isLimit() {
		return this.limit;
	}

	@Override
	public String getMessage() {
		StringBuilder text = new StringBuilder().append(super.getMessage());
		if (!this.path.isEmpty()) {
			text.append(", at ").append(ReceivedText.path(this.path));
		}
		return text.append(this.place).toString();
	}

	/** Called from the inside out, by what contains the value that failed. */
	GobException in(String step) {
		if (!this.path.isEmpty() && "[{".indexOf(this.path.charAt(0)) < 0 && !step.isEmpty()) {
			this.path.insert(0, '.');
		}
		this.path.insert(0, step);
		return this;
	}

	GobException atOffset(int byteOfMessage) {
		this.place.setLength(0);
		this.place.append(" (byte ").append(byteOfMessage).append(" of the message)");
		return this;
	}

	/** The same failure where it is not known where the value ends. */
	GobException outOfStep() {
		return this.inStep ? new GobException(getMessage(), false, getCause(), this.limit, false) : this;
	}

	/** The same failure with the stack trace of who asks for it. */
	GobException traced() {
		return new GobException(getMessage(), this.inStep, getCause(), this.limit, true);
	}

	/** A value that is wrong or does not fit: the message's end is known. */
	static GobException value(String message) {
		return new GobException(message, true, null, false, false);
	}

	/** A value that passes a limit. */
	static GobException limitOfValue(String message) {
		return new GobException(message, true, null, true, false);
	}

	/** A length or a definition that passes a limit. */
	static GobException limitOfStream(String message) {
		return new GobException(message, false, null, true, false);
	}

	/** A struct goes on with a field that it does not have. */
	static GobException fieldNumber(int field, long delta, int fieldCount) {
		return value(fieldNumberText(field, delta, fieldCount));
	}

	/**
	 * What came and what was expected.
	 * @param field the field before, -1 before the first
	 * @param delta how many fields further the next one is, says the peer
	 * @param fieldCount how many fields there are
	 */
	static String fieldNumberText(int field, long delta, int fieldCount) {
		return "Field delta: " + Long.toUnsignedString(delta) + " behind field " + (field + 1) + " of " + fieldCount
				+ " (expected: at most " + (fieldCount - field - 1) + ")";
	}

	/**
	 * Code of the application failed on a value: the value is lost, nothing else. Only
	 * what ails the process passes, and a full stack, which is told where it was begun.
	 */
	static GobException refused(String message, Throwable failure) {
		if (failure instanceof VirtualMachineError error) {
			throw error;
		}
		return (failure instanceof GobException known && known.inStep()) ? known
				: new GobException(message, true, failure, false, false);
	}

	/** There are more levels than the stack has room for. */
	static GobException fullStack(StackOverflowError failure) {
		return new GobException("The value is nested too deep for the stack", true, failure, false, false);
	}

	/** Broken framing or a broken definition: nothing behind it can be trusted. */
	static GobException stream(String message) {
		return new GobException(message, false, null, false, false);
	}

}
