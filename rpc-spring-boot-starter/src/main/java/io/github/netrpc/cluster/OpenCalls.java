package io.github.netrpc.cluster;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.client.RunningCall;

/**
 * Calls that have begun and not ended. Nearly always there is one, which costs nothing
 * beside itself: an item of a job is often a single call. Not thread-safe.
 */
final class OpenCalls {

	private @Nullable RunningCall one;

	/** The others, or null while there have been none. */
	private @Nullable Set<RunningCall> others;

	void add(RunningCall call) {
		if (this.one == null) {
			this.one = call;
			return;
		}
		if (this.others == null) {
			this.others = new HashSet<>();
		}
		this.others.add(call);
	}

	void remove(RunningCall call) {
		if (this.one == call) {
			this.one = null;
		}
		else if (this.others != null) {
			this.others.remove(call);
		}
	}

	boolean isEmpty() {
		return this.one == null && (this.others == null || this.others.isEmpty());
	}

	/**
	 * Those of this moment.
	 */
	Collection<RunningCall> all() {
		RunningCall only = this.one;
		if (this.others == null || this.others.isEmpty()) {
			return (only != null) ? List.of(only) : List.of();
		}
		List<RunningCall> all = new ArrayList<>(this.others);
		if (only != null) {
			all.add(only);
		}
		return all;
	}

}
