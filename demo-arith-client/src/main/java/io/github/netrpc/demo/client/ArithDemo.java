package io.github.netrpc.demo.client;

import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
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
		say("7 + 8 = %d", this.arith.add(new Args(7, 8)).c());

		CompletableFuture<Reply> product = this.arith.multiplyAsync(new Args(6, 7));
		say("6 * 7 = %d, without waiting", product.join().c());

		Quotient quotient = this.arith.divide(new Args(17, 5));
		say("17 / 5 = %d, remainder %d", quotient.quo(), quotient.rem());
		try {
			this.arith.divide(new Args(1, 0));
		}
		catch (RpcException ex) {
			say("1 / 0: %s (%s, %s)", ex.getMessage(), ex.code(), ex.known());
		}

		sumOfSquares();
	}

	private void sumOfSquares() {
		long sum = LongStream.rangeClosed(1, SQUARES)
			.mapToObj((n) -> this.arith.multiplyAsync(new Args(n, n)))
			.toList()
			.stream()
			.mapToLong((square) -> square.join().c())
			.sum();
		say("the squares of 1 to %d add up to %d; calls for each node so far:", SQUARES, sum);
		say(this.channels.channel("arith")
			.nodes()
			.stream()
			.map(ArithDemo::line)
			.collect(Collectors.joining(System.lineSeparator())));
	}

	private static String line(NodeSnapshot node) {
		return "  %s %s: %d calls, %d failures".formatted(node.address(), node.state(), node.calls(), node.failures());
	}

	private static void say(String text, Object... values) {
		System.out.println(text.formatted(values));
	}

}
