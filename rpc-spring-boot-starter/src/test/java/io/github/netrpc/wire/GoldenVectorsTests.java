package io.github.netrpc.wire;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * No golden vector lies about unused.
 */
class GoldenVectorsTests {

	private static final Path VECTORS = Path.of("src", "test", "resources", "vectors");

	private static final Path TESTS = Path.of("target", "test-classes");

	@Test
	void allAreThereAndMadeByTheSameGo() throws IOException {
		int cases = 0;
		for (Path file : files(VECTORS, ".json")) {
			JsonNode vectors = JsonMapper.shared().readTree(Files.readString(file));
			assertThat(vectors.get("go").asString()).isEqualTo("go1.19.8");
			cases += vectors.get("cases").size();
		}
		assertThat(cases).isEqualTo(526);
	}

	@Test
	void everyFileIsReadByATest() throws IOException {
		List<String> classes = new ArrayList<>();
		for (Path file : files(TESTS, ".class")) {
			if (!file.getFileName().toString().startsWith("GoldenVectorsTests")) {
				classes.add(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
			}
		}
		for (Path file : files(VECTORS, ".json")) {
			String name = file.getFileName().toString().replace(".json", "");
			assertThat(classes).as("a test that mentions " + name).anyMatch((code) -> code.contains(name));
		}
	}

	private static List<Path> files(Path folder, String ending) throws IOException {
		try (Stream<Path> files = Files.walk(folder)) {
			return files.filter((file) -> file.toString().endsWith(ending)).toList();
		}
	}

}
