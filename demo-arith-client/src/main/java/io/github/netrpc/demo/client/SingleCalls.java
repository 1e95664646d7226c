package io.github.netrpc.demo.client;

import java.util.concurrent.CompletableFuture;

import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;

import io.github.netrpc.RpcException;
import io.github.netrpc.demo.client.Arith.Args;
import io.github.netrpc.demo.client.Arith.Quotient;
import io.github.netrpc.demo.client.Arith.Reply;

/**
 * A call, a call without waiting, and an error.
 */
@Component
@Order(1)
class SingleCalls implements Scene {

	private final ArithClient arith;

	SingleCalls(ArithClient arith) {
		this.arith = arith;
	}

	@Override
	public void play() {
		System.out.printf("7 + 8 = %d%n", this.arith.add(new Args(7, 8)).c());

		CompletableFuture<Reply> product = this.arith.multiplyAsync(new Args(6, 7));
		System.out.printf("6 * 7 = %d, without waiting%n", product.join().c());

		Quotient quotient = this.arith.divide(new Args(17, 5));
		System.out.printf("17 / 5 = %d, remainder %d%n", quotient.quo(), quotient.rem());
		try {
			this.arith.divide(new Args(1, 0));
		}
		catch (RpcException ex) {
			System.out.printf("1 / 0: %s (%s, %s)%n", ex.getMessage(), ex.code(), ex.known());
		}
	}

}
