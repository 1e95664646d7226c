package io.github.netrpc.autoconfigure.sample;

import java.util.concurrent.CompletableFuture;

import io.github.netrpc.annotation.RpcService;

@RpcService
public interface Arith {

	Reply add(Args args);

	CompletableFuture<Reply> multiply(int a, int b);

	Reply divide(Args args);

	String thread();

	record Args(int a, int b) {

	}

	record Reply(int c) {

	}

}
