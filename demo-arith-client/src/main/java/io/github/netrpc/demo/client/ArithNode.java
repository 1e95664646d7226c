package io.github.netrpc.demo.client;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.netrpc.RpcCode;
import io.github.netrpc.RpcException;

/**
 * Arith on an embedded node: as slow as it is told to be, and counting what becomes of
 * its calls. Not a bean: it would make this application a server.
 */
class ArithNode implements Arith {

	private final AtomicInteger answered = new AtomicInteger();

	private final AtomicInteger cancelled = new AtomicInteger();

	private volatile Duration pause = Duration.ZERO;

	@Override
	public Reply add(Args args) {
		work();
		return new Reply(args.a() + args.b());
	}

	@Override
	public Reply multiply(Args args) {
		work();
		return new Reply(args.a() * args.b());
	}

	@Override
	public Quotient divide(Args args) {
		work();
		if (args.b() == 0) {
			throw new RpcException(RpcCode.INVALID_ARGUMENT, "divide by zero");
		}
		return new Quotient(args.a() / args.b(), args.a() % args.b());
	}

	/**
	 * A caller that gives up has the handler's thread interrupted.
	 */
	private void work() {
		try {
			Thread.sleep(this.pause.toMillis());
		}
		catch (InterruptedException ex) {
			this.cancelled.incrementAndGet();
			throw new RpcException(RpcCode.CANCELLED, "nobody waits for this any more");
		}
		this.answered.incrementAndGet();
	}

	/**
	 * How long each call takes from now on.
	 */
	void takes(Duration pause) {
		this.pause = pause;
	}

	int answered() {
		return this.answered.get();
	}

	int cancelled() {
		return this.cancelled.get();
	}

}
