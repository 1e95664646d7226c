package io.github.netrpc.wire;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.github.netrpc.ServiceMethod;
import io.github.netrpc.gob.GobTypes;
import io.github.netrpc.gob.PropertyNames;
import io.github.netrpc.json.RpcJsonMapper;
import io.github.netrpc.type.TypeRef;
import io.github.netrpc.wire.gob.GobWireFormat;
import io.github.netrpc.wire.json.JsonWireFormat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What the application's own classes throw while a value is read or written costs that
 * value only, and what the peer is told names none of them (reliability S17).
 */
class ApplicationFailuresTests {

	private static final ServiceMethod METHOD = ServiceMethod.of("Any", "Thing");

	@ParameterizedTest
	@CsvSource({ "gob,1", "gob,2", "gob,3", "gob,4", "json,1", "json,2", "json,3", "json,4" })
	void constructorsThatThrowCostTheirCallOnly(String name, int failure) throws Exception {
		Talk talk = new Talk(name);
		Request request = talk.argument(new Sent(failure), new TypeRef<Sent>() {
		}, new TypeRef<SecretArg>() {
		});
		assertThat(request.reason).isNotNull().doesNotContain("Secret").doesNotContain("hush");
		assertThat(request.cause).isInstanceOf(List
			.of(AssertionError.class, NoClassDefFoundError.class, IllegalStateException.class, StackOverflowError.class)
			.get(failure - 1));
		talk.staysInStep();
	}

	@ParameterizedTest
	@ValueSource(strings = { "gob", "json" })
	void classesThatCannotBeInitialisedCostTheirCallOnly(String name) throws Exception {
		Talk talk = new Talk(name);
		for (int i = 0; i < 2; i++) {
			String reason = talk.argument(new Sent(1), new TypeRef<Sent>() {
			}, (name.equals("gob")) ? new TypeRef<SecretGobStatic>() {
			} : new TypeRef<SecretJsonStatic>() {
			}).reason;
			assertThat(reason).isNotNull().doesNotContain("Secret").doesNotContain("hush");
		}
		talk.staysInStep();
	}

	@ParameterizedTest
	@ValueSource(strings = { "gob", "json" })
	void settersKeysAndCollectionsThatThrowCostTheirCallOnly(String name) throws Exception {
		Talk talk = new Talk(name);
		Request setter = talk.argument(new Sent(1), new TypeRef<Sent>() {
		}, new TypeRef<SecretBean>() {
		});
		assertThat(setter.reason).isNotNull().doesNotContain("Secret");
		assertThat(setter.cause).hasMessage("hush");
		Request list = talk.argument(List.of(1), new TypeRef<List<Integer>>() {
		}, new TypeRef<SecretList>() {
		});
		assertThat(list.reason).isNotNull().doesNotContain("Secret");
		assertThat(list.cause).hasMessage("hush");
		talk.staysInStep();
	}

	@ParameterizedTest
	@ValueSource(strings = { "gob", "json" })
	void wantOfMemoryIsNobodysMisfit(String name) {
		Talk talk = new Talk(name);
		assertThatExceptionOfType(OutOfMemoryError.class)
			.isThrownBy(() -> talk.argument(new Sent(5), new TypeRef<Sent>() {
			}, new TypeRef<SecretArg>() {
			}));
	}

	@ParameterizedTest
	@CsvSource({ "gob,1", "gob,2", "gob,3", "gob,4", "json,1", "json,2", "json,3", "json,4" })
	void accessorsThatThrowSendNothing(String name, int failure) throws Exception {
		Talk talk = new Talk(name);
		MessageBuffer buffer = talk.format.newBuffer();
		ValuePlan plan = talk.plan(new TypeRef<List<SecretGetter>>() {
		});
		assertThatExceptionOfType(EncodeException.class).isThrownBy(() -> talk.client.encodeRequest(METHOD, 0, 0,
				Map.of(), List.of(new SecretGetter(0), new SecretGetter(failure)), plan, buffer));
		assertThat(buffer.size()).isZero();
		talk.staysInStep();
	}

	@ParameterizedTest
	@EnumSource
	void misfitsNameNoJavaClassOverGob(Misfit misfit) throws Exception {
		check("gob", misfit);
	}

	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "SHAPE")
	void misfitsNameNoJavaClassOverJson(Misfit misfit) throws Exception {
		check("json", misfit);
	}

	private static void check(String name, Misfit misfit) throws Exception {
		Talk talk = new Talk(name);
		assertThat(talk.argument(misfit.value, misfit.sent, misfit.received).reason).isNotNull()
			.doesNotContain("Secret", "java", "Integer", "UUID", "Decimal", "String", "List", "Map", "Duration",
					"Object", "Exception");
		talk.staysInStep();
	}

	private static void fail(int failure) {
		switch (failure) {
			case 1 -> throw new AssertionError("hush");
			case 2 -> throw new NoClassDefFoundError("hush");
			case 3 -> throw new IllegalStateException("hush");
			case 4 -> fail(failure);
			case 5 -> throw new OutOfMemoryError("not really");
			default -> {
			}
		}
	}

	private static Object explode() {
		throw new IllegalStateException("hush");
	}

	record Sent(int a) {
	}

	record SecretArg(int a) {

		SecretArg {
			fail(a);
		}

	}

	record SecretGobStatic(int a) {

		static final Object FAILED = explode();

	}

	record SecretJsonStatic(int a) {

		static final Object FAILED = explode();

	}

	record SecretGetter(int a) {

		@Override
		public int a() {
			fail(this.a);
			return this.a;
		}

	}

	public static class SecretBean {

		public int getA() {
			return 0;
		}

		public void setA(int a) {
			fail(a);
		}

	}

	static class SecretList extends ArrayList<Integer> {

		private static final long serialVersionUID = 1L;

		SecretList() {
			fail(1);
		}

	}

	enum SecretColor {

		RED

	}

	interface SecretShape {

	}

	record SecretSquare(int a) implements SecretShape {
	}

	record SecretHolder(SecretArg inner) {
	}

	record SentHolder(String inner) {
	}

	enum Misfit {

		ENUM("PURPLE", new TypeRef<String>() {
		}, new TypeRef<SecretColor>() {
		}), STRUCT("x", new TypeRef<String>() {
		}, new TypeRef<SecretArg>() {
		}), NO_FIELD(new SentHolder("x"), new TypeRef<SentHolder>() {
		}, new TypeRef<SecretHolder>() {
		}), STRUCTS(List.of("x"), new TypeRef<List<String>>() {
		}, new TypeRef<List<SecretArg>>() {
		}), VALUES("x", new TypeRef<String>() {
		}, new TypeRef<Map<String, SecretArg>>() {
		}), SHAPE(new SecretArg(0), new TypeRef<Object>() {
		}, new TypeRef<SecretShape>() {
		}), NUMBER("x", new TypeRef<String>() {
		}, new TypeRef<Integer>() {
		}), PRIMITIVES(List.of("x"), new TypeRef<List<String>>() {
		}, new TypeRef<int[]>() {
		}), ID("x", new TypeRef<String>() {
		}, new TypeRef<UUID>() {
		}), DECIMAL("x", new TypeRef<String>() {
		}, new TypeRef<BigDecimal>() {
		}), CONSTRUCTOR(new Sent(1), new TypeRef<Sent>() {
		}, new TypeRef<SecretArg>() {
		}), COLLECTION("x", new TypeRef<String>() {
		}, new TypeRef<SecretList>() {
		});

		private final Object value;

		private final TypeRef<?> sent;

		private final TypeRef<?> received;

		Misfit(Object value, TypeRef<?> sent, TypeRef<?> received) {
			this.value = value;
			this.sent = sent;
			this.received = received;
		}

	}

	/** A client and a server of one format, and the bytes between them. */
	private static final class Talk implements RequestSink, MessageBuffer.Output {

		private final WireFormat format;

		private final ClientCodec client;

		private final ServerCodec server;

		private byte[] bytes = new byte[0];

		private @Nullable ValuePlan plan;

		private @Nullable Request last;

		Talk(String name) {
			Supplier<WireFormat> gob = () -> new GobWireFormat(WireLimits.DEFAULT,
					GobTypes.builder()
						.register("main.Arg", SecretArg.class)
						.register("main.Square", SecretSquare.class)
						.build(),
					PropertyNames.standard());
			this.format = name.equals("gob") ? gob.get() : new JsonWireFormat(WireLimits.DEFAULT,
					RpcJsonMapper.create(JsonWireFormat.mapperLimits(WireLimits.DEFAULT), List.of()));
			this.client = this.format.clientCodec();
			this.server = this.format.serverCodec();
		}

		ValuePlan plan(TypeRef<?> type) {
			return this.format.plan(new ValueShape.Value(type.annotatedType()));
		}

		Request argument(Object value, TypeRef<?> sent, TypeRef<?> received) throws Exception {
			this.plan = plan(received);
			MessageBuffer buffer = this.format.newBuffer();
			this.client.encodeRequest(METHOD, 0, 0, Map.of(), value, plan(sent), buffer);
			this.bytes = new byte[0];
			buffer.writeTo(this);
			this.last = null;
			assertThat(this.server.decode(this.bytes, 0, this.bytes.length, this)).isEqualTo(this.bytes.length);
			Request request = this.last;
			assertThat(request).isNotNull();
			return request;
		}

		void staysInStep() throws Exception {
			Request next = argument(new Sent(42), new TypeRef<Sent>() {
			}, new TypeRef<Sent>() {
			});
			assertThat(next.argument).isEqualTo(new Sent(42));
			assertThat(next.reason).isNull();
		}

		@Override
		public IncomingRequest begin(byte[] buffer, int from, int to) {
			this.last = new Request(this.plan);
			return this.last;
		}

		@Override
		public boolean wantsMore() {
			return true;
		}

		@Override
		public void write(byte[] source, int offset, int length) {
			int before = this.bytes.length;
			this.bytes = Arrays.copyOf(this.bytes, before + length);
			System.arraycopy(source, offset, this.bytes, before, length);
		}

	}

	private static final class Request extends IncomingRequest {

		private final @Nullable ValuePlan plan;

		private @Nullable Object argument;

		private @Nullable String reason;

		private @Nullable Throwable cause;

		Request(@Nullable ValuePlan plan) {
			this.plan = plan;
		}

		@Override
		public byte[] methodName() {
			return METHOD.name().getBytes(StandardCharsets.UTF_8);
		}

		@Override
		public @Nullable ValuePlan argumentPlan() {
			return this.plan;
		}

		@Override
		public void received(@Nullable Object received) {
			this.argument = received;
		}

		@Override
		public void malformed(String why) {
			this.reason = why;
		}

		@Override
		public void malformed(String why, @Nullable Throwable thrown) {
			this.cause = thrown;
			malformed(why);
		}

	}

}
