package io.github.netrpc.gob;

import java.util.Collections;
import java.util.HashMap;
import java.util.Map;

import io.github.netrpc.gob.Definition.Kind;

/**
 * A small map of strings to strings in a row, with bounds that are checked before its
 * entries are made.
 */
final class TextsPlan extends Plan {

	private final Plan map;

	private final int maxEntries;

	private final int maxBytes;

	TextsPlan(Plan map, int maxEntries, int maxBytes) {
		super(map.name());
		this.map = map;
		this.maxEntries = maxEntries;
		this.maxBytes = maxBytes;
	}

	@Override
	int wireId() {
		return this.map.wireId();
	}

	@Override
	void write(Object value, GobWriter out) {
		this.map.write(value, out);
	}

	@Override
	String goName() {
		return this.map.goName();
	}

	@Override
	ValueReader reader(ReaderCompiler compiler, int remoteId) {
		Definition definition = compiler.defined(remoteId, Kind.MAP, this);
		if (definition.key != Definition.STRING || definition.element != Definition.STRING) {
			throw compiler.mismatch(remoteId, this);
		}
		return new ValueReader() {

			@Override
			Object read(GobInput in) {
				return TextsPlan.this.read(in);
			}

		};
	}

	Map<String, String> read(GobInput in) {
		int count = in.readCount(false);
		if (count > this.maxEntries) {
			throw GobException.limitOfValue(count + " entries (limit: " + this.maxEntries + ")");
		}
		if (count == 0) {
			return Map.of();
		}
		Map<String, String> texts = new HashMap<>(2 * count);
		int bytesLeft = this.maxBytes;
		for (int i = 0; i < count; i++) {
			bytesLeft = checkNext(in, bytesLeft);
			String key = in.readString();
			bytesLeft = checkNext(in, bytesLeft);
			texts.put(key, in.readString());
		}
		return Collections.unmodifiableMap(texts);
	}

	/** Looks at the length of the next text, and says how many bytes may follow it. */
	private int checkNext(GobInput in, int bytesLeft) {
		int start = in.pos;
		int size = in.readSize("string");
		in.pos = start;
		if (size > bytesLeft) {
			throw GobException.limitOfValue("more than " + this.maxBytes + " bytes of keys and values");
		}
		return bytesLeft - size;
	}

}
