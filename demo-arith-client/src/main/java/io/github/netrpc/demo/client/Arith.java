package io.github.netrpc.demo.client;

import io.github.netrpc.annotation.Idempotent;
import io.github.netrpc.annotation.RpcService;

/**
 * The service as this application knows it. Only the names on the wire tie it to
 * demo-arith-server, or to a Go server: nothing is shared but them.
 */
@RpcService
public interface Arith {

	@Idempotent
	Reply add(Args args);

	@Idempotent
	Reply multiply(Args args);

	@Idempotent
	Quotient divide(Args args);

	/**
	 * Two numbers: Go's {@code Args{A, B int}}.
	 *
	 * @param a the first one
	 * @param b the second one
	 */
	record Args(long a, long b) {
	}

	/**
	 * One number: Go's {@code Reply{C int}}.
	 *
	 * @param c the result
	 */
	record Reply(long c) {
	}

	/**
	 * The result of a division: Go's {@code Quotient{Quo, Rem int}}.
	 *
	 * @param quo the quotient
	 * @param rem the remainder
	 */
	record Quotient(long quo, long rem) {
	}

}
