package io.github.netrpc.cluster;

import java.util.concurrent.Executor;
import java.util.function.DoubleSupplier;

import io.github.netrpc.client.ClientTimer;

/**
 * Gives channels a time and a chance that a simulation decides.
 */
public final class SimulatedChannels {

	private SimulatedChannels() {
	}

	public static RpcChannel build(RpcChannelBuilder builder, ClientTimer timer, Executor spare,
			DoubleSupplier random) {
		return builder.time(timer, spare, random).build();
	}

}
