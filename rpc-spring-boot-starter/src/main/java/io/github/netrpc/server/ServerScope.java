package io.github.netrpc.server;

import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.wire.http.ConnectPath;

/**
 * What all connections of a server share.
 *
 * @param table the methods
 * @param builtIn the methods that every server has
 * @param formats the formats, in the order in which they are tried
 * @param connectPath where HTTP CONNECT leads to gob
 * @param handlers runs calls
 * @param connections the open connections
 * @param limits bounds on each connection
 * @param async counts the calls whose results are to come
 * @param unsent counts the replies that wait for all peers
 * @param arguments counts the arguments of all calls, and of requests that have begun
 * @param definitions counts what peers have said about their types, where it is much
 * @param refusals counts the calls that were refused
 * @param cutCalls counts the calls that were answered and whose handlers have not ended
 * @param access who may call, and what, or null if everybody may call everything
 * @param failures the log
 * @param nanoTime the clock, in nanoseconds from anywhere
 * @param random random numbers, all values equally likely; thread-safe
 */
record ServerScope(MethodTable table, BuiltInMethods builtIn, List<ServedFormat> formats, ConnectPath connectPath,
		HandlerExecutor<HandlerWorker> handlers, ConnectionRegistry connections, ConnectionLimits limits,
		AsyncCalls async, ByteTotal unsent, ByteTotal arguments, ByteTotal definitions, RefusalCounts refusals,
		LongAdder cutCalls, @Nullable AccessControl access, FailureLog failures, LongSupplier nanoTime,
		LongSupplier random) {

	private static final double JITTER = 0.1;

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

	/**
	 * A time give or take a tenth, so that what began together does not end together.
	 * @param nanos the time
	 * @return between 0.9 and 1.1 of it
	 */
	long jittered(long nanos) {
		double unit = (this.random.getAsLong() >>> 11) * 0x1.0p-53;
		return (long) (nanos * (1 - JITTER + 2 * JITTER * unit));
	}

}
