package io.github.netrpc.gob;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

/**
 * {@link Optional} and its kin: a value that is sent whenever it is present, also when it
 * is zero or empty. Absent, it is empty.
 */
final class OptionalPlan extends Plan {

	private final Object empty;

	private final Plan content;

	private final Function<Object, @Nullable Object> get;

	private final Function<Object, Object> of;

	private OptionalPlan(Object empty, Plan content, Function<Object, @Nullable Object> get,
			Function<Object, Object> of) {
		super(empty.getClass().getSimpleName() + " of " + content.name());
		this.empty = empty;
		this.content = content;
		this.get = get;
		this.of = of;
	}

	static OptionalPlan of(Plan content) {
		return new OptionalPlan(Optional.empty(), content, (value) -> ((Optional<?>) value).orElse(null), Optional::of);
	}

	static OptionalPlan ofInt() {
		return new OptionalPlan(OptionalInt.empty(), new ScalarPlan(Scalar.INT32, false), (value) -> {
			OptionalInt optional = (OptionalInt) value;
			return optional.isPresent() ? (Object) optional.getAsInt() : null;
		}, (value) -> OptionalInt.of((Integer) value));
	}

	static OptionalPlan ofLong() {
		return new OptionalPlan(OptionalLong.empty(), new ScalarPlan(Scalar.INT64, false), (value) -> {
			OptionalLong optional = (OptionalLong) value;
			return optional.isPresent() ? (Object) optional.getAsLong() : null;
		}, (value) -> OptionalLong.of((Long) value));
	}

	static OptionalPlan ofDouble() {
		return new OptionalPlan(OptionalDouble.empty(), new ScalarPlan(Scalar.FLOAT64, false), (value) -> {
			OptionalDouble optional = (OptionalDouble) value;
			return optional.isPresent() ? (Object) optional.getAsDouble() : null;
		}, (value) -> OptionalDouble.of((Double) value));
	}

	@Override
	String goName() {
		return "*" + this.content.goName();
	}

	@Override
	String peerName() {
		return this.content.peerName();
	}

	@Override
	void writeZero(GobWriter out) {
		this.content.writeZero(out);
	}

	@Override
	int wireId() {
		return this.content.wireId();
	}

	@Override
	boolean isStruct() {
		return this.content.isStruct();
	}

	@Override
	boolean isOmitted(@Nullable Object value) {
		return value == null || this.get.apply(value) == null;
	}

	@Override
	boolean hasAbsent() {
		return true;
	}

	@Override
	Object absent() {
		return this.empty;
	}

	@Override
	void write(Object value, GobWriter out) {
		Object present = this.get.apply(value);
		if (present == null) {
			throw GobException.value("An empty Optional, which only a property can be");
		}
		this.content.write(present, out);
	}

	@Override
	ValueReader reader(ReaderCompiler compiler, int remoteId) {
		ValueReader reader = compiler.reader(remoteId, this.content);
		return new ValueReader() {

			@Override
			Object read(GobInput in) {
				Object value = reader.read(in);
				return (value != null) ? OptionalPlan.this.of.apply(value) : OptionalPlan.this.empty;
			}

		};
	}

	@Override
	List<Plan> parts() {
		return List.of(this.content);
	}

}
