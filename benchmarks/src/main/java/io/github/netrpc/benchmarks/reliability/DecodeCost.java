package io.github.netrpc.benchmarks.reliability;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

import io.github.netrpc.benchmarks.PeerProcess;
import io.github.netrpc.transport.InputWindow;
import io.github.netrpc.type.TypeRef;
import io.github.netrpc.wire.EncodeException;
import io.github.netrpc.wire.IncomingRequest;
import io.github.netrpc.wire.RequestSink;
import io.github.netrpc.wire.ServerCodec;
import io.github.netrpc.wire.ValuePlan;
import io.github.netrpc.wire.WireException;
import io.github.netrpc.wire.WireFormat;
import io.github.netrpc.wire.WireLimits;

/**
 * R21: what a server pays to read a request that means harm.
 */
final class DecodeCost implements Scenario {

	private static final double KIBIBYTE = 1024;

	private static final double MEBIBYTE = 1 << 20;

	private static final long GIBIBYTE = 1L << 30;

	private static final double CHUNK_KIBIBYTES = ReadCost.CHUNK_BYTES / KIBIBYTE;

	/** A reference, however large the heap is. */
	private static final int PLACE_BYTES = 8;

	/**
	 * A place in a list of which the length is not said before: it grows by a half, and
	 * all its storages count.
	 */
	private static final int GROWING_PLACE_BYTES = 3 * PLACE_BYTES;

	/** An {@link Item}: a header and two words. */
	private static final int ITEM_BYTES = 32;

	/** An empty list; its storage is shared. */
	private static final int LIST_BYTES = 24;

	private static final int ELEMENTS = 3_900_000;

	/**
	 * An entry of a map, its key of eight digits, and the 13 characters of both that a
	 * text with a rare name is read from.
	 */
	private static final int ENTRY_BYTES = 40 + 48 + 13 * Character.BYTES;

	private static final int ENTRIES = 300_000;

	private static final TypeRef<byte[]> BYTES = new TypeRef<>() {
	};

	private static final TypeRef<String> STRING = new TypeRef<>() {
	};

	private static final TypeRef<List<Integer>> NUMBERS = new TypeRef<>() {
	};

	private static final TypeRef<Map<String, Integer>> MAP = new TypeRef<>() {
	};

	private static final TypeRef<List<Item>> ITEMS = new TypeRef<>() {
	};

	private static final TypeRef<List<List<Integer>>> LISTS = new TypeRef<>() {
	};

	private static final TypeRef<List<String>> STRINGS = new TypeRef<>() {
	};

	private final com.sun.management.ThreadMXBean threads = (com.sun.management.ThreadMXBean) ManagementFactory
		.getThreadMXBean();

	@Override
	public List<String> rows() {
		return List.of("R21");
	}

	@Override
	public String title() {
		return "what a hostile request costs";
	}

	@Override
	public Outcome run(Workbench bench) throws Exception {
		WireFormat gob = HostileRequest.format("gob");
		WireFormat json = HostileRequest.format("json");
		List<String> details = new ArrayList<>();
		Worst declared = worst(declaring(gob, json), details);
		List<ReadCost> fullCosts = new ArrayList<>();
		Worst full = new Worst(0, "", 0);
		for (Full each : full(gob, json)) {
			Worst cost = worst(List.of(each.request()), details);
			fullCosts.add(new ReadCost(each.request().name(), each.instances(), each.instanceBytes(), cost.bytes()));
			full = new Worst(full.inputs() + 1, (cost.bytes() > full.bytes()) ? cost.name() : full.name(),
					Math.max(cost.bytes(), full.bytes()));
		}
		int pieces = bench.times(1_000_000, 20_000);
		int rounds = bench.times(9, 3);
		Split gobSplit = split(numbers(gob, pieces), rounds);
		Split jsonSplit = split(numbers(json, pieces / 2), rounds);
		Go go = go(bench);
		details.add(
				"bytes that the reading thread has allocated, after some tries of the same; each with a connection of its own");
		details.add(
				"pieces: a list of numbers, a request of %s bytes in gob and %s in JSON, given whole and byte by byte as "
					.formatted(Figure.count(gobSplit.bytes()), Figure.count(jsonSplit.bytes()))
						+ "a transport does; CPU time of the thread, medians of %d rounds in turns: gob %s, JSON %s"
							.formatted(rounds, gobSplit.text(), jsonSplit.text()));
		return new Outcome(List.of(
				Figure
					.atMost("R21", "allocated for a request that declares more than it has", declared.inputs(),
							CHUNK_KIBIBYTES, declared.bytes() / KIBIBYTE, " KiB")
					.explained(declared.name())
					.beside(go.allocated()),
				Figure.atMost("R21",
						"allocated for a request of 4 MB that becomes as much as it can; the bound is that of all values of a message, and 64 KiB",
						full.inputs(), WireLimits.DEFAULT.maxDecodedBytes() / MEBIBYTE + CHUNK_KIBIBYTES / KIBIBYTE,
						full.bytes() / MEBIBYTE, " MiB")
					.explained(full.name()),
				ReadCost.eachWithinItsBound(fullCosts),
				Figure
					.atMost("R21", "CPU for a request in as many pieces as it has bytes ÷ for one piece, gob",
							gobSplit.bytes(), 3, gobSplit.ratio(), "")
					.beside(go.ratio()),
				Figure.atMost("R21", "CPU for a request in as many pieces as it has bytes ÷ for one piece, JSON",
						jsonSplit.bytes(), 3, jsonSplit.ratio(), "")),
				details);
	}

	/** Requests that are short, and say that they are long. */
	private static List<HostileRequest> declaring(WireFormat gob, WireFormat json) throws EncodeException {
		byte[] few = { 1, 1, 1 };
		return List.of(
				HostileRequest.of("a message of 1 GiB, in 5 bytes", gob, BYTES, HostileRequest.unsigned(GIBIBYTE - 1)),
				HostileRequest.of("a message of 2^63 bytes", gob, BYTES, HostileRequest.unsigned(Long.MIN_VALUE)),
				HostileRequest.declaring("[]byte of 1 GiB", gob, BYTES, new byte[0], GIBIBYTE, few),
				HostileRequest.declaring("a string of 1 GiB", gob, STRING, "", GIBIBYTE, few),
				HostileRequest.declaring("[]int of 2^30", gob, NUMBERS, List.of(), GIBIBYTE, few),
				HostileRequest.declaring("[]int of 2^63", gob, NUMBERS, List.of(), Long.MIN_VALUE, few),
				HostileRequest.declaring("a map of 2^30", gob, MAP, Map.of(), GIBIBYTE, few),
				HostileRequest.declaring("[]struct of 2^30", gob, ITEMS, List.of(), GIBIBYTE, few),
				HostileRequest.declaring("[][]int of 2^30", gob, LISTS, List.of(), GIBIBYTE, few),
				HostileRequest.declaring("[][]int of one of 2^30", gob, LISTS, List.of(), 1,
						HostileRequest.unsigned(GIBIBYTE)),
				HostileRequest.declaring("[]string of one of 1 GiB", gob, STRINGS, List.of(), 1,
						HostileRequest.unsigned(GIBIBYTE)),
				HostileRequest.json("100,000 × [", json, NUMBERS, "[".repeat(100_000)),
				HostileRequest.json("100,000 × {\"a\":", json, MAP, "{\"a\":".repeat(100_000)),
				HostileRequest.json("1e1000000000", json, NUMBERS, "[1e1000000000]"));
	}

	/** Requests that are as long as they may be, and become as much as they can. */
	private static List<Full> full(WireFormat gob, WireFormat json) throws EncodeException {
		byte[] zeros = new byte[ELEMENTS];
		int pairs = ELEMENTS / 3 + 1;
		return List.of(
				new Full(HostileRequest.declaring("[]struct, all zero", gob, ITEMS, List.of(), ELEMENTS, zeros),
						ELEMENTS, PLACE_BYTES + ITEM_BYTES),
				new Full(HostileRequest.declaring("[][]int, all empty", gob, LISTS, List.of(), ELEMENTS, zeros),
						ELEMENTS, PLACE_BYTES + LIST_BYTES),
				// Empty strings and small numbers are the same ones for all.
				new Full(HostileRequest.declaring("[]string, all empty", gob, STRINGS, List.of(), ELEMENTS, zeros),
						ELEMENTS, PLACE_BYTES),
				new Full(HostileRequest.declaring("[]int, all zero", gob, NUMBERS, List.of(), ELEMENTS, zeros),
						ELEMENTS, PLACE_BYTES),
				new Full(HostileRequest.declaring("[]byte", gob, BYTES, new byte[0], ELEMENTS, zeros), ELEMENTS, 1),
				new Full(HostileRequest.json("[{},{},…]", json, ITEMS, "[" + "{},".repeat(ELEMENTS / 3) + "{}]"), pairs,
						GROWING_PLACE_BYTES + ITEM_BYTES),
				new Full(HostileRequest.json("a map with a name of 1,025 bytes at its end", json, MAP, entries()),
						ENTRIES, GROWING_PLACE_BYTES + ENTRY_BYTES),
				new Full(HostileRequest.json("[[],[],…]", json, LISTS, "[" + "[],".repeat(ELEMENTS / 3) + "[]]"), pairs,
						GROWING_PLACE_BYTES + LIST_BYTES),
				new Full(HostileRequest.json("a number of 3,900,000 digits", json, NUMBERS,
						"[" + "9".repeat(ELEMENTS) + "]"), ELEMENTS, 1),
				new Full(HostileRequest.json("[\"\",\"\",…]", json, STRINGS,
						"[" + "\"\",".repeat(ELEMENTS / 3) + "\"\"]"), pairs, GROWING_PLACE_BYTES));
	}

	private static String entries() {
		StringBuilder text = new StringBuilder("{");
		for (int i = 0; i < ENTRIES; i++) {
			text.append('"').append(10_000_000 + i).append("\":0,");
		}
		return text.append('"').append("n".repeat(1025)).append("\":0}").toString();
	}

	private Worst worst(List<HostileRequest> requests, List<String> details) {
		Worst worst = new Worst(requests.size(), "", 0);
		List<String> each = new ArrayList<>();
		for (HostileRequest request : requests) {
			long bytes = 0;
			String end = "";
			for (int i = 0; i < 5; i++) {
				long before = this.threads.getCurrentThreadAllocatedBytes();
				end = read(request);
				bytes = this.threads.getCurrentThreadAllocatedBytes() - before;
			}
			if (bytes > worst.bytes()) {
				worst = new Worst(requests.size(), request.name(), bytes);
			}
			each.add("%s, %s bytes: %s KiB, %s".formatted(request.name(), Figure.count(request.bytes().length),
					Figure.number(bytes / KIBIBYTE), end));
		}
		details.addAll(each);
		return worst;
	}

	private static String read(HostileRequest request) {
		Reader sink = new Reader(request.plan());
		try {
			int consumed = request.format().serverCodec().decode(request.bytes(), 0, request.bytes().length, sink);
			return Objects.requireNonNullElse(sink.end,
					(consumed == request.bytes().length) ? "waits" : "waits for more");
		}
		catch (WireException ex) {
			return "closed";
		}
	}

	private static HostileRequest numbers(WireFormat format, int count) throws EncodeException {
		return HostileRequest.honest(format, NUMBERS, IntStream.range(0, count).mapToObj((i) -> i % 10).toList());
	}

	private Split split(HostileRequest request, int rounds) throws WireException {
		double[] whole = new double[rounds];
		double[] pieces = new double[rounds];
		// The first rounds are about the JIT compilers
		for (int i = -3; i < rounds; i++) {
			long begin = this.threads.getCurrentThreadCpuTime();
			feed(request, request.bytes().length);
			long middle = this.threads.getCurrentThreadCpuTime();
			feed(request, 1);
			long end = this.threads.getCurrentThreadCpuTime();
			if (i >= 0) {
				whole[i] = (middle - begin) / 1e6;
				pieces[i] = (end - middle) / 1e6;
			}
		}
		return new Split(request.bytes().length, Latencies.median(whole), Latencies.median(pieces));
	}

	/** Gives a request as a transport does: what was not consumed comes again. */
	private static void feed(HostileRequest request, int length) throws WireException {
		ServerCodec codec = request.format().serverCodec();
		Reader sink = new Reader(request.plan());
		InputWindow window = new InputWindow();
		byte[] bytes = request.bytes();
		for (int from = 0; from < bytes.length; from += length) {
			window.append(bytes, from, Math.min(length, bytes.length - from));
			window.consume(codec.decode(window.bytes(), window.from(), window.to(), sink));
		}
		if (!"read".equals(sink.end)) {
			throw new IllegalStateException("an honest request: " + sink.end);
		}
	}

	private static Go go(Workbench bench) throws Exception {
		String missing = bench.goMissing();
		if (missing != null) {
			return new Go(missing, "");
		}
		try (PeerProcess process = bench.startGo("decodecost")) {
			GoCost cost = JsonMapper.shared().readValue("{" + process.expect("{", 60), GoCost.class);
			return new Go("%s KiB for 5 bytes".formatted(Figure.number(cost.allocated() / KIBIBYTE)),
					"%s (%s ms ÷ %s ms)".formatted(Figure.number((double) cost.splitMicros() / cost.wholeMicros()),
							Figure.number(cost.splitMicros() / 1000.0), Figure.number(cost.wholeMicros() / 1000.0)));
		}
	}

	/**
	 * What the Go program has found.
	 *
	 * @param allocated bytes for five that declare a message of 1 GiB
	 * @param wholeMicros CPU time for a message in one piece
	 * @param splitMicros CPU time for the same byte by byte
	 */
	record GoCost(long allocated, long wholeMicros, long splitMicros) {

	}

	private record Go(String allocated, String ratio) {

	}

	/**
	 * A request that is as long as it may be.
	 *
	 * @param request the request
	 * @param instances how many elements it has
	 * @param instanceBytes what one of them takes in memory with the place that holds it
	 */
	private record Full(HostileRequest request, long instances, int instanceBytes) {

	}

	private record Worst(int inputs, String name, long bytes) {

	}

	private record Split(int bytes, double wholeMillis, double splitMillis) {

		double ratio() {
			return this.splitMillis / this.wholeMillis;
		}

		String text() {
			return "%s ms ÷ %s ms".formatted(Figure.number(this.splitMillis), Figure.number(this.wholeMillis));
		}

	}

	/**
	 * A struct of two words.
	 *
	 * @param a a number
	 * @param b another one
	 */
	record Item(long a, long b) {

	}

	/** Says what became of a request. */
	private static final class Reader implements RequestSink {

		private final ValuePlan plan;

		private @Nullable String end;

		Reader(ValuePlan plan) {
			this.plan = plan;
		}

		@Override
		public IncomingRequest begin(byte[] buffer, int from, int to) {
			return new IncomingRequest() {

				@Override
				public byte[] methodName() {
					return HostileRequest.METHOD.utf8();
				}

				@Override
				public ValuePlan argumentPlan() {
					return Reader.this.plan;
				}

				@Override
				public void received(@Nullable Object argument) {
					Reader.this.end = "read";
				}

				@Override
				public void malformed(String reason) {
					Reader.this.end = "refused";
				}

			};
		}

		@Override
		public boolean wantsMore() {
			return true;
		}

	}

}
