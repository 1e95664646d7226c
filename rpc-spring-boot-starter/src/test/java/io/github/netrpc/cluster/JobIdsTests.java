package io.github.netrpc.cluster;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import io.github.netrpc.RpcContextSlot;
import io.github.netrpc.ServedCall;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link JobIds}.
 */
class JobIdsTests {

	private final RpcContextSlot slot = RpcContextSlot.ofCurrentThread();

	private double random;

	private final JobIds ids = new JobIds(() -> this.random += 0.125);

	@AfterEach
	void serveNobody() {
		this.slot.set(null);
	}

	@Test
	void jobThatServesNobodyHasAnIdByChance() {
		assertThat(this.ids.get()).isEqualTo("2000000040000000");
		assertThat(this.ids.get()).isEqualTo("6000000080000000");
	}

	@Test
	void firstJobOfACallHasItsIdAndOthersTheirNumber() {
		ServedCall first = new ServedCall(null);
		this.slot.set(first);
		String call = first.callId();
		assertThat(this.ids.get()).isEqualTo(call);
		assertThat(this.ids.get()).isEqualTo(call + ".2");
		JobIds ofAnotherChannel = new JobIds(() -> 0);
		assertThat(ofAnotherChannel.get()).isEqualTo(call + ".3");
		this.slot.set(new ServedCall(null));
		assertThat(this.ids.get()).isEqualTo(call);
	}

}
