package io.github.netrpc.demo.server;

import io.github.netrpc.annotation.Idempotent;
import io.github.netrpc.annotation.RpcService;

/**
 * What callers may call: {@code Arith.Add}, {@code Arith.Multiply}, {@code Arith.Divide}.
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
