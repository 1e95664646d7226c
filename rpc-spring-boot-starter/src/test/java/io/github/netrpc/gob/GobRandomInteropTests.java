package io.github.netrpc.gob;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

import io.github.netrpc.interop.GoPrograms;
import io.github.netrpc.type.TypeRef;
import io.github.netrpc.type.Unsigned;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Random values of every kind between real Go and us, compared by a hash that each side
 * computes from the value, not from its bytes.
 */
class GobRandomInteropTests {

	private static final int FEW = 20_000;

	private static final int MANY = 1_000_000;

	/** As in gobrandom: then a new stream begins. */
	private static final int PER_STREAM = 1_000;

	private final Gob gob = Gob.builder().types(RandomTypes.NAMES).build();

	private final List<GobType<?>> types = new ArrayList<>();

	private final List<RandomShape> shapes = new ArrayList<>();

	private final GobType<Long> hashes = this.gob.type(new TypeRef<@Unsigned Long>() {
	});

	GobRandomInteropTests() {
		for (TypeRef<?> kind : RandomTypes.KINDS) {
			this.types.add(this.gob.type(kind));
			this.shapes.add(RandomShape.of(kind.annotatedType()));
		}
	}

	@Test
	void readsWhatGoWrites() throws Exception {
		readFromGo(FEW, 1);
	}

	@Test
	void writesWhatGoReads() throws Exception {
		writeToGo(FEW, 1);
	}

	@Test
	@Tag("long")
	void readsAMillionValuesFromGo() throws Exception {
		readFromGo(MANY, System.nanoTime());
	}

	@Test
	@Tag("long")
	void writesAMillionValuesForGo() throws Exception {
		writeToGo(MANY, System.nanoTime());
	}

	private void readFromGo(int count, long seed) throws Exception {
		Process go = start("write", Long.toString(seed), Integer.toString(count));
		int differences = 0;
		String first = "";
		try (Input in = new Input(go.getInputStream())) {
			for (int i = 0; i < count; i++) {
				if (i % PER_STREAM == 0) {
					in.decoder = this.gob.decoder();
				}
				int kind = i % this.types.size();
				Object value = in.read(this.types.get(kind));
				long hash = (Long) in.read(this.hashes);
				if (RandomShape.Hash.of(this.shapes.get(kind), value) != hash) {
					differences++;
					first = first.isEmpty() ? "value " + i + ": " + value : first;
				}
			}
		}
		System.out.printf("R23: %,d values read from Go, %d differences, seed %d%n", count, differences, seed);
		assertThat(differences).as("seed %d, %s", seed, first).isZero();
		assertThat(go.waitFor(1, TimeUnit.MINUTES)).isTrue();
		assertThat(go.exitValue()).isZero();
	}

	private void writeToGo(int count, long seed) throws Exception {
		Process go = start("check", Integer.toString(count));
		Random random = new Random(seed);
		GobWriter message = this.gob.writer();
		GobWriter out = this.gob.writer();
		SentTypes sent = this.gob.sentTypes();
		try (OutputStream stream = go.getOutputStream()) {
			for (int i = 0; i < count; i++) {
				if (i % PER_STREAM == 0) {
					sent = this.gob.sentTypes();
				}
				int kind = i % this.types.size();
				@SuppressWarnings("unchecked")
				GobType<Object> type = (GobType<Object>) this.types.get(kind);
				Object value = this.shapes.get(kind).randomElement(random, 0);
				message.reset();
				type.write(value, message);
				this.hashes.write(RandomShape.Hash.of(this.shapes.get(kind), value), message);
				sent.appendMissing(message, out);
				out.append(message);
				if (out.length() > 32_768) {
					stream.write(out.array(), 0, out.length());
					out.reset();
				}
			}
			stream.write(out.array(), 0, out.length());
		}
		catch (IOException ex) {
			// The program says why it ended
		}
		String said = new String(go.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		System.out.printf("R23: values written for Go, seed %d, and it says: %s%n", seed, said.strip());
		assertThat(said).as("seed %d", seed).isEqualTo(count + " values, 0 differences\n");
		assertThat(go.waitFor(1, TimeUnit.MINUTES)).isTrue();
		assertThat(go.exitValue()).isZero();
	}

	private static Process start(String... arguments) throws IOException {
		List<String> command = new ArrayList<>();
		command.add(GoPrograms.build("gobrandom").toString());
		command.addAll(List.of(arguments));
		return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
	}

	/** Bytes of a stream, gathered as a transport would. */
	private static final class Input implements AutoCloseable {

		private final InputStream stream;

		private byte[] bytes = new byte[1 << 16];

		private int from;

		private int to;

		private GobDecoder decoder;

		Input(InputStream stream) {
			this.stream = stream;
		}

		Object read(GobType<?> type) throws IOException {
			while (true) {
				if (this.decoder.next(this.bytes, this.from, this.to) && this.decoder.read(type)) {
					this.from = this.decoder.position();
					return this.decoder.value();
				}
				this.from = this.decoder.position();
				fill();
			}
		}

		private void fill() throws IOException {
			if (this.to == this.bytes.length) {
				byte[] larger = (this.from > 0) ? this.bytes : Arrays.copyOf(this.bytes, 2 * this.bytes.length);
				System.arraycopy(this.bytes, this.from, larger, 0, this.to - this.from);
				this.bytes = larger;
				this.to -= this.from;
				this.from = 0;
			}
			int count = this.stream.read(this.bytes, this.to, this.bytes.length - this.to);
			if (count < 0) {
				throw new IOException("The stream ended within a value");
			}
			this.to += count;
		}

		@Override
		public void close() throws IOException {
			this.stream.close();
		}

	}

}
