package io.github.netrpc.transport.netty;

import org.junit.jupiter.api.extension.ExtendWith;

import io.github.netrpc.transport.TransportContract;

/**
 * What real sockets add to the contract.
 */
@ExtendWith(LeakDetection.class)
abstract class NettyTransportContract extends TransportContract {

}
