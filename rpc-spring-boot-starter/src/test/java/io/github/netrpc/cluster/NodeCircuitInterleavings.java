package io.github.netrpc.cluster;

import java.time.Duration;
import java.util.List;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.ZZ_Result;

import io.github.netrpc.client.FakeTimer;

/**
 * Two threads at a {@link NodeCircuit}, or at the circuits of one channel.
 */
public class NodeCircuitInterleavings {

	/**
	 * Two calls want to be the trial of a node that is ejected.
	 */
	@JCStressTest
	@State
	@Outcome(id = { "true, false", "false, true" }, expect = Expect.ACCEPTABLE, desc = "one is the trial")
	@Outcome(expect = Expect.FORBIDDEN, desc = "both are, or none is")
	public static class OneTrial {

		private final NodeCircuit circuit = new NodeCircuit(OutlierPolicy.DEFAULT);

		public OneTrial() {
			this.circuit.open(1);
			this.circuit.halfOpen();
		}

		@Actor
		public void one(ZZ_Result result) {
			result.r1 = this.circuit.claimTrial(2) != 0;
		}

		@Actor
		public void other(ZZ_Result result) {
			result.r2 = this.circuit.claimTrial(2) != 0;
		}

	}

	/**
	 * Both nodes of a channel fail at the same time.
	 */
	@JCStressTest
	@State
	@Outcome(id = "1, 1", expect = Expect.ACCEPTABLE, desc = "one is ejected")
	@Outcome(expect = Expect.FORBIDDEN, desc = "no node is left, or one was ejected twice")
	public static class LastNode {

		private final PickClock clock = new PickClock();

		private final OutlierEjector ejector = new OutlierEjector("interleavings", OutlierPolicy.DEFAULT,
				new FakeTimer(), () -> {
				});

		private final NodeLoad first = load("first");

		private final NodeLoad second = load("second");

		public LastNode() {
			this.ejector.nodes(List.of(this.first, this.second));
		}

		private NodeLoad load(String name) {
			return new NodeLoad(NodeEndpoint.of(name, 1), this.clock, this.ejector, Duration.ZERO, () -> true);
		}

		@Actor
		public void first() {
			this.ejector.failing(this.first, 1);
		}

		@Actor
		public void second() {
			this.ejector.failing(this.second, 1);
		}

		@Arbiter
		public void count(II_Result result) {
			result.r1 = (this.first.circuit().isEjected() ? 1 : 0) + (this.second.circuit().isEjected() ? 1 : 0);
			result.r2 = (int) this.ejector.ejections();
		}

	}

}
