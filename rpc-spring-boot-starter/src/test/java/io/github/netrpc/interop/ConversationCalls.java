package io.github.netrpc.interop;

import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

import io.github.netrpc.interop.ConversationServices.Args;
import io.github.netrpc.interop.ConversationServices.Box;
import io.github.netrpc.interop.ConversationServices.Empty;
import io.github.netrpc.interop.ConversationServices.Event;
import io.github.netrpc.interop.ConversationServices.Others;
import io.github.netrpc.interop.ConversationServices.Point;
import io.github.netrpc.interop.ConversationServices.Quotient;
import io.github.netrpc.type.TypeRef;

/**
 * The calls that Go's clients made in the recorded conversations, as Java makes them.
 */
public final class ConversationCalls {

	private ConversationCalls() {
	}

	/**
	 * Makes the argument that Go's client sent.
	 * @param call the call, as the vector has it
	 * @return the argument, or null if it was nil
	 */
	public static @Nullable Object argument(JsonNode call) {
		JsonNode args = call.get("args");
		if (args.isString()) {
			return args.asString();
		}
		if (args.isIntegralNumber()) {
			return args.longValue();
		}
		if (args.isNull()) {
			return null;
		}
		if (args.has("A")) {
			return new Args(args.get("A").longValue(), args.get("B").longValue());
		}
		if (args.has("C")) {
			return new Others(args.get("C").longValue(), args.get("D").longValue());
		}
		if (args.has("V")) {
			JsonNode point = args.get("V").get("value");
			return new Box(new Point(point.get("X").longValue(), point.get("Y").longValue()));
		}
		if (args.has("At")) {
			return new Event(args.get("Name").stringValue(),
					OffsetDateTime.parse(args.get("At").get("$time").stringValue()), null,
					Duration.ofNanos(args.get("Took").longValue()));
		}
		if (!args.isEmpty()) {
			throw new IllegalStateException("No value for the arguments of " + call);
		}
		return new Empty();
	}

	/**
	 * Whether Go's server sent nothing for a call, and its client would have waited for
	 * ever.
	 * @param call the call, as the vector has it
	 * @return false if the call ended
	 */
	public static boolean isUnanswered(JsonNode call) {
		return call.path("error").asString("").startsWith("NO ANSWER");
	}

	/**
	 * The declared type of an argument.
	 * @param argument what {@link #argument} returned
	 * @return its type; any struct's for nil
	 */
	public static TypeRef<?> type(@Nullable Object argument) {
		if (argument instanceof String) {
			return new TypeRef<String>() {
			};
		}
		if (argument instanceof Long) {
			return new TypeRef<Long>() {
			};
		}
		if (argument instanceof Others) {
			return new TypeRef<Others>() {
			};
		}
		if (argument instanceof Event) {
			return new TypeRef<Event>() {
			};
		}
		if (argument instanceof Empty) {
			return new TypeRef<Empty>() {
			};
		}
		return new TypeRef<Args>() {
		};
	}

	/**
	 * Which type Go's client read the reply into.
	 * @param conversation the name of the vector
	 * @param call the call
	 * @return its counterpart
	 */
	public static TypeRef<?> reply(String conversation, JsonNode call) {
		if (conversation.endsWith("_wrong_reply")) {
			return new TypeRef<String>() {
			};
		}
		return switch (call.get("method").asString()) {
			case "Arith.Divide" -> new TypeRef<Quotient>() {
			};
			case "Echo.Upper", "Echo.EmptyError" -> new TypeRef<String>() {
			};
			case "Echo.Ints" -> new TypeRef<List<Long>>() {
			};
			case "Echo.Table" -> new TypeRef<Map<String, Long>>() {
			};
			case "Echo.Nothing" -> new TypeRef<Empty>() {
			};
			case "Echo.Event" -> new TypeRef<Event>() {
			};
			case "Echo.Box", "Echo.BadReply" -> new TypeRef<Box>() {
			};
			case "Echo.Ptr" -> new TypeRef<Args>() {
			};
			case "Echo.Float" -> new TypeRef<Double>() {
			};
			default -> new TypeRef<Long>() {
			};
		};
	}

}
