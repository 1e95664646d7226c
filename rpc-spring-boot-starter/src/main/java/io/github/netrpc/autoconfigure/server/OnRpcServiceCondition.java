package io.github.netrpc.autoconfigure.server;

import java.util.List;

import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.ConfigurationCondition;
import org.springframework.core.type.AnnotatedTypeMetadata;

import io.github.netrpc.annotation.RpcService;
import io.github.netrpc.context.RpcServiceBeans;

/**
 * Matches if some bean offers a service. Boot's condition on annotated beans would match
 * in every application that only calls, because a client's interface extends the
 * annotated interface of the service.
 */
class OnRpcServiceCondition extends SpringBootCondition implements ConfigurationCondition {

	@Override
	public ConfigurationPhase getConfigurationPhase() {
		return ConfigurationPhase.REGISTER_BEAN;
	}

	@Override
	public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
		ConditionMessage.Builder message = ConditionMessage.forCondition("@RpcService bean");
		if (context.getBeanFactory() == null) {
			return ConditionOutcome.noMatch(message.because("there is no bean factory"));
		}
		List<String> names = new RpcServiceBeans(context.getBeanFactory()).names();
		if (names.isEmpty()) {
			return ConditionOutcome
				.noMatch(message.didNotFind("bean annotated with").items(RpcService.class.getName()));
		}
		return ConditionOutcome.match(message.found("bean", "beans").items(ConditionMessage.Style.QUOTE, names));
	}

}
