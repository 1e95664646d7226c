package io.github.netrpc.discovery.etcd;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import io.github.netrpc.client.FakeTimer;
import io.github.netrpc.cluster.NodeEndpoint;
import io.github.netrpc.cluster.NodeRegistration;
import io.github.netrpc.cluster.RegistrationSnapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

@ExtendWith(OutputCaptureExtension.class)
class EtcdRegistrarTests {

	private static final String KEY = "/netrpc/arith/one";

	private static final NodeRegistration ONE = node("one", 1);

	private static final RegistrationSnapshot REGISTERED = new RegistrationSnapshot("etcd", true, null);

	private static final RegistrationSnapshot NOT_WANTED = new RegistrationSnapshot("etcd", false, null);

	private final FakeTimer timer = new FakeTimer();

	private final FakeLeases etcd = new FakeLeases(this.timer);

	private final EtcdRegistrar registrar = new EtcdRegistrar(
			EtcdSettings.DEFAULT.withEndpoints(List.of("127.0.0.1:2379")), new TimedExecutor(this.timer), () -> 0.5,
			this.etcd);

	private static NodeRegistration node(String id, int port) {
		return new NodeRegistration("arith", new NodeEndpoint(id, "127.0.0.1", port, Map.of()));
	}

	private void register(NodeRegistration node) {
		this.registrar.register(node);
		advance(0);
	}

	private CompletableFuture<@Nullable Void> withdraw() {
		CompletableFuture<@Nullable Void> withdrawn = this.registrar.withdraw().toCompletableFuture();
		advance(0);
		return withdrawn;
	}

	private void advance(long millis) {
		this.timer.advance(Duration.ofMillis(millis));
	}

	private long lease() {
		return this.etcd.entries().get(KEY).lease();
	}

	private List<Long> times(String question) {
		return this.etcd.asked.stream()
			.map((each) -> each.split(" ", 2))
			.filter((each) -> each[1].startsWith(question))
			.map((each) -> Long.valueOf(each[0]))
			.toList();
	}

	// Registered

	@Test
	void nodeIsRegisteredUnderALeaseThatIsRenewed(CapturedOutput output) {
		assertThat(this.registrar.registration()).isEqualTo(NOT_WANTED);
		register(ONE);
		assertThat(this.etcd.entries().get(KEY).value()).contains("127.0.0.1:1");
		assertThat(this.registrar.registration()).isEqualTo(REGISTERED);
		for (int i = 0; i < 60; i++) {
			advance(1_000);
			assertThat(this.etcd.entries()).containsOnlyKeys(KEY);
		}
		assertThat(times("grant")).hasSize(1);
		assertThat(times("keep")).hasSize(18).startsWith(3_333L, 6_666L);
		assertThat(output).containsOnlyOnce("Registered as " + KEY);
	}

	@Test
	void endedLeaseIsReplacedAtTheNextRenewal(CapturedOutput output) {
		register(ONE);
		long before = lease();
		advance(1_000);
		this.etcd.endLeases();
		assertThat(this.etcd.entries()).isEmpty();
		advance(2_334);
		assertThat(lease()).isNotEqualTo(before);
		assertThat(output).contains("has ended the lease of " + KEY);
		assertThat(this.registrar.registration()).isEqualTo(REGISTERED);
	}

	/**
	 * With the longest pause that chance can make.
	 */
	@Test
	void nodeIsRegisteredSoonAfterEtcdIsBack() {
		EtcdRegistrar unlucky = new EtcdRegistrar(EtcdSettings.DEFAULT.withEndpoints(List.of("127.0.0.1:2379")),
				new TimedExecutor(this.timer), () -> 1, this.etcd);
		this.etcd.mood = FakeLeases.Mood.REFUSES;
		unlucky.register(ONE);
		advance(60_000);
		int asked = this.etcd.asked.size();
		// It is back just after it was asked.
		while (this.etcd.asked.size() == asked) {
			advance(1);
		}
		this.etcd.mood = FakeLeases.Mood.ANSWERS;
		advance(2_399);
		assertThat(this.etcd.entries()).isEmpty();
		advance(1);
		assertThat(this.etcd.entries()).containsOnlyKeys(KEY);
		unlucky.close();
		advance(0);
	}

	@Test
	void endedLeaseIsToldUntilTheNewOneIsThere() {
		register(ONE);
		this.etcd.endLeases();
		this.etcd.mood = FakeLeases.Mood.HANGS;
		advance(3_334);
		this.etcd.wake();
		this.etcd.mood = FakeLeases.Mood.HANGS;
		advance(0);
		assertThat(times("grant")).hasSize(2);
		assertThat(this.registrar.registration())
			.isEqualTo(new RegistrationSnapshot("etcd", false, "the lease has ended"));
	}

	@Test
	void entryThatSomebodyHasRemovedIsWrittenAnewUnderTheSameLease() {
		register(ONE);
		long before = lease();
		this.etcd.entries().clear();
		advance(3_334);
		assertThat(lease()).isEqualTo(before);
	}

	@Test
	void secondNodeOfTheSameIdIsWarnedOfOnceAndTold(CapturedOutput output) {
		register(ONE);
		this.etcd.put(KEY, "another node");
		advance(20_000);
		assertThat(this.etcd.entries().get(KEY).value()).as("left alone").isEqualTo("another node");
		assertThat(output).containsOnlyOnce("Somebody else has registered as " + KEY);
		assertThat(this.registrar.registration())
			.isEqualTo(new RegistrationSnapshot("etcd", false, "somebody else has registered as /netrpc/arith/one"));
		this.etcd.entries().remove(KEY);
		advance(3_334);
		assertThat(this.registrar.registration()).isEqualTo(REGISTERED);
	}

	@Test
	void changedNodeReplacesItsEntry() {
		register(ONE);
		long before = lease();
		register(node("one", 2));
		assertThat(this.etcd.entries().get(KEY).value()).contains("127.0.0.1:2");
		assertThat(lease()).isEqualTo(before);
	}

	@Test
	void nodeOfAnotherIdReplacesTheEntryAndItsLease() {
		register(ONE);
		register(node("two", 1));
		assertThat(this.etcd.entries()).containsOnlyKeys("/netrpc/arith/two");
		assertThat(this.etcd.leases()).isOne();
	}

	@Test
	void nodeOfAnotherIdReplacesTheEntryAlsoIfEtcdWasAwayMeanwhile() {
		register(ONE);
		this.etcd.mood = FakeLeases.Mood.REFUSES;
		register(node("two", 1));
		assertThat(this.registrar.registration())
			.isEqualTo(new RegistrationSnapshot("etcd", false, "connection refused"));
		this.etcd.mood = FakeLeases.Mood.ANSWERS;
		advance(200);
		assertThat(this.etcd.entries()).containsOnlyKeys("/netrpc/arith/two");
		assertThat(this.etcd.leases()).isOne();
		assertThat(this.registrar.registration()).isEqualTo(REGISTERED);
	}

	@Test
	void nodeOfAnotherIdIsRegisteredWhenTheLeaseOfTheFirstHasEndedByItself() {
		register(ONE);
		this.etcd.mood = FakeLeases.Mood.REFUSES;
		register(node("two", 1));
		advance(30_000);
		this.etcd.mood = FakeLeases.Mood.ANSWERS;
		advance(2_400);
		assertThat(this.etcd.entries()).containsOnlyKeys("/netrpc/arith/two");
		assertThat(this.registrar.registration()).isEqualTo(REGISTERED);
	}

	@Test
	void idThatChangesBackWhileTheLeaseIsEndedIsRegisteredAnew() {
		register(ONE);
		this.etcd.mood = FakeLeases.Mood.HANGS;
		register(node("two", 1));
		register(ONE);
		this.etcd.wake();
		advance(0);
		assertThat(this.etcd.entries()).containsOnlyKeys(KEY);
		assertThat(lease()).isNotEqualTo(1);
		advance(60_000);
		assertThat(this.etcd.entries()).containsOnlyKeys(KEY);
		assertThat(this.etcd.leases()).isOne();
	}

	@Test
	void nodeThatIsReplacedWhileItIsWrittenLeavesNothingBehind() {
		this.etcd.mood = FakeLeases.Mood.HANGS;
		register(ONE);
		this.etcd.wake();
		this.etcd.mood = FakeLeases.Mood.HANGS;
		advance(0);
		assertThat(times("put " + KEY)).hasSize(1);
		register(node("two", 2));
		this.etcd.wake();
		advance(60_000);
		assertThat(this.etcd.entries()).containsOnlyKeys("/netrpc/arith/two");
		assertThat(this.etcd.leases()).isOne();
	}

	// etcd is away

	@Test
	void etcdThatRefusesIsTriedAgainEveryTwoSecondsAtLast(CapturedOutput output) {
		this.etcd.mood = FakeLeases.Mood.REFUSES;
		register(ONE);
		assertThat(this.registrar.registration())
			.isEqualTo(new RegistrationSnapshot("etcd", false, "connection refused"));
		advance(10_000);
		assertThat(times("grant")).containsExactly(0L, 200L, 520L, 1_032L, 1_851L, 3_161L, 5_161L, 7_161L, 9_161L);
		assertThat(output).containsOnlyOnce("connection refused; trying again");
		this.etcd.mood = FakeLeases.Mood.ANSWERS;
		advance(2_000);
		assertThat(this.etcd.entries()).containsOnlyKeys(KEY);
		assertThat(this.registrar.registration()).isEqualTo(REGISTERED);
		assertThat(this.etcd.open).as("sessions").isOne();
	}

	@Test
	void etcdThatCannotBeReachedAtAllIsTriedAgain() {
		this.etcd.mood = FakeLeases.Mood.CANNOT_BE_OPENED;
		register(ONE);
		assertThat(this.registrar.registration().lastFailure()).isEqualTo("no such host");
		this.etcd.mood = FakeLeases.Mood.ANSWERS;
		advance(200);
		assertThat(this.registrar.registration()).isEqualTo(REGISTERED);
	}

	@Test
	void shortAbsenceKeepsTheLease() {
		register(ONE);
		long before = lease();
		this.etcd.mood = FakeLeases.Mood.REFUSES;
		advance(4_000);
		assertThat(this.registrar.registration().registered()).isFalse();
		this.etcd.mood = FakeLeases.Mood.ANSWERS;
		advance(2_000);
		assertThat(lease()).isEqualTo(before);
		assertThat(this.registrar.registration()).isEqualTo(REGISTERED);
	}

	@Test
	void absenceLongerThanTheLeaseEndsInANewOne() {
		register(ONE);
		long before = lease();
		this.etcd.mood = FakeLeases.Mood.REFUSES;
		advance(30_000);
		assertThat(this.etcd.entries()).isEmpty();
		this.etcd.mood = FakeLeases.Mood.ANSWERS;
		advance(2_000);
		assertThat(lease()).isNotEqualTo(before);
	}

	@Test
	void etcdThatHangsIsGivenUpAfterTheTimeout() {
		this.etcd.mood = FakeLeases.Mood.HANGS;
		register(ONE);
		advance(2_999);
		assertThat(this.registrar.registration()).isEqualTo(NOT_WANTED);
		advance(1);
		assertThat(this.registrar.registration().lastFailure()).isEqualTo("etcd did not answer within 3000 ms");
		assertThat(this.etcd.open).isZero();
		// What was asked then is done late, and nobody waits for it.
		this.etcd.wake();
		advance(200);
		assertThat(lease()).isEqualTo(2);
	}

	// Withdrawn

	@Test
	void withdrawnNodeIsGoneAndStaysGone(CapturedOutput output) {
		register(ONE);
		CompletableFuture<?> withdrawn = withdraw();
		assertThat(withdrawn).isCompleted();
		assertThat(this.etcd.entries()).isEmpty();
		assertThat(this.registrar.registration()).isEqualTo(NOT_WANTED);
		int asked = this.etcd.asked.size();
		advance(60_000);
		assertThat(this.etcd.asked).hasSize(asked);
		assertThat(this.etcd.open).isZero();
		assertThat(output).contains("Withdrawn from etcd");
	}

	@Test
	void nothingToWithdrawIsDoneAtOnce() {
		assertThat(withdraw()).isCompleted();
		assertThat(this.etcd.asked).isEmpty();
	}

	@Test
	void nodeThatIsWithdrawnWhileItIsWrittenIsNotWrittenLater() {
		this.etcd.mood = FakeLeases.Mood.HANGS;
		register(ONE);
		this.etcd.wake();
		this.etcd.mood = FakeLeases.Mood.HANGS;
		advance(0);
		assertThat(times("put")).hasSize(1);
		CompletableFuture<?> withdrawn = withdraw();
		assertThat(withdrawn).isNotDone();
		this.etcd.wake();
		advance(0);
		assertThat(withdrawn).isCompleted();
		assertThat(this.etcd.entries()).isEmpty();
		advance(60_000);
		assertThat(this.etcd.entries()).isEmpty();
	}

	@Test
	void nodeThatIsWithdrawnWhileItsIdChangesLeavesNothingBehind() {
		register(ONE);
		this.etcd.mood = FakeLeases.Mood.HANGS;
		register(node("two", 1));
		CompletableFuture<?> withdrawn = withdraw();
		assertThat(withdrawn).as("the entry is still there").isNotDone();
		assertThat(times("revoke 1")).as("asked twice, since the first answer is not waited for").hasSize(2);
		this.etcd.wake();
		advance(0);
		assertThat(withdrawn).isCompleted();
		assertThat(this.etcd.entries()).isEmpty();
		assertThat(this.etcd.leases()).isZero();
		assertThat(this.etcd.open).isZero();
	}

	@Test
	void nodeThatIsWithdrawnAfterItsOldEntryCouldNotBeRemovedLeavesNothingBehind() {
		register(ONE);
		this.etcd.mood = FakeLeases.Mood.REFUSES;
		register(node("two", 1));
		this.etcd.mood = FakeLeases.Mood.ANSWERS;
		assertThat(withdraw()).isCompleted();
		assertThat(this.etcd.entries()).isEmpty();
		assertThat(this.etcd.leases()).isZero();
		advance(60_000);
		assertThat(this.etcd.entries()).isEmpty();
	}

	@Test
	void withdrawnBeforeThereIsALeaseWaitsForNothing() {
		this.etcd.mood = FakeLeases.Mood.HANGS;
		register(ONE);
		assertThat(withdraw()).isCompleted();
		this.etcd.wake();
		advance(60_000);
		assertThat(times("put")).isEmpty();
	}

	@Test
	void etcdThatHangsDelaysWithdrawingByTheTimeout(CapturedOutput output) {
		register(ONE);
		this.etcd.mood = FakeLeases.Mood.HANGS;
		CompletableFuture<?> withdrawn = withdraw();
		advance(2_999);
		assertThat(withdrawn).isNotDone();
		advance(1);
		assertThat(withdrawn).isCompleted();
		assertThat(output).contains("Could not withdraw", "the lease ends within 10 s");
		advance(7_000);
		assertThat(this.etcd.entries()).as("the lease has ended").isEmpty();
	}

	@Test
	void withdrawnTwiceWaitsForTheFirst() {
		register(ONE);
		this.etcd.mood = FakeLeases.Mood.HANGS;
		CompletableFuture<?> first = withdraw();
		CompletableFuture<?> second = withdraw();
		assertThat(second).isNotDone();
		this.etcd.wake();
		advance(0);
		assertThat(first).isCompleted();
		assertThat(second).isCompleted();
	}

	@Test
	void nodeThatRegistersWhileItIsWithdrawnIsRegisteredAfterwards() {
		register(ONE);
		this.etcd.mood = FakeLeases.Mood.HANGS;
		CompletableFuture<?> withdrawn = withdraw();
		register(ONE);
		this.etcd.wake();
		advance(0);
		assertThat(withdrawn).isCompleted();
		assertThat(this.etcd.entries()).containsOnlyKeys(KEY);
		assertThat(this.registrar.registration()).isEqualTo(REGISTERED);
	}

	@Test
	void withdrawnNodeMayRegisterAgain(CapturedOutput output) {
		register(ONE);
		withdraw();
		register(ONE);
		assertThat(this.etcd.entries()).containsOnlyKeys(KEY);
		assertThat(output.toString().split("Registered as " + KEY, -1)).hasSize(3);
	}

	// Closed

	@Test
	void closedLeavesItsEntryToTheLease() {
		register(ONE);
		this.registrar.close();
		advance(9_000);
		assertThat(this.etcd.entries()).containsOnlyKeys(KEY);
		advance(1_000);
		assertThat(this.etcd.entries()).isEmpty();
		assertThat(this.etcd.open).isZero();
		assertThat(this.registrar.registration()).isEqualTo(NOT_WANTED);
		assertThat(withdraw()).isCompleted();
	}

	@Test
	void closedWhileItWithdrawsKeepsNobodyWaiting() {
		register(ONE);
		this.etcd.mood = FakeLeases.Mood.HANGS;
		CompletableFuture<?> withdrawn = withdraw();
		this.registrar.close();
		advance(0);
		assertThat(withdrawn).isCompleted();
	}

	@Test
	void settingsWithoutEndpointsAreRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> new EtcdRegistrar(EtcdSettings.DEFAULT))
			.withMessage("no endpoints of etcd");
	}

}
