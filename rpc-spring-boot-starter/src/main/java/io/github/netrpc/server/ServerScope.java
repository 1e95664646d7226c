package io.github.netrpc.server;

import java.util.List;
import java.util.function.LongSupplier;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.wire.http.ConnectPath;

/**
 * What all connections of a server share.
 *
 * @param table the methods
 * @param formats the formats, in the order in which they are tried
 * @param connectPath where HTTP CONNECT leads to gob
 * @param handlers runs calls
 * @param connections the open connections
 * @param limits bounds on each connection
 * @param failures the log
 * @param nanoTime the clock, in nanoseconds from anywhere
 */
record ServerScope(MethodTable table, List<ServedFormat> formats, ConnectPath connectPath,
		HandlerExecutor<HandlerWorker> handlers, ConnectionRegistry connections, ConnectionLimits limits,
		FailureLog failures, LongSupplier nanoTime) {

	private static final String GOB = "gob";

	/**
	 * The format that follows HTTP CONNECT, as in Go.
	 * @return the format, or null if it is not offered
	 */
	@Nullable ServedFormat gob() {
		for (ServedFormat served : this.formats) {
			if (served.format().name().equals(GOB)) {
				return served;
			}
		}
		return null;
	}

}
