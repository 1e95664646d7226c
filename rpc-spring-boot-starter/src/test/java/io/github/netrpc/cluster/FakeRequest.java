package io.github.netrpc.cluster;

import io.github.netrpc.RpcOptions;
import io.github.netrpc.ServiceMethod;
import io.github.netrpc.client.PickRequest;

/**
 * A call that is to have a node.
 */
record FakeRequest(ServiceMethod method, RpcOptions options) implements PickRequest {

	static final FakeRequest PLAIN = new FakeRequest(ServiceMethod.of("S", "M"), RpcOptions.NONE);

	static FakeRequest keyed(String key) {
		return new FakeRequest(ServiceMethod.of("S", "M"), RpcOptions.NONE.hashKey(key));
	}

}
