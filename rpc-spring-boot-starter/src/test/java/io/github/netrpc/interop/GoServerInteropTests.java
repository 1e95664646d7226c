package io.github.netrpc.interop;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.CRC32;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

import io.github.netrpc.Known;
import io.github.netrpc.RpcCode;
import io.github.netrpc.RpcException;
import io.github.netrpc.cluster.RpcChannel;
import io.github.netrpc.cluster.RpcChannelBuilder;
import io.github.netrpc.gob.PropertyNames;
import io.github.netrpc.interop.Types.Address;
import io.github.netrpc.interop.Types.Args;
import io.github.netrpc.interop.Types.BlobArgs;
import io.github.netrpc.interop.Types.Cplx;
import io.github.netrpc.interop.Types.Empty;
import io.github.netrpc.interop.Types.Everything;
import io.github.netrpc.interop.Types.Holder;
import io.github.netrpc.interop.Types.Optionals;
import io.github.netrpc.interop.Types.Person;
import io.github.netrpc.interop.Types.Point;
import io.github.netrpc.interop.Types.Quotient;
import io.github.netrpc.interop.Types.Tree;
import io.github.netrpc.type.Complex;
import io.github.netrpc.type.Unsigned;
import io.github.netrpc.wire.WireLimits;
import io.github.netrpc.wire.gob.GobWireFormat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The Java client against a real Go server: every check of {@code goclient/checks.go}
 * that uses Go's client rather than raw bytes, under its name there.
 */
class GoServerInteropTests {

	private static final WireLimits LIMITS = new WireLimits(64 << 20, WireLimits.DEFAULT.maxDecodedBytes(), 1_000,
			64 << 20, 256);

	/** What no client can send: they prove a server, and the gallery and vectors ours. */
	private static final Set<String> RAW_BYTES = Set.of("half_close", "half_a_request", "gob_pipelined",
			"gob_byte_by_byte", "gob_extra_header_fields", "gob_bad_header_closes", "http_debug_page",
			"http_headers_and_crlf", "http_wrong_method", "http_wrong_path", "json_batch_closes", "json_concatenated",
			"json_errors_keep_connection", "json_extra_members", "json_framing", "json_ids", "json_malformed_closes",
			"json_no_id", "json_params");

	private static final OffsetDateTime WHEN = OffsetDateTime.of(2023, 11, 14, 22, 13, 20, 123_456_789, ZoneOffset.UTC);

	private static GoServer server;

	@BeforeAll
	static void start() {
		server = new GoServer();
	}

	@AfterAll
	static void stop() throws Exception {
		if (server != null) {
			server.close();
		}
	}

	@TestFactory
	Stream<DynamicContainer> checks() {
		return Stream.of("gob", "jsonrpc", "http")
			.map((transport) -> DynamicContainer.dynamicContainer(transport, checksOf(transport)));
	}

	@Test
	void everyCheckOfGosClientIsHereToo() throws Exception {
		Path program = GoPrograms.build("goclient");
		Set<String> known = new TreeSet<>();
		for (String transport : List.of("gob", "jsonrpc", "http")) {
			List<String> expected = new GoClient(program, transport).checks();
			known.addAll(expected);
			assertThat(checksFor(transport)).as(transport)
				.containsOnlyKeys(expected.stream().filter((name) -> !RAW_BYTES.contains(name)).toList());
		}
		assertThat(known).containsAll(RAW_BYTES);
	}

	private Stream<DynamicTest> checksOf(String transport) {
		return checksFor(transport).entrySet().stream().map((each) -> DynamicTest.dynamicTest(each.getKey(), () -> {
			try (RpcChannel channel = open(transport)) {
				each.getValue().run(new Peer(channel));
			}
		}));
	}

	private static Map<String, Check> checksFor(String transport) {
		Map<String, Check> checks = new LinkedHashMap<>();
		addArithmetic(checks);
		addErrors(checks);
		addValues(checks);
		addStructs(checks);
		addSizes(checks);
		addConcurrency(checks, transport);
		if (!"jsonrpc".equals(transport)) {
			addGobOnly(checks);
		}
		return checks;
	}

	private static RpcChannel open(String transport) {
		RpcChannelBuilder builder = RpcChannel.builder()
			.name("interop")
			.target(server.address(transport))
			.http("http".equals(transport));
		return ("jsonrpc".equals(transport) ? builder.codec("json").limits(LIMITS)
				: builder.format(new GobWireFormat(LIMITS, GobEcho.TYPES, PropertyNames.standard())))
			.build();
	}

	private static void addArithmetic(Map<String, Check> checks) {
		checks.put("add", (peer) -> assertThat(peer.arith.add(new Args(7, 8))).isEqualTo(15));
		checks.put("add_negative", (peer) -> assertThat(peer.arith.add(new Args(-7, -8))).isEqualTo(-15));
		checks.put("zero_args_zero_reply", (peer) -> {
			assertThat(peer.arith.add(new Args(0, 0))).isZero();
			assertThat(peer.arith.divide(new Args(0, 1))).isEqualTo(new Quotient(0, 0));
		});
		checks.put("multiply", (peer) -> assertThat(peer.arith.multiply(new Args(-3, 1L << 40))).isEqualTo(-3L << 40));
		checks.put("divide", (peer) -> assertThat(peer.arith.divide(new Args(17, 5))).isEqualTo(new Quotient(3, 2)));
		checks.put("divide_by_zero", (peer) -> peer.fails("Arith.Divide", new Args(1, 0), "divide by zero"));
		checks.put("error_then_ok", (peer) -> {
			for (int i = 0; i < 5; i++) {
				peer.fails("Arith.Divide", new Args(i, 0), "divide by zero");
				peer.alive();
			}
		});
		checks.put("dotted_service", (peer) -> {
			assertThat(peer.channel.call("dotted.v1.Arith.Add", new Args(1, 2), Long.class)).isEqualTo(3);
			peer.isUnimplemented("dotted.v1.Add", "rpc: can't find service dotted.v1.Add");
		});
	}

	private static void addErrors(Map<String, Check> checks) {
		checks.put("unknown_service", (peer) -> peer.isUnimplemented("Nope.Add", "rpc: can't find service Nope.Add"));
		checks.put("unknown_method", (peer) -> peer.isUnimplemented("Arith.Nope", "rpc: can't find method Arith.Nope"));
		checks.put("lower_case_method",
				(peer) -> peer.isUnimplemented("Arith.add", "rpc: can't find method Arith.add"));
		checks.put("ill_formed_method", (peer) -> {
			peer.isUnimplemented("ArithAdd", "rpc: service/method request ill-formed: ArithAdd");
			peer.isUnimplemented("", "rpc: service/method request ill-formed: ");
			peer.isUnimplemented("Arith.", "rpc: can't find method Arith.");
			peer.isUnimplemented(".Add", "rpc: can't find service .Add");
		});
		checks.put("heartbeat", (peer) -> {
			for (int i = 0; i < 20; i++) {
				peer.fails("Rpc.Ping", new Empty(), "");
			}
			peer.alive();
		});
		checks.put("wrong_args", (peer) -> {
			peer.fails("Arith.Add", "seven", "");
			peer.alive();
			peer.fails("Arith.Add", new String[] { "x" }, "");
			peer.alive();
		});
		checks.put("wrong_field_type", (peer) -> {
			peer.fails("Arith.Add", new TextArgs("1", "2"), "");
			peer.alive();
		});
		checks.put("fields_reordered_missing_extra", (peer) -> {
			assertThat(peer.channel.call("Arith.Add", new Reordered(2, 1), Long.class)).isEqualTo(3);
			assertThat(peer.channel.call("Arith.Add", new Missing(2), Long.class)).isEqualTo(2);
			Extra extra = new Extra(List.of(Map.of("p", person(0))), (byte) 1, tree(2, ""), 2);
			assertThat(peer.channel.call("Arith.Add", extra, Long.class)).isEqualTo(3);
		});
		checks.put("int8_overflow", (peer) -> {
			peer.fails("Echo.Everything", new WideI8(1000), "");
			peer.alive();
		});
		checks.put("fail_texts", (peer) -> {
			for (String text : List.of("x", "with spaces and \"quotes\" \\ / <&>", "\u00fc\u4e16\uD83D\uDE00",
					"line\nline\ttab", "long ".repeat(20_000))) {
				peer.fails("Echo.Fail", text, text);
			}
			peer.alive();
		});
		checks.put("fail_empty_text_is_success", (peer) -> assertThat(peer.echo.fail("")).isEqualTo("no error"));
	}

	private static void addValues(Map<String, Check> checks) {
		checks.put("say", (peer) -> {
			for (String text : List.of("hello", "", "h\u00e9llo \u4e16\u754c \uD83D\uDE00", "\0\1\37\177",
					"x".repeat(127), "x".repeat(128), "\u00e9".repeat(40_000))) {
				assertThat(peer.echo.say(text)).isEqualTo(text);
			}
		});
		checks.put("bools", (peer) -> {
			assertThat(peer.echo.bool(true)).isTrue();
			assertThat(peer.echo.bool(false)).isFalse();
		});
		checks.put("ints_extreme", (peer) -> {
			for (long value : new long[] { 0, 1, -1, 63, 64, -64, -65, 127, 128, -128, -129, 255, 256, 32767, 65536,
					Integer.MAX_VALUE, Integer.MIN_VALUE, 1L << 53, (1L << 53) + 1, Long.MAX_VALUE, Long.MIN_VALUE }) {
				assertThat(peer.echo.integer(value)).isEqualTo(value);
			}
		});
		checks.put("uints_extreme", (peer) -> {
			for (long value : new long[] { 0, 1, 127, 128, 255, 256, (1L << 32) - 1, 1L << 32, 1L << 63, -1 }) {
				assertThat(peer.echo.unsigned(value)).isEqualTo(value);
			}
		});
		checks.put("floats", (peer) -> {
			for (double value : new double[] { 0, 1, -1, 17, 0.1, Math.PI, 1e300, -1e-300, Double.MAX_VALUE,
					Double.MIN_VALUE, 1L << 53 }) {
				assertThat(peer.echo.floating(value)).isEqualTo(value);
			}
		});
		checks.put("bytes", (peer) -> {
			byte[] every = new byte[256];
			for (int i = 0; i < every.length; i++) {
				every[i] = (byte) i;
			}
			for (byte[] value : new byte[][] { every, {}, { 0 } }) {
				assertThat(peer.echo.bytes(value)).isEqualTo(value);
			}
		});
		checks.put("int_lists", (peer) -> {
			assertThat(peer.echo.ints(List.of(3L, 0L, -1L))).containsExactly(3L, 0L, -1L);
			assertThat(peer.echo.ints(List.of())).isEmpty();
			assertThat(peer.echo.ints(null)).isEmpty();
		});
		checks.put("string_lists",
				(peer) -> assertThat(peer.echo.strings(List.of("", "a", "\u00fc"))).containsExactly("", "a", "\u00fc"));
		checks.put("maps", (peer) -> {
			Map<String, Long> big = new HashMap<>();
			for (long i = 0; i < 1000; i++) {
				big.put("k" + i, i - 500);
			}
			for (Map<String, Long> value : List.of(Map.of("a", 1L, "", 0L), Map.<String, Long>of(), big)) {
				assertThat(peer.echo.table(value)).isEqualTo(value);
			}
		});
		checks.put("times", (peer) -> {
			for (OffsetDateTime value : List.of(WHEN, utc(0, 0), utc(-1, 500_000_000),
					OffsetDateTime.of(1600, 2, 29, 0, 0, 0, 0, ZoneOffset.UTC),
					OffsetDateTime.of(9999, 12, 31, 23, 59, 59, 999_999_999, ZoneOffset.UTC),
					WHEN.withOffsetSameInstant(ZoneOffset.ofHoursMinutes(5, 30)),
					WHEN.withOffsetSameInstant(ZoneOffset.ofHours(-8)))) {
				assertThat(peer.echo.time(value)).isEqualTo(value);
				assertThat(peer.echo.time(value).getOffset()).isEqualTo(value.getOffset());
			}
		});
		checks.put("time_zero", (peer) -> {
			OffsetDateTime zero = OffsetDateTime.of(LocalDateTime.of(1, 1, 1, 0, 0), ZoneOffset.UTC);
			assertThat(peer.echo.time(zero)).isEqualTo(zero);
		});
	}

	private static void addStructs(Map<String, Check> checks) {
		checks.put("map_of_structs", (peer) -> {
			Map<String, Person> people = Map.of("p", person(1), "e", nobody());
			assertSame(people(peer.echo.people(people)), people(people));
		});
		checks.put("person", (peer) -> assertSame(person(peer.echo.person(person(2))), person(person(2))));
		checks.put("person_zero", (peer) -> assertSame(person(peer.echo.person(nobody())), person(nobody())));
		checks.put("everything", (peer) -> assertSame(peer.echo.everything(everything()), everything()));
		checks.put("everything_zero",
				(peer) -> assertSame(everything(peer.echo.everything(nothing())), everything(nothing())));
		Optionals absent = new Optionals(null, Optional.empty(), null, null, null);
		checks.put("optional_absent", (peer) -> assertThat(peer.echo.optional(absent)).isEqualTo(absent));
		Optionals present = new Optionals(-1L, Optional.of("s"), true, new Address("", 9), WHEN);
		checks.put("optional_present", (peer) -> assertThat(peer.echo.optional(present)).isEqualTo(present));
		Optionals zero = new Optionals(null, Optional.empty(), null, new Address("", 0), null);
		checks.put("optional_zero_struct", (peer) -> assertThat(peer.echo.optional(zero)).isEqualTo(zero));
		checks.put("tree", (peer) -> assertThat(peer.echo.tree(tree(6, "t"))).isEqualTo(tree(6, "t")));
		checks.put("deep_nesting", (peer) -> {
			Tree chain = null;
			for (int i = 0; i < 500; i++) {
				chain = new Tree("k", chain, null);
			}
			int depth = 0;
			for (Tree each = peer.echo.tree(chain); each != null; each = each.left()) {
				depth++;
			}
			assertThat(depth).isEqualTo(500);
		});
		checks.put("nothing", (peer) -> assertThat(peer.echo.nothing(new Empty())).isEqualTo(new Empty()));
		checks.put("discard_reply", (peer) -> {
			assertThat(peer.channel.call("Arith.Divide", new Args(1, 1), Void.class)).isNull();
			peer.alive();
		});
	}

	private static void addSizes(Map<String, Check> checks) {
		checks.put("blob_1mb",
				(peer) -> assertThat(peer.echo.blob(new BlobArgs(1 << 20, 3))).isEqualTo(blob(1 << 20, 3)));
		checks.put("blob_8mb",
				(peer) -> assertThat(peer.echo.blob(new BlobArgs(8 << 20, 5))).isEqualTo(blob(8 << 20, 5)));
		checks.put("sum_8mb", (peer) -> {
			byte[] bytes = blob(8 << 20, 1);
			CRC32 crc = new CRC32();
			crc.update(bytes);
			assertThat(peer.echo.sum(bytes)).isEqualTo((int) crc.getValue());
		});
		checks.put("blob_empty", (peer) -> assertThat(peer.echo.blob(new BlobArgs(0, 0))).isEmpty());
	}

	private static void addConcurrency(Map<String, Check> checks, String transport) {
		checks.put("many_connections", (peer) -> {
			List<RpcChannel> channels = Stream.generate(() -> open(transport)).limit(30).toList();
			try {
				List<CompletableFuture<Long>> sums = channels.stream()
					.map((channel) -> channel.callAsync("Arith.Add", new Args(20, 22), Long.class)
						.toCompletableFuture())
					.toList();
				assertThat(sums).allSatisfy((sum) -> assertThat(sum.get(20, TimeUnit.SECONDS)).isEqualTo(42));
			}
			finally {
				channels.forEach(RpcChannel::close);
			}
		});
		checks.put("many_calls", (peer) -> {
			for (int i = 0; i < 1000; i++) {
				assertThat(peer.arith.add(new Args(i, i))).isEqualTo(2L * i);
			}
		});
		checks.put("concurrent", (peer) -> {
			List<CompletableFuture<Void>> workers = new ArrayList<>();
			for (int i = 0; i < 20; i++) {
				int worker = i;
				workers.add(CompletableFuture.runAsync(() -> work(peer, worker), (task) -> new Thread(task).start()));
			}
			CompletableFuture.allOf(workers.toArray(CompletableFuture[]::new)).get(20, TimeUnit.SECONDS);
		});
		checks.put("out_of_order", (peer) -> {
			CompletableFuture<Long> slow = peer.arith.sleep(9_000).toCompletableFuture();
			CompletableFuture<Long> quick = peer.arith.sleep(1).toCompletableFuture();
			// Whichever is first, however late anybody looks.
			assertThat(CompletableFuture.anyOf(slow, quick).get(20, TimeUnit.SECONDS)).isEqualTo(1L);
			peer.alive();
			slow.cancel(true);
			peer.alive();
		});
		checks.put("close_while_calling", (peer) -> {
			CompletableFuture<Long> call = peer.arith.sleep(500).toCompletableFuture();
			peer.channel.close();
			assertThat(call).failsWithin(Duration.ofSeconds(1))
				.withThrowableThat()
				.withCauseInstanceOf(RpcException.class);
		});
	}

	private static void work(Peer peer, int worker) {
		for (int i = 0; i < 40; i++) {
			long a = worker * 1000L + i;
			switch (i % 4) {
				case 0 -> assertThat(peer.arith.add(new Args(worker, i))).isEqualTo(worker + i);
				case 1 -> assertThat(peer.echo.say("worker " + a)).isEqualTo("worker " + a);
				case 2 -> assertThat(peer.arith.divide(new Args(a, 7))).isEqualTo(new Quotient(a / 7, a % 7));
				default -> peer.fails("Arith.Divide", new Args(worker, 0), "divide by zero");
			}
		}
	}

	private static void addGobOnly(Map<String, Check> checks) {
		checks.put("no_common_field", (peer) -> {
			peer.fails("Arith.Add", new Point(1, 2), "");
			peer.alive();
		});
		checks.put("unsigned_for_signed", (peer) -> {
			peer.fails("Arith.Add", new UnsignedArgs(1, 2), "");
			peer.alive();
		});
		checks.put("floats_special", (peer) -> {
			for (double value : new double[] { Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, -0.0, Double.NaN }) {
				assertThat(Double.doubleToLongBits(peer.echo.floating(value)))
					.isEqualTo(Double.doubleToLongBits(value));
			}
		});
		checks.put("complex", (peer) -> {
			Cplx value = new Cplx(new Complex(1.5, -2));
			assertThat(peer.channel.call("Echo.Complex", value, Cplx.class)).isEqualTo(value);
		});
		checks.put("interface_basic", (peer) -> {
			for (Object value : Arrays.asList(null, 42, -1L, "s", true, 2.5, new byte[] { 1, 2 },
					new String[] { "a", "b" }, new int[] { 1 }, (byte) 7)) {
				Object back = peer.channel.call("Echo.Holder", new Holder(value), Holder.class).v();
				assertThat(back).isEqualTo(value);
				if (value != null) {
					assertThat(back).hasSameClassAs(value);
				}
			}
		});
		checks.put("interface_struct", (peer) -> {
			// The type is defined the first time only.
			for (int i = 0; i < 3; i++) {
				Holder holder = new Holder(new Point(i, -i));
				assertThat(peer.channel.call("Echo.Holder", holder, Holder.class)).isEqualTo(holder);
			}
		});
	}

	private static void assertSame(Object actual, Object expected) {
		assertThat(actual).usingRecursiveComparison().isEqualTo(expected);
	}

	private static OffsetDateTime utc(long seconds, int nanos) {
		return Instant.ofEpochSecond(seconds, nanos).atOffset(ZoneOffset.UTC);
	}

	private static byte[] blob(int size, int seed) {
		byte[] bytes = new byte[size];
		for (int i = 0; i < size; i++) {
			bytes[i] = (byte) ((i * 31L + seed) % 251);
		}
		return bytes;
	}

	private static Tree tree(int depth, String key) {
		return (depth != 0) ? new Tree(key, tree(depth - 1, key + "l"), tree(depth - 1, key + "r")) : null;
	}

	// A zero time inside a struct is absent in gob, and null in Java, and is sent in
	// JSON.
	private static OffsetDateTime time(OffsetDateTime time) {
		return zeroTime().equals(time) ? null : time;
	}

	private static Map<String, Person> people(Map<String, Person> people) {
		Map<String, Person> copy = new HashMap<>(people);
		copy.replaceAll((key, each) -> person(each));
		return copy;
	}

	private static Person person(Person each) {
		return new Person(each.name(), each.age(), each.email(), each.home(), each.work(), each.tags(), each.scores(),
				time(each.born()), each.photo(), each.active(),
				each.friends().stream().map(GoServerInteropTests::person).toList());
	}

	// So is a zero time.
	private static Everything everything(Everything each) {
		return new Everything(each.b(), each.i(), each.i8(), each.i16(), each.i32(), each.i64(), each.u(), each.u8(),
				each.u16(), each.u32(), each.u64(), each.f32(), each.f64(), each.s(), each.by(), each.ints(),
				each.strs(), each.arr(), each.m(), each.mI(), each.mS(), each.in(), each.p(), each.pI(), each.pB(),
				each.l(), time(each.at()), each.took(), each.list());
	}

	private static OffsetDateTime zeroTime() {
		return OffsetDateTime.of(LocalDateTime.of(1, 1, 1, 0, 0), ZoneOffset.UTC);
	}

	private static Person nobody() {
		return new Person("", 0, Optional.empty(), new Address("", 0), null, List.of(), Map.of(), zeroTime(),
				new byte[0], false, List.of());
	}

	private static Person person(int depth) {
		Person empty = new Person("empty", 0, Optional.empty(), new Address("", 0), null, List.of(), Map.of(),
				zeroTime(), new byte[0], false, List.of());
		return new Person("Zo\u00eb \u4e16\u754c \uD83D\uDE00", 41, Optional.of("zoe@example.org"),
				new Address("Elm", 12345), new Address("Oak", 0), Arrays.asList("a", "", "c"),
				Map.of("x", 0.5, "y", -1e100, "z", 0.0), WHEN, new byte[] { 0, 1, -1 }, true,
				(depth > 0) ? List.of(person(depth - 1), empty) : List.of());
	}

	private static Everything everything() {
		return new Everything(true, Long.MIN_VALUE, (byte) -128, Short.MIN_VALUE, Integer.MIN_VALUE, Long.MAX_VALUE,
				-1L, (byte) -1, (short) -1, -1, -2L, 1.5f, Math.PI, "s\u00fc\0\n\"", "bytes".getBytes(),
				List.of(0L, -1L, Long.MAX_VALUE), List.of("", "x"), new long[] { 1, 0, -3 }, Map.of("a", 1L, "b", 0L),
				Map.of(-1L, "m", 0L, ""), Map.of("h", new Address("Elm", 1), "z", new Address("", 0)),
				new Address("", -7), new Address("P", 0), 5L, true, List.of(List.of(1L, 2L), List.of(3L)), WHEN,
				Duration.ofMinutes(90), List.of(new Address("1", 0), new Address("", 0), new Address("", 3)));
	}

	private static Everything nothing() {
		return new Everything(false, 0, (byte) 0, (short) 0, 0, 0, 0, (byte) 0, (short) 0, 0, 0, 0, 0, "", new byte[0],
				List.of(), List.of(), new long[3], Map.of(), Map.of(), Map.of(), new Address("", 0), null, null, null,
				List.of(), zeroTime(), Duration.ZERO, List.of());
	}

	@FunctionalInterface
	private interface Check {

		void run(Peer peer) throws Exception;

	}

	record TextArgs(String a, String b) {
	}

	record Reordered(long b, long a) {
	}

	record Missing(long b) {
	}

	record Extra(List<Map<String, Person>> z, byte a, Tree y, long b) {
	}

	record WideI8(int i8) {
	}

	record UnsignedArgs(@Unsigned long a, @Unsigned long b) {
	}

	/**
	 * A channel of a check's own.
	 */
	private static final class Peer {

		final RpcChannel channel;

		final Arith arith;

		final Echo echo;

		Peer(RpcChannel channel) {
			this.channel = channel;
			this.arith = channel.proxy(Arith.class);
			this.echo = channel.proxy(Echo.class);
		}

		void alive() {
			assertThat(this.arith.add(new Args(20, 22))).isEqualTo(42);
		}

		/**
		 * Wants an error of the server; text "" is any text.
		 */
		void fails(String method, Object argument, String text) {
			assertThatExceptionOfType(RpcException.class)
				.isThrownBy(() -> this.channel.call(method, argument, Void.class))
				.satisfies((ex) -> {
					assertThat(ex.code()).isIn(RpcCode.UNKNOWN, RpcCode.UNIMPLEMENTED);
					if (!text.isEmpty()) {
						assertThat(ex).hasMessage(text);
					}
				});
		}

		void isUnimplemented(String method, String text) {
			assertThatExceptionOfType(RpcException.class)
				.isThrownBy(() -> this.channel.call(method, new Args(1, 0), Void.class))
				.satisfies((ex) -> {
					assertThat(ex).hasMessage(text);
					assertThat(ex.code()).isEqualTo(RpcCode.UNIMPLEMENTED);
					assertThat(ex.known()).isEqualTo(Known.NOT_RUN);
				});
			alive();
		}

	}

}
