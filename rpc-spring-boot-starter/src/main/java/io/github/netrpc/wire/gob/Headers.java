package io.github.netrpc.wire.gob;

import java.util.List;

import io.github.netrpc.gob.Gob;
import io.github.netrpc.gob.GobRowType;
import io.github.netrpc.gob.GobRowType.Field;
import io.github.netrpc.type.TypeRef;
import io.github.netrpc.wire.MetadataLimits;

/**
 * The headers of {@code net/rpc}, and ours, which begin with the same fields. Zero fields
 * are not on the wire, and fields that a reader does not know are skipped (vectors
 * {@code gob_add}, {@code raw_extra_header_fields}). <pre>
 * Request  { ServiceMethod string; Seq uint }
 * Response { ServiceMethod string; Seq uint; Error string }
 *
 * Request  { ServiceMethod string; Seq uint; TimeLeft int; Meta map[string]string }
 * Response { ServiceMethod string; Seq uint; Error string
 *            Code uint; Known uint; Absent bool; Meta map[string]string }
 * </pre> What comes is read as ours, whatever it is: a peer is an extended one if the
 * type it defines has {@code TimeLeft}, or {@code Code} in a reply, also where they are
 * zero. Of others, a {@code Meta} is their own, but in a request that could be ours it is
 * read: they may have a token to show. A field of ours that does not fit costs the call,
 * not the header.
 */
final class Headers {

	static final int METHOD = 0;

	static final int SEQ = 1;

	static final int ERROR = 2;

	static final int TIME_LEFT = 2;

	static final int REQUEST_META = 3;

	static final int CODE = 3;

	static final int KNOWN = 4;

	static final int ABSENT = 5;

	static final int RESPONSE_META = 6;

	/** The number of a reply that belongs to no call, 2^64-1. */
	static final long NOTICE = -1;

	private final Gob gob;

	private final GobRowType stockRequest;

	private final GobRowType stockResponse;

	private final GobRowType request;

	private final GobRowType response;

	Headers(Gob gob) {
		this.gob = gob;
		Field method = Field.text("ServiceMethod");
		Field seq = Field.uint("Seq");
		Field error = Field.text("Error");
		this.stockRequest = gob.row("Request", List.of(method, seq));
		this.stockResponse = gob.row("Response", List.of(method, seq, error));
		Field meta = Field.texts("Meta", gob.type(new TypeRef<>() {
		}), MetadataLimits.MAX_ENTRIES, MetadataLimits.MAX_BYTES).lenient();
		this.request = gob.row("Request", List.of(method, seq, Field.integer("TimeLeft").lenient(), meta));
		this.response = gob.row("Response", List.of(method, seq, error, Field.uint("Code").lenient(),
				Field.uint("Known").lenient(), Field.bool("Absent").lenient(), meta));
	}

	Gob gob() {
		return this.gob;
	}

	GobRowType stockRequest() {
		return this.stockRequest;
	}

	GobRowType stockResponse() {
		return this.stockResponse;
	}

	GobRowType request() {
		return this.request;
	}

	GobRowType response() {
		return this.response;
	}

}
