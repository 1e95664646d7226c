package io.github.netrpc.benchmarks.reliability.node;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link TokenLog}.
 */
class TokenLogTests {

	@TempDir
	private Path directory;

	@Test
	void readFindsEachRunWhileTheWriterIsStillThere() throws IOException {
		Path file = this.directory.resolve("tokens.bin");
		TokenLog log = TokenLog.create(file);
		log.add(7);
		log.add(1L << 40);
		log.add(7);
		assertThat(read(file)).containsExactly(7L, 1L << 40, 7L);
	}

	@Test
	void readOfAnEmptyLogFindsNothing() throws IOException {
		Path file = this.directory.resolve("tokens.bin");
		TokenLog.create(file);
		assertThat(read(file)).isEmpty();
	}

	private static List<Long> read(Path file) throws IOException {
		List<Long> tokens = new ArrayList<>();
		TokenLog.read(file, tokens::add);
		return tokens;
	}

}
