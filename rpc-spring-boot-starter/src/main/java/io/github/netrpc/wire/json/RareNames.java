package io.github.netrpc.wire.json;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.JsonRecyclerPools;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.deser.DeserializationContextExt;
import tools.jackson.databind.json.JsonMapper;

import io.github.netrpc.wire.WireLimits;

/**
 * Reads the rare values in which a name is longer than the mapper takes, or has half a
 * surrogate pair, which it takes in strings only: a key of a map may be any string.
 * Immutable and thread-safe.
 *
 * <p>
 * The mapper's parsers keep thousands of the names that they have seen, so that those of
 * a class cost nothing. Were names of any length among them, a peer could leave gigabytes
 * there for ever. These parsers keep none, nor the buffers that grew with them.
 */
final class RareNames {

	private final JsonMapper mapper;

	private final JsonFactory factory;

	private RareNames(JsonMapper mapper, JsonFactory factory) {
		this.mapper = mapper;
		this.factory = factory;
	}

	static RareNames of(JsonMapper mapper, WireLimits limits) {
		JsonFactory kept = mapper.tokenStreamFactory();
		int longest = Math.max(kept.streamReadConstraints().getMaxNameLength(), limits.maxStringBytes());
		return new RareNames(mapper,
				kept.rebuild()
					.streamReadConstraints(kept.streamReadConstraints().rebuild().maxNameLength(longest).build())
					.disable(TokenStreamFactory.Feature.CANONICALIZE_PROPERTY_NAMES)
					.recyclerPool(JsonRecyclerPools.nonRecyclingPool())
					.build());
	}

	// The longest name that is not rare, in bytes of the text between its quotes. Without
	// its escapes it may be shorter, and common; never longer.
	int longestCommonName() {
		return this.mapper.tokenStreamFactory().streamReadConstraints().getMaxNameLength();
	}

	// What reading takes beside the value, of a text of so many bytes.
	static long textBytes(int length) {
		return (long) Character.BYTES * length;
	}

	// From characters, as Jackson's parsers of bytes have to keep names; from an array of
	// them, as all others begin with a buffer of 8 KB.
	@Nullable Object read(ObjectReader reader, byte[] buffer, int offset, int length) {
		CharBuffer text = text(buffer, offset, length);
		DeserializationContextExt context = this.mapper._deserializationContext();
		try (JsonParser parser = context
			.assignAndReturnParser(this.factory.createParser(context, text.array(), 0, text.position()))) {
			return reader.readValue(parser);
		}
	}

	// No character has less than one byte, nor has what stands for bytes that are none.
	private static CharBuffer text(byte[] buffer, int offset, int length) {
		CharBuffer text = CharBuffer.allocate(length);
		CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder()
			.onMalformedInput(CodingErrorAction.REPLACE)
			.onUnmappableCharacter(CodingErrorAction.REPLACE);
		decoder.decode(ByteBuffer.wrap(buffer, offset, length), text, true);
		decoder.flush(text);
		return text;
	}

}
