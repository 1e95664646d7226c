package io.github.netrpc.wire;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The golden vectors are whole. Who reads them is VectorCompletenessTests' matter.
 */
class GoldenVectorsTests {

	private static final Path VECTORS = Path.of("src", "test", "resources", "vectors");

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

	private static List<Path> files(Path folder, String ending) throws IOException {
		try (Stream<Path> files = Files.walk(folder)) {
			return files.filter((file) -> file.toString().endsWith(ending)).toList();
		}
	}

}
