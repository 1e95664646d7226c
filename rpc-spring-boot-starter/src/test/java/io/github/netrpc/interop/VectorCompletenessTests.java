package io.github.netrpc.interop;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import io.github.netrpc.gob.Vectors;
import io.github.netrpc.interop.DifferencesFromGo.Side;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Every vector that real Go made is run, and this is where.
 */
class VectorCompletenessTests {

	private static final String VALUES = "io.github.netrpc.gob.GobVectorTests";

	private static final String GALLERY = "io.github.netrpc.interop.HostileGalleryIntegrationTests";

	private static final String JSON = "io.github.netrpc.wire.json.JsonVectorTests";

	private static final String GOB = "io.github.netrpc.wire.gob.GobRpcVectorTests";

	private static final String HTTP = "io.github.netrpc.wire.http.ConnectVectorsTests";

	private static final String SERVED = "io.github.netrpc.interop.ServedConversationIntegrationTests";

	private static final String CALLED = "io.github.netrpc.interop.CalledConversationIntegrationTests";

	private static final Map<String, Place> PLACES = new TreeMap<>(
			Map.ofEntries(Map.entry("values_interfaces", new Place(32, List.of(VALUES))),
					Map.entry("values_maps", new Place(16, List.of(VALUES))),
					Map.entry("values_recursive", new Place(8, List.of(VALUES))),
					Map.entry("values_scalars", new Place(66, List.of(VALUES))),
					Map.entry("values_self_encoding", new Place(32, List.of(VALUES))),
					Map.entry("values_sequences", new Place(6, List.of(VALUES))),
					Map.entry("values_slices_arrays", new Place(19, List.of(VALUES))),
					Map.entry("values_strings_bytes", new Place(15, List.of(VALUES))),
					Map.entry("values_structs", new Place(35, List.of(VALUES))),
					Map.entry("encode_refused", new Place(13, List.of(VALUES))),
					Map.entry("decode_compat", new Place(84, List.of(VALUES))),
					Map.entry("decode_malformed", new Place(49, List.of(VALUES, GALLERY))),
					Map.entry("rpc_gob", new Place(26, List.of(GOB, SERVED, CALLED))),
					Map.entry("rpc_gob_raw", new Place(34, List.of(GOB, SERVED, CALLED))),
					Map.entry("rpc_json", new Place(22, List.of(JSON, SERVED, CALLED))),
					Map.entry("rpc_json_raw", new Place(51, List.of(JSON, SERVED, CALLED))),
					Map.entry("rpc_http", new Place(18, List.of(HTTP, SERVED, CALLED)))));

	@Test
	void everyFileHasItsCases() {
		for (Map.Entry<String, Place> each : PLACES.entrySet()) {
			assertThat(Vectors.cases(each.getKey())).as(each.getKey()).hasSize(each.getValue().cases());
		}
		assertThat(PLACES.values().stream().mapToInt(Place::cases).sum()).isEqualTo(526);
	}

	@Test
	void everyClassReadsItsFilesAndNoOthers() throws Throwable {
		Map<String, Set<String>> files = new TreeMap<>();
		PLACES.forEach((file, place) -> place.tests()
			.forEach((test) -> files.computeIfAbsent(test, (name) -> new TreeSet<>()).add(file)));
		for (Map.Entry<String, Set<String>> each : files.entrySet()) {
			Class<?> test = Class.forName(each.getKey());
			assertThat(Vectors.readBy(() -> drainSources(test))).as(each.getKey())
				.containsExactlyInAnyOrderElementsOf(each.getValue());
		}
	}

	@Test
	void everyFileHasItsPlace() throws IOException {
		try (Stream<Path> files = Files.list(Path.of("src", "test", "resources", "vectors"))) {
			assertThat(files.map((file) -> file.getFileName().toString().replace(".json", "")))
				.containsExactlyInAnyOrderElementsOf(PLACES.keySet());
		}
	}

	// Makes the arguments of each parameterized test of a class, as JUnit does.
	private static void drainSources(Class<?> test) throws Exception {
		for (Method method : test.getDeclaredMethods()) {
			if (method.isAnnotationPresent(ParameterizedTest.class)) {
				for (String name : method.getAnnotation(MethodSource.class).value()) {
					Method source = test.getDeclaredMethod(name);
					source.setAccessible(true);
					assertThat((Stream<?>) source.invoke(null)).as(test + "." + name).isNotEmpty();
				}
			}
		}
	}

	@Test
	void everyConversationIsPlayedOverSocketsFromOneSideAtLeast() {
		List<String> played = Stream
			.concat(ServedConversationIntegrationTests.served(), CalledConversationIntegrationTests.called())
			.map(Conversation::name)
			.distinct()
			.toList();
		assertThat(Conversation.all().map(Conversation::name)).filteredOn((name) -> !played.contains(name)).isEmpty();
	}

	@Test
	void everyDifferenceFromGoIsOfOneVector() {
		List<String> names = PLACES.keySet()
			.stream()
			.flatMap((file) -> Vectors.cases(file).stream())
			.map((vector) -> vector.file().startsWith("rpc_") ? vector.name() : vector.toString())
			.toList();
		assertThat(names).doesNotHaveDuplicates();
		List<Side> ofOthers = List.of(Side.CHECK, Side.PORT_CHECK, Side.HEADER, Side.BOUND, Side.LIMIT);
		assertThat(DifferencesFromGo.all()).filteredOn((difference) -> !ofOthers.contains(difference.side()))
			.allMatch((difference) -> names.contains(difference.vector()));
		assertThat(DifferencesFromGo.all()).allMatch((difference) -> !difference.reason().isEmpty());
		assertThat(DifferencesFromGo.all().stream().map((each) -> each.side() + " " + each.vector()))
			.doesNotHaveDuplicates();
	}

	@Test
	void everySideHasATestThatAsksWhetherItsDifferencesWereUsed() throws ClassNotFoundException {
		for (Side side : Side.values()) {
			assertThat(Class.forName(side.test()).getDeclaredMethods()).as(side.test())
				.anyMatch((method) -> method.isAnnotationPresent(AfterAll.class));
			assertThat(DifferencesFromGo.all()).anyMatch((difference) -> difference.side() == side);
		}
	}

	/**
	 * Where a file is run.
	 *
	 * @param cases how many it has
	 * @param tests the classes
	 */
	private record Place(int cases, List<String> tests) {
	}

}
