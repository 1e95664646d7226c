package io.github.netrpc.wire.json;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Date;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonValue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.annotation.JsonDeserialize;
import tools.jackson.databind.ext.javatime.deser.LocalDateDeserializer;
import tools.jackson.databind.module.SimpleModule;

import io.github.netrpc.json.RpcJsonMapper;
import io.github.netrpc.type.TypeRef;
import io.github.netrpc.type.UnsupportedTypeException;
import io.github.netrpc.wire.ValueShape;
import io.github.netrpc.wire.WireLimits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Which of Java's types a port that speaks only JSON takes.
 */
class JsonTypesTests {

	private static final AtomicBoolean INITIALIZED = new AtomicBoolean();

	private static final JsonWireFormat FORMAT = (JsonWireFormat) new JsonWireFormat.Provider()
		.create(WireLimits.DEFAULT);

	static Stream<Arguments> refused() {
		return Stream.of(Arguments.of(new TypeRef<Class<?>>() {
		}, "java.lang.Class at Class: a peer could name the class to load; use String"),
				Arguments.of(new TypeRef<List<Holder>>() {
				}, "java.lang.Class at List[].type: a peer could name the class to load; use String"),
				Arguments.of(new TypeRef<Map<String, Optional<Class<?>>>>() {
				}, "java.lang.Class at Map{}: a peer could name the class to load; use String"),
				Arguments.of(new TypeRef<Settable>() {
				}, "java.lang.Class at Settable.type: a peer could name the class to load; use String"),
				Arguments.of(new TypeRef<As>() {
				}, "java.lang.Class at As.any.type: a peer could name the class to load; use String"),
				Arguments.of(new TypeRef<JavaType>() {
				}, "tools.jackson.databind.JavaType at JavaType: JSON has no counterpart for it; use a record"),
				Arguments.of(new TypeRef<JsonNode>() {
				}, "JSON has no counterpart for it; use a record"), Arguments.of(new TypeRef<Thread>() {
				}, "java.lang.Thread at Thread: JSON has no counterpart for it; use a record or String"),
				Arguments.of(new TypeRef<LocalDate>() {
				}, "use Instant or OffsetDateTime (time.Time), Duration, or String"),
				Arguments.of(new TypeRef<ZonedDateTime>() {
				}, "use Instant or OffsetDateTime"), Arguments.of(new TypeRef<List<Date>>() {
				}, "java.util.Date at List[]: JSON has no counterpart for it; use Instant"),
				Arguments.of(new TypeRef<Character>() {
				}, "Go has no char; use String, or int for a code point"), Arguments.of(new TypeRef<char[]>() {
				}, "char at char[][]: Go has no char"), Arguments.of(new TypeRef<Number>() {
				}, "use int, long, double, BigInteger or BigDecimal"), Arguments.of(new TypeRef<AtomicLong>() {
				}, "use int, long"), Arguments.of(new TypeRef<AtomicReference<String>>() {
				}, "java.util.concurrent.atomic.AtomicReference at AtomicReference: "),
				Arguments.of(new TypeRef<Iterator<String>>() {
				}, "java.util.Iterator at Iterator: JSON has no counterpart for it; use List"),
				Arguments.of(new TypeRef<URI>() {
				}, "java.net.URI at URI: "), Arguments.of(new TypeRef<Path>() {
				}, "java.nio.file.Path at Path: "), Arguments.of(new TypeRef<Locale>() {
				}, "java.util.Locale at Locale: "));
	}

	@ParameterizedTest(name = "{1}")
	@MethodSource("refused")
	void typeThatGoDoesNotHaveStopsTheStart(TypeRef<?> type, String reason) {
		assertThatExceptionOfType(UnsupportedTypeException.class).isThrownBy(() -> plan(FORMAT, type))
			.withMessageContaining(reason);
	}

	// Annotations name types that the properties do not show.
	static Stream<TypeRef<?>> hidden() {
		return Stream.of(new TypeRef<Built>() {
		}, new TypeRef<Any>() {
		});
	}

	@ParameterizedTest
	@MethodSource("hidden")
	void noReaderOfAClassIsReachedByAnnotations(TypeRef<?> type) {
		JsonPlan plan = plan(FORMAT, type);
		byte[] text = ("{\"any\":{\"type\":\"" + Evil.class.getName() + "\"},\"type\":\"" + Evil.class.getName()
				+ "\"}")
			.getBytes(StandardCharsets.UTF_8);
		assertThatExceptionOfType(JsonPlan.MisfitException.class)
			.isThrownBy(() -> plan.read(text, 0, text.length, 2, 0, 2, 2, false));
		assertThat(INITIALIZED).isFalse();
	}

	@Test
	void javaTypeWithAReaderOfTheApplicationIsTaken() throws Exception {
		JsonWireFormat format = new JsonWireFormat(WireLimits.DEFAULT,
				RpcJsonMapper.create(JsonWireFormat.mapperLimits(WireLimits.DEFAULT),
						List.of((builder) -> builder.addModule(new SimpleModule().addDeserializer(LocalDate.class,
								new LocalDateDeserializer(DateTimeFormatter.BASIC_ISO_DATE) {
								})))));
		byte[] text = "\"20231114\"".getBytes(StandardCharsets.UTF_8);
		assertThat(plan(format, new TypeRef<LocalDate>() {
		}).read(text, 0, text.length, 0, 0, 1, 0, false)).isEqualTo(LocalDate.of(2023, 11, 14));
	}

	@Test
	void typeWithATextOfItsOwnMayHoldWhatItLikes() throws Exception {
		byte[] text = "\"fr\"".getBytes(StandardCharsets.UTF_8);
		assertThat(plan(FORMAT, new TypeRef<Language>() {
		}).read(text, 0, text.length, 0, 0, 1, 0, false)).isEqualTo(new Language(Locale.FRENCH));
	}

	static Stream<Arguments> taken() {
		return Stream.of(Arguments.of(new TypeRef<DayOfWeek>() {
		}, "string"), Arguments.of(new TypeRef<TreeSet<String>>() {
		}, "[]string"), Arguments.of(new TypeRef<OptionalInt>() {
		}, "*int32"), Arguments.of(new TypeRef<Map<String, @Nullable Object>>() {
		}, "map[string]interface {}"));
	}

	@ParameterizedTest(name = "{1}")
	@MethodSource("taken")
	void typeOfTheTableIsTaken(TypeRef<?> type, String goType) {
		assertThat(plan(FORMAT, type).goType()).isEqualTo(goType);
	}

	@ParameterizedTest
	@ValueSource(strings = { "1e400", "[-1e400]", "{\"a\":1e309}" })
	void numberTooLargeForADoubleIsRefusedUnderObjectToo(String text) {
		byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
		JsonPlan plan = plan(FORMAT, new TypeRef<Object>() {
		});
		assertThatExceptionOfType(JsonPlan.MisfitException.class)
			.isThrownBy(() -> plan.read(bytes, 0, bytes.length, 1, 1, 1, 1, false))
			.withMessageEndingWith("(expected: a float64)");
	}

	private static JsonPlan plan(JsonWireFormat format, TypeRef<?> type) {
		return (JsonPlan) format.plan(new ValueShape.Value(type.annotatedType()));
	}

	record Holder(Class<?> type) {

	}

	/** A class that tells if a peer had it loaded. */
	static class Evil {

		static {
			INITIALIZED.set(true);
		}

	}

	public static class Settable {

		public String getType() {
			return "";
		}

		public void setType(Class<?> type) {
		}

	}

	interface Shown {

	}

	record As(@JsonDeserialize(as = Hidden.class) Shown any) {

	}

	record Hidden(Class<?> type) implements Shown {

	}

	@JsonDeserialize(builder = Built.Builder.class)
	static final class Built {

		public static class Builder {

			public Builder withType(Class<?> type) {
				return this;
			}

			public Built build() {
				return new Built();
			}

		}

	}

	record Any(Poly any) {

	}

	@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, defaultImpl = Hider.class)
	interface Poly {

	}

	record Hider(Class<?> type) implements Poly {

	}

	record Language(Locale locale) {

		@JsonValue
		String tag() {
			return this.locale.toLanguageTag();
		}

		@JsonCreator(mode = JsonCreator.Mode.DELEGATING)
		static Language of(String tag) {
			return new Language(Locale.forLanguageTag(tag));
		}

	}

}
