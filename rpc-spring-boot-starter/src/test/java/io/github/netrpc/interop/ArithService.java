package io.github.netrpc.interop;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

import io.github.netrpc.RpcCode;
import io.github.netrpc.RpcException;
import io.github.netrpc.interop.Types.Args;
import io.github.netrpc.interop.Types.Quotient;

/**
 * Arith as the Go fixture implements it.
 */
public class ArithService implements Arith {

	@Override
	public long add(Args args) {
		return args.a() + args.b();
	}

	@Override
	public long multiply(Args args) {
		return args.a() * args.b();
	}

	@Override
	public Quotient divide(Args args) {
		if (args.b() == 0) {
			throw new RpcException(RpcCode.INVALID_ARGUMENT, "divide by zero");
		}
		return new Quotient(args.a() / args.b(), args.a() % args.b());
	}

	@Override
	public CompletionStage<Long> sleep(long millis) {
		if (millis < 0 || millis > 10_000) {
			throw new RpcException(RpcCode.OUT_OF_RANGE, "sleep: out of range");
		}
		return CompletableFuture.supplyAsync(() -> millis,
				CompletableFuture.delayedExecutor(millis, TimeUnit.MILLISECONDS));
	}

}
