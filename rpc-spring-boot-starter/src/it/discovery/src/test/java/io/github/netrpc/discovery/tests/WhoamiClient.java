package io.github.netrpc.discovery.tests;

import io.github.netrpc.annotation.RpcClient;

/**
 * Calls whichever node.
 */
@RpcClient("whoami")
public interface WhoamiClient extends Whoami {

}
