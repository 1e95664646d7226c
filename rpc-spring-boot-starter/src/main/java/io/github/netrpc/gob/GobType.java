package io.github.netrpc.gob;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * A Java type compiled for gob. Made by {@link Gob}; immutable and thread-safe.
 * <pre class="code">
 * GobType&lt;Args&gt; args = gob.type(Args.class);
 * args.write(new Args(7, 8), writer);
 * </pre>
 *
 * @param <T> the Java type
 * @since 0.1.0
 */
public final class GobType<T> {

	private final Plan plan;

	GobType(Plan plan) {
		this.plan = plan;
	}

	/**
	 * Appends one message with a value. What was appended is taken back if it fails.
	 * @param value the value; null cannot be sent on its own
	 * @param out where to
	 * @throws GobException if the value, or a part of it, cannot be sent
	 */
	public void write(@Nullable T value, GobWriter out) {
		if (value == null) {
			throw new GobException("Null, which gob has no value for", true);
		}
		write(value, false, out);
	}

	/**
	 * Appends one message with a value, or with Go's zero value in place of null and of
	 * an empty {@code Optional}: 0, false, the empty string, list, map or struct.
	 * @param value the value
	 * @param out where to
	 * @throws GobException if the value, or a part of it, cannot be sent; and if null
	 * stands for an interface value, which a Go client may wait for for ever
	 */
	public void writeOrZero(@Nullable T value, GobWriter out) {
		write(value, value == null || (this.plan instanceof OptionalPlan && this.plan.isOmitted(value)), out);
	}

	private void write(@Nullable T value, boolean zero, GobWriter out) {
		int mark = out.length();
		try {
			int start = out.beginMessage();
			out.writeInt(this.plan.wireId());
			if (!this.plan.isStruct()) {
				out.writeUint(0);
			}
			if (zero || value == null) {
				this.plan.writeZero(out);
			}
			else {
				this.plan.write(value, out);
			}
			out.endMessage(start);
		}
		catch (GobException ex) {
			out.rollback(mark);
			throw (this.plan.isStruct() ? ex.in(this.plan.name()) : ex).traced();
		}
		catch (ClassCastException ex) {
			out.rollback(mark);
			throw new GobException("The value does not have its declared type", true, ex);
		}
		catch (Throwable ex) {
			out.rollback(mark);
			throw GobException.refused("The value could not be read to be written", ex).traced();
		}
		if (this.plan.wireId() >= Definition.FIRST_USER_ID) {
			out.need(this.plan.wireId());
		}
	}

	/**
	 * The type as Go would write it, for logs and pages: {@code []int32}, {@code Args},
	 * {@code struct { A int32; B string }}.
	 * @return the Go type
	 */
	public String goType() {
		return this.plan.goName();
	}

	Plan plan() {
		return this.plan;
	}

	/**
	 * Whether values can be read too: false if this is a class without a usable
	 * constructor, or has one inside.
	 * @return whether values can be read
	 */
	public boolean isReadable() {
		return whyNotReadable() == null;
	}

	/**
	 * Why values can be written only: which class cannot be made, and what would help.
	 * @return the reason, or null if values can be read
	 */
	public @Nullable String whyNotReadable() {
		Set<Plan> seen = new LinkedHashSet<>(List.of(this.plan));
		Deque<Plan> left = new ArrayDeque<>(seen);
		while (!left.isEmpty()) {
			Plan next = left.remove();
			String why = next.whyNotReadable();
			if (why != null) {
				return next.name() + ": " + why;
			}
			next.parts().stream().filter(seen::add).forEach(left::add);
		}
		return null;
	}

	/**
	 * What a property of this type reads as when it is not on the wire: Go's zero value,
	 * or null.
	 * @return a fresh zero value, or null
	 */
	@SuppressWarnings("unchecked")
	public @Nullable T zero() {
		return (T) this.plan.absent();
	}

	@Override
	public String toString() {
		return this.plan.name();
	}

}
