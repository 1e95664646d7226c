package io.github.netrpc.work;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.security.Principal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.RpcContext;
import io.github.netrpc.ServiceMethod;

/**
 * A call that a handler serves until the test cancels it.
 */
final class ServedCall implements RpcContext {

	private final List<Runnable> actions = new ArrayList<>();

	private boolean cancelled;

	void cancel() {
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
		return ServiceMethod.of("Sums", "Sum");
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
		return null;
	}

	@Override
	public String callId() {
		return "0011223344556677-8";
	}

	@Override
	public void replyMetadata(String key, String value) {
	}

}
