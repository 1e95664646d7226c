package io.github.netrpc.gob;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;

import com.sun.management.ThreadMXBean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.github.netrpc.gob.Definition.Kind;
import io.github.netrpc.gob.Vectors.Feed;
import io.github.netrpc.type.TypeRef;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What a hostile peer can ask for, and what a careless program can write.
 */
class GobLimitsTests {

	private static final long SMALL_STACK_BYTES = 256 << 10;

	private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

	private final Gob gob = GoTypes.gob();

	@Test
	void fiveBytesThatDeclareOneGibibyteAreRefusedWithoutAllocatingIt() {
		byte[] bytes = HexFormat.of().parseHex("fc40000000");
		GobDecoder decoder = this.gob.decoder();
		long before = THREADS.getCurrentThreadAllocatedBytes();
		GobException failure = failure(() -> decoder.next(bytes, 0, bytes.length));
		assertThat(THREADS.getCurrentThreadAllocatedBytes() - before).isLessThan(64 << 10);
		assertThat(failure).hasMessage("Message length: 1073741824 (limit: 4194304 bytes, max-message-size)");
		assertThat(failure.inStep()).isFalse();
		assertThat(failure(() -> decoder.next(bytes, 0, bytes.length)).inStep()).isFalse();
	}

	@Test
	void countsBeyondTheBytesAtHandAreRefusedWithoutAllocating() {
		for (Class<?> type : List.of(long[].class, String[].class, GoTypes.Dir.class)) {
			GobType<?> plan = this.gob.type(type);
			GobWriter out = this.gob.writer();
			sentTypes(plan, out);
			int start = out.beginMessage();
			out.writeInt(plan.plan().wireId());
			out.writeUint(plan.plan().isStruct() ? 2 : 0);
			out.writeUint(1L << 30);
			out.endMessage(start);
			byte[] bytes = Arrays.copyOf(out.array(), out.length());
			GobDecoder decoder = this.gob.decoder();
			decoder.next(bytes, 0, bytes.length);
			failure(() -> new Vectors.Stream(this.gob, bytes, Feed.WHOLE).read(plan));
			long before = THREADS.getCurrentThreadAllocatedBytes();
			GobException failure = failure(() -> decoder.read(plan));
			assertThat(THREADS.getCurrentThreadAllocatedBytes() - before).isLessThan(64 << 10);
			assertThat(failure).hasMessageContaining("1073741824 (0 bytes are left in the message)");
			assertThat(failure.inStep()).isTrue();
		}
	}

	@Test
	void countsOfElementsThatAreNotThereCostNoTime() {
		// Structs may end with their message, but a list of a million of them may not
		GobType<List<GoTypes.Box>> type = this.gob.type(new TypeRef<List<GoTypes.Box>>() {
		});
		GobWriter out = this.gob.writer();
		sentTypes(type, out);
		int start = out.beginMessage();
		out.writeInt(type.plan().wireId());
		out.writeUint(0);
		out.writeUint(4_000_000);
		out.writeUint(0);
		out.endMessage(start);
		byte[] bytes = Arrays.copyOf(out.array(), out.length());
		for (GobType<?> each : List.of(type, this.gob.type(long.class))) {
			long before = THREADS.getCurrentThreadAllocatedBytes();
			GobException failure = failure(() -> new Vectors.Stream(this.gob, bytes, Feed.WHOLE).read(each));
			assertThat(THREADS.getCurrentThreadAllocatedBytes() - before).isLessThan(1 << 20);
			assertThat(failure.inStep()).isTrue();
		}
		assertThat(failure(() -> new Vectors.Stream(this.gob, bytes, Feed.WHOLE).skip()))
			.hasMessageContaining("The message ends within a value");
	}

	@Test
	void whatIsSkippedIsNotMade() {
		GobType<List<List<Long>>> type = this.gob.type(new TypeRef<List<List<Long>>>() {
		});
		int count = 100_000;
		GobWriter out = this.gob.writer();
		sentTypes(type, out);
		int start = out.beginMessage();
		out.writeInt(type.plan().wireId());
		out.writeUint(0);
		out.writeUint(count);
		for (int i = 0; i < count; i++) {
			out.writeUint(1);
			out.writeInt(1000);
		}
		out.endMessage(start);
		byte[] bytes = Arrays.copyOf(out.array(), out.length());
		GobDecoder decoder = this.gob.decoder();
		assertThat(decoder.next(bytes, 0, bytes.length)).isTrue();
		long before = THREADS.getCurrentThreadAllocatedBytes();
		decoder.skip();
		assertThat(THREADS.getCurrentThreadAllocatedBytes() - before).isLessThan(64 << 10);
	}

	@Test
	void collectionsThatDoNotTakeAnElementFailTheValueOnly() {
		GobType<List<Object>> sent = this.gob.type(new TypeRef<List<Object>>() {
		});
		GobType<?> wanted = this.gob.type(new TypeRef<java.util.SortedSet<Object>>() {
		});
		GobWriter message = this.gob.writer();
		sent.write(List.of(1L, "x"), message);
		GobWriter out = this.gob.writer();
		this.gob.sentTypes().appendMissing(message, out);
		out.append(message);
		byte[] bytes = Arrays.copyOf(out.array(), out.length());
		GobException failure = failure(() -> new Vectors.Stream(this.gob, bytes, Feed.WHOLE).read(wanted));
		assertThat(failure).hasMessageContaining("does not take");
		assertThat(failure.inStep()).isTrue();
	}

	@Test
	void decodedSizeIsChargedBeforeInstancesAreMade() {
		// 4 MB of empty structs would be about 100 MB of objects
		GobType<List<GoTypes.Scalars>> type = this.gob.type(new TypeRef<List<GoTypes.Scalars>>() {
		});
		int count = 4_000_000;
		GobWriter out = this.gob.writer();
		sentTypes(type, out);
		int start = out.beginMessage();
		out.writeInt(type.plan().wireId());
		out.writeUint(0);
		out.writeUint(count);
		byte[] zeros = new byte[count];
		out.write(zeros, 0, count);
		out.endMessage(start);
		byte[] bytes = Arrays.copyOf(out.array(), out.length());
		GobDecoder decoder = this.gob.decoder();
		assertThat(decoder.next(bytes, 0, bytes.length)).isTrue();
		long before = THREADS.getCurrentThreadAllocatedBytes();
		GobException failure = failure(() -> decoder.read(type));
		long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
		assertThat(failure).hasMessageContaining("max-decoded-size");
		assertThat(failure.inStep()).isTrue();
		assertThat(allocated).isLessThan(64L << 20);
		assertThat(decoder.position()).isEqualTo(bytes.length);
	}

	@ParameterizedTest
	@ValueSource(ints = { 64, 65, 100_000 })
	void depthIsBoundedOnASmallStackWhenReading(int depth) throws Exception {
		Gob deepWriter = Gob.builder().limits(GobLimits.DEFAULT.withMaxDepth(1_000_000)).build();
		byte[] bytes = nested(deepWriter, depth);
		Callable<Object> read = () -> new Vectors.Stream(this.gob, bytes, Feed.WHOLE)
			.read(this.gob.type(GoTypes.Node.class));
		Callable<Object> skip = () -> new Vectors.Stream(this.gob, bytes, Feed.WHOLE)
			.read(this.gob.type(GoTypes.OnlyVal.class));
		if (depth <= 64) {
			assertThat(onStack(SMALL_STACK_BYTES, read)).isInstanceOf(GoTypes.Node.class);
			assertThat(onStack(SMALL_STACK_BYTES, skip)).isInstanceOf(GoTypes.OnlyVal.class);
			return;
		}
		for (Callable<Object> each : List.of(read, skip)) {
			Object failure = onStack(SMALL_STACK_BYTES, () -> failure(each::call));
			assertThat(failure).isInstanceOf(GobException.class);
			assertThat((GobException) failure).hasMessageContaining("nested deeper than 64 levels");
			assertThat(((GobException) failure).inStep()).isTrue();
		}
	}

	@Test
	void treesFiveHundredDeepPassAtDepthOneThousandOnAnOrdinaryStack() throws Exception {
		Gob deep = Gob.builder().limits(GobLimits.DEFAULT.withMaxDepth(1_000)).build();
		GobType<GoTypes.Dir> type = deep.type(GoTypes.Dir.class);
		Object depth = onStack(1 << 20, () -> {
			GoTypes.Dir dir = new GoTypes.Dir("leaf", List.of());
			for (int i = 1; i < 500; i++) {
				dir = new GoTypes.Dir("", List.of(dir));
			}
			GobWriter message = deep.writer();
			type.write(dir, message);
			GobWriter out = deep.writer();
			deep.sentTypes().appendMissing(message, out);
			out.append(message);
			GoTypes.Dir read = (GoTypes.Dir) new Vectors.Stream(deep, Arrays.copyOf(out.array(), out.length()),
					Feed.WHOLE)
				.read(type);
			int levels = 1;
			for (; !read.subs().isEmpty(); read = read.subs().get(0)) {
				levels++;
			}
			return levels;
		});
		assertThat(depth).isEqualTo(500);
	}

	@Test
	void valuesThatContainThemselvesAreRefusedOnASmallStack() throws Exception {
		List<Object> list = new ArrayList<>();
		list.add(list);
		GobType<List<Object>> type = this.gob.type(new TypeRef<List<Object>>() {
		});
		GobWriter out = this.gob.writer();
		Object failure = onStack(SMALL_STACK_BYTES, () -> failure(() -> type.write(list, out)));
		assertThat((GobException) failure).hasMessageContaining("or contains itself");
		assertThat(out.length()).isZero();
		type.write(List.of(1L), out);
		assertThat(out.length()).isPositive();
	}

	@Test
	void chainsOfTypesDoNotNeedAStack() throws Exception {
		// T1 { Left T2 }, T2 { Left T3 } ... against one recursive type of ours
		GobWriter out = this.gob.writer();
		int count = 999;
		for (int i = 0; i < count; i++) {
			byte[] message = Definition
				.struct(100 + i, "", new String[] { "Left" }, new int[] { (i < count - 1) ? 101 + i : 100 })
				.message();
			out.write(message, 0, message.length);
		}
		int start = out.beginMessage();
		out.writeInt(100);
		out.writeUint(0);
		out.endMessage(start);
		byte[] bytes = Arrays.copyOf(out.array(), out.length());
		Object value = onStack(SMALL_STACK_BYTES,
				() -> new Vectors.Stream(this.gob, bytes, Feed.WHOLE).read(this.gob.type(GoTypes.Tree.class)));
		assertThat(value).isEqualTo(new GoTypes.Tree("", null, null));
	}

	@Test
	void chainsOfSlicesAreRefusedBeyondTheDepth() throws Exception {
		GobWriter out = this.gob.writer();
		int count = 999;
		for (int i = 0; i < count; i++) {
			byte[] message = Definition.slice(100 + i, "", (i < count - 1) ? 101 + i : 100).message();
			out.write(message, 0, message.length);
		}
		out.write(new byte[] { 4, (byte) 0xff, (byte) 200, 0, 0 }, 0, 5);
		byte[] bytes = Arrays.copyOf(out.array(), out.length());
		Object failure = onStack(SMALL_STACK_BYTES, () -> failure(
				() -> new Vectors.Stream(this.gob, bytes, Feed.WHOLE).read(this.gob.type(GoTypes.RecSlice.class))));
		assertThat((GobException) failure).hasMessageContaining("nested deeper than 64 levels");
	}

	@Test
	void theThousandAndFirstTypeCostsTheStream() {
		GobWriter out = this.gob.writer();
		for (int i = 0; i <= 1_000; i++) {
			byte[] message = Definition.of(100 + i, Kind.GOB_ENCODER, "T").message();
			out.write(message, 0, message.length);
		}
		byte[] bytes = Arrays.copyOf(out.array(), out.length());
		GobException failure = failure(() -> new Vectors.Stream(this.gob, bytes, Feed.WHOLE).skip());
		assertThat(failure).hasMessageContaining("More than 1000 types");
		assertThat(failure.inStep()).isFalse();
	}

	@Test
	void definitionsBeyondTheirBytesCostTheStream() {
		GobWriter out = this.gob.writer();
		for (int i = 0; i < 300; i++) {
			byte[] message = Definition.struct(100 + i, "", new String[] { "X" + "x".repeat(1_000) }, new int[] { 2 })
				.message();
			out.write(message, 0, message.length);
		}
		byte[] bytes = Arrays.copyOf(out.array(), out.length());
		GobException failure = failure(() -> new Vectors.Stream(this.gob, bytes, Feed.WHOLE).skip());
		assertThat(failure).hasMessageContaining("More than 262144 bytes of type definitions");
		assertThat(failure.inStep()).isFalse();
	}

	@Test
	void aStreamMayHaveManyValuesCutOverManyMessages() {
		// As Go sends them: each first use of a type in an interface cuts the message
		Vectors.Case vector = interfaces("anys_two_new_types");
		byte[] bytes = vector.bytes();
		for (int cut = 1; cut < bytes.length; cut++) {
			GobDecoder decoder = this.gob.decoder();
			GobType<?> type = GoTypes.type(this.gob, "[]interface{}");
			boolean early = decoder.next(bytes, 0, cut) && decoder.read(type);
			assertThat(early).isFalse();
			// The bytes move, as in a buffer that is compacted
			byte[] moved = new byte[bytes.length + 7];
			System.arraycopy(bytes, decoder.position(), moved, 7, bytes.length - decoder.position());
			int to = 7 + bytes.length - decoder.position();
			assertThat(decoder.next(moved, 7, to) && decoder.read(type)).isTrue();
			assertThat((List<?>) decoder.value()).hasSize(4);
			assertThat(decoder.position()).isEqualTo(to);
		}
	}

	@Test
	void messagesOfOneValueCountTogether() {
		Vectors.Case vector = interfaces("anys_two_new_types");
		Gob small = Gob.builder().types(GoTypes.NAMES).limits(GobLimits.DEFAULT.withMaxMessageBytes(90)).build();
		for (Feed feed : Feed.values()) {
			Vectors.Stream stream = new Vectors.Stream(small, vector.bytes(), feed);
			GobException failure = failure(() -> stream.read(GoTypes.type(small, "[]interface{}")));
			assertThat(failure).hasMessageContaining("cut over several messages takes more than 90 bytes");
			assertThat(failure.inStep()).isFalse();
		}
	}

	@Test
	void messagesOfOneValueCountTogetherWhereTheyAreBoundMoreClosely() {
		Vectors.Case vector = interfaces("anys_two_new_types");
		byte[] bytes = vector.bytes();
		GobDecoder decoder = Gob.builder().types(GoTypes.NAMES).build().decoder();
		decoder.limitMessages(90);
		GobException failure = failure(() -> {
			decoder.next(bytes, 0, bytes.length);
			decoder.skip();
		});
		assertThat(failure).hasMessageContaining("cut over several messages takes more than 90 bytes");
		assertThat(failure.inStep()).isFalse();
		assertThat(failure.isLimit()).isTrue();
	}

	@Test
	void aValueThatDoesNotFitIsReadOverToItsRealEnd() {
		Vectors.Case vector = interfaces("boxes_in_the_middle");
		byte[] once = vector.bytes();
		byte[] bytes = Arrays.copyOf(once, once.length + 4);
		System.arraycopy(new byte[] { 3, 4, 0, 6 }, 0, bytes, once.length, 4);
		for (Feed feed : Feed.values()) {
			Vectors.Stream stream = new Vectors.Stream(this.gob, bytes, feed);
			GobException failure = failure(() -> stream.read(this.gob.type(long.class)));
			assertThat(failure.inStep()).isTrue();
			assertThat(stream.read(this.gob.type(long.class))).isEqualTo(3L);
		}
	}

	@Test
	void idleStreamsWithTheSameTypesShareThem() {
		byte[] bytes = Vectors.cases("values_structs").get(4).bytes();
		GobType<?> type = this.gob.type(GoTypes.Scalars.class);
		new Vectors.Stream(this.gob, bytes, Feed.WHOLE).read(type);
		int streams = 1_000;
		List<GobDecoder> decoders = new ArrayList<>(streams);
		long before = THREADS.getCurrentThreadAllocatedBytes();
		for (int i = 0; i < streams; i++) {
			GobDecoder decoder = this.gob.decoder();
			decoder.next(bytes, 0, bytes.length);
			decoders.add(decoder);
		}
		long each = (THREADS.getCurrentThreadAllocatedBytes() - before) / streams;
		assertThat(each).isLessThan(500);
		assertThat(decoders).allMatch((decoder) -> decoder.read(type));
	}

	@Test
	void namesInInterfaceValuesCannotChooseClasses() {
		GobWriter out = this.gob.writer();
		sentTypes(this.gob.type(GoTypes.Box.class), out);
		int start = out.beginMessage();
		out.writeInt(this.gob.type(GoTypes.Box.class).plan().wireId());
		out.writeUint(1);
		out.writeString("java.lang.Runtime");
		out.writeInt(2);
		out.writeUint(2);
		out.writeUint(0);
		out.writeInt(1);
		out.writeUint(0);
		out.endMessage(start);
		byte[] bytes = Arrays.copyOf(out.array(), out.length());
		GobException failure = failure(
				() -> new Vectors.Stream(this.gob, bytes, Feed.WHOLE).read(this.gob.type(GoTypes.Box.class)));
		assertThat(failure)
			.hasMessageContaining("The type \"java.lang.Runtime\" in an interface value is not registered");
		assertThat(failure.inStep()).isTrue();
	}

	@Test
	void messagesBeyondTheLimitAreNotWritten() {
		Gob small = Gob.builder().limits(GobLimits.DEFAULT.withMaxMessageBytes(100)).build();
		GobWriter out = small.writer();
		GobType<String> type = small.type(String.class);
		type.write("x".repeat(90), out);
		int length = out.length();
		assertThat(failure(() -> type.write("x".repeat(101), out))).hasMessageContaining("max-message-size");
		assertThat(failure(() -> type.write("x".repeat(3_000_000), out))).hasMessageContaining("max-message-size");
		assertThat(out.length()).isEqualTo(length);
	}

	@Test
	void mapsThatDoNotTakeAnEntryFailTheValueOnly() {
		GobType<Map<GoTypes.Point, String>> sent = this.gob.type(new TypeRef<Map<GoTypes.Point, String>>() {
		});
		GobType<java.util.SortedMap<GoTypes.Point, String>> wanted = this.gob
			.type(new TypeRef<java.util.SortedMap<GoTypes.Point, String>>() {
			});
		GobWriter message = this.gob.writer();
		sent.write(Map.of(new GoTypes.Point(1, 2), "x"), message);
		GobWriter out = this.gob.writer();
		this.gob.sentTypes().appendMissing(message, out);
		out.append(message);
		byte[] bytes = Arrays.copyOf(out.array(), out.length());
		GobException failure = failure(() -> new Vectors.Stream(this.gob, bytes, Feed.WHOLE).read(wanted));
		assertThat(failure).hasMessageContaining("does not take");
		assertThat(failure.inStep()).isTrue();
	}

	private void sentTypes(GobType<?> type, GobWriter out) {
		GobWriter needs = this.gob.writer();
		needs.need(type.plan().wireId());
		this.gob.sentTypes().appendMissing(needs, out);
	}

	private static byte[] nested(Gob gob, int depth) {
		GobType<GoTypes.Node> type = gob.type(GoTypes.Node.class);
		GobWriter needs = gob.writer();
		type.write(new GoTypes.Node(1, null), needs);
		GobWriter out = gob.writer();
		gob.sentTypes().appendMissing(needs, out);
		int start = out.beginMessage();
		out.writeInt(type.plan().wireId());
		for (int i = 1; i < depth; i++) {
			out.writeUint(2);
		}
		for (int i = 0; i < depth; i++) {
			out.writeUint(0);
		}
		out.endMessage(start);
		return Arrays.copyOf(out.array(), out.length());
	}

	private static Vectors.Case interfaces(String name) {
		return Vectors.cases("values_interfaces")
			.stream()
			.filter((each) -> each.name().equals(name))
			.findFirst()
			.orElseThrow();
	}

	private static GobException failure(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
		return assertThatExceptionOfType(GobException.class).isThrownBy(call).actual();
	}

	private static Object onStack(long bytes, Callable<Object> call) throws Exception {
		FutureTask<Object> task = new FutureTask<>(call);
		Thread thread = new Thread(null, task, "small stack", bytes);
		thread.start();
		return task.get();
	}

}
