package io.github.netrpc.autoconfigure.sample;

import java.util.concurrent.CompletableFuture;

import io.github.netrpc.RpcCode;
import io.github.netrpc.RpcException;
import io.github.netrpc.annotation.RpcService;

@RpcService
class ArithService implements Arith {

	@Override
	public Reply add(Args args) {
		return new Reply(args.a() + args.b());
	}

	@Override
	public CompletableFuture<Reply> multiply(int a, int b) {
		return CompletableFuture.completedFuture(new Reply(a * b));
	}

	@Override
	public Reply divide(Args args) {
		if (args.b() == 0) {
			throw new RpcException(RpcCode.INVALID_ARGUMENT, "divide by zero");
		}
		return new Reply(args.a() / args.b());
	}

	@Override
	public String thread() {
		return Thread.currentThread().toString();
	}

}
