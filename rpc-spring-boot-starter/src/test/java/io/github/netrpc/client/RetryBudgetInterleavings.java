package io.github.netrpc.client;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/**
 * Two threads at a {@link RetryBudget}.
 */
public class RetryBudgetInterleavings {

	/**
	 * Two calls want the one retry that is left, in a second that has just begun.
	 */
	@JCStressTest
	@State
	@Outcome(id = { "true, false", "false, true" }, expect = Expect.ACCEPTABLE, desc = "one gets it")
	@Outcome(expect = Expect.FORBIDDEN, desc = "both get it, or nobody")
	public static class LastRetry {

		private static final long NEXT_SECOND = 1_000_000_000;

		private final RetryBudget budget = new RetryBudget(0.1, 1, 0);

		@Actor
		public void one(ZZ_Result result) {
			result.r1 = this.budget.withdraw(NEXT_SECOND);
		}

		@Actor
		public void other(ZZ_Result result) {
			result.r2 = this.budget.withdraw(NEXT_SECOND);
		}

	}

}
