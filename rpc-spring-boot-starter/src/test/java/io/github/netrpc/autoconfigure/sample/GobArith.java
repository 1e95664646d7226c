package io.github.netrpc.autoconfigure.sample;

import java.util.concurrent.CompletableFuture;

import io.github.netrpc.annotation.RpcClient;

@RpcClient("gob")
public interface GobArith extends Arith {

	CompletableFuture<Reply> addAsync(Args args);

}
