package io.github.netrpc.interop;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.junit.jupiter.api.Test;

import io.github.netrpc.gob.Vectors;

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
	void everyFileHasItsCasesAndTestsThatReadIt() throws Exception {
		for (Map.Entry<String, Place> each : PLACES.entrySet()) {
			assertThat(Vectors.cases(each.getKey())).as(each.getKey()).hasSize(each.getValue().cases());
			for (String test : each.getValue().tests()) {
				assertThat(Class.forName(test).getDeclaredMethods()).as(test).isNotEmpty();
			}
		}
		assertThat(PLACES.values().stream().mapToInt(Place::cases).sum()).isEqualTo(526);
	}

	@Test
	void everyConversationIsPlayedOverSocketsFromOneSideAtLeast() {
		List<String> played = java.util.stream.Stream
			.concat(ServedConversationIntegrationTests.served(), CalledConversationIntegrationTests.called())
			.map(Conversation::name)
			.distinct()
			.toList();
		assertThat(Conversation.all().map(Conversation::name)).filteredOn((name) -> !played.contains(name))
			.as("Go's debug page; ours is Actuator's")
			.containsExactly("hraw_debug_page");
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
