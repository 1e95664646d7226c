package io.github.netrpc.json;

import java.util.List;

import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.core.util.JsonRecyclerPools;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.cfg.DateTimeFeature;
import tools.jackson.databind.cfg.EnumFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.type.LogicalType;

/**
 * Makes the mapper of the RPC port: Java values as the text that Go's
 * {@code encoding/json} would write, and back by Go's rules. An application's own mapper
 * is never used, since what suits a web page (lenient numbers, polymorphic types) is
 * wrong or dangerous here.
 *
 * <p>
 * Numbers keep their kind: {@code 1.0}, {@code 1e1} and {@code "1"} are no integers.
 * Member names match exactly first, then ignoring case. Absent and null members are
 * {@code 0}, {@code ""} and empty containers for primitives, durations, strings and
 * containers, and null or empty for everything else.
 *
 * @since 0.1.0
 */
public final class RpcJsonMapper {

	/**
	 * Parsers keep the names that they have seen, some 6,000 of them: these may take 12
	 * MB. Longer names are read in another way, which keeps none.
	 */
	private static final int MAX_KEPT_NAME_LENGTH = 1024;

	private RpcJsonMapper() {
	}

	/**
	 * Makes a mapper.
	 * @param limits bounds on the text of one value
	 * @param customizers changes, in their order
	 * @return a new mapper, thread-safe
	 * @throws IllegalStateException if a customizer switched default typing on
	 */
	public static JsonMapper create(Limits limits, List<? extends RpcJsonMapperCustomizer> customizers) {
		JsonMapper.Builder builder = JsonMapper.builder(factory(limits));
		builder.addModule(new GoModule());
		features(builder);
		customizers.forEach((customizer) -> customizer.customize(builder));
		builder.polymorphicTypeValidator(new NoClassNames());
		JsonMapper mapper = builder.build();
		if (mapper.deserializationConfig().getDefaultTyper(mapper.constructType(Object.class)) != null
				|| mapper.serializationConfig().getDefaultTyper(mapper.constructType(Object.class)) != null) {
			throw new IllegalStateException("RpcJsonMapperCustomizer: default typing is on (expected: off, since it "
					+ "lets a peer name the classes to create)");
		}
		return mapper;
	}

	private static JsonFactory factory(Limits limits) {
		StreamReadConstraints constraints = StreamReadConstraints.builder()
			.maxNestingDepth(limits.depth())
			.maxStringLength(limits.stringLength())
			.maxNumberLength(limits.numberLength())
			.maxDocumentLength(limits.documentLength())
			.maxNameLength(Math.min(MAX_KEPT_NAME_LENGTH, limits.stringLength()))
			.build();
		return JsonFactory.builder()
			.streamReadConstraints(constraints)
			// The event loops read; threads that come and go have writers that stay in
			// their buffers.
			.recyclerPool(JsonRecyclerPools.threadLocalPool())
			// Every range handed to a parser is UTF-8, never UTF-16 in disguise.
			.disable(TokenStreamFactory.Feature.CHARSET_DETECTION)
			.disable(TokenStreamFactory.Feature.INTERN_PROPERTY_NAMES)
			.disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
			.enable(StreamReadFeature.USE_FAST_DOUBLE_PARSER)
			.enable(StreamReadFeature.USE_FAST_BIG_NUMBER_PARSER)
			.enable(StreamWriteFeature.USE_FAST_DOUBLE_WRITER)
			.disable(StreamWriteFeature.AUTO_CLOSE_CONTENT)
			.disable(JsonWriteFeature.WRITE_NAN_AS_STRINGS)
			.disable(JsonWriteFeature.WRITE_HEX_UPPER_CASE)
			.characterEscapes(new GoCharacterEscapes())
			.build();
	}

	private static void features(JsonMapper.Builder builder) {
		builder.enable(MapperFeature.ACCEPT_CASE_INSENSITIVE_PROPERTIES, MapperFeature.USE_STATIC_TYPING)
			.disable(MapperFeature.ALLOW_COERCION_OF_SCALARS, MapperFeature.SORT_PROPERTIES_ALPHABETICALLY,
					MapperFeature.DEFAULT_VIEW_INCLUSION)
			.disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
					DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES,
					DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES,
					DeserializationFeature.FAIL_ON_TRAILING_TOKENS, DeserializationFeature.ACCEPT_FLOAT_AS_INT)
			.disable(DateTimeFeature.ADJUST_DATES_TO_CONTEXT_TIME_ZONE)
			.disable(EnumFeature.WRITE_ENUMS_USING_TO_STRING, EnumFeature.READ_ENUMS_USING_TO_STRING)
			.enable(EnumFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
			.disable(SerializationFeature.FAIL_ON_EMPTY_BEANS)
			.withCoercionConfig(LogicalType.Enum,
					(enums) -> enums.setCoercion(CoercionInputShape.EmptyString, CoercionAction.AsNull));
	}

	/**
	 * Bounds on the text of one value.
	 *
	 * @param depth nesting of objects and lists
	 * @param stringLength size of one string
	 * @param numberLength size of one number
	 * @param documentLength size of the whole text, in bytes
	 * @since 0.1.0
	 */
	public record Limits(int depth, int stringLength, int numberLength, long documentLength) {

	}

}
