package io.github.netrpc.transport.memory;

import io.github.netrpc.transport.Transport;
import io.github.netrpc.transport.TransportContract;

class MemoryTransportTests extends TransportContract {

	@Override
	protected Transport createTransport() {
		return new MemoryTransport();
	}

}
