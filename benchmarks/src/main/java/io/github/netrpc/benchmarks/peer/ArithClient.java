package io.github.netrpc.benchmarks.peer;

import java.nio.file.Path;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;

import org.jspecify.annotations.Nullable;
import org.springframework.core.task.SimpleAsyncTaskExecutor;

import io.github.netrpc.cluster.RemoteMethod;
import io.github.netrpc.cluster.RpcChannel;
import io.github.netrpc.cluster.RpcChannelBuilder;
import io.github.netrpc.transport.TlsSettings;

/**
 * This project's client: {@code --mode=async} keeps the calls in flight with
 * {@code callAsync}, each sent anew by its own callback; {@code --mode=sync} has a thread
 * for each, virtual where there are any. {@code --callbacks=io} runs callbacks on the I/O
 * thread, {@code --extensions=off} speaks like a stock client, {@code --tls=FILE} speaks
 * TLS, see {@link TlsKeyFile}.
 */
public final class ArithClient {

	private ArithClient() {
	}

	public static void main(String[] args) throws Exception {
		Flags flags = Flags.parse(args);
		RpcChannelBuilder builder = RpcChannel.builder()
			.target(flags.get("address", ""))
			.codec(flags.get("codec", "gob"))
			.extensions(flags.get("extensions", "auto").equals("auto"));
		if (flags.get("callbacks", "default").equals("io")) {
			builder.callbackExecutor(Runnable::run);
		}
		String keys = flags.get("tls", "");
		if (!keys.isEmpty()) {
			TlsSettings tls = TlsKeyFile.client(Path.of(keys));
			builder.tls(() -> tls);
		}
		try (RpcChannel channel = builder.build()) {
			new Console().drive(flags.get("mode", "async").equals("sync") ? syncLoad(channel) : asyncLoad(channel));
		}
	}

	private static Console.Load asyncLoad(RpcChannel channel) {
		RemoteMethod<Arith.Args, Arith.Reply> add = addOf(channel);
		return (inFlight) -> {
			LoadWindow window = new LoadWindow(inFlight, inFlight);
			for (int i = 0; i < inFlight; i++) {
				new AsyncCaller(add, window, i).send();
			}
			return window;
		};
	}

	private static Console.Load syncLoad(RpcChannel channel) {
		RemoteMethod<Arith.Args, Arith.Reply> add = addOf(channel);
		SimpleAsyncTaskExecutor threads = new SimpleAsyncTaskExecutor("caller-");
		threads.setVirtualThreads(Runtime.version().feature() >= 21);
		return (inFlight) -> {
			LoadWindow window = new LoadWindow(inFlight, inFlight);
			for (int i = 0; i < inFlight; i++) {
				startCaller(threads, add, window, i);
			}
			return window;
		};
	}

	private static void startCaller(Executor threads, RemoteMethod<Arith.Args, Arith.Reply> add, LoadWindow window,
			int writer) {
		Arith.Args args = args(writer);
		threads.execute(() -> {
			try {
				long sent = System.nanoTime();
				boolean again = true;
				while (again) {
					check(args, add.call(args));
					long now = System.nanoTime();
					again = window.completed(writer, now - sent);
					sent = now;
				}
			}
			catch (RuntimeException ex) {
				window.failed(ex);
			}
		});
	}

	private static RemoteMethod<Arith.Args, Arith.Reply> addOf(RpcChannel channel) {
		return channel.method(Arith.ADD, Arith.Args.class, Arith.Reply.class);
	}

	// A request of exactly 30 bytes in gob, once the call's number takes three bytes
	private static Arith.Args args(int writer) {
		return new Arith.Args(64 + writer % 64, 100);
	}

	private static void check(Arith.Args args, Arith.@Nullable Reply reply) {
		if (reply == null || reply.c() != args.a() + args.b()) {
			throw new IllegalStateException(args + " were added to " + reply);
		}
	}

	private static final class AsyncCaller implements BiConsumer<Arith.@Nullable Reply, @Nullable Throwable> {

		private final RemoteMethod<Arith.Args, Arith.Reply> add;

		private final LoadWindow window;

		private final int writer;

		private final Arith.Args args;

		private long sent = System.nanoTime();

		AsyncCaller(RemoteMethod<Arith.Args, Arith.Reply> add, LoadWindow window, int writer) {
			this.add = add;
			this.window = window;
			this.writer = writer;
			this.args = args(writer);
		}

		// The callback is this object, which reports what fails
		@SuppressWarnings("FutureReturnValueIgnored")
		void send() {
			this.add.callAsync(this.args).whenComplete(this);
		}

		@Override
		public void accept(Arith.@Nullable Reply reply, @Nullable Throwable failure) {
			try {
				if (failure != null) {
					this.window.failed(failure);
					return;
				}
				check(this.args, reply);
				long now = System.nanoTime();
				if (this.window.completed(this.writer, now - this.sent)) {
					this.sent = now;
					send();
				}
			}
			catch (RuntimeException ex) {
				this.window.failed(ex);
			}
		}

	}

}
