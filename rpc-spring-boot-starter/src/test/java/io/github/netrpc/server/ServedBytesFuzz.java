package io.github.netrpc.server;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

import io.github.netrpc.RpcCode;
import io.github.netrpc.RpcException;
import io.github.netrpc.annotation.NonBlocking;
import io.github.netrpc.fuzz.Cuts;
import io.github.netrpc.fuzz.FuzzTarget;
import io.github.netrpc.fuzz.Promises;
import io.github.netrpc.gob.Vectors;
import io.github.netrpc.wire.WireLimits;
import io.github.netrpc.wire.gob.GobWireFormat;
import io.github.netrpc.wire.json.JsonWireFormat;

/**
 * Whatever a new connection sends, the server finds out what it speaks, answers what was
 * asked, and closes or goes on: the same bytes are answered with the same bytes however
 * they are cut, and nothing is left when the connection has ended. A server that knows
 * nobody runs nothing for anybody.
 */
public final class ServedBytesFuzz implements FuzzTarget {

	private static final WireLimits LIMITS = new WireLimits(16 << 10, 32 << 10, 64, 8 << 10, 256);

	/** Readers, buffers for replies, and what the connection itself takes. */
	private static final long CONNECTION_BYTES = 1 << 20;

	private final ManualServer open = server(new Arith());

	private final Arith unseen = new Arith();

	/** A server that knows nobody. */
	private final ManualServer locked = server(this.unseen);

	/**
	 * Makes the target.
	 */
	public ServedBytesFuzz() {
		this.locked.authenticator = (credentials) -> {
			throw new RpcException(RpcCode.UNAUTHENTICATED, "nobody");
		};
	}

	private static ManualServer server(Arith arith) {
		ManualServer server = new ManualServer(arith,
				List.of(new GobWireFormat.Provider().create(LIMITS), new JsonWireFormat.Provider().create(LIMITS)));
		server.executor = Runnable::run;
		return server;
	}

	@Override
	public String name() {
		return "served-bytes";
	}

	@Override
	public String description() {
		return "all that a connection sends to a server: detection, CONNECT, calls in both formats";
	}

	@Override
	public List<byte[]> seeds() {
		List<byte[]> seeds = new ArrayList<>();
		for (String file : List.of("rpc_gob", "rpc_gob_raw", "rpc_json", "rpc_json_raw", "rpc_http")) {
			for (Vectors.Case vector : Vectors.cases(file)) {
				if (vector.has("clientHex")) {
					seeds.add(HexFormat.of().parseHex(vector.text("clientHex")));
				}
			}
		}
		for (String opening : List.of("SSH-2.0-x\r\n", "\u0016\u0003\u0001\u0002\0\u0001", "       {\"a\":1}", "{ }",
				"GET / HTTP/1.1\r\n\r\n", "{\"method\":\"_goRPC_.Ping\",\"params\":[{}],\"id\":1,\"timeLeft\":5}",
				"{\"method\":\"_goRPC_.Cancel\",\"params\":[1],\"id\":2}")) {
			seeds.add(opening.getBytes(StandardCharsets.ISO_8859_1));
		}
		seeds.add(connected());
		return seeds.stream().filter((seed) -> seed.length <= 4_096).toList();
	}

	private static byte[] connected() {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		bytes.writeBytes("CONNECT /_goRPC_ HTTP/1.0\n\n".getBytes(StandardCharsets.US_ASCII));
		bytes.writeBytes(HexFormat.of().parseHex(Vectors.cases("rpc_gob").get(0).text("clientHex")));
		return bytes.toByteArray();
	}

	@Override
	public void run(byte[] input) {
		check(this.open, input);
		check(this.locked, input);
		Promises.that(this.unseen.calls == 0, "a handler ran for a caller that nobody knows");
	}

	private static void check(ManualServer server, byte[] input) {
		Promises.bounded(input, CONNECTION_BYTES, () -> outcome(server, input, Cuts.NONE));
		String whole = outcome(server, input, Cuts.NONE);
		Cuts cuts = Cuts.of(input);
		Promises.same(cuts, whole, outcome(server, input, cuts));
	}

	private static String outcome(ManualServer server, byte[] input, Cuts cuts) {
		server.records.clear();
		FakeConnection connection = server.open();
		cuts.feed(input, (buffer, from, to) -> {
			connection.receive(new String(buffer, from, to - from, StandardCharsets.ISO_8859_1));
			return to - from;
		});
		String state = state(connection);
		connection.endInput();
		state += state(connection);
		connection.close();
		connection.runTasks();
		Promises.that(connection.timers() == 0, connection.timers() + " timers are left");
		Promises.that(server.scope().arguments().bytes() == 0, "arguments are left");
		Promises.that(server.scope().unsent().bytes() == 0, "replies are left");
		Promises.that(server.registry.count() == 0, "a connection is left");
		return state + server.records;
	}

	private static String state(FakeConnection connection) {
		return connection.sent() + "\n" + (connection.isClosed() ? "closed" : "")
				+ (connection.isGracefullyClosed() ? "closed gracefully" : "")
				+ (connection.isReading() ? "reading" : "") + "\n";
	}

	/** The fixture's arithmetic, on the I/O thread. */
	public static final class Arith {

		int calls;

		@NonBlocking
		public Reply add(Args args) {
			this.calls++;
			return new Reply(args.a() + args.b());
		}

		public Reply multiply(int a, int b) {
			this.calls++;
			return new Reply((long) a * b);
		}

		public Reply divide(Args args) {
			this.calls++;
			if (args.b() == 0) {
				throw new RpcException(RpcCode.INVALID_ARGUMENT, "divide by zero");
			}
			return new Reply(args.a() / args.b());
		}

		public Map<String, List<Object>> echo(Map<String, List<Object>> any) {
			this.calls++;
			return any;
		}

		public void nothing() {
			this.calls++;
		}

	}

	record Args(long a, long b) {
	}

	record Reply(long c) {
	}

}
