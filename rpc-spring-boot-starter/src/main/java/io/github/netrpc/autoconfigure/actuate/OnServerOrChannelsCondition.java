package io.github.netrpc.autoconfigure.actuate;

import org.springframework.boot.autoconfigure.condition.AnyNestedCondition;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;

import io.github.netrpc.context.RpcChannelRegistry;
import io.github.netrpc.context.RpcServerLifecycle;

/**
 * Matches if there is something to show: a server, or channels.
 */
class OnServerOrChannelsCondition extends AnyNestedCondition {

	OnServerOrChannelsCondition() {
		super(ConfigurationPhase.REGISTER_BEAN);
	}

	@ConditionalOnBean(RpcServerLifecycle.class)
	static class WithServer {

	}

	@ConditionalOnBean(RpcChannelRegistry.class)
	static class WithChannels {

	}

}
