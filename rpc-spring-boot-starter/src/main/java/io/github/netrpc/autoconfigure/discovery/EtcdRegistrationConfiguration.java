package io.github.netrpc.autoconfigure.discovery;

import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;

import io.github.netrpc.context.RpcServerLifecycle;
import io.github.netrpc.discovery.etcd.EtcdRegistrar;
import io.github.netrpc.discovery.etcd.EtcdSettings;

/**
 * Registers the server where the endpoints of etcd are set.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnBean(RpcServerLifecycle.class)
@ConditionalOnBooleanProperty(name = "rpc.server.registration.enabled", matchIfMissing = true)
@Conditional(OnEtcdEndpointsCondition.class)
class EtcdRegistrationConfiguration {

	@Bean
	@ConditionalOnMissingBean
	EtcdRegistrar rpcEtcdRegistrar(EtcdSettings settings) {
		return new EtcdRegistrar(settings);
	}

}
