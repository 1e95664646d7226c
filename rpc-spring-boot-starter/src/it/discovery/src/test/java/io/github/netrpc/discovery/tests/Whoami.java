package io.github.netrpc.discovery.tests;

import io.github.netrpc.annotation.Idempotent;
import io.github.netrpc.annotation.RpcService;

/**
 * Says which node answers.
 */
@RpcService
public interface Whoami {

	@Idempotent
	String name();

}
