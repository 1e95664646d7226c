package io.github.netrpc.wire.json;

import java.io.InputStream;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The golden conversations, recorded from real Go.
 */
final class Vectors {

	private static final JsonMapper MAPPER = JsonMapper.builder().build();

	private Vectors() {
	}

	/** The conversations of both files. */
	static List<Conversation> conversations() {
		List<Conversation> all = new ArrayList<>();
		for (String file : List.of("rpc_json", "rpc_json_raw")) {
			for (JsonNode node : read(file).get("cases")) {
				all.add(new Conversation(node));
			}
		}
		return all;
	}

	static JsonNode read(String file) {
		try (InputStream in = Vectors.class.getResourceAsStream("/vectors/" + file + ".json")) {
			return MAPPER.readTree(Objects.requireNonNull(in, file));
		}
		catch (java.io.IOException ex) {
			throw new java.io.UncheckedIOException(ex);
		}
	}

	record Conversation(JsonNode node) {

		String name() {
			return this.node.get("name").asString();
		}

		byte[] client() {
			return bytes("clientHex");
		}

		byte[] server() {
			return bytes("serverHex");
		}

		/** Whether the server was the first to close. */
		boolean serverGivesUp() {
			for (JsonNode step : this.node.get("steps")) {
				if (step.has("close")) {
					return step.get("from").asString().equals("server");
				}
			}
			return false;
		}

		@Nullable JsonNode calls() {
			return this.node.get("calls");
		}

		private byte[] bytes(String name) {
			return HexFormat.of().parseHex(this.node.has(name) ? this.node.get(name).asString() : "");
		}

		@Override
		public String toString() {
			return name();
		}

	}

}
