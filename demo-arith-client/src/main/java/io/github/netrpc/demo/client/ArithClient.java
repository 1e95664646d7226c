package io.github.netrpc.demo.client;

import java.util.concurrent.CompletableFuture;

import io.github.netrpc.annotation.RpcClient;

/**
 * The proxy that is injected. {@code rpc.client.channel.arith.*} configures it.
 */
@RpcClient("arith")
public interface ArithClient extends Arith {

	/**
	 * The asynchronous twin of {@link #multiply}: the same call, without waiting.
	 * @param args the factors
	 * @return completes with the product
	 */
	CompletableFuture<Reply> multiplyAsync(Args args);

}
