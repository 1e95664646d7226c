package io.github.netrpc.benchmarks.reliability;

import java.util.concurrent.CompletionException;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import io.github.netrpc.Known;
import io.github.netrpc.RpcCode;
import io.github.netrpc.RpcException;
import io.github.netrpc.benchmarks.reliability.node.Work;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Audit} and {@link CallLedger}.
 */
class AuditTests {

	private static final int CALLS = 1000;

	private final CallLedger ledger = new CallLedger(CALLS + 1);

	private final int[] runs = new int[CALLS + 1];

	private long idempotent;

	private long other;

	@BeforeEach
	void allCallsRanOnceAndSucceeded() {
		for (int i = 0; i < CALLS; i++) {
			long token = this.ledger.next();
			if (CallLedger.isIdempotent(token)) {
				this.idempotent = token;
			}
			else {
				this.other = token;
			}
			end(token, null);
			this.runs[(int) token] = 1;
		}
	}

	@Test
	void ofWhenAllIsWellFindsNothing() {
		Audit audit = audit();
		assertThat(audit).isEqualTo(new Audit(audit.idempotent(), 0, CALLS - audit.idempotent(), 0, 0, 0, 0, 0, 0));
	}

	@Test
	void aboutHalfOfTheCallsAreIdempotentAndParitySaysNothing() {
		assertThat(audit().idempotent()).isBetween(450L, 550L);
		long evenOnes = 0;
		for (long token = 2; token <= CALLS; token += 2) {
			evenOnes += CallLedger.isIdempotent(token) ? 1 : 0;
		}
		assertThat(evenOnes).isBetween(200L, 300L);
	}

	@Test
	void secondRunIsDoubleOnlyIfTheCallIsNotIdempotent() {
		this.runs[(int) this.idempotent] = 3;
		this.runs[(int) this.other] = 2;
		assertThat(audit().extraRuns()).isEqualTo(2);
		assertThat(audit().doubleRuns()).isEqualTo(1);
	}

	@Test
	void successOfACallThatNoNodeRanIsFound() {
		this.runs[(int) this.other] = 0;
		assertThat(audit().lostRuns()).isEqualTo(1);
	}

	@Test
	void notRunIsTrueOnlyIfItDidNotRun() {
		end(this.other, new RpcException(RpcCode.UNAVAILABLE, Known.NOT_RUN, "gone", null));
		assertThat(audit().wrongLabels()).isEqualTo(1);
		this.runs[(int) this.other] = 0;
		assertThat(audit().wrongLabels()).isZero();
		assertThat(audit().othersFailed()).isEqualTo(1);
		assertThat(audit().idempotentFailed()).isZero();
	}

	@Test
	void ranAndFailedIsTrueOnlyIfItRan() {
		end(this.idempotent, new RpcException(RpcCode.UNAVAILABLE, Known.RAN_AND_FAILED, "no", null));
		assertThat(audit().wrongLabels()).isZero();
		this.runs[(int) this.idempotent] = 0;
		assertThat(audit().wrongLabels()).isEqualTo(1);
		assertThat(audit().idempotentFailed()).isEqualTo(1);
	}

	@Test
	void maybeRanIsTrueEitherWay() {
		end(this.other, new CompletionException(new RpcException(RpcCode.UNAVAILABLE, Known.MAYBE_RAN, "gone", null)));
		assertThat(audit().wrongLabels()).isZero();
		this.runs[(int) this.other] = 0;
		assertThat(audit().wrongLabels()).isZero();
	}

	@Test
	void anyOtherFailureHasNoLabel() {
		end(this.other, new IllegalStateException("oops"));
		assertThat(audit().wrongLabels()).isEqualTo(1);
		assertThat(this.ledger.failures()).containsEntry("not idempotent: IllegalStateException", 1L);
		assertThat(this.ledger.samples()).singleElement().asString().contains("oops");
	}

	@Test
	void callWithoutEndHasNotEnded() {
		CallLedger open = new CallLedger(10);
		open.next();
		Audit audit = Audit.of(open, new int[10]);
		assertThat(audit.neverEnded()).isEqualTo(1);
		assertThat(audit.idempotentFailed() + audit.othersFailed()).isEqualTo(1);
	}

	@Test
	void replyOfAnotherCallIsMixedUp() {
		this.ledger.ended(this.other, new Work.Done(this.idempotent, new byte[0]), null);
		assertThat(this.ledger.mixedUp()).isEqualTo(1);
	}

	private void end(long token, @Nullable Throwable failure) {
		this.ledger.ended(token, (failure != null) ? null : new Work.Done(token, new byte[0]), failure);
	}

	private Audit audit() {
		return Audit.of(this.ledger, this.runs);
	}

}
