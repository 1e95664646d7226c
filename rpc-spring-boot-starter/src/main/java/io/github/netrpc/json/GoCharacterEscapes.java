package io.github.netrpc.json;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.SerializableString;
import tools.jackson.core.io.CharacterEscapes;
import tools.jackson.core.io.SerializedString;

/**
 * The characters that Go's JSON encoder escapes beyond the necessary, so that texts may
 * stand in HTML and JavaScript.
 */
final class GoCharacterEscapes extends CharacterEscapes {

	private static final long serialVersionUID = 1L;

	private static final SerializableString LINE_SEPARATOR = new SerializedString("\\u2028");

	private static final SerializableString PARAGRAPH_SEPARATOR = new SerializedString("\\u2029");

	private final int[] ascii;

	GoCharacterEscapes() {
		this.ascii = standardAsciiEscapesForJSON();
		for (char c : new char[] { '<', '>', '&', '\b', '\f' }) {
			this.ascii[c] = ESCAPE_STANDARD;
		}
	}

	@Override
	public int[] getEscapeCodesForAscii() {
		return this.ascii;
	}

	@Override
	public @Nullable SerializableString getEscapeSequence(int ch) {
		return (ch == 0x2028) ? LINE_SEPARATOR : (ch == 0x2029) ? PARAGRAPH_SEPARATOR : null;
	}

}
