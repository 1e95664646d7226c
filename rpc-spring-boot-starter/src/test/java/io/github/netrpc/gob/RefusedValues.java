package io.github.netrpc.gob;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Flow;

import io.github.netrpc.type.TypeRef;

/**
 * The values of {@code encode_refused.json}, or their nearest kin in Java.
 */
final class RefusedValues {

	private RefusedValues() {
	}

	static byte[] write(Gob gob, String name) {
		return switch (name) {
			case "nil", "nil_pointer" -> write(gob, GoTypes.Point.class, null);
			case "slice_with_nil_pointer" -> write(gob, gob.type(new TypeRef<List<GoTypes.Point>>() {
			}), Arrays.asList((GoTypes.Point) null));
			case "struct_with_nil_element" ->
				write(gob, WithNilElement.class, new WithNilElement(new GoTypes.Point[] { null }));
			case "map_with_nil_pointer" -> {
				Map<String, Long> map = new HashMap<>();
				map.put("k", null);
				yield write(gob, gob.type(new TypeRef<Map<String, Long>>() {
				}), map);
			}
			case "no_exported_fields" -> write(gob, OnlyPrivate.class, new OnlyPrivate());
			case "field_without_exported_fields" ->
				write(gob, HoldsPrivate.class, new HoldsPrivate(1, new OnlyPrivate()));
			case "channel" -> write(gob, Flow.Publisher.class, null);
			case "function" -> write(gob, Runnable.class, null);
			case "unregistered_in_interface" -> write(gob, GoTypes.Box.class, new GoTypes.Box(new GoTypes.Cd(1, 2)));
			case "nil_pointer_in_interface" -> write(gob, GoTypes.Box.class, new GoTypes.Box(null));
			case "unaddressable_pointer_method" ->
				write(gob, HoldsSecret.class, new HoldsSecret(new GoTypes.Secret(new byte[0])));
			case "pointer_loop" -> {
				Loop loop = new Loop();
				loop.self = loop;
				yield write(gob, Loop.class, loop);
			}
			default -> throw new IllegalStateException("No value for " + name);
		};
	}

	private static <T> byte[] write(Gob gob, Class<T> type, T value) {
		return write(gob, gob.type(type), value);
	}

	private static <T> byte[] write(Gob gob, GobType<T> type, T value) {
		GobWriter message = gob.writer();
		type.write(value, message);
		GobWriter out = gob.writer();
		gob.sentTypes().appendMissing(message, out);
		out.append(message);
		return Arrays.copyOf(out.array(), out.length());
	}

	record WithNilElement(GoTypes.Point[] p) {
	}

	static class OnlyPrivate {

		private int a;

		int sum() {
			return this.a;
		}

	}

	record HoldsPrivate(int a, OnlyPrivate p) {
	}

	record HoldsSecret(GoTypes.Secret s) {
	}

	static class Loop {

		public Loop self;

	}

}
