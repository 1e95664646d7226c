package io.github.netrpc.json;

import java.util.List;

import tools.jackson.core.JacksonException;

import io.github.netrpc.gob.ReceivedText;

/**
 * Where in a text something is wrong. Names may be keys that a peer has made up: they are
 * quoted unless they are short and plain. <pre>
 * friends[3].home.zip
 * scores."x\x0a"
 * </pre>
 */
final class ReceivedPath {

	/** As much as is told of what is quoted, in bytes: plain characters have one. */
	private static final int LONGEST_PLAIN = 32;

	private ReceivedPath() {
	}

	static String of(List<JacksonException.Reference> references) {
		StringBuilder path = new StringBuilder();
		for (JacksonException.Reference reference : references) {
			String name = reference.getPropertyName();
			if (name != null) {
				path.append(path.isEmpty() ? "" : ".").append(isPlain(name) ? name : ReceivedText.quote(name));
			}
			else if (reference.getIndex() >= 0) {
				path.append('[').append(reference.getIndex()).append(']');
			}
		}
		return ReceivedText.path(path);
	}

	private static boolean isPlain(String name) {
		return name.length() <= LONGEST_PLAIN
				&& name.chars().allMatch((c) -> c > ' ' && c < 0x7f && c != '"' && c != '\\');
	}

}
