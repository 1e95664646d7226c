package io.github.netrpc.autoconfigure.sample;

import java.util.concurrent.CompletableFuture;

import io.github.netrpc.annotation.RpcClient;

@RpcClient("json")
public interface JsonArith extends Arith {

	CompletableFuture<Reply> addAsync(Args args);

}
