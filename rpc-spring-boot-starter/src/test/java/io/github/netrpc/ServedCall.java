package io.github.netrpc;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.security.Principal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * A call that the current thread serves until the test cancels it.
 */
public final class ServedCall implements RpcContext {

	private final @Nullable Duration timeLeft;

	private final List<Runnable> actions = new ArrayList<>();

	private boolean cancelled;

	/**
	 * Creates a call.
	 * @param timeLeft what is left of its deadline, null if it has none
	 */
	public ServedCall(@Nullable Duration timeLeft) {
		this.timeLeft = timeLeft;
	}

	/**
	 * Creates a call that the test cancels at once, or does not.
	 * @param timeLeft what is left of its deadline, null if it has none
	 * @param cancelled whether it is cancelled
	 * @return the call
	 */
	public static ServedCall of(@Nullable Duration timeLeft, boolean cancelled) {
		ServedCall call = new ServedCall(timeLeft);
		call.cancelled = cancelled;
		return call;
	}

	/**
	 * How many actions a cancel would run.
	 */
	public synchronized int actions() {
		return this.actions.size();
	}

	/**
	 * Cancels the call, and runs the actions that wait for that.
	 */
	public void cancel() {
		List<Runnable> told;
		synchronized (this) {
			this.cancelled = true;
			told = List.copyOf(this.actions);
			this.actions.clear();
		}
		told.forEach(Runnable::run);
	}

	@Override
	public synchronized boolean cancelled() {
		return this.cancelled;
	}

	@Override
	public void onCancelled(Runnable action) {
		synchronized (this) {
			if (!this.cancelled) {
				this.actions.add(action);
				return;
			}
		}
		action.run();
	}

	@Override
	public SocketAddress peer() {
		return InetSocketAddress.createUnresolved("caller", 1);
	}

	@Override
	public ServiceMethod serviceMethod() {
		return ServiceMethod.of("Outer", "Method");
	}

	@Override
	public @Nullable Principal principal() {
		return null;
	}

	@Override
	public Map<String, String> metadata() {
		return Map.of();
	}

	@Override
	public @Nullable Duration timeLeft() {
		return this.timeLeft;
	}

	@Override
	public String callId() {
		return "0011223344556677-8";
	}

	@Override
	public void replyMetadata(String key, String value) {
	}

}
