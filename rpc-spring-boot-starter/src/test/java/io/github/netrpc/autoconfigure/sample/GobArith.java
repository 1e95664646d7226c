package io.github.netrpc.autoconfigure.sample;

import java.util.concurrent.CompletableFuture;

import org.springframework.context.annotation.Lazy;

import io.github.netrpc.annotation.RpcClient;

@Lazy
@RpcClient("gob")
public interface GobArith extends Arith {

	CompletableFuture<Reply> addAsync(Args args);

}
