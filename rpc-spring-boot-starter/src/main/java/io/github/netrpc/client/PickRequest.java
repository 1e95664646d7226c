package io.github.netrpc.client;

import io.github.netrpc.RpcOptions;
import io.github.netrpc.ServiceMethod;

/**
 * What is known of a call before a node has it. Valid while the node is chosen; not to be
 * kept.
 *
 * @since 0.1.0
 */
public interface PickRequest {

	/**
	 * What is called.
	 * @return the method; for an operation on several nodes, whose calls are not known
	 * yet, what it is called and no service
	 */
	ServiceMethod method();

	/**
	 * What the caller has chosen for this call.
	 * @return the options, such as the hash key
	 */
	RpcOptions options();

}
