package io.github.netrpc.wire.json;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The golden conversations, recorded from real Go.
 */
final class Vectors {

	private Vectors() {
	}

	/** The conversations of both files. */
	static List<Conversation> conversations() {
		List<Conversation> all = new ArrayList<>();
		for (String file : List.of("rpc_json", "rpc_json_raw")) {
			io.github.netrpc.gob.Vectors.cases(file).forEach((vector) -> all.add(new Conversation(vector.node())));
		}
		return all;
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
