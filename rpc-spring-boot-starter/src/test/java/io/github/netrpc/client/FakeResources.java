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
		return create(transport, timer, callbackExecutor, callbackExecutor, random);
	}

	public static ClientResources create(FakeTransport transport, ClientTimer timer, Executor callbackExecutor,
			Executor internalExecutor, DoubleSupplier random) {
		return new ClientResources(transport, new FakeFormat(), null, ClientLimits.DEFAULT, ConnectionPolicy.DEFAULT,
				true, callbackExecutor, internalExecutor, timer, random);
	}

}
