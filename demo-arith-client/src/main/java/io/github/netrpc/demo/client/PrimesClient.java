package io.github.netrpc.demo.client;

import io.github.netrpc.annotation.RpcClient;

/**
 * What items of a job call. Shares its channel, and so its nodes, with
 * {@link ArithClient}.
 */
@RpcClient("arith")
public interface PrimesClient extends Primes {

}
