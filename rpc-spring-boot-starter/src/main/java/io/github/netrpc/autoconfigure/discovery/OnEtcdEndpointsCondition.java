package io.github.netrpc.autoconfigure.discovery;

import java.util.List;

import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.type.AnnotatedTypeMetadata;

/**
 * Matches where endpoints of etcd are set, as one text or as a list.
 */
class OnEtcdEndpointsCondition extends SpringBootCondition {

	private static final String PROPERTY = EtcdProperties.PREFIX + ".endpoints";

	@Override
	public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
		List<String> endpoints = Binder.get(context.getEnvironment())
			.bind(PROPERTY, Bindable.listOf(String.class))
			.orElse(List.of());
		ConditionMessage.Builder message = ConditionMessage.forCondition("Endpoints of etcd");
		return endpoints.isEmpty() ? ConditionOutcome.noMatch(message.because("'" + PROPERTY + "' is not set"))
				: ConditionOutcome.match(message.foundExactly(endpoints));
	}

}
