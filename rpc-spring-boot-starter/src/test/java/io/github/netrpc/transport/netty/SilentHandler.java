package io.github.netrpc.transport.netty;

import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.transport.Connection;
import io.github.netrpc.transport.ConnectionHandler;

/**
 * One end of a connection that says nothing, takes whatever comes, and tells how it has
 * ended.
 */
class SilentHandler implements ConnectionHandler {

	final CompletableFuture<@Nullable Throwable> closed = new CompletableFuture<>();

	@Override
	public void opened(Connection connection) {
	}

	@Override
	public int received(byte[] buffer, int from, int to) {
		return to - from;
	}

	@Override
	public void inputEnded() {
	}

	@Override
	public void drained() {
	}

	@Override
	public void closed(@Nullable Throwable cause) {
		this.closed.complete(cause);
	}

}
