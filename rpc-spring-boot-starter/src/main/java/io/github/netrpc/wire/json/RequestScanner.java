package io.github.netrpc.wire.json;

import java.nio.charset.StandardCharsets;

import io.github.netrpc.wire.WireException;
import io.github.netrpc.wire.WireLimits;

/**
 * Finds the members of a request: <pre>
 * {"method":"Arith.Add","params":[{"A":7,"B":8}],"id":0}
 * </pre> and ours, see {@link Extensions}. In any order; names match ignoring case, of
 * two members of one name the last wins, a null leaves the method as it is, others are
 * ignored (vectors {@code jraw_*}).
 */
final class RequestScanner extends JsonScanner {

	/** Ids are echoed, so each call that runs keeps one. */
	static final int MAX_ID_BYTES = 1024;

	private static final byte[] METHOD = "method".getBytes(StandardCharsets.US_ASCII);

	private static final byte[] PARAMS = "params".getBytes(StandardCharsets.US_ASCII);

	private static final byte[] ID = "id".getBytes(StandardCharsets.US_ASCII);

	private int methodStart;

	private int methodEnd;

	private boolean methodEscaped;

	private int idStart;

	private int idEnd;

	/** First byte of the params, 0 without params. */
	private byte params;

	private int argumentStart;

	private int argumentEnd;

	private int objects;

	private int arrays;

	private int scalars;

	private int names;

	private boolean rareNames;

	private int timeLeftStart;

	private int timeLeftEnd;

	private int metaStart;

	private int metaEnd;

	private boolean extended;

	RequestScanner(WireLimits limits, int longestCommonName) {
		super(limits, longestCommonName);
	}

	@Override
	void reset() {
		super.reset();
		this.methodStart = 0;
		this.methodEnd = 0;
		this.methodEscaped = false;
		this.idStart = 0;
		this.idEnd = 0;
		this.params = 0;
		this.argumentStart = -1;
		this.extended = false;
		this.timeLeftStart = -1;
		this.metaStart = -1;
	}

	@Override
	void member(byte[] buffer, int base, int value, int end) throws WireException {
		byte first = buffer[value];
		if (isNamed(buffer, base, METHOD)) {
			method(buffer, base, value, end);
		}
		else if (isNamed(buffer, base, PARAMS)) {
			this.params = (first == 'n') ? 0 : first;
			this.argumentStart = (first == '[') ? elementStart() : -1;
			this.argumentEnd = elementEnd();
			this.objects = objectCount();
			this.arrays = arrayCount();
			this.scalars = scalarCount();
			this.names = nameCount();
			this.rareNames = rareName();
		}
		else if (isNamed(buffer, base, ID)) {
			if (end - value > MAX_ID_BYTES) {
				throw new WireException(
						"request id: " + (end - value) + " bytes (limit: " + MAX_ID_BYTES + " bytes, fixed)", null,
						true);
			}
			this.idStart = value - base;
			this.idEnd = (first == 'n') ? this.idStart : end - base;
		}
		else if (isNamed(buffer, base, Extensions.TIME_LEFT_NAME)) {
			this.extended = true;
			this.timeLeftStart = (first == 'n') ? -1 : value - base;
			this.timeLeftEnd = end - base;
		}
		else if (isNamed(buffer, base, Extensions.META_NAME)) {
			this.metaStart = (first == 'n') ? -1 : value - base;
			this.metaEnd = end - base;
		}
	}

	private void method(byte[] buffer, int base, int value, int end) throws WireException {
		byte first = buffer[value];
		if (first == '"') {
			this.methodStart = value + 1 - base;
			this.methodEnd = end - 1 - base;
			this.methodEscaped = valueEscaped();
		}
		else if (first != 'n') {
			throw unexpected(buffer, base, value, end, "a string for the method");
		}
	}

	int methodStart() {
		return this.methodStart;
	}

	int methodEnd() {
		return this.methodEnd;
	}

	boolean methodEscaped() {
		return this.methodEscaped;
	}

	int idStart() {
		return this.idStart;
	}

	int idEnd() {
		return this.idEnd;
	}

	byte params() {
		return this.params;
	}

	int argumentStart() {
		return this.argumentStart;
	}

	int argumentEnd() {
		return this.argumentEnd;
	}

	int objects() {
		return this.objects;
	}

	int arrays() {
		return this.arrays;
	}

	int scalars() {
		return this.scalars;
	}

	int names() {
		return this.names;
	}

	boolean rareNames() {
		return this.rareNames;
	}

	// Whether the request is an extended peer's.
	boolean extended() {
		return this.extended;
	}

	// The time left, or -1.
	int timeLeftStart() {
		return this.timeLeftStart;
	}

	int timeLeftEnd() {
		return this.timeLeftEnd;
	}

	// The metadata, or -1.
	int metaStart() {
		return this.metaStart;
	}

	int metaEnd() {
		return this.metaEnd;
	}

}
