package io.github.netrpc;

import java.util.concurrent.atomic.AtomicBoolean;

import org.jspecify.annotations.Nullable;

/**
 * Where {@link RpcContext#current()} looks: one slot for each thread. For servers, which
 * fetch the slot of a thread once and then fill it for each call, so that a call costs
 * two field writes rather than two look-ups. Used by its own thread only.
 *
 * @since 0.1.0
 */
public final class RpcContextSlot {

	private static final ThreadLocal<@Nullable RpcContextSlot> SLOTS = new ThreadLocal<>();

	/** Whether any thread has a slot: a mere client never looks for one. */
	private static final AtomicBoolean SERVING = new AtomicBoolean();

	private @Nullable RpcContext context;

	private RpcContextSlot() {
	}

	/**
	 * The slot of the current thread.
	 * @return the slot, not to be given to other threads
	 */
	public static RpcContextSlot ofCurrentThread() {
		RpcContextSlot slot = SLOTS.get();
		if (slot == null) {
			slot = new RpcContextSlot();
			SLOTS.set(slot);
			SERVING.set(true);
		}
		return slot;
	}

	/**
	 * The context of the call that the current thread serves, without making a slot.
	 */
	static @Nullable RpcContext current() {
		// A thread with a slot has set this itself, so no stronger read is needed.
		RpcContextSlot slot = SERVING.getPlain() ? SLOTS.get() : null;
		return (slot != null) ? slot.context : null;
	}

	/**
	 * The context in this slot.
	 * @return the context, or null outside of a handler
	 */
	public @Nullable RpcContext get() {
		return this.context;
	}

	/**
	 * Fills or empties the slot.
	 * @param context the context of the call that begins, or null when it has ended
	 */
	public void set(@Nullable RpcContext context) {
		this.context = context;
	}

}
