package io.github.netrpc.benchmarks.reliability.node;

import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongConsumer;

/**
 * The tokens of the tasks that a node has begun, in a file that is mapped into memory:
 * what a process has written there stays when it is killed. Eight bytes for each token,
 * in the order of the runs. Thread-safe.
 */
public final class TokenLog {

	/** The runs that fit into one log; the file has holes where nothing is written. */
	static final int CAPACITY = 4_000_000;

	private final MappedByteBuffer file;

	private final AtomicInteger next = new AtomicInteger();

	private TokenLog(MappedByteBuffer file) {
		this.file = file;
	}

	static TokenLog create(Path path) throws IOException {
		try (FileChannel channel = FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ,
				StandardOpenOption.WRITE)) {
			return new TokenLog(channel.map(FileChannel.MapMode.READ_WRITE, 0, CAPACITY * 8L));
		}
	}

	/**
	 * Notes a run.
	 * @param token the token, not 0
	 */
	void add(long token) {
		int run = this.next.getAndIncrement();
		if (run >= CAPACITY) {
			throw new IllegalStateException("more than " + CAPACITY + " runs");
		}
		this.file.putLong(run * 8, token);
	}

	/**
	 * Reads a log, also that of a process that was killed.
	 * @param path the file
	 * @param runs takes the token of each run
	 * @throws IOException if it cannot be read
	 */
	public static void read(Path path, LongConsumer runs) throws IOException {
		try (FileChannel channel = FileChannel.open(path)) {
			MappedByteBuffer file = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size());
			// A killed process may have left a hole where it was about to write
			int holes = 0;
			while (file.remaining() >= 8 && holes < 1000) {
				long token = file.getLong();
				if (token != 0) {
					holes = 0;
					runs.accept(token);
				}
				else {
					holes++;
				}
			}
		}
	}

}
