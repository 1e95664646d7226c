package io.github.netrpc.cluster;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.security.Principal;
import java.time.Duration;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.RpcContext;
import io.github.netrpc.ServiceMethod;

/**
 * A call that the current thread serves.
 */
record Serving(@Nullable Duration timeLeft, boolean cancelled) implements RpcContext {

	@Override
	public SocketAddress peer() {
		return InetSocketAddress.createUnresolved("peer", 1);
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
	public String callId() {
		return "0011223344556677-1";
	}

	@Override
	public void replyMetadata(String key, String value) {
	}

}
