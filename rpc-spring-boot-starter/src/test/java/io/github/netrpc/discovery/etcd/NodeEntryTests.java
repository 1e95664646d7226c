package io.github.netrpc.discovery.etcd;

import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.github.netrpc.cluster.NodeEndpoint;

import static org.assertj.core.api.Assertions.assertThat;

class NodeEntryTests {

	@Test
	void entryIsWrittenAsDocumentedAndRead() {
		NodeEndpoint node = new NodeEndpoint("n1", "10.0.0.7", 1234,
				Map.of("rpc-weight", "2", "rpc-codec", "gob,json"));
		String value = "{\"address\":\"10.0.0.7:1234\",\"metadata\":{\"rpc-codec\":\"gob,json\",\"rpc-weight\":\"2\"}}";
		assertThat(NodeEntry.write(node)).isEqualTo(value);
		assertThat(NodeEntry.read("n1", value).node()).isEqualTo(node);
	}

	@Test
	void metadataMayBeAbsentAndMembersUnknown() {
		NodeEntry entry = NodeEntry.read("n1", "{\"address\":\"[::1]:1234\",\"since\":{\"year\":2026}}");
		assertThat(entry.problem()).isNull();
		assertThat(entry.node()).isEqualTo(new NodeEndpoint("n1", "::1", 1234, Map.of()));
	}

	@Test
	void metadataThatIsNoTextIsTakenAsOneOrLeftOut() {
		NodeEntry entry = NodeEntry.read("n1",
				"{\"address\":\"h:1\",\"metadata\":{\"rpc-weight\":2.5,\"a\":null,\"b\":[1],\"c\":true}}");
		assertThat(entry.node().metadata()).containsOnly(Map.entry("rpc-weight", "2.5"), Map.entry("c", "true"));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '\0', textBlock = """
			rubbish                            | no JSON
			{"address":"h:1"} more             | no JSON
			[]                                 | no address
			{"address":7}                      | no address
			{"address":"h"}                    | expected host:port
			{"address":"h:0"}                  | port from 1 to 65535
			{"address":"h:1,h:2"}              | expected: one
			{"address":"a b:1"}                | expected host:port
			{"address":""}                     | expected host:port
			""")
	void entryThatCannotBeReadSaysWhy(String value, String problem) {
		NodeEntry entry = NodeEntry.read("n1", value);
		assertThat(entry.node()).isNull();
		assertThat(entry.problem()).contains(problem);
	}

	@Test
	void idThatCannotBeUsedIsAProblem() {
		assertThat(NodeEntry.read("", "{\"address\":\"h:1\"}").problem()).contains("node id");
	}

}
