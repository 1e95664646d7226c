package io.github.netrpc.method;

import java.util.List;
import java.util.stream.Collectors;

/**
 * Java types that cannot be services or clients. Lists everything that was found, not
 * just the first, each with what to do about it.
 *
 * @since 0.1.0
 */
public class RpcDefinitionException extends RuntimeException {

	private static final long serialVersionUID = 1L;

	private final transient List<Problem> problems;

	/**
	 * Creates the exception.
	 * @param problems what was found, at least one
	 */
	public RpcDefinitionException(List<Problem> problems) {
		super(describe(problems));
		this.problems = List.copyOf(problems);
	}

	/**
	 * What was found.
	 * @return the problems, in the order of the declarations
	 */
	public List<Problem> problems() {
		return this.problems;
	}

	private static String describe(List<Problem> problems) {
		return problems.stream()
			.map((problem) -> "\n  - " + problem.where() + ": " + problem.what() + ". " + problem.fix() + ".")
			.collect(Collectors.joining("", problems.size() + " problem(s) in RPC definitions:", ""));
	}

	/**
	 * One thing that is wrong.
	 *
	 * @param where the Java type or method
	 * @param what what is wrong with it, without a full stop
	 * @param fix what to do about it, without a full stop
	 */
	public record Problem(String where, String what, String fix) {

	}

}
