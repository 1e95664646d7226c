package io.github.netrpc.server;

import java.util.function.BiConsumer;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.server.AccessControl.Verdict;

/**
 * A question to the authenticator, asked where handlers run.
 */
final class CallerQuestion implements HandlerExecutor.Task<HandlerWorker> {

	private final ServerConnection connection;

	private final AccessControl access;

	private final StrangerPlace place;

	private final CallCredentials credentials;

	private final Purpose purpose;

	/** What is looked up again, or null if it is somebody new. */
	private final @Nullable KeptVerdict before;

	private final boolean ofStranger;

	private final BiConsumer<CallerQuestion, Verdict> answered;

	private final boolean keepsPlace;

	private final long queuedNanos;

	/**
	 * Creates a question that is not asked yet.
	 * @param connection on which somebody calls
	 * @param access has the authenticator
	 * @param place that of the connection, which the question keeps if it is taken now
	 * @param credentials what was shown
	 * @param purpose for whom it is asked
	 * @param before what is looked up again, or null
	 * @param ofStranger whether it was never known who calls
	 * @param answered takes the answer, on the connection's I/O thread
	 */
	CallerQuestion(ServerConnection connection, AccessControl access, StrangerPlace place, CallCredentials credentials,
			Purpose purpose, @Nullable KeptVerdict before, boolean ofStranger,
			BiConsumer<CallerQuestion, Verdict> answered) {
		this.connection = connection;
		this.access = access;
		this.place = place;
		this.credentials = credentials;
		this.purpose = purpose;
		this.before = before;
		this.ofStranger = ofStranger;
		this.answered = answered;
		this.keepsPlace = place.isTaken();
		this.queuedNanos = connection.scope().nanoTime().getAsLong();
	}

	CallCredentials credentials() {
		return this.credentials;
	}

	Purpose purpose() {
		return this.purpose;
	}

	@Nullable KeptVerdict before() {
		return this.before;
	}

	boolean isOfStranger() {
		return this.ofStranger;
	}

	/**
	 * Takes its place among all questions; false if there is none.
	 */
	boolean begin(int threads) {
		if (!this.access.beginQuestion(this.ofStranger, threads)) {
			return false;
		}
		if (this.keepsPlace) {
			this.place.keep();
		}
		return true;
	}

	/**
	 * It is neither waited for nor worked on any more.
	 */
	void end() {
		this.access.questionEnded(this.ofStranger);
		if (this.keepsPlace) {
			this.place.letGo();
		}
	}

	@Override
	public boolean run(HandlerWorker worker) {
		Verdict verdict = null;
		try {
			if (!this.connection.isClosed()) {
				verdict = this.access.verify(this.credentials, this.purpose != Purpose.AHEAD);
			}
		}
		finally {
			end();
		}
		if (verdict != null) {
			tell(verdict);
		}
		return true;
	}

	@Override
	public void refuse(RefusalReason reason) {
		end();
		tell(Verdict.refused(reason, RefusalText.of(reason, this.connection, this.queuedNanos)));
	}

	private void tell(Verdict verdict) {
		this.connection.execute(() -> this.answered.accept(this, verdict));
	}

	// One whose connection has ended is taken in its turn, and then ends.
	@Override
	public boolean isOver() {
		return false;
	}

	@Override
	public long queuedNanos() {
		return this.queuedNanos;
	}

	/**
	 * For whom it is found out who calls.
	 */
	enum Purpose {

		/** For one call, which has shown a token. */
		CALL,

		/** For the calls that show none. */
		CALLS_WITHOUT_TOKEN,

		/** For who logs in. */
		LOGIN,

		/** For nobody yet. */
		AHEAD

	}

}
