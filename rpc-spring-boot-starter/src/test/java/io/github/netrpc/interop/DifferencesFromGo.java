package io.github.netrpc.interop;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Where we mean to differ from Go, each with its reason and what happens instead: the one
 * list. A vector that is not here must come out as in Go, and one that is here exactly as
 * it says. An entry that says what Go does, too, or that no test asks for, fails.
 */
public final class DifferencesFromGo {

	/** The end of an outcome: the server closes, though the peer would go on. */
	public static final String CLOSED = "closed";

	/** The end of an outcome: the server goes on, where Go's closes. */
	public static final String GOES_ON = "goes on";

	/** What becomes of a call: its reply is not of the type that it wants. */
	public static final String MISFIT = "misfit";

	/** What becomes of a call: the recorded server sent no reply. */
	public static final String UNANSWERED = "unanswered";

	/** What becomes of a call: our client cannot make it. */
	public static final String NOT_SENT = "not sent";

	private static final String NIL_REPLY = "Go's null costs its own client the connection; we send the zero value";

	private static final String FRESH = "we read into fresh objects: what a variable held before does not shine through";

	private static final String NULL_TIME = "a zero time is absent in a struct, and what is absent reads as null";

	private static final String UNICODE = "a Java string is Unicode: each broken sequence becomes U+FFFD";

	private static final String WIDTH = "Java has one 64-bit type: it is sent under the name registered last";

	private static final String UNSIGNED = "Java has no unsigned types: in interface values they become wider signed ones";

	private static final String NIL_ELEMENT = "null in a list or map is refused: Go itself goes wrong when it skips it";

	private static final String EMPTY_MAP = "a nil map reads as an empty one, and an empty one is sent";

	private static final String SKIPPING = "Go's own reader goes wrong here (Go issue 34879); we skip by reading";

	private static final String UNDEFINED = "Go's reader knows the type and refuses it; ours has never heard of it";

	private static final String NO_FIELDS = "a class without properties is an empty struct";

	private static final String OWN_TEXT = "own error text: Go's names its types";

	private static final String IN_STEP = "the stream is in step: only this call fails, where Go's client gives up";

	private static final String KEPT = "Go loses what comes together with the head; we keep it";

	private static final String NO_PAGE = "Go serves a page for /debug/rpc; ours is Actuator's, the RPC port answers 404";

	private static final String BY_HAND = "it was made by hand: fields that our type does not have or has in another "
			+ "order, and zeros, which Go does not send either";

	private static final String NOT_IN_JSON = "JSON cannot express it, so a port that speaks JSON, too, does not offer it";

	private static final String NOT_FOUND = "HTTP/1.1 404 Not Found\r\nContent-Type: text/plain; charset=utf-8\r\n"
			+ "X-Content-Type-Options: nosniff\r\nContent-Length: 19\r\nConnection: close\r\n\r\n404 page not found\n";

	private static final String NOT_FOUND_IN_1_0 = NOT_FOUND.replace("HTTP/1.1", "HTTP/1.0")
		.replace("Connection: close\r\n", "");

	private static final List<Difference> ALL = new ArrayList<>();

	private static final Set<Difference> USED = ConcurrentHashMap.newKeySet();

	static {
		addValues();
		addServer();
		addBounds();
		addPort();
		addClient();
		addRequests();
	}

	private DifferencesFromGo() {
	}

	private static void addValues() {
		read("values_strings_bytes:string_invalid_utf8", UNICODE,
				": expected {\"$bytestring\":\"6162fffe\"}, but was ab\ufffd\ufffd");
		read("values_self_encoding:time_zone_minus_seconds",
				"Go 1.19 reads the seconds of a negative offset unsigned (mended upstream); we read them signed",
				": expected {\"$time\":\"2023-11-14T21:00:06-01:13\"}, but was 2023-11-14T20:55:50-01:17:30");
		read("values_self_encoding:event_zero_time", NULL_TIME,
				".At: expected {\"$time\":\"0001-01-01T00:00:00Z\"}, but was null");
		read("values_self_encoding:custom_zero", "so is the zero value of other types that encode themselves",
				".T: expected {\"$opaque\":\"306d43\"}, but was null");
		read("decode_compat:extra_local_field", FRESH, ".C: expected 9, but was 0");
		read("decode_compat:empty_struct_into_fields", FRESH, ".A: expected 5, but was 0");
		read("decode_compat:zero_leaves_old_value", FRESH, ".A: expected 7, but was 0");
		read("decode_compat:map_merges", FRESH, ".M: expected [[\"a\",1],[\"b\",2]], but was {a=1}");
		read("decode_compat:nil_pointer_to_struct", FRESH, ".P: expected {\"X\":8,\"Y\":8}, but was null");
		read("decode_compat:flat_to_embedded", "Java has no embedding, so no promoted fields",
				".Base: expected {\"ID\":7,\"Kind\":\"k\"}, but was null");
		read("decode_compat:skip_nil_interface_element", SKIPPING, "failure: none, of Go: DEFINITION");
		read("decode_compat:skip_interface_with_new_inner_type", SKIPPING, "failure: none, of Go: VALUE");
		read("decode_malformed:length_zero", "Go takes an empty message for the end; we say that it is wrong",
				"failure: FRAMING, of Go: END");
		read("decode_malformed:map_cut", "Go takes the end of a message for that of the stream; we know better",
				"failure: VALUE, of Go: END");
		read("decode_malformed:type_id_0", UNDEFINED, "failure: VALUE, of Go: MISMATCH");
		read("decode_malformed:type_id_9_reserved", UNDEFINED, "failure: VALUE, of Go: MISMATCH");
		read("values_interfaces:box_int64", WIDTH,
				".V: expected {\"$iface\":\"int64\",\"value\":-1}, but would be named int");
		read("values_interfaces:box_uint8", UNSIGNED,
				".V: expected {\"$iface\":\"uint8\",\"value\":255}, but would be named MyInt");
		write("values_strings_bytes:string_invalid_utf8", UNICODE,
				": expected {\"$bytestring\":\"6162fffe\"}, but was ab\ufffd\ufffd");
		write("values_interfaces:box_int64", WIDTH,
				".V: expected {\"$iface\":\"int64\",\"value\":-1}, but was named int");
		write("values_interfaces:box_uint8", UNSIGNED,
				".V: expected {\"$iface\":\"uint8\",\"value\":255}, but was named MyInt");
		write("values_interfaces:anys_mixed", NIL_ELEMENT, "refused, at [2]");
		write("values_interfaces:boxes_in_the_middle", NIL_ELEMENT, "refused, at Boxes.Items[2]");
		write("values_interfaces:canvas", NIL_ELEMENT, "refused, at Canvas.All[1]");
		write("values_interfaces:props_nil_value", NIL_ELEMENT, "refused, at Props.M{}");
		write("values_self_encoding:time_zone_zero_offset",
				"ZoneOffset cannot tell UTC from an offset of zero: both are sent as UTC",
				": expected {\"$opaque\":\"010000000edce5e800000000000000\"}, but was 010000000edce5e80000000000ffff");
		write("values_recursive:map_tree", EMPTY_MAP,
				".Kids{}: expected {\"V\":2}, but was {V=2, Kids=Entries[keysAndValues=[]]}");
		write("values_structs:maps_nil", EMPTY_MAP, ": expected {}, but was {SI=Entries[keysAndValues=[]], "
				+ "IP=Entries[keysAndValues=[]], SS=Entries[keysAndValues=[]]}");
		add(Side.REFUSAL, "encode_refused:no_exported_fields", NO_FIELDS, "Struct[fields={}]");
		add(Side.REFUSAL, "encode_refused:field_without_exported_fields", NO_FIELDS,
				"Struct[fields={A=1, P=Struct[fields={}]}]");
		add(Side.REFUSAL, "encode_refused:nil_pointer_in_interface",
				"Java has no typed null: null is a nil interface value", "Struct[fields={}]");
		add(Side.REFUSAL, "encode_refused:unaddressable_pointer_method", "Java has no addresses",
				"Struct[fields={S=opaque}]");
	}

	private static void addServer() {
		add(Side.SERVER, "jraw_params_object", OWN_TEXT, "{\"id\":1,\"result\":null,\"error\":?}\n",
				"{\"id\":7,\"result\":3,\"error\":null}\n");
		add(Side.SERVER, "jraw_params_overflow", OWN_TEXT, "{\"id\":1,\"result\":null,\"error\":?}\n",
				"{\"id\":7,\"result\":3,\"error\":null}\n");
		add(Side.SERVER, "jraw_params_string", OWN_TEXT, "{\"id\":1,\"result\":null,\"error\":?}\n",
				"{\"id\":7,\"result\":3,\"error\":null}\n");
		add(Side.SERVER, "jraw_params_wrong_member", OWN_TEXT, "{\"id\":1,\"result\":null,\"error\":?}\n",
				"{\"id\":7,\"result\":3,\"error\":null}\n");
		add(Side.SERVER, "jraw_params_wrong_type", OWN_TEXT, "{\"id\":1,\"result\":null,\"error\":?}\n",
				"{\"id\":7,\"result\":3,\"error\":null}\n");
		add(Side.SERVER, "jraw_params_float_for_int", OWN_TEXT, "{\"id\":1,\"result\":null,\"error\":?}\n",
				"{\"id\":2,\"result\":null,\"error\":?}\n", "{\"id\":3,\"result\":null,\"error\":?}\n",
				"{\"id\":7,\"result\":3,\"error\":null}\n");
		add(Side.SERVER, "json_wrong_args", OWN_TEXT, "{\"id\":0,\"result\":null,\"error\":?}\n",
				"{\"id\":1,\"result\":3,\"error\":null}\n");
		add(Side.SERVER, "gob_nil_args", OWN_TEXT, "0 Arith.Add: ? Struct[fields={}]");
		add(Side.SERVER, "raw_unsigned_arguments", OWN_TEXT, "0 Arith.Add: ? Struct[fields={}]");
		add(Side.SERVER, "gob_wrong_args", OWN_TEXT, "0 Arith.Add: ? Struct[fields={}]", "1 Arith.Add: 3");
		add(Side.SERVER, "gob_wrong_args_struct", OWN_TEXT, "0 Arith.Add: ? Struct[fields={}]", "1 Arith.Add: 3");
		add(Side.SERVER, "raw_undefined_type_in_body", OWN_TEXT, "0 Arith.Add: ? Struct[fields={}]", "1 Arith.Add: 15");
		add(Side.SERVER, "json_nan", "Go sends nothing and the caller waits for ever; we answer with an error",
				"{\"id\":0,\"result\":null,\"error\":?}\n", "{\"id\":1,\"result\":0,\"error\":null}\n", GOES_ON);
		add(Side.SERVER, "json_nil_pointer_reply", NIL_REPLY,
				"{\"id\":0,\"result\":{\"A\":0,\"B\":0},\"error\":null}\n", GOES_ON);
		add(Side.SERVER, "gob_nil_pointer_reply", "Go panics and its process ends; we send the zero value",
				"0 Echo.Ptr: Struct[fields={}]", GOES_ON);
		add(Side.SERVER, "gob_bad_reply", "Go sends a header without a body and closes; we answer with an error",
				"0 Echo.BadReply: ? Struct[fields={}]", GOES_ON);
		add(Side.SERVER, "raw_header_then_close",
				"Go answers \"EOF\" to half a call; we do not answer what never came");
		add(Side.SERVER, "hraw_debug_page", NO_PAGE, NOT_FOUND_IN_1_0, CLOSED);
		add(Side.CHECK, "http_debug_page", NO_PAGE, "404 Not Found");
		add(Side.MESSAGES, "gob_box",
				"Go cuts a value over two messages where a type is defined within; we define all types before", "4");
		add(Side.LIMIT, "error_text", "Go sends a text of any length; ours must fit into a message and a string "
				+ "wherever they are bounded as by default, so it is cut", "131072");
	}

	private static void addBounds() {
		add(Side.HEADER, "Date", "it needs a clock, and no client of RPC reads it");
		add(Side.BOUND, "json_id", "Go echoes an id of any length; each call that runs keeps its own", "1024", CLOSED);
	}

	private static void addPort() {
		add(Side.PORT, "jraw_null", "one port: only { opens a JSON connection, so this is no known protocol", CLOSED);
		add(Side.PORT, "jraw_gob", "one port: gob is answered as gob", "0 Arith.Add: 15", GOES_ON);
		add(Side.PORT, "raw_garbage", "one port: HTTP is answered as HTTP", NOT_FOUND, CLOSED);
		add(Side.PORT, "jraw_http", "one port: HTTP is answered as HTTP", NOT_FOUND, CLOSED);
		add(Side.PORT, "hraw_call_with_handshake", KEPT, "HTTP/1.0 200 Connected to Go RPC\n\n", "0 Arith.Add: 15",
				GOES_ON);
		add(Side.PORT_CHECK, "complex", NOT_IN_JSON, "rpc: can't find method Echo.Complex");
		add(Side.PORT_CHECK, "interface_basic", NOT_IN_JSON, "rpc: can't find method Echo.Holder");
		add(Side.PORT_CHECK, "interface_struct", NOT_IN_JSON, "rpc: can't find method Echo.Holder");
	}

	private static void addClient() {
		add(Side.CLIENT, "jreply_result_wrong", IN_STEP, MISFIT, UNANSWERED, GOES_ON);
		add(Side.CLIENT, "json_wrong_reply", IN_STEP, MISFIT, UNANSWERED, GOES_ON);
		add(Side.CLIENT, "gob_wrong_reply", IN_STEP, MISFIT, UNANSWERED, GOES_ON);
		add(Side.CLIENT, "raw_reply_wrong_type", IN_STEP, MISFIT, UNANSWERED, GOES_ON);
		add(Side.CLIENT, "raw_reply_uint_for_int", IN_STEP, MISFIT, GOES_ON);
		add(Side.CLIENT, "raw_reply_struct_for_int", IN_STEP, MISFIT, GOES_ON);
		add(Side.CLIENT, "raw_reply_int_for_struct", IN_STEP, MISFIT, GOES_ON);
		add(Side.CLIENT, "hreply_bytes_with_handshake", KEPT, "15", GOES_ON);
		add(Side.CLIENT, "gob_nil_args",
				"Go's trap of a header without its body: we encode a call whole before we send any of it", NOT_SENT,
				"1 Arith.Add: Struct[fields={A=1, B=2}]", "2 Arith.Add: Struct[fields={A=3, B=4}]");
	}

	private static void addRequests() {
		add(Side.REQUEST, "json_null_args", "a null argument is sent as the zero value of its type",
				"{\"method\":\"Arith.Add\",\"params\":[{\"A\":0,\"B\":0}],\"id\":0}\n",
				"{\"method\":\"Arith.Add\",\"params\":[{\"A\":0,\"B\":0}],\"id\":1}\n");
		add(Side.ARGUMENT, "raw_extra_argument_field", BY_HAND,
				": expected {\"B\":8,\"Note\":\"n\",\"A\":7}, but was {A=7, B=8}");
		add(Side.ARGUMENT, "raw_same_type_two_ids", BY_HAND, ": expected {\"B\":10,\"A\":20}, but was {A=20, B=10}");
		add(Side.ARGUMENT, "raw_eager_definitions", BY_HAND, ": expected {\"A\":1,\"B\":0}, but was {A=1}");
		add(Side.REPLY, "raw_reply_other_struct", BY_HAND,
				": expected {\"Rem\":2,\"Note\":\"n\",\"Quo\":3}, but was {Quo=3, Rem=2}");
	}

	private static void read(String vector, String reason, String outcome) {
		add(Side.READER, vector, reason, outcome);
	}

	private static void write(String vector, String reason, String outcome) {
		add(Side.WRITER, vector, reason, outcome);
	}

	private static void add(Side side, String vector, String reason, String... outcome) {
		ALL.add(new Difference(side, vector, reason, List.of(outcome)));
	}

	/**
	 * Finds a difference.
	 * @param side who is looked at
	 * @param vector the vector: file and name of a value, the name of a conversation
	 * @return the difference, or null if Go is to be followed
	 */
	public static @Nullable Difference of(Side side, String vector) {
		for (Difference each : ALL) {
			if (each.side() == side && each.vector().equals(vector)) {
				USED.add(each);
				return each;
			}
		}
		return null;
	}

	/**
	 * Fails unless each entry of some sides was found by {@link #of}: for the end of the
	 * class that {@link Side#test} names.
	 * @param sides who differs
	 */
	public static void requireUsed(Side... sides) {
		List<Side> those = List.of(sides);
		assertThat(ALL.stream().filter((each) -> those.contains(each.side()) && !USED.contains(each)))
			.as("differences from Go that no test has asked for")
			.isEmpty();
	}

	/**
	 * The replies of an outcome, without its end.
	 * @param difference the difference
	 * @return its replies, with "?" for the text of an error
	 */
	public static List<String> replies(Difference difference) {
		return difference.outcome().stream().filter((each) -> !each.equals(CLOSED) && !each.equals(GOES_ON)).toList();
	}

	/**
	 * Takes those headers out of an answer of Go's that ours do not have.
	 * @param answer the answer, or any other reply
	 * @return what ours has to be
	 */
	public static String withoutHeaders(String answer) {
		String ours = answer;
		for (Difference each : ALL) {
			if (each.side() == Side.HEADER) {
				String without = ours.replaceFirst("(?<=\r\n)" + each.vector() + ": [^\r]*\r\n", "");
				if (!without.equals(ours)) {
					USED.add(each);
				}
				ours = without;
			}
		}
		return ours;
	}

	/**
	 * Takes the texts of errors out of replies where an outcome has none.
	 * @param replies what was sent
	 * @param outcome the outcome
	 * @return the replies, "?" for a text that is not empty
	 */
	public static List<String> withoutTexts(List<String> replies, List<String> outcome) {
		return replies.stream().map((reply) -> withoutText(reply, outcome)).toList();
	}

	private static String withoutText(String reply, List<String> outcome) {
		for (String other : outcome) {
			int text = other.indexOf('?');
			if (text >= 0 && reply.startsWith(other.substring(0, text)) && reply.endsWith(other.substring(text + 1))
					&& reply.length() > other.length()) {
				return other;
			}
		}
		return reply;
	}

	/**
	 * All of the list.
	 * @return the differences
	 */
	public static List<Difference> all() {
		return List.copyOf(ALL);
	}

	/**
	 * Who differs.
	 */
	public enum Side {

		/** Who reads a gob value: the outcome is how the value differs. */
		READER("gob.GobVectorTests"),

		/** Who writes what was read: how the value differs, or where it is refused. */
		WRITER("gob.GobVectorTests"),

		/** Who writes what Go refuses: what is written. */
		REFUSAL("gob.GobVectorTests"),

		/**
		 * The codec of a server: its replies, without the text of an error, and what
		 * becomes of the connection.
		 */
		SERVER("interop.ServedConversationIntegrationTests"),

		/** The port that speaks all protocols: all that it sends, and the end. */
		PORT("interop.ServedConversationIntegrationTests"),

		/** How a stream of replies is cut: how many messages have values. */
		MESSAGES("interop.ServedConversationIntegrationTests"),

		/** The requests of a client in JSON: all of them. */
		REQUEST("wire.json.JsonVectorTests"),

		/** The arguments of a client in gob: how they differ. */
		ARGUMENT("wire.gob.GobRpcVectorTests"),

		/** The replies of a server in gob: how they differ. */
		REPLY("wire.gob.GobRpcVectorTests"),

		/** What becomes of each of a client's calls, and of the connection. */
		CLIENT("interop.CalledConversationIntegrationTests"),

		/** A check of Go's test client: how it fails. */
		CHECK("interop.GoClientInteropTests"),

		/** The same where the port speaks JSON, too. */
		PORT_CHECK("interop.GoClientInteropTests"),

		/** A header of the answers to HTTP: ours do not have it. */
		HEADER("interop.ServedConversationIntegrationTests"),

		/**
		 * What is bounded here and costs the connection: the bound, and the end.
		 */
		BOUND("wire.json.JsonScannerTests"),

		/** What is bounded here: the bound. */
		LIMIT("interop.LongErrorTextInteropTests");

		private final String test;

		Side(String test) {
			this.test = "io.github.netrpc." + test;
		}

		/**
		 * The class whose end asks whether all entries were used.
		 * @return its name
		 */
		public String test() {
			return this.test;
		}

	}

	/**
	 * An entry.
	 *
	 * @param side who differs
	 * @param vector file and name of a value, the name of a conversation, of a header or
	 * of what is bounded
	 * @param reason why
	 * @param outcome what happens instead
	 */
	public record Difference(Side side, String vector, String reason, List<String> outcome) {

		@Override
		public String toString() {
			return this.side + " " + this.vector + ": " + this.reason;
		}

	}

}
