package io.github.netrpc.server;

import java.lang.reflect.AnnotatedType;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.type.Unsigned;
import io.github.netrpc.wire.ValuePlan;
import io.github.netrpc.wire.ValueShape;

/**
 * The methods that every server has, in a service of their own that belongs to no bean:
 * they keep connections and calls alive or end them, so they run on the I/O thread,
 * outside of all bounds and meters. Any Go client can call them, too. <pre>
 * func (_goRPC_) Ping(struct{}, *struct{}) error        any argument; proves that the server lives
 * func (_goRPC_) Cancel(uint, *struct{}) error          the Seq of a call on the same connection
 * func (_goRPC_) Authenticate(string, *struct{}) error  a token: whose it is makes the later calls
 * </pre>
 */
final class BuiltInMethods {

	static final String SERVICE = "_goRPC_";

	private static final byte[] PING_NAME = (SERVICE + ".Ping").getBytes(StandardCharsets.UTF_8);

	private static final byte[] AUTHENTICATE_NAME = (SERVICE + ".Authenticate").getBytes(StandardCharsets.UTF_8);

	private static final byte[] CANCEL_NAME = (SERVICE + ".Cancel").getBytes(StandardCharsets.UTF_8);

	private final List<Plans> plans;

	BuiltInMethods(List<ServedFormat> formats) {
		AnnotatedType seq = argumentOf("cancel", long.class);
		AnnotatedType token = argumentOf("authenticate", String.class);
		this.plans = formats.stream()
			.map(ServedFormat::format)
			.map((format) -> new Plans(format.plan(ValueShape.EMPTY), format.plan(new ValueShape.Value(seq)),
					format.plan(new ValueShape.Value(token))))
			.toList();
	}

	private static AnnotatedType argumentOf(String method, Class<?> type) {
		try {
			return Calls.class.getDeclaredMethod(method, type).getAnnotatedParameterTypes()[0];
		}
		catch (NoSuchMethodException ex) {
			throw new IllegalStateException(ex);
		}
	}

	Plans plans(ServedFormat format) {
		return this.plans.get(format.index());
	}

	/**
	 * One of the methods.
	 */
	enum Method {

		/** Nothing but an answer. */
		PING,

		/** Cancels a call of the same connection. */
		CANCEL,

		/** Says who makes the later calls of the same connection. */
		AUTHENTICATE;

		/**
		 * Finds a method by its name on the wire.
		 * @return the method, or null if there is none of this name
		 */
		static @Nullable Method find(byte[] buffer, int from, int to) {
			if (Arrays.equals(buffer, from, to, PING_NAME, 0, PING_NAME.length)) {
				return PING;
			}
			if (Arrays.equals(buffer, from, to, CANCEL_NAME, 0, CANCEL_NAME.length)) {
				return CANCEL;
			}
			return Arrays.equals(buffer, from, to, AUTHENTICATE_NAME, 0, AUTHENTICATE_NAME.length) ? AUTHENTICATE
					: null;
		}

		byte[] utf8() {
			return switch (this) {
				case PING -> PING_NAME;
				case CANCEL -> CANCEL_NAME;
				case AUTHENTICATE -> AUTHENTICATE_NAME;
			};
		}

	}

	/**
	 * What one format needs for the methods.
	 *
	 * @param nothing an argument that is skipped, and an empty reply
	 * @param seq the number of a call
	 * @param token a token
	 */
	record Plans(ValuePlan nothing, ValuePlan seq, ValuePlan token) {

	}

	/**
	 * How the arguments look in Java.
	 */
	interface Calls {

		void cancel(@Unsigned long seq);

		void authenticate(String token);

	}

}
