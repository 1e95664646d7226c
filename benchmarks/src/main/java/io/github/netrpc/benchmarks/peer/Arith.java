package io.github.netrpc.benchmarks.peer;

import io.github.netrpc.annotation.NonBlocking;
import io.github.netrpc.annotation.RpcService;

/**
 * The service, the same as the Go server's.
 */
@RpcService
public interface Arith {

	/** The method, as it is called by name. */
	String ADD = "Arith.Add";

	Reply add(Args args);

	/**
	 * The argument of {@code Arith.Add}.
	 *
	 * @param a one number
	 * @param b another one
	 */
	record Args(long a, long b) {

	}

	/**
	 * The result of {@code Arith.Add}.
	 *
	 * @param c the sum
	 */
	record Reply(long c) {

	}

	/**
	 * Runs where the server runs handlers: on virtual threads, or in a pool.
	 */
	class Plain implements Arith {

		@Override
		public Reply add(Args args) {
			return new Reply(args.a() + args.b());
		}

	}

	/**
	 * Runs on the I/O thread.
	 */
	@NonBlocking
	class OnIoThread implements Arith {

		@Override
		public Reply add(Args args) {
			return new Reply(args.a() + args.b());
		}

	}

}
