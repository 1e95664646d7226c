package io.github.netrpc.wire.json;

import java.lang.reflect.AnnotatedType;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

import io.github.netrpc.RpcCode;
import io.github.netrpc.type.TypeRef;
import io.github.netrpc.wire.EncodeException;
import io.github.netrpc.wire.IncomingRequest;
import io.github.netrpc.wire.RequestSink;
import io.github.netrpc.wire.ServerCodec;
import io.github.netrpc.wire.ValuePlan;
import io.github.netrpc.wire.ValueShape;
import io.github.netrpc.wire.WireException;
import io.github.netrpc.wire.WireFormat;

/**
 * The services of the golden conversations behind one server codec, answering in the
 * order of arrival.
 */
final class VectorServer implements RequestSink {

	private static final TypeRef<Long> INT = new TypeRef<>() {
	};

	private final Map<String, Method> methods = new HashMap<>();

	private final WireFormat format;

	private final ServerCodec codec;

	final List<String> replies = new ArrayList<>();

	VectorServer(WireFormat format) {
		this.format = format;
		this.codec = format.serverCodec();
		add("Arith.Add", new TypeRef<Args>() {
		}, INT, (args) -> args.a + args.b);
		add("math.v1.Arith.Add", new TypeRef<Args>() {
		}, INT, (args) -> args.a + args.b);
		add("Arith.Multiply", new TypeRef<Args>() {
		}, INT, (args) -> args.a * args.b);
		add("Arith.Divide", new TypeRef<Args>() {
		}, new TypeRef<Quotient>() {
		}, VectorServer::divide);
		add("Arith.Sleep", INT, INT, Function.identity());
		add("Echo.Upper", new TypeRef<String>() {
		}, new TypeRef<String>() {
		}, String::toUpperCase);
		add("Echo.Ints", new TypeRef<Integer>() {
		}, new TypeRef<List<Integer>>() {
		}, (count) -> java.util.stream.IntStream.range(0, count).boxed().toList());
		add("Echo.Table", new TypeRef<Integer>() {
		}, new TypeRef<Map<String, Integer>>() {
		}, (count) -> (count == 0) ? new TreeMap<>() : new TreeMap<>(Map.of("k", 0)));
		add("Echo.EmptyError", INT, new TypeRef<String>() {
		}, (argument) -> "kept");
		add("Echo.Event", new TypeRef<Event>() {
		}, new TypeRef<Event>() {
		}, Function.identity());
		add("Echo.Ptr", INT, new TypeRef<Args>() {
		}, (argument) -> null);
		add("Echo.Float", new TypeRef<String>() {
		}, new TypeRef<Double>() {
		}, (text) -> text.equals("nan") ? Double.NaN : Double.parseDouble(text));
		this.methods.put("Echo.Nothing",
				new Method(format.plan(ValueShape.EMPTY), format.plan(ValueShape.EMPTY), (argument) -> null));
	}

	private static Quotient divide(Args args) {
		if (args.b == 0) {
			throw new ArithmeticException("divide by zero");
		}
		return new Quotient(args.a / args.b, args.a % args.b);
	}

	@SuppressWarnings("unchecked")
	private <A, R> void add(String name, TypeRef<A> argument, TypeRef<R> reply, Function<A, @Nullable R> function) {
		this.methods.put(name, new Method(plan(argument.annotatedType()), plan(reply.annotatedType()),
				(Function<@Nullable Object, @Nullable Object>) (Function<?, ?>) function));
	}

	private ValuePlan plan(AnnotatedType type) {
		return this.format.plan(new ValueShape.Value(type));
	}

	/** Feeds bytes in pieces; true if the codec refused them. */
	boolean feed(byte[] bytes, int pieceSize) {
		int consumed = 0;
		for (int to = Math.min(pieceSize, bytes.length); consumed < bytes.length; to = Math.min(to + pieceSize,
				bytes.length)) {
			// Moved, to prove that the codec keeps no index into the buffer.
			byte[] moved = new byte[to - consumed + 3];
			System.arraycopy(bytes, consumed, moved, 3, to - consumed);
			try {
				consumed += this.codec.decode(moved, 3, moved.length, this);
			}
			catch (WireException ex) {
				return true;
			}
			if (to == bytes.length) {
				break;
			}
		}
		return false;
	}

	@Override
	public IncomingRequest begin(byte[] buffer, int from, int to) {
		return new Call(Arrays.copyOfRange(buffer, from, to));
	}

	@Override
	public boolean wantsMore() {
		return true;
	}

	record Args(@JsonProperty("A") long a, @JsonProperty("B") long b) {

	}

	record Quotient(@JsonProperty("Quo") long quo, @JsonProperty("Rem") long rem) {

	}

	record Event(@JsonProperty("Name") String name, @JsonProperty("At") OffsetDateTime at,
			@JsonProperty("Opt") @Nullable OffsetDateTime opt, @JsonProperty("Took") Duration took) {

	}

	private record Method(ValuePlan argument, ValuePlan reply, Function<@Nullable Object, @Nullable Object> function) {

	}

	private final class Call extends IncomingRequest {

		private final byte[] name;

		private final @Nullable Method method;

		private final JsonBuffer out = (JsonBuffer) VectorServer.this.format.newBuffer();

		Call(byte[] name) {
			this.name = name;
			this.method = VectorServer.this.methods.get(new String(name, StandardCharsets.UTF_8));
		}

		@Override
		public byte[] methodName() {
			return this.name;
		}

		@Override
		public @Nullable ValuePlan argumentPlan() {
			return (this.method != null) ? this.method.argument() : null;
		}

		@Override
		public void received(@Nullable Object argument) {
			if (this.method == null) {
				String text = new String(this.name, StandardCharsets.UTF_8);
				int dot = text.lastIndexOf('.');
				malformed(
						((dot < 0) ? "rpc: service/method request ill-formed: " : text.substring(0, dot).equals("Arith")
								? "rpc: can't find method " : "rpc: can't find service ") + text);
				return;
			}
			try {
				VectorServer.this.codec.encodeReply(this, this.method.function().apply(argument), this.method.reply(),
						Map.of(), this.out);
				sent();
			}
			catch (EncodeException | ArithmeticException ex) {
				malformed(String.valueOf(ex.getMessage()));
			}
		}

		@Override
		public void malformed(String reason) {
			VectorServer.this.codec.encodeError(this, RpcCode.UNKNOWN, null, reason, Map.of(), this.out);
			sent();
		}

		private void sent() {
			VectorServer.this.replies.add(new String(this.out.toByteArray(), StandardCharsets.UTF_8));
		}

	}

}
