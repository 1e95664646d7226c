package io.github.netrpc.wire.gob;

import java.util.List;

import io.github.netrpc.gob.Gob;
import io.github.netrpc.gob.GobRowType;
import io.github.netrpc.gob.GobRowType.Field;

/**
 * The headers of {@code net/rpc}; zero fields are not on the wire, and others than these
 * are skipped (vectors {@code gob_add}, {@code raw_extra_header_fields}). <pre>
 * Request  { ServiceMethod string; Seq uint }
 * Response { ServiceMethod string; Seq uint; Error string }
 * </pre>
 */
final class Headers {

	static final int METHOD = 0;

	static final int SEQ = 1;

	static final int ERROR = 2;

	private final Gob gob;

	private final GobRowType request;

	private final GobRowType response;

	Headers(Gob gob) {
		this.gob = gob;
		this.request = gob.row("Request", List.of(Field.text("ServiceMethod"), Field.uint("Seq")));
		this.response = gob.row("Response",
				List.of(Field.text("ServiceMethod"), Field.uint("Seq"), Field.text("Error")));
	}

	Gob gob() {
		return this.gob;
	}

	GobRowType request() {
		return this.request;
	}

	GobRowType response() {
		return this.response;
	}

}
