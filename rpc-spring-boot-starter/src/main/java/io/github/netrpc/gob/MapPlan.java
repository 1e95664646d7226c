package io.github.netrpc.gob;

import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.gob.Definition.Kind;

/**
 * Maps. An empty map is sent, as Go does; absent, which is Go's nil, a map is empty, or
 * null if the property is declared {@code @Nullable}. Keys and values are always sent,
 * and never null.
 */
final class MapPlan extends Plan {

	private static final int ENTRY_BYTES = 64;

	private static final int INSTANCE_BYTES = 64;

	private final Supplier<Map<Object, @Nullable Object>> maker;

	private final int wireId;

	private final @Nullable String goName;

	private @Nullable Plan key;

	private @Nullable Plan value;

	MapPlan(String name, @Nullable String goName, Supplier<Map<Object, @Nullable Object>> maker, int wireId) {
		super(name);
		this.goName = goName;
		this.maker = maker;
		this.wireId = wireId;
	}

	void entries(Plan key, Plan value) {
		this.key = key;
		this.value = value;
	}

	private static <T> T compiled(@Nullable T part) {
		if (part == null) {
			throw new IllegalStateException("Not compiled yet");
		}
		return part;
	}

	@Override
	String goName() {
		if (this.goName != null) {
			return this.goName;
		}
		return "map[" + compiled(this.key).goName() + "]" + compiled(this.value).goName();
	}

	@Override
	String peerName() {
		return (this.goName != null) ? "map"
				: "map[" + compiled(this.key).peerName() + "]" + compiled(this.value).peerName();
	}

	@Override
	List<Plan> parts() {
		return List.of(compiled(this.key), compiled(this.value));
	}

	@Override
	int wireId() {
		return this.wireId;
	}

	@Override
	boolean hasAbsent() {
		return true;
	}

	@Override
	Object absent() {
		return this.maker.get();
	}

	@Override
	void write(Object value, GobWriter out) {
		Map<?, ?> map = (Map<?, ?>) value;
		Plan keys = compiled(this.key);
		Plan values = compiled(this.value);
		int size = map.size();
		out.enter();
		out.writeUint(size);
		int i = 0;
		for (Map.Entry<?, ?> entry : map.entrySet()) {
			if (entry.getKey() == null || entry.getValue() == null) {
				throw GobException.value("A null key or value").in("{}");
			}
			try {
				keys.write(entry.getKey(), out);
				values.write(entry.getValue(), out);
			}
			catch (GobException ex) {
				throw ex.in("{}");
			}
			i++;
		}
		if (i != size) {
			throw GobException.value("A map that changed while it was written");
		}
		out.leave();
	}

	@Override
	ValueReader reader(ReaderCompiler compiler, int remoteId) {
		return compiler.map(remoteId, this, compiler.defined(remoteId, Kind.MAP, this));
	}

	static final class Reader extends ValueReader {

		private final MapPlan plan;

		private final boolean mayCross;

		private @Nullable ValueReader key;

		private @Nullable ValueReader value;

		Reader(MapPlan plan, boolean mayCross) {
			this.plan = plan;
			this.mayCross = mayCross;
		}

		void compile(ReaderCompiler compiler, Definition definition) {
			this.key = compiler.reader(definition.key, compiled(this.plan.key));
			this.value = compiler.reader(definition.element, compiled(this.plan.value));
		}

		@Override
		Object read(GobInput in) {
			int count = in.readCount(this.mayCross);
			in.enter();
			in.charge(INSTANCE_BYTES);
			ValueReader keys = compiled(this.key);
			ValueReader values = compiled(this.value);
			boolean nullable = this.plan.value instanceof InterfacePlan;
			Map<Object, @Nullable Object> map = this.plan.maker.get();
			for (int i = 0; i < count; i++) {
				in.charge(ENTRY_BYTES);
				in.checkMore();
				try {
					Object k = keys.readElement(in);
					put(map, k, nullable ? values.read(in) : values.readElement(in));
				}
				catch (GobException ex) {
					throw ex.in("{}");
				}
			}
			in.leave();
			return map;
		}

		private static void put(Map<Object, @Nullable Object> map, Object key, @Nullable Object value) {
			try {
				map.put(key, value);
			}
			catch (Throwable ex) {
				throw GobException.refused("The map does not take a received entry", ex);
			}
		}

	}

}
