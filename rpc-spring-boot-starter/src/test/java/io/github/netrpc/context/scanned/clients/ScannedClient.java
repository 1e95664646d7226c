package io.github.netrpc.context.scanned.clients;

import java.util.List;
import java.util.concurrent.CompletableFuture;

import io.github.netrpc.annotation.RpcClient;
import io.github.netrpc.context.scanned.ScannedService;

@RpcClient(value = "scanned", service = "Scanned")
public interface ScannedClient extends ScannedService {

	CompletableFuture<List<Answer>> ask(Question question);

	/** What is asked. */
	record Question(String text) {

	}

	/** What is answered. */
	record Answer(String text) {

	}

	/** Extends a client without being one. */
	interface Child extends ScannedClient {

	}

	/** A client inside another type. */
	@RpcClient("nested")
	interface Nested extends ScannedService {

	}

}
