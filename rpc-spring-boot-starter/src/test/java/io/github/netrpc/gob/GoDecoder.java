package io.github.netrpc.gob;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import org.jspecify.annotations.Nullable;
import org.opentest4j.TestAbortedException;

import io.github.netrpc.gob.GobDifferencesFuzz.Answer;
import io.github.netrpc.interop.GoPrograms;

/**
 * Real Go, which reads streams that it is sent over a pipe: the program gobrandom. It may
 * take 4 GiB of addresses; if a stream makes it want more, it dies, which counts as a
 * failure to read, and another takes its place.
 */
final class GoDecoder implements GoAnswers {

	private static final String COMMAND = "ulimit -v 4194304; exec \"$0\" decode";

	/** The failure of a stream that took more than Go may have. */
	static final String DIED = "Go died";

	private final String program;

	private @Nullable Process process;

	private @Nullable DataOutputStream out;

	private @Nullable DataInputStream in;

	private GoDecoder(String program) {
		this.program = program;
	}

	/** The decoder, or null where there is no Go. */
	static @Nullable GoDecoder find() {
		try {
			return new GoDecoder(GoPrograms.build("gobrandom").toString());
		}
		catch (TestAbortedException ex) {
			return null;
		}
	}

	@Override
	public Answer read(int kind, int most, byte[] stream) {
		List<Long> hashes = new ArrayList<>();
		try {
			DataOutputStream to = open();
			to.write(kind);
			to.write(most);
			to.writeInt(stream.length);
			to.write(stream);
			to.flush();
			DataInputStream from = Objects.requireNonNull(this.in);
			for (byte tag = from.readByte(); tag != 'e'; tag = from.readByte()) {
				long hash = from.readLong();
				hashes.add((tag == 'v') ? hash : Answer.VAGUE);
			}
			byte[] text = from.readNBytes(from.readUnsignedShort());
			return new Answer(hashes, new String(text, StandardCharsets.UTF_8));
		}
		catch (IOException ex) {
			close();
			return new Answer(hashes, DIED);
		}
	}

	private DataOutputStream open() throws IOException {
		DataOutputStream open = this.out;
		if (open == null) {
			Process started = new ProcessBuilder("sh", "-c", COMMAND, this.program)
				.redirectError(ProcessBuilder.Redirect.DISCARD)
				.start();
			this.process = started;
			this.in = new DataInputStream(new BufferedInputStream(started.getInputStream()));
			open = new DataOutputStream(new BufferedOutputStream(started.getOutputStream()));
			this.out = open;
		}
		return open;
	}

	private void close() {
		if (this.process != null) {
			this.process.destroyForcibly();
		}
		this.out = null;
		this.in = null;
	}

}
