package io.github.netrpc.autoconfigure;

import java.util.List;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

import io.github.netrpc.method.RpcDefinitionException;

/**
 * Lists what is wrong with services and clients, and what to do about each.
 */
class RpcDefinitionFailureAnalyzer extends AbstractFailureAnalyzer<RpcDefinitionException> {

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, RpcDefinitionException cause) {
		List<RpcDefinitionException.Problem> problems = cause.problems();
		StringBuilder description = new StringBuilder("These RPC services or clients cannot be used:\n");
		StringBuilder action = new StringBuilder((problems.size() == 1) ? "Mend it:\n" : "Mend each of them:\n");
		for (int i = 0; i < problems.size(); i++) {
			RpcDefinitionException.Problem problem = problems.get(i);
			String number = "\n  " + (i + 1) + ". ";
			description.append(number).append(problem.where()).append(": ").append(problem.what());
			action.append(number).append(problem.fix());
		}
		return new FailureAnalysis(description.toString(), action.toString(), cause);
	}

}
