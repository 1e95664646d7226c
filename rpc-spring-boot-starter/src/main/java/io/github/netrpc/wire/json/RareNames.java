package io.github.netrpc.wire.json;

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

	// From characters, as Jackson's parsers of bytes have to keep names; from an array of
	// them, as all others begin with a buffer of 8 KB.
	@Nullable Object read(ObjectReader reader, byte[] buffer, int offset, int length) {
		char[] text = new String(buffer, offset, length, StandardCharsets.UTF_8).toCharArray();
		DeserializationContextExt context = this.mapper._deserializationContext();
		try (JsonParser parser = context
			.assignAndReturnParser(this.factory.createParser(context, text, 0, text.length))) {
			return reader.readValue(parser);
		}
	}

}
