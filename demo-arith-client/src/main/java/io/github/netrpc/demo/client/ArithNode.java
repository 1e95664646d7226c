package io.github.netrpc.demo.client;

import io.github.netrpc.RpcCode;
import io.github.netrpc.RpcException;

/**
 * Arith on an embedded node. Not a bean: it would make this application a server.
 */
class ArithNode implements Arith {

	@Override
	public Reply add(Args args) {
		return new Reply(args.a() + args.b());
	}

	@Override
	public Reply multiply(Args args) {
		return new Reply(args.a() * args.b());
	}

	@Override
	public Quotient divide(Args args) {
		if (args.b() == 0) {
			throw new RpcException(RpcCode.INVALID_ARGUMENT, "divide by zero");
		}
		return new Quotient(args.a() / args.b(), args.a() % args.b());
	}

}
