package io.github.netrpc.benchmarks.reliability;

import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.RpcCode;
import io.github.netrpc.RpcException;
import io.github.netrpc.benchmarks.reliability.OpenSamples.Kind;

/**
 * Calls at a fixed rate, whatever becomes of the calls. Times count from the moment a
 * call was to begin, so that a load which falls behind does not hide what it waited for
 * (no coordinated omission).
 */
final class OpenLoad {

	private final Caller caller;

	private final double callsPerSecond;

	private final OpenSamples samples;

	private final CountDownLatch open;

	private final long startNanos;

	private OpenLoad(Caller caller, double callsPerSecond, int calls) {
		this.caller = caller;
		this.callsPerSecond = callsPerSecond;
		this.samples = new OpenSamples(callsPerSecond, calls);
		this.open = new CountDownLatch(calls);
		this.startNanos = System.nanoTime();
	}

	/**
	 * Calls from this thread, and waits for the end of all calls.
	 * @param caller makes the calls
	 * @param callsPerSecond the rate
	 * @param duration how long to begin calls
	 * @param limit how long to wait for the last ones
	 * @return what became of each call
	 * @throws InterruptedException if interrupted
	 */
	static OpenSamples run(Caller caller, double callsPerSecond, Duration duration, Duration limit)
			throws InterruptedException {
		OpenLoad load = begin(caller, callsPerSecond, duration);
		load.await(limit);
		return load.samples;
	}

	/**
	 * Calls from this thread, and does not wait for what is in flight in the end.
	 * @param caller makes the calls
	 * @param callsPerSecond the rate
	 * @param duration how long to begin calls
	 * @return the load, whose last calls have not ended
	 * @throws InterruptedException if interrupted
	 */
	static OpenLoad begin(Caller caller, double callsPerSecond, Duration duration) throws InterruptedException {
		int calls = (int) Math.round(callsPerSecond * duration.toMillis() / 1000);
		OpenLoad load = new OpenLoad(caller, callsPerSecond, calls);
		for (int i = 0; i < calls; i++) {
			load.call(i);
		}
		return load;
	}

	OpenSamples await(Duration limit) throws InterruptedException {
		this.open.await(limit.toMillis(), TimeUnit.MILLISECONDS);
		return this.samples;
	}

	// The end of the call comes to the callback
	@SuppressWarnings("FutureReturnValueIgnored")
	private void call(int index) throws InterruptedException {
		long begin = this.startNanos + (long) (index / this.callsPerSecond * 1e9);
		for (long left = begin - System.nanoTime(); left > 0; left = begin - System.nanoTime()) {
			LockSupport.parkNanos(left);
			if (Thread.interrupted()) {
				throw new InterruptedException();
			}
		}
		this.caller.call(index + 1).whenComplete((done, failure) -> {
			this.samples.ended(index, System.nanoTime() - begin, kind(failure));
			this.open.countDown();
		});
	}

	private static Kind kind(@Nullable Throwable failure) {
		if (failure == null) {
			return Kind.ANSWERED;
		}
		Throwable cause = (failure instanceof CompletionException && failure.getCause() != null) ? failure.getCause()
				: failure;
		RpcCode code = (cause instanceof RpcException rpc) ? rpc.code() : RpcCode.UNKNOWN;
		return switch (code) {
			case RESOURCE_EXHAUSTED -> Kind.REFUSED;
			case DEADLINE_EXCEEDED -> Kind.TIMED_OUT;
			default -> Kind.FAILED;
		};
	}

}
