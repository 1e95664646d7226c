package io.github.netrpc.demo.client;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;

import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.stereotype.Component;

import io.github.netrpc.RpcException;
import io.github.netrpc.client.NodeSnapshot;
import io.github.netrpc.context.RpcChannelRegistry;
import io.github.netrpc.demo.client.Arith.Args;
import io.github.netrpc.demo.client.Arith.Quotient;
import io.github.netrpc.demo.client.Arith.Reply;

/**
 * What the demo shows: a call, an asynchronous call, an error, and many calls that share
 * the nodes.
 */
@Component
class ArithDemo implements ApplicationRunner {

	private static final int SQUARES = 300;

	private final ArithClient arith;

	private final RpcChannelRegistry channels;

	ArithDemo(ArithClient arith, RpcChannelRegistry channels) {
		this.arith = arith;
		this.channels = channels;
	}

	@Override
	public void run(ApplicationArguments args) {
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

		sumOfSquares();
	}

	/**
	 * All calls are sent before the first reply is waited for. Each goes to the less
	 * loaded of two nodes.
	 */
	private void sumOfSquares() {
		List<CompletableFuture<Reply>> squares = LongStream.rangeClosed(1, SQUARES)
			.mapToObj((n) -> this.arith.multiplyAsync(new Args(n, n)))
			.toList();
		long sum = squares.stream().mapToLong((square) -> square.join().c()).sum();
		System.out.printf("the squares of 1 to %d add up to %d; calls for each node so far:%n", SQUARES, sum);
		for (NodeSnapshot node : this.channels.channel("arith").nodes()) {
			System.out.printf("  %s %s: %d calls, %d failures%n", node.address(), node.state(), node.calls(),
					node.failures());
		}
	}

}
