package io.github.netrpc.interop;

import java.util.concurrent.CompletionStage;

import io.github.netrpc.annotation.RpcService;
import io.github.netrpc.interop.Types.Args;
import io.github.netrpc.interop.Types.Quotient;

/**
 * The fixture's service Arith. Its Add replies a plain int, unlike the demo's.
 */
@RpcService
public interface Arith {

	long add(Args args);

	long multiply(Args args);

	Quotient divide(Args args);

	CompletionStage<Long> sleep(long millis);

}
