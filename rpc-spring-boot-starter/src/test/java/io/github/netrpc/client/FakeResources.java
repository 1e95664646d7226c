package io.github.netrpc.client;

import java.util.concurrent.Executor;
import java.util.function.DoubleSupplier;

/**
 * Makes resources whose time and chance a test decides.
 */
public final class FakeResources {

	private FakeResources() {
	}

	public static ClientResources create(FakeTransport transport, FakeTimer timer, Executor callbackExecutor,
			DoubleSupplier random) {
		return new ClientResources(transport, new FakeFormat(), null, ClientLimits.DEFAULT, ConnectionPolicy.DEFAULT,
				true, callbackExecutor, timer, random);
	}

}
