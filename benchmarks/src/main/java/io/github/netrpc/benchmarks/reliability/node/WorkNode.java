package io.github.netrpc.benchmarks.reliability.node;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import javax.management.JMException;

import io.github.netrpc.benchmarks.peer.Flags;
import io.github.netrpc.benchmarks.peer.TlsKeyFile;
import io.github.netrpc.cluster.RpcChannel;
import io.github.netrpc.server.RpcServer;
import io.github.netrpc.server.RpcServerBuilder;
import io.github.netrpc.transport.TlsSettings;

/**
 * A node of this project. SIGTERM drains it as Spring's shutdown does, the end of its
 * input ends it at once, so that it cannot outlive the runner. Answers each line
 * {@code memory} with {@code memory HEAP NATIVE}, in bytes, see {@link ProcessMemory},
 * {@code heap} with {@code heap BYTES} alone, {@code settle} with {@code settled BYTES},
 * the same after it has given back to the system what it can, {@code threads} with
 * {@code threads N}, those of Java, {@code loops} with what a {@link LoopWatch} has seen,
 * and {@code running} with {@code running N}, the calls that work at the moment. From a
 * line {@code behave well}, {@code behave failing} or {@code behave slow N} on it does,
 * which it answers with the same line.
 * <p>
 * {@code --address=HOST}, {@code --port=N} (0 picks a free one), {@code --slots=N}
 * handlers at a time, {@code --tokens=FILE} the log of runs, {@code --next=HOST:PORT} the
 * node that {@link Work#refuse} is handed on to, {@code --warm-up=N} connections at
 * another port before it listens, {@code --max-connections=N}, {@code --first-request=S}
 * and {@code --request=S} for how long a request may take to be said, {@code --tls=FILE}
 * a {@link TlsKeyFile}, {@code --watch=loops} to watch the I/O threads,
 * {@code --listen=asked} to print {@code warm} and listen only after a line
 * {@code listen}.
 */
public final class WorkNode {

	private static final Duration DRAIN_LIMIT = Duration.ofSeconds(30);

	private WorkNode() {
	}

	public static void main(String[] args) throws Exception {
		Flags flags = Flags.parse(args);
		String tokens = flags.get("tokens", "");
		String next = flags.get("next", "");
		WorkService work = new WorkService(tokens.isEmpty() ? null : TokenLog.create(Path.of(tokens)),
				next.isEmpty() ? null : RpcChannel.builder().name("next").target(next).build().proxy(Work.class));
		String host = flags.get("address", "127.0.0.1");
		LoopWatch loops = new LoopWatch();
		RpcServerBuilder builder = RpcServer.builder()
			.maxConnections(Integer.parseInt(flags.get("max-connections", "10000")))
			.requestTimeouts(seconds(flags.get("first-request", "5")), seconds(flags.get("request", "10")))
			.address(new InetSocketAddress(host, Integer.parseInt(flags.get("port", "0"))))
			.insecure(host.equals("0.0.0.0"))
			.service(work)
			.service("Nothing", (Nothing) (item) -> item);
		int slots = Integer.parseInt(flags.get("slots", "0"));
		if (slots > 0) {
			ExecutorService handlers = Executors.newFixedThreadPool(slots);
			builder.handlers(handlers, slots);
		}
		String keys = flags.get("tls", "");
		if (!keys.isEmpty()) {
			TlsSettings tls = TlsKeyFile.server(Path.of(keys));
			builder.tls(() -> tls);
		}
		if (flags.get("watch", "").equals("loops")) {
			builder.transport(loops.watch("rpc-server-", false));
		}
		WarmUp.run(Integer.parseInt(flags.get("warm-up", "0")));
		BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
		if (flags.get("listen", "").equals("asked")) {
			print("warm");
			if (!"listen".equals(in.readLine())) {
				return;
			}
		}
		RpcServer server = builder.start();
		Runtime.getRuntime().addShutdownHook(new Thread(() -> drain(server)));
		print("address " + host + ":" + server.port());
		serve(in, work, loops);
		Runtime.getRuntime().halt(0);
	}

	private static Duration seconds(String number) {
		return Duration.ofSeconds(Long.parseLong(number));
	}

	private static void drain(RpcServer server) {
		Object outcome = server.drain(DRAIN_LIMIT).toCompletableFuture().join();
		server.close();
		print("drained, cut " + outcome);
	}

	private static void serve(BufferedReader in, WorkService work, LoopWatch loops) throws IOException, JMException {
		for (String line = in.readLine(); line != null; line = in.readLine()) {
			if (line.equals("memory")) {
				print("memory " + ProcessMemory.heapBytes() + " " + ProcessMemory.nativeBytes());
			}
			else if (line.equals("heap")) {
				print("heap " + ProcessMemory.heapBytes());
			}
			else if (line.equals("settle")) {
				long heap = ProcessMemory.heapBytes();
				ProcessMemory.giveBack();
				print("settled " + heap);
			}
			else if (line.equals("threads")) {
				print("threads " + ManagementFactory.getThreadMXBean().getThreadCount());
			}
			else if (line.equals("loops")) {
				print("loops " + loops.text());
			}
			else if (line.equals("running")) {
				print("running " + work.running());
			}
			else if (line.startsWith("behave ")) {
				String[] words = line.split(" ");
				work.behave(words[1].equals("failing"), words[1].equals("slow") ? Integer.parseInt(words[2]) : 1);
				print(line);
			}
		}
	}

	private static void print(String line) {
		System.out.println(line);
		System.out.flush();
	}

}
