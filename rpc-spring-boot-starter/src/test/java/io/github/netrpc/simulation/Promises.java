package io.github.netrpc.simulation;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import java.util.function.BiPredicate;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.CallRecorder;
import io.github.netrpc.Known;
import io.github.netrpc.RpcAttempt;
import io.github.netrpc.RpcCode;
import io.github.netrpc.RpcException;
import io.github.netrpc.cluster.ClusterResult;
import io.github.netrpc.cluster.NodeEndpoint;
import io.github.netrpc.simulation.SimulatedFormats.Receipt;

/**
 * What the client promises, checked against what callers were told and what the nodes
 * did. The first promise that is broken ends the simulation.
 */
final class Promises {

	private static final long LATE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

	private static final long TEN_SECONDS = TimeUnit.SECONDS.toNanos(10);

	// A budget counts in seconds as a whole: those of ten, or all but a part of one.

	private static final long BUDGET_RETRIES_NANOS = TimeUnit.SECONDS.toNanos(9);

	private static final long BUDGET_CALLS_NANOS = TimeUnit.SECONDS.toNanos(11);

	private static final int BUDGET_FLOOR = 10;

	/** One connection of a node, tried as often as the shortest pauses allow. */
	private static final int ATTEMPTS_IN_A_SECOND = 12;

	private static final int ATTEMPTS_IN_TEN_SECONDS = 60;

	private final SimulatedClock clock;

	private final SimulatedProcess client;

	private long lostNanos = -1;

	private long lostHeardNanos;

	private final Map<Long, Call> calls = new HashMap<>();

	private final PriorityQueue<Call> open = new PriorityQueue<>(
			Comparator.comparingLong((Call call) -> call.deadlineNanos).thenComparingLong((call) -> call.token));

	private final Deque<Long> begun = new ArrayDeque<>();

	private final Deque<Long> retries = new ArrayDeque<>();

	private final Deque<Long> hedges = new ArrayDeque<>();

	private final Map<String, Deque<Long>> attempts = new HashMap<>();

	private final Map<String, Long> arrivedLast = new HashMap<>();

	private final @Nullable List<String> log;

	private final Map<RpcCode, Integer> outcomes = new EnumMap<>(RpcCode.class);

	private final Set<String> known = new HashSet<>();

	private final Set<Operation> openOperations = new LinkedHashSet<>();

	private final Set<Operation> endingOperations = new LinkedHashSet<>();

	private long operations;

	/** Since when an address is not on the list any more. */
	private final Map<String, Long> goneNanos = new HashMap<>();

	private BiPredicate<String, String> isAt = String::equals;

	private double budget;

	private double extraLoad;

	private int maxAttempts;

	private int connections;

	private int hedgesOpen;

	private boolean garbled;

	private int openCount;

	private int recorded;

	/** What interceptors have had made that has not ended. */
	private int making;

	/** Where the calls of a key go while nothing changes; null while it may. */
	private @Nullable Map<String, String> keys;

	private boolean closing;

	/** When a connection was closed that had bytes to be read. */
	private long unreadNanos = -1;

	private @Nullable Breach breach;

	/**
	 * Creates promises that nobody has broken.
	 * @param log takes what happens, or null to be quick
	 */
	Promises(SimulatedClock clock, SimulatedProcess client, @Nullable List<String> log) {
		this.clock = clock;
		this.client = client;
		this.log = log;
	}

	/**
	 * Says which addresses a node of the list may have.
	 */
	void locate(BiPredicate<String, String> isAt) {
		this.isAt = isAt;
	}

	void expect(int maxAttempts, double budget, int connections) {
		this.maxAttempts = maxAttempts;
		this.budget = budget;
		this.connections = connections;
	}

	/**
	 * How many second attempts there may be for each call, beside the first; 0 for none.
	 */
	void expectHedges(double extraLoad) {
		this.extraLoad = extraLoad;
	}

	/**
	 * From now on bytes may be garbage, so what a reply says need not be what its node
	 * said.
	 */
	void garbled() {
		this.garbled = true;
	}

	/**
	 * From now on calls end because the channel is closed.
	 */
	void closing() {
		this.closing = true;
		log(() -> "closing");
	}

	/**
	 * The client has closed a connection although there is something to be read.
	 */
	void closedUnread() {
		this.unreadNanos = this.clock.now();
	}

	@Nullable Breach breach() {
		return this.breach;
	}

	int openCount() {
		return this.openCount;
	}

	/**
	 * How many attempts there may be at most that have not ended.
	 */
	int mostAttempts() {
		return this.openCount + this.making + this.hedgesOpen;
	}

	int callCount() {
		return this.calls.size();
	}

	Map<RpcCode, Integer> outcomes() {
		return this.outcomes;
	}

	/**
	 * When a node was last given a call, or -1.
	 */
	long arrivedLast(String node) {
		return this.arrivedLast.getOrDefault(node, -1L);
	}

	void log(Supplier<String> line) {
		if (this.log != null) {
			this.log.add(String.format(Locale.ROOT, "%12.6f  %s", this.clock.elapsedNanos() / 1e9, line.get()));
		}
	}

	void broken(String promise, String what, @Nullable Throwable cause) {
		if (this.breach == null) {
			this.breach = new Breach(promise, what, this.clock.elapsedNanos(), cause);
			log(() -> "BREACH: " + promise + ": " + what);
		}
	}

	private void check(boolean kept, String promise, Supplier<String> what) {
		if (!kept) {
			broken(promise, what.get(), null);
		}
	}

	// What callers do and are told

	Call began(boolean idempotent, boolean mayRetry, @Nullable String node, long timeoutNanos) {
		long token = 1_000_003L * (this.calls.size() + 1);
		Call call = new Call(token, idempotent, mayRetry, node, this.clock.now(), this.clock.now() + timeoutNanos);
		this.calls.put(token, call);
		this.open.add(call);
		this.openCount++;
		this.begun.add(this.clock.now());
		dropOlder(this.begun, BUDGET_CALLS_NANOS);
		log(() -> call + " begins" + (idempotent ? ", idempotent" : "") + (mayRetry ? "" : ", no retry")
				+ ((node != null) ? ", to " + node : "") + ", within " + timeoutNanos / 1_000_000 + " ms");
		return call;
	}

	/**
	 * All nodes are well, and stay so: a key has one node.
	 */
	void keysStay() {
		log(() -> "from now on keys stay where they are");
		this.keys = new HashMap<>();
	}

	// What interceptors do

	/**
	 * A call reaches the outer interceptor.
	 */
	Call intercepted(long token) {
		Call call = Objects.requireNonNull(this.calls.get(token));
		check(!call.intercepted, "an interceptor sees a call once", call::toString);
		call.intercepted = true;
		return call;
	}

	/**
	 * The outer interceptor goes on, which is the same as a call that begins.
	 */
	void proceeding(Call call) {
		call.proceeded++;
		this.begun.add(this.clock.now());
	}

	void answering(Call call) {
		log(() -> call + " is answered by an interceptor");
		call.answeredHere = true;
	}

	<T extends RuntimeException> T refusing(Call call, T failure) {
		log(() -> call + " is refused by an interceptor");
		call.refusal = failure;
		return failure;
	}

	/**
	 * A call reaches the inner interceptor.
	 */
	Call making(long token) {
		Call call = Objects.requireNonNull(this.calls.get(token));
		call.made++;
		this.making++;
		check(call.made <= call.proceeded, "an interceptor is called as often as the one before it goes on",
				() -> call + ": " + call.made + ", " + call.proceeded);
		return call;
	}

	/**
	 * There was no time left, or nobody who wants to know.
	 */
	void notMade(Call call) {
		call.made--;
		call.proceeded--;
	}

	void made(Call call, @Nullable Throwable failure) {
		this.making--;
		check(failure == null || failure instanceof RpcException || failure instanceof CancellationException,
				"interceptors see failures as they are", () -> call + ": " + failure);
	}

	/**
	 * A part of an operation begins. It may be cancelled when that ends.
	 */
	Call began(Operation operation, boolean idempotent) {
		check(!operation.ended, "an operation begins nothing after its end", operation::toString);
		Call call = began(idempotent, true, null, operation.deadlineNanos - this.clock.now());
		call.cancelled = true;
		operation.calls.add(call);
		return call;
	}

	/**
	 * An attempt at an item of a job begins, which is not tried again by itself. It may
	 * be cancelled when another one has the result, or the job ends.
	 */
	Call began(boolean idempotent, long timeoutNanos) {
		Call call = began(idempotent, false, null, timeoutNanos);
		call.cancelled = true;
		return call;
	}

	Operation operating(long timeoutNanos) {
		Operation operation = new Operation(++this.operations, this.clock.now() + timeoutNanos);
		this.openOperations.add(operation);
		log(() -> operation + " begins, within " + timeoutNanos / 1_000_000 + " ms");
		return operation;
	}

	void broadcast(Operation operation, int listed, @Nullable ClusterResult<Receipt> result,
			@Nullable Throwable failure) {
		ended(operation, "broadcast", failure);
		if (result != null) {
			check(result.outcomes().size() == listed || listed == 0, "a broadcast has an outcome for each node",
					() -> operation + ": " + listed + " nodes, " + result);
			result.partial().values().forEach((receipt) -> checkOwn(operation, receipt));
		}
	}

	void raced(Operation operation, @Nullable Receipt first, @Nullable Throwable failure) {
		ended(operation, "race", failure);
		if (first != null) {
			checkOwn(operation, first);
		}
	}

	void quorum(Operation operation, int wanted, @Nullable ClusterResult<Receipt> result, @Nullable Throwable failure) {
		ended(operation, "quorum of " + wanted, failure);
		if (result != null) {
			List<Receipt> values = result.partial().values();
			check(values.size() >= wanted, "a quorum has as many answers as were wanted",
					() -> operation + ": " + wanted + " wanted, " + result);
			values.forEach((receipt) -> checkOwn(operation, receipt));
		}
	}

	private void checkOwn(Operation operation, Receipt receipt) {
		check(operation.calls.stream().anyMatch((call) -> call.token == receipt.token())
				|| garbledToken(receipt.token()), "a reply reaches its own call",
				() -> operation + " was given " + receipt);
	}

	private void ended(Operation operation, String kind, @Nullable Throwable failure) {
		log(() -> operation + " ends, a " + kind + ((failure != null) ? ": " + failure : ""));
		check(!operation.ended, "an operation ends once", operation::toString);
		operation.ended = true;
		operation.endedNanos = this.clock.now();
		this.openOperations.remove(operation);
		this.endingOperations.add(operation);
		checkTime(operation);
		check(failure == null || failure instanceof RpcException, "a failure is an RpcException",
				() -> operation + ": " + failure);
		check(!(failure instanceof RpcException ex) || ex.code() != RpcCode.INTERNAL || this.garbled,
				"the client fails no call by a fault of its own", () -> operation + ": " + failure);
	}

	private void checkTime(Operation operation) {
		long due = Math.max(operation.deadlineNanos, this.client.wokeNanos());
		check(this.clock.now() <= due + LATE_NANOS, "an operation ends 100 ms after its deadline at the latest",
				() -> operation + " is " + (this.clock.now() - operation.deadlineNanos) / 1_000_000 + " ms late");
	}

	/**
	 * Checks the operations that have not ended, and what is left of those that have.
	 */
	void checkOperations() {
		this.openOperations.forEach(this::checkTime);
		for (Operation operation : List.copyOf(this.endingOperations)) {
			if (operation.calls.stream().allMatch(Call::hasEnded)) {
				this.endingOperations.remove(operation);
			}
			else {
				long due = Math.max(operation.endedNanos, this.client.wokeNanos());
				check(this.clock.now() <= due + LATE_NANOS, "the calls of an operation end with it",
						() -> operation + ": " + operation.calls.stream().filter((call) -> !call.hasEnded()).toList());
			}
		}
	}

	void cancelling(Call call) {
		call.cancelled = true;
		log(() -> call + " is cancelled");
	}

	void ended(Call call, @Nullable Receipt receipt, @Nullable Throwable failure) {
		log(() -> call + " ends: " + ((failure != null) ? failure : "answered by " + receipt.node()));
		check(!call.ended, "a call ends once", () -> call + " has ended again");
		call.ended = true;
		this.openCount--;
		checkTime(call);
		if (failure == null) {
			this.clock.mix(call.token);
			call.code = RpcCode.OK;
			check(receipt != null && (receipt.token() == call.token || garbledToken(receipt.token())),
					"a reply reaches its own call", () -> call + " was given " + receipt);
			check(call.runs > 0 || call.answeredHere || this.garbled, "an answer comes from a node that ran the call",
					() -> call + " did not run");
			check(call.refusal == null, "what an interceptor fails with reaches the caller",
					() -> call + " was given " + receipt);
		}
		else if (failure == call.refusal) {
			this.clock.mix(call.token);
			call.code = RpcCode.ABORTED;
		}
		else if (failure instanceof RpcException ex) {
			check(!call.answeredHere || call.cancelled || this.closing,
					"what an interceptor answers reaches the caller", () -> call + ": " + failure);
			check(call.refusal == null || call.cancelled || this.closing,
					"what an interceptor fails with reaches the caller", () -> call + ": " + failure);
			this.clock.mix(call.token + ex.code().number());
			call.code = ex.code();
			call.known = ex.known();
			call.outcome = ex.toString();
			call.heardNanos = (this.lostNanos == this.clock.now()) ? this.lostHeardNanos : this.clock.now();
			checkFailure(call, ex);
		}
		else {
			call.code = RpcCode.CANCELLED;
			check(failure instanceof CancellationException && call.cancelled, "a failure is an RpcException",
					() -> call + ": " + failure);
		}
		this.outcomes.merge(call.code, 1, Integer::sum);
	}

	private boolean garbledToken(long token) {
		return this.garbled && !this.calls.containsKey(token);
	}

	private void checkFailure(Call call, RpcException failure) {
		if (failure.known() == Known.NOT_RUN) {
			check(call.runs == 0, "NOT_RUN is said of calls that did not run only",
					() -> call + " ran on " + call.nodes + ", but: " + failure);
		}
		if (failure.known() == Known.RAN_AND_FAILED && !this.garbled) {
			check(call.runs > 0, "RAN_AND_FAILED is said of calls that ran only",
					() -> call + " did not run, but: " + failure);
		}
		check(failure.code() != RpcCode.INTERNAL || this.garbled, "the client fails no call by a fault of its own",
				() -> call + ": " + failure);
		check(this.closing || this.garbled || failure.attempts().stream().noneMatch(Promises::lostByThisSide),
				"no call is lost to a connection that this side closes", () -> call + ": " + failure);
		check(this.unreadNanos != this.clock.now() || !failure.toString().contains("nothing was received"),
				"what has arrived is read before a node is given up", () -> call + ": " + failure);
		int tried = failure.attempts().size();
		check(tried <= (call.mayRetry ? this.maxAttempts : 1), "a call is tried " + this.maxAttempts + " times at most",
				() -> call + " was tried " + tried + " times: " + failure);
	}

	// A refusal may say so too: it tells why its node is not connected.
	private static boolean lostByThisSide(RpcAttempt attempt) {
		return attempt.known() == Known.MAYBE_RAN && attempt.message().contains("was closed by this side");
	}

	private void checkTime(Call call) {
		// A process that does not run keeps no deadlines.
		long due = Math.max(call.deadlineNanos, this.client.wokeNanos());
		check(this.clock.now() <= due + LATE_NANOS, "a call ends 100 ms after its deadline at the latest",
				() -> call + " is " + (this.clock.now() - call.deadlineNanos) / 1_000_000 + " ms late");
	}

	// What the client does

	CallRecorder recorder() {
		return new CallRecorder() {

			@Override
			public void record(RpcCode code, long nanos) {
				Promises.this.recorded++;
			}

			@Override
			public void retried(RpcCode reason) {
				Promises.this.retried();
			}

			@Override
			public void hedged() {
				Promises.this.hedged();
			}

			@Override
			public void hedgeEnded(boolean won) {
				Promises.this.hedgesOpen--;
				log(() -> "a second attempt has " + (won ? "won" : "lost"));
			}

		};
	}

	private void hedged() {
		log(() -> "a second attempt is made beside the first");
		this.hedgesOpen++;
		this.hedges.add(this.clock.now());
		dropOlder(this.hedges, BUDGET_RETRIES_NANOS);
		dropOlder(this.begun, BUDGET_CALLS_NANOS);
		check(this.hedges.size() <= this.extraLoad * this.begun.size(),
				"second attempts beside the first keep within their part of the calls",
				() -> this.hedges.size() + " in 9 s, " + this.begun.size() + " calls");
	}

	private void retried() {
		this.retries.add(this.clock.now());
		dropOlder(this.retries, BUDGET_RETRIES_NANOS);
		dropOlder(this.begun, BUDGET_CALLS_NANOS);
		double allowed = (this.budget == 0) ? 0 : Math.max(BUDGET_FLOOR, this.budget * this.begun.size());
		check(this.retries.size() <= allowed, "retries keep within their budget",
				() -> this.retries.size() + " retries in 9 s, " + this.begun.size() + " calls");
	}

	/**
	 * The channel is about to be told of a list.
	 */
	void listed(List<NodeEndpoint> nodes) {
		if (nodes.isEmpty()) {
			return;
		}
		Set<String> addresses = new HashSet<>();
		nodes.forEach((node) -> addresses.add(node.address()));
		this.known.forEach((address) -> {
			if (!addresses.contains(address)) {
				this.goneNanos.putIfAbsent(address, this.clock.now());
			}
		});
		this.known.addAll(addresses);
		this.goneNanos.keySet().removeAll(addresses);
	}

	void connecting(String node) {
		log(() -> "connecting to " + node);
		Deque<Long> times = this.attempts.computeIfAbsent(node, (absent) -> new ArrayDeque<>());
		times.add(this.clock.now());
		dropOlder(times, TEN_SECONDS);
		check(times.size() <= ATTEMPTS_IN_TEN_SECONDS * this.connections, "attempts to connect back off",
				() -> times.size() + " attempts in 10 s to connect to " + node);
		long second = this.clock.now() - TimeUnit.SECONDS.toNanos(1);
		long recent = times.stream().filter((time) -> time >= second).count();
		check(recent <= (long) ATTEMPTS_IN_A_SECOND * this.connections, "attempts to connect back off",
				() -> recent + " attempts in 1 s to connect to " + node);
	}

	private void dropOlder(Deque<Long> times, long age) {
		while (!times.isEmpty() && times.peek() < this.clock.now() - age) {
			times.poll();
		}
	}

	// What nodes do

	void arrived(long token, String node) {
		this.arrivedLast.put(node, this.clock.now());
		Call call = this.calls.get(token);
		check(call != null, "nobody else calls", () -> "a call with token " + token + " at " + node);
		if (call == null) {
			return;
		}
		log(() -> call + " arrives at " + node);
		call.arrivals++;
		long gone = this.goneNanos.getOrDefault(node, Long.MAX_VALUE);
		check(call.startNanos <= gone, "a node that is gone gets no new calls", () -> call + " came to " + node);
		check(call.node == null || this.isAt.test(call.node, node), "a call that is bound to a node goes there only",
				() -> call + " is bound to " + call.node + " and came to " + node);
		check(call.refusal == null && !call.answeredHere, "what interceptors answer is not asked of a node",
				() -> call + " came to " + node);
		if (this.keys != null && call.key != null && call.arrivals == 1) {
			String usual = this.keys.computeIfAbsent(call.key, (absent) -> node);
			check(usual.equals(node), "calls of one key go to one node",
					() -> call + " of " + call.key + " came to " + node + " instead of " + usual);
		}
		int repeats = Math.max(1, call.proceeded);
		check(call.arrivals <= repeats * (call.mayRetry ? this.maxAttempts : 1),
				"a call is tried " + this.maxAttempts + " times at most",
				() -> call + " has arrived " + call.arrivals + " times");
	}

	void ran(long token, String node) {
		Call call = this.calls.get(token);
		if (call == null) {
			return;
		}
		log(() -> call + " runs on " + node);
		call.runs++;
		call.nodes.add(node);
		check(call.idempotent || call.runs == 1, "a call that is not idempotent runs once at most",
				() -> call + " has run on " + call.nodes + ", " + call.runs + " times");
		check(call.known != Known.NOT_RUN, "NOT_RUN is said of calls that did not run only",
				() -> call + " runs on " + node + " after it was said not to run");
	}

	// From time to time

	/**
	 * Checks what may break by nothing happening.
	 */
	void afterEvent() {
		Call first = this.open.peek();
		while (first != null && first.ended) {
			this.open.poll();
			first = this.open.peek();
		}
		if (first != null && !this.client.isFrozen()) {
			checkTime(first);
		}
	}

	/**
	 * Checks that every call has ended, once.
	 */
	void atEnd() {
		check(this.openCount == 0, "every call ends", () -> this.openCount + " calls have not ended: "
				+ this.open.stream().filter((call) -> !call.ended).limit(5).toList());
		check(this.hedgesOpen == 0, "every second attempt ends, once",
				() -> this.hedgesOpen + " second attempts have not ended");
		check(this.openOperations.isEmpty(), "every operation ends", this.openOperations::toString);
		check(this.making == 0, "what interceptors had made ends", () -> this.making + " calls have not ended");
		int made = this.calls.values().stream().mapToInt((call) -> call.intercepted ? call.made : 1).sum();
		check(this.recorded == made, "every call is recorded once",
				() -> this.calls.size() + " calls, " + made + " made, " + this.recorded + " recorded");
	}

	/**
	 * The client has lost a connection.
	 * @param heardNanos when it had heard of the node on it
	 */
	void lost(long heardNanos) {
		this.lostNanos = this.clock.now();
		this.lostHeardNanos = heardNanos;
	}

	/**
	 * The calls that began in a time and ended with something else than a reply.
	 */
	List<Call> failedBetween(long from, long to) {
		List<Call> failed = new ArrayList<>();
		for (Call call : this.calls.values()) {
			if (call.startNanos >= from && call.startNanos < to && call.ended && call.code != RpcCode.OK
					&& !call.cancelled) {
				failed.add(call);
			}
		}
		failed.sort(Comparator.comparingLong((call) -> call.startNanos));
		return failed;
	}

	/**
	 * A promise that was broken.
	 *
	 * @param promise the promise
	 * @param what what happened
	 * @param atNanos when
	 * @param cause an exception, or null
	 */
	record Breach(String promise, String what, long atNanos, @Nullable Throwable cause) {

		@Override
		public String toString() {
			return this.promise + " (at " + this.atNanos / 1_000_000 + " ms): " + this.what;
		}

	}

	/**
	 * A broadcast, a race or a quorum.
	 */
	static final class Operation {

		private final long number;

		private final long deadlineNanos;

		private final List<Call> calls = new ArrayList<>();

		private boolean ended;

		private long endedNanos;

		Operation(long number, long deadlineNanos) {
			this.number = number;
			this.deadlineNanos = deadlineNanos;
		}

		@Override
		public String toString() {
			return "operation " + this.number;
		}

	}

	/**
	 * A call as its caller and the nodes see it.
	 */
	static final class Call {

		private final long token;

		private final boolean idempotent;

		private final boolean mayRetry;

		private final @Nullable String node;

		private final long startNanos;

		private final long deadlineNanos;

		private final Set<String> nodes = new HashSet<>();

		private int arrivals;

		private int runs;

		private boolean cancelled;

		private boolean ended;

		private String outcome = "";

		/** When the node was heard of on the connection that was lost with the call. */
		private long heardNanos;

		private @Nullable RpcCode code;

		private @Nullable Known known;

		private @Nullable String key;

		private boolean intercepted;

		/** How often the outer interceptor has gone on. */
		private int proceeded;

		/** How often a call was made of it. */
		private int made;

		private boolean answeredHere;

		/** What an interceptor fails with. */
		private @Nullable RuntimeException refusal;

		Call(long token, boolean idempotent, boolean mayRetry, @Nullable String node, long startNanos,
				long deadlineNanos) {
			this.token = token;
			this.idempotent = idempotent;
			this.mayRetry = mayRetry;
			this.node = node;
			this.startNanos = startNanos;
			this.deadlineNanos = deadlineNanos;
		}

		long token() {
			return this.token;
		}

		String outcome() {
			return this.outcome;
		}

		void ofKey(String key) {
			this.key = key;
		}

		/**
		 * Whether it was lost with its connection, and could not be tried again.
		 */
		boolean wasLost() {
			return this.code == RpcCode.UNAVAILABLE && this.known == Known.MAYBE_RAN && !this.idempotent;
		}

		long heardNanos() {
			return this.heardNanos;
		}

		boolean hasEnded() {
			return this.ended;
		}

		/**
		 * Whether its time is over, though it may not have ended yet.
		 */
		boolean isLate(long now) {
			return now >= this.deadlineNanos;
		}

		@Override
		public String toString() {
			return "call " + this.token / 1_000_003L;
		}

	}

}
