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

	static void write(Gob gob, String name) {
		switch (name) {
			case "nil", "nil_pointer" -> gob.type(GoTypes.Point.class).write(null, gob.writer());
			case "slice_with_nil_pointer" -> gob.type(new TypeRef<List<GoTypes.Point>>() {
			}).write(Arrays.asList((GoTypes.Point) null), gob.writer());
			case "struct_with_nil_element" ->
				gob.type(WithNilElement.class).write(new WithNilElement(new GoTypes.Point[] { null }), gob.writer());
			case "map_with_nil_pointer" -> {
				Map<String, Long> map = new HashMap<>();
				map.put("k", null);
				gob.type(new TypeRef<Map<String, Long>>() {
				}).write(map, gob.writer());
			}
			case "no_exported_fields" -> gob.type(OnlyPrivate.class).write(new OnlyPrivate(), gob.writer());
			case "field_without_exported_fields" ->
				gob.type(HoldsPrivate.class).write(new HoldsPrivate(1, new OnlyPrivate()), gob.writer());
			case "channel" -> gob.type(Flow.Publisher.class);
			case "function" -> gob.type(Runnable.class);
			case "unregistered_in_interface" ->
				gob.type(GoTypes.Box.class).write(new GoTypes.Box(new GoTypes.Cd(1, 2)), gob.writer());
			case "nil_pointer_in_interface" -> gob.type(GoTypes.Box.class).write(new GoTypes.Box(null), gob.writer());
			case "unaddressable_pointer_method" ->
				gob.type(HoldsSecret.class).write(new HoldsSecret(new GoTypes.Secret(new byte[0])), gob.writer());
			case "pointer_loop" -> {
				Loop loop = new Loop();
				loop.self = loop;
				gob.type(Loop.class).write(loop, gob.writer());
			}
			default -> throw new IllegalStateException("No value for " + name);
		}
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
