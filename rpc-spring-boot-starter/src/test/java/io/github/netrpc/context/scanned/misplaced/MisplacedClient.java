package io.github.netrpc.context.scanned.misplaced;

import io.github.netrpc.annotation.RpcClient;

@RpcClient("misplaced")
public abstract class MisplacedClient {

}
