package io.github.netrpc.wire.json;

import java.io.IOException;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

import com.fasterxml.jackson.annotation.JacksonAnnotationsInside;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.annotation.JsonValue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.annotation.JsonDeserialize;
import tools.jackson.databind.annotation.JsonTypeIdResolver;
import tools.jackson.databind.jsontype.BasicPolymorphicTypeValidator;
import tools.jackson.databind.jsontype.impl.ClassNameIdResolver;

import io.github.netrpc.annotation.RpcService;
import io.github.netrpc.json.RpcJsonMapper;
import io.github.netrpc.json.RpcJsonMapperCustomizer;
import io.github.netrpc.method.RpcDefinitionException;
import io.github.netrpc.server.RpcServer;
import io.github.netrpc.type.TypeRef;
import io.github.netrpc.type.UnsupportedTypeException;
import io.github.netrpc.wire.ValueShape;
import io.github.netrpc.wire.WireLimits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * No peer chooses a class by its name: types with such names as their ids stop the start
 * wherever they stand, and what annotations hide from that is not read.
 */
class TypeIdTests {

	private static final AtomicBoolean MADE = new AtomicBoolean();

	private static final JsonWireFormat FORMAT = format(List.of());

	private static JsonWireFormat format(List<RpcJsonMapperCustomizer> customizers) {
		return new JsonWireFormat(WireLimits.DEFAULT,
				RpcJsonMapper.create(JsonWireFormat.mapperLimits(WireLimits.DEFAULT), customizers));
	}

	@BeforeEach
	void nothingIsMadeYet() {
		MADE.set(false);
	}

	static Stream<TypeRef<?>> refused() {
		return Stream.of(new TypeRef<Shape>() {
		}, new TypeRef<Circle>() {
		}, new TypeRef<Minimal>() {
		}, new TypeRef<Custom>() {
		}, new TypeRef<List<Shape>>() {
		}, new TypeRef<Shape[]>() {
		}, new TypeRef<Map<String, Shape>>() {
		}, new TypeRef<Optional<Shape>>() {
		}, new TypeRef<Box>() {
		}, new TypeRef<List<Map<String, Optional<Box>>>>() {
		}, new TypeRef<Generic<Shape>>() {
		}, new TypeRef<Property>() {
		}, new TypeRef<Elements>() {
		}, new TypeRef<Settable>() {
		}, new TypeRef<Gettable>() {
		}, new TypeRef<Unwrapped>() {
		}, new TypeRef<Named>() {
		}, new TypeRef<Own>() {
		}, new TypeRef<As>() {
		});
	}

	@ParameterizedTest
	@MethodSource("refused")
	void classNamesAsTypeIdsStopTheStart(TypeRef<?> type) {
		assertThatExceptionOfType(UnsupportedTypeException.class).isThrownBy(() -> plan(FORMAT, type))
			.withMessageContaining("a peer could name the classes to create");
	}

	@Test
	void resolversOfTheApplicationStopTheStart() {
		for (TypeRef<?> type : List.of(new TypeRef<Resolved>() {
		}, new TypeRef<List<Resolved>>() {
		}, new TypeRef<ResolvedProperty>() {
		})) {
			assertThatExceptionOfType(UnsupportedTypeException.class).isThrownBy(() -> plan(FORMAT, type))
				.withMessageContaining("@JsonTypeIdResolver")
				.withMessageContaining("may let a peer name the classes to create");
		}
	}

	// Annotations name types that the properties do not show.
	static Stream<TypeRef<?>> hidden() {
		return Stream.of(new TypeRef<Delegating>() {
		}, new TypeRef<Text>() {
		}, new TypeRef<Built>() {
		}, new TypeRef<Rest>() {
		}, new TypeRef<Default>() {
		});
	}

	@ParameterizedTest
	@MethodSource("hidden")
	void classNamesAreReadNowhere(TypeRef<?> type) {
		assertNothingIsMade(FORMAT, type);
	}

	@ParameterizedTest
	@MethodSource("hidden")
	void customizerCannotAllowThem(TypeRef<?> type) {
		assertNothingIsMade(format(List.of((builder) -> builder
			.polymorphicTypeValidator(BasicPolymorphicTypeValidator.builder().allowIfBaseType(Object.class).build()))),
				type);
	}

	@Test
	void mixInOfACustomizerIsRefusedToo() {
		JsonWireFormat format = format(List.of((builder) -> builder.addMixIn(Plain.class, Shape.class)));
		assertThatExceptionOfType(UnsupportedTypeException.class)
			.isThrownBy(() -> plan(format, new TypeRef<List<Plain>>() {
			}))
			.withMessageContaining("a peer could name the classes to create");
	}

	private static void assertNothingIsMade(JsonWireFormat format, TypeRef<?> type) {
		String name = Evil.class.getName();
		String evil = "{\"@class\":\"" + name + "\",\"@c\":\"." + name.substring(name.lastIndexOf('.') + 1) + "\"}";
		for (String text : List.of(evil, "[\"" + name + "\",{}]", "{\"shape\":" + evil + "}",
				"{\"shape\":[\"" + name + "\",{}]}", "{\"any\":" + evil + ",\"other\":" + evil + "}")) {
			byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
			try {
				plan(format, type).read(bytes, 0, bytes.length, 4, 4, 9, 9, false);
			}
			catch (UnsupportedTypeException | JsonPlan.MisfitException ex) {
				// Refused at the start, or when it came.
			}
			assertThat(MADE).as("%s of %s", text, type).isFalse();
		}
	}

	@Test
	void serviceWithSuchATypeDoesNotStart() {
		for (Object service : List.of(new Drawing(), new Showing())) {
			assertThatExceptionOfType(RpcDefinitionException.class)
				.isThrownBy(() -> RpcServer.builder()
					.address(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
					.service(service)
					.start()
					.close())
				.withMessageContaining("a peer could name the classes to create");
		}
	}

	@Test
	void objectIsOfTheTextsOwnTypesWhateverItNames() throws IOException {
		try (RpcServer server = RpcServer.builder()
			.address(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
			.service(new Keeping())
			.start(); Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
			String name = Evil.class.getName();
			socket.getOutputStream()
				.write(("{\"method\":\"Keeping.Type\",\"params\":[[\"" + name + "\",{\"@class\":\"" + name
						+ "\"}]],\"id\":1}")
					.getBytes(StandardCharsets.UTF_8));
			socket.shutdownOutput();
			assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
				.contains("\"result\":\"[String, LinkedHashMap]\"");
			assertThat(MADE).isFalse();
		}
	}

	private static JsonPlan plan(JsonWireFormat format, TypeRef<?> type) {
		return (JsonPlan) format.plan(new ValueShape.Value(type.annotatedType()));
	}

	@JsonTypeInfo(use = JsonTypeInfo.Id.CLASS)
	interface Shape {

	}

	record Circle(int radius) implements Shape, Plain {

	}

	/** A class that tells if a peer had it made. */
	public static class Evil implements Shape, Plain {

		Evil() {
			MADE.set(true);
		}

	}

	@JsonTypeInfo(use = JsonTypeInfo.Id.MINIMAL_CLASS)
	abstract static class Minimal {

	}

	@JsonTypeInfo(use = JsonTypeInfo.Id.CUSTOM)
	interface Custom {

	}

	record Box(Shape shape) {

	}

	record Generic<T>(T any) {

	}

	record Property(@JsonTypeInfo(use = JsonTypeInfo.Id.CLASS) Object any) {

	}

	record Elements(@JsonTypeInfo(use = JsonTypeInfo.Id.MINIMAL_CLASS) List<Object> all) {

	}

	public static class Settable {

		public void setShape(Shape shape) {
		}

	}

	public static class Gettable {

		public @Nullable Shape getShape() {
			return null;
		}

	}

	record Unwrapped(@JsonUnwrapped Box box) {

	}

	@JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
	@JsonSubTypes(@JsonSubTypes.Type(value = Boxed.class, name = "boxed"))
	interface Named {

	}

	record Boxed(Shape shape) implements Named {

	}

	@Retention(RetentionPolicy.RUNTIME)
	@JacksonAnnotationsInside
	@JsonTypeInfo(use = JsonTypeInfo.Id.CLASS)
	@interface ByClass {

	}

	record Own(@ByClass Object any) {

	}

	record As(@JsonDeserialize(contentAs = Circle.class) List<Plain> all) {

	}

	interface Plain {

	}

	static final class Delegating {

		@JsonCreator(mode = JsonCreator.Mode.DELEGATING)
		Delegating(Shape shape) {
		}

	}

	static final class Text {

		@JsonValue
		String text() {
			return "";
		}

		@JsonCreator(mode = JsonCreator.Mode.DELEGATING)
		static Text of(Shape shape) {
			return new Text();
		}

	}

	@JsonDeserialize(builder = Built.Builder.class)
	static final class Built {

		public static class Builder {

			public Builder withShape(Shape shape) {
				return this;
			}

			public Built build() {
				return new Built();
			}

		}

	}

	static final class Rest {

		@JsonAnySetter
		void set(String name, Shape shape) {
		}

	}

	@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, defaultImpl = Ordinary.class)
	interface Default {

	}

	record Ordinary(Shape shape) implements Default {

	}

	/** Takes one. */
	@RpcService("Drawing")
	public static class Drawing {

		public int draw(List<Property> properties) {
			return 0;
		}

	}

	/** Returns one. */
	@RpcService("Showing")
	public static class Showing {

		public List<Property> show() {
			return List.of();
		}

	}

	/** Takes anything. */
	@RpcService("Keeping")
	public static class Keeping {

		public String type(Object value) {
			return ((List<?>) value).stream()
				.map((each) -> (each instanceof Map) ? LinkedHashMap.class : each.getClass())
				.map(Class::getSimpleName)
				.toList()
				.toString();
		}

	}

	@JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
	@JsonTypeIdResolver(ClassNameIdResolver.class)
	interface Resolved {

	}

	record ResolvedProperty(
			@JsonTypeInfo(use = JsonTypeInfo.Id.NAME) @JsonTypeIdResolver(ClassNameIdResolver.class) Plain plain) {

	}

}
