package io.github.netrpc.demo.server;

import io.github.netrpc.RpcCode;
import io.github.netrpc.RpcException;
import io.github.netrpc.annotation.RpcService;

/**
 * The service itself: an ordinary bean.
 */
@RpcService
class ArithService implements Arith {

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
