package io.github.netrpc.autoconfigure.sample;

import java.util.concurrent.CompletableFuture;

import org.springframework.context.annotation.Lazy;

import io.github.netrpc.annotation.RpcClient;

@Lazy
@RpcClient("http")
public interface HttpArith extends Arith {

	CompletableFuture<Reply> addAsync(Args args);

}
