package io.github.netrpc.gob;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Streams with one value of {@link RandomTypes.Anys} each, whose interface value has one
 * of the names that Go knows from the start: the plain type, and a list of two.
 */
final class BasicValues {

	private static final int STRUCT = 65;

	private static final int LIST = 66;

	private static final Map<String, Integer> IDS = new TreeMap<>(Map.of("bool", Definition.BOOL, "string",
			Definition.STRING, "float32", Definition.FLOAT, "float64", Definition.FLOAT, "complex64",
			Definition.COMPLEX, "complex128", Definition.COMPLEX, "uintptr", Definition.UINT));

	static {
		for (String size : List.of("", "8", "16", "32", "64")) {
			IDS.put("int" + size, Definition.INT);
			IDS.put("uint" + size, Definition.UINT);
		}
	}

	private BasicValues() {
	}

	static List<byte[]> streams() {
		List<byte[]> streams = new ArrayList<>();
		IDS.forEach((name, id) -> {
			streams.add(stream(name, id, false));
			streams.add(stream("[]" + name, id, true));
		});
		return streams;
	}

	private static byte[] stream(String name, int id, boolean list) {
		GobWriter out = new GobWriter(1_000, 10);
		write(out, Definition.struct(STRUCT, "Anys", new String[] { "V" }, new int[] { Definition.INTERFACE }));
		boolean bytes = name.equals("[]uint8");
		if (list && !bytes) {
			write(out, Definition.slice(LIST, name, id));
		}
		int message = out.beginMessage();
		out.writeInt(STRUCT);
		out.writeUint(1);
		out.writeString(name);
		out.writeInt(bytes ? Definition.BYTES : list ? LIST : id);
		int value = out.beginMessage();
		out.writeUint(0);
		if (list) {
			out.writeUint(2);
		}
		for (int i = 0; i < (list ? 2 : 1); i++) {
			element(out, bytes ? Definition.BYTES : id);
		}
		out.endMessage(value);
		out.writeUint(0);
		out.endMessage(message);
		return Arrays.copyOf(out.array(), out.length());
	}

	private static void write(GobWriter out, Definition definition) {
		byte[] message = definition.message();
		out.write(message, 0, message.length);
	}

	private static void element(GobWriter out, int id) {
		switch (id) {
			case Definition.BOOL -> out.writeUint(1);
			case Definition.STRING -> out.writeString("text");
			case Definition.BYTES -> out.write(new byte[] { -1 }, 0, 1);
			case Definition.FLOAT -> out.writeDouble(Double.doubleToRawLongBits(1.5));
			case Definition.COMPLEX -> {
				out.writeDouble(Double.doubleToRawLongBits(1.5));
				out.writeDouble(Double.doubleToRawLongBits(-2.5));
			}
			default -> out.writeUint(200 % ((id == Definition.INT) ? 100 : 255));
		}
	}

}
