package io.github.netrpc.client;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.Known;
import io.github.netrpc.RpcCode;

/**
 * Says why calls of one node have failed: what is known of their effect, and in words
 * what came, what was expected and where. Decides nothing. Immutable and thread-safe.
 */
final class NodeFailures {

	/** How a node of this project begins to say that the time was over there. */
	private static final String PHASE_OF_NODE = "deadline exceeded in phase ";

	private final String node;

	private final ClientLimits limits;

	private final ClientTimer timer;

	NodeFailures(String node, ClientLimits limits, ClientTimer timer) {
		this.node = node;
		this.limits = limits;
		this.timer = timer;
	}

	// Calls that the node does not take

	/**
	 * The node takes no more calls.
	 * @param retired since it was taken from the list, not closed with the channel
	 */
	CallFailure closed(boolean retired) {
		return CallFailure.unavailable(Known.NOT_RUN,
				retired ? this.node + " is not among the nodes any more" : "the client of " + this.node + " is closed",
				null);
	}

	/**
	 * As many calls wait as may.
	 * @param waiting how many that is
	 * @param open the connections without room, or none if there are none
	 */
	CallFailure exhausted(ClientCall<?> call, int waiting, NodeConnection[] open) {
		if (open.length == 0) {
			return CallFailure.notRun(RpcCode.RESOURCE_EXHAUSTED, call.plan() + ": " + waiting
					+ " calls wait for a connection to " + this.node + " (limit: " + this.limits.waitingAtNode() + ")");
		}
		int inFlight = Stream.of(open).mapToInt(NodeConnection::inFlight).sum();
		long unsent = Stream.of(open).mapToLong(NodeConnection::unsentBytes).sum();
		return CallFailure.notRun(RpcCode.RESOURCE_EXHAUSTED,
				call.plan() + ": " + inFlight + " calls are in flight to " + this.node + ", " + unsent
						+ " bytes wait to be sent, and " + waiting + " calls wait (limits: " + this.limits.inFlight()
						+ " calls and " + this.limits.unsentBytes() + " bytes for each connection, "
						+ this.limits.waitingAtNode() + " calls)");
	}

	/**
	 * The last attempt to connect has failed.
	 * @param last why
	 */
	CallFailure notConnected(ConnectionFailure last) {
		return new CallFailure(last.code(), Known.NOT_RUN, this.node + " is not connected: " + last.message(),
				last.cause());
	}

	/**
	 * The last attempt to connect has failed, and the next one is not due yet.
	 * @param last why
	 * @param pauseNanos how long until the next one
	 */
	CallFailure backingOff(ConnectionFailure last, long pauseNanos) {
		return new CallFailure(last.code(), Known.NOT_RUN, this.node + " is not connected: " + last.message()
				+ "; next attempt in " + TimeUnit.NANOSECONDS.toMillis(Math.max(0, pauseNanos)) + " ms", last.cause());
	}

	/**
	 * A call that waited could not be given to anybody.
	 */
	CallFailure notOffered(ClientCall<?> call, boolean sent, Throwable cause) {
		return new CallFailure(RpcCode.INTERNAL, sent ? Known.MAYBE_RAN : Known.NOT_RUN,
				call.plan() + " could not be given to " + this.node + ": " + cause, cause);
	}

	// Calls whose connection is lost

	/**
	 * The connection of a call has ended.
	 * @param sent whether the call was sent
	 * @param mayHaveRun whether it may have run
	 * @param because what became of it
	 * @param cause why, or null if that is not known
	 */
	CallFailure lost(ClientCall<?> call, boolean sent, boolean mayHaveRun, String because, @Nullable Throwable cause,
			long now) {
		String reason = (cause != null && cause.getMessage() != null && cause instanceof IOException)
				? ": " + cause.getMessage() : "";
		String reply = sent ? ", no reply after " + TimeUnit.NANOSECONDS.toMillis(now - call.startNanos()) + " ms"
				: ", not sent";
		return CallFailure.unavailable(mayHaveRun ? Known.MAYBE_RAN : Known.NOT_RUN,
				call.plan() + ": the connection to " + this.node + " " + because + reason + reply, cause);
	}

	// Calls that the node has answered

	/**
	 * The node has answered with an error. One that has ended the call in time says which
	 * of its own phases used most of the time, which need not be the longest of all. A
	 * text that a handler has chosen stays.
	 */
	CallFailure ofReply(ClientCall<?> call, String error, @Nullable RpcCode code, @Nullable Known known) {
		if (code == RpcCode.DEADLINE_EXCEEDED && error.startsWith(PHASE_OF_NODE)) {
			return endedByNode(call, (known != null) ? known : Known.MAYBE_RAN,
					error.substring(PHASE_OF_NODE.length()));
		}
		return call.plan().failureOf(error, code, known);
	}

	// Calls whose time is over

	/**
	 * A call that was sent has no reply in time.
	 */
	CallFailure noReply(ClientCall<?> call) {
		return new CallFailure(RpcCode.DEADLINE_EXCEEDED, Known.MAYBE_RAN,
				call.plan() + ": no reply from " + this.node + within(call) + " " + phases(call, "wire"), null);
	}

	/**
	 * A call has found no room on a connection in time.
	 */
	CallFailure noRoom(ClientCall<?> call) {
		return CallFailure.notRun(RpcCode.DEADLINE_EXCEEDED,
				call.plan() + ": no room on a connection to " + this.node + within(call) + ", not sent (phase: queue)");
	}

	/**
	 * A call has found no connection in time.
	 * @param phase what took the time of opening one
	 */
	CallFailure noConnection(ClientCall<?> call, String phase) {
		return CallFailure.notRun(RpcCode.DEADLINE_EXCEEDED,
				call.plan() + ": no connection to " + this.node + within(call) + ", not sent (phase: " + phase + ")");
	}

	/**
	 * The node has ended a call since its time was over.
	 * @param phase what the node says that took longest there
	 */
	private CallFailure endedByNode(ClientCall<?> call, Known known, String phase) {
		String what = (known == Known.NOT_RUN) ? ": not run by " : ": no result from ";
		return new CallFailure(RpcCode.DEADLINE_EXCEEDED, known,
				call.plan() + what + this.node + within(call) + " " + phases(call, phase), null);
	}

	private static String within(ClientCall<?> call) {
		return " within " + call.timeoutMillis() + " ms";
	}

	/**
	 * Where the time went.
	 * @param last what the call did last, from when it was sent
	 */
	private String phases(ClientCall<?> call, String last) {
		CallWait waited = call.waited();
		if (waited == null) {
			return "(phase: " + last + ")";
		}
		long total = this.timer.nanoTime() - call.startNanos();
		return "(phase: " + waited.longest(total, last) + "; " + waited.describe(total, last) + ")";
	}

}
