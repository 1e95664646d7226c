package io.github.netrpc.discovery.etcd;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import io.github.netrpc.client.FakeTimer;
import io.github.netrpc.cluster.DirectoryContext;
import io.github.netrpc.cluster.NodeDirectory;
import io.github.netrpc.cluster.NodeEndpoint;
import io.github.netrpc.cluster.TargetUri;

import static org.assertj.core.api.Assertions.assertThat;

@ExtendWith(OutputCaptureExtension.class)
class EtcdDirectoryTests {

	private static final String KEYS = "/netrpc/arith/";

	private final FakeTimer timer = new FakeTimer();

	private final FakeEtcd etcd = new FakeEtcd();

	private final List<String> told = new ArrayList<>();

	private final EtcdDirectory directory = new EtcdDirectory(TargetUri.parse("etcd://127.0.0.1:2379/arith"),
			EtcdSettings.DEFAULT, new DirectoryContext("arith", this.timer, () -> 0.5, Runnable::run, null), this.etcd);

	private static String at(int port) {
		return "{\"address\":\"127.0.0.1:" + port + "\"}";
	}

	private void put(String id, int port) {
		this.etcd.put(KEYS + id, at(port));
	}

	private void remove(String id) {
		this.etcd.revision++;
		this.etcd.entries.remove(KEYS + id);
	}

	private void watch() {
		watch(this.directory);
	}

	private void watch(EtcdDirectory directory) {
		directory.watch(new NodeDirectory.Listener() {

			@Override
			public void nodes(List<NodeEndpoint> nodes) {
				EtcdDirectoryTests.this.told.add(String.join(",", nodes.stream().map(NodeEndpoint::id).toList()));
			}

			@Override
			public void failed(String reason, @Nullable Throwable cause) {
				EtcdDirectoryTests.this.told.add("failed: " + reason);
			}

		});
	}

	private void watchTwoNodes() {
		put("a", 1);
		put("b", 2);
		watch();
		this.etcd.last().answer();
		assertThat(this.told).containsExactly("a,b");
		this.told.clear();
	}

	@Test
	void changesAreWatchedFromTheRevisionOfTheListOn() {
		watchTwoNodes();
		assertThat(this.etcd.last().watchedFrom).isEqualTo(this.etcd.revision + 1);
		this.etcd.last().change(4, KEYS + "c", at(3));
		this.etcd.last().change(5, KEYS + "a", null);
		assertThat(this.told).containsExactly("a,b,c", "b,c");
	}

	@Test
	void listIsAskedForAgainAndTellsThatItIsStillGood() {
		watchTwoNodes();
		this.timer.advance(Duration.ofSeconds(3));
		this.etcd.last().answer();
		assertThat(this.told).containsExactly("a,b");
		assertThat(this.etcd.sessions).hasSize(1);
	}

	@Test
	void listThatIsOlderThanAChangeDoesNotUndoIt() {
		watchTwoNodes();
		this.timer.advance(Duration.ofSeconds(3));
		Map<String, String> before = Map.copyOf(this.etcd.entries);
		this.etcd.last().change(4, KEYS + "c", at(3));
		this.etcd.last().answer(3, before);
		assertThat(this.told).containsExactly("a,b,c", "a,b,c");
	}

	@Test
	void changeThatIsInTheListAlreadyIsNotAppliedAgain() {
		watchTwoNodes();
		this.timer.advance(Duration.ofSeconds(3));
		remove("a");
		put("a", 9);
		this.etcd.last().answer();
		this.etcd.last().change(4, KEYS + "a", null);
		assertThat(this.told).containsExactly("a,b", "a,b");
	}

	@Test
	void lostWatchBeginsWithANewListWithoutBeingAFailure() {
		watchTwoNodes();
		FakeEtcd.Session first = this.etcd.last();
		first.watch.lost("etcdserver: mvcc: required revision has been compacted", null);
		assertThat(first.closed).isTrue();
		put("c", 3);
		this.timer.advance(Duration.ofMillis(100));
		assertThat(this.etcd.sessions).hasSize(2);
		this.etcd.last().answer();
		assertThat(this.told).containsExactly("a,b,c");
		assertThat(this.etcd.last().watchedFrom).isEqualTo(5);
	}

	@Test
	void watchThatIsLostAgainAndAgainIsNotAskedForWithoutPause() {
		watchTwoNodes();
		for (int i = 0; i < 20; i++) {
			this.etcd.last().watch.lost("no permission", null);
			this.timer.advance(Duration.ofSeconds(3));
			this.etcd.last().answer();
		}
		int sessions = this.etcd.sessions.size();
		this.etcd.last().watch.lost("no permission", null);
		this.timer.advance(Duration.ofMillis(2900));
		assertThat(this.etcd.sessions).hasSize(sessions);
	}

	@Test
	void failureIsToldAndTriedAgain() {
		watch();
		this.etcd.last().fail("connection refused");
		assertThat(this.told).containsExactly("failed: connection refused");
		this.timer.advance(Duration.ofMillis(100));
		put("a", 1);
		this.etcd.last().answer();
		assertThat(this.told).containsExactly("failed: connection refused", "a");
	}

	/**
	 * With the defaults, and the longest pause that chance can make of them: 5 s are
	 * promised, of which a connection and a call may have the rest.
	 */
	@Test
	void nodeThatIsNewIsListedSoonAfterEtcdIsBack() {
		EtcdDirectory unlucky = new EtcdDirectory(TargetUri.parse("etcd://127.0.0.1:2379/arith"), EtcdSettings.DEFAULT,
				new DirectoryContext("arith", this.timer, () -> 1, Runnable::run, null), this.etcd);
		put("a", 1);
		watch(unlucky);
		this.etcd.last().answer();
		this.etcd.last().watch.lost("connection reset", null);
		for (int millis = 0; millis < 60_000; millis++) {
			this.timer.advance(Duration.ofMillis(1));
			if (!this.etcd.last().asked.isEmpty()) {
				this.etcd.last().fail("connection refused");
			}
		}
		// It is back just after it was asked.
		while (this.etcd.last().asked.isEmpty()) {
			this.timer.advance(Duration.ofMillis(1));
		}
		this.etcd.last().fail("connection refused");
		put("b", 2);
		this.told.clear();
		this.timer.advance(Duration.ofMillis(3_600));
		this.etcd.last().answer();
		assertThat(this.told).containsExactly("a,b");
	}

	@Test
	void etcdThatDoesNotAnswerIsGivenUpAndItsLateAnswerIgnored() {
		watchTwoNodes();
		FakeEtcd.Session frozen = this.etcd.last();
		this.timer.advance(Duration.ofSeconds(6));
		assertThat(this.told).containsExactly("failed: etcd did not answer within 3000 ms");
		assertThat(frozen.closed).isTrue();
		frozen.answer(99, Map.of());
		frozen.change(100, KEYS + "a", null);
		assertThat(this.told).hasSize(1);
	}

	@Test
	void storeThatHasLostWhatIsKnownIsListedAndWatchedAnew() {
		watchTwoNodes();
		this.timer.advance(Duration.ofSeconds(3));
		this.etcd.last().answer(1, Map.of());
		assertThat(this.told).isEmpty();
		this.timer.advance(Duration.ofMillis(100));
		assertThat(this.etcd.sessions).hasSize(2);
		this.etcd.last().answer(1, Map.of());
		assertThat(this.etcd.last().watchedFrom).isEqualTo(2);
		assertThat(this.told).containsExactly("a,b");
	}

	@Test
	void entriesThatAreGoneAfterAnInterruptionAreKeptForTheTimeOfALease() {
		watchTwoNodes();
		this.etcd.last().watch.lost("interrupted", null);
		this.timer.advance(Duration.ofMillis(100));
		remove("a");
		this.etcd.last().answer();
		this.etcd.last().change(9, KEYS + "b", null);
		this.etcd.last().change(10, KEYS + "c", at(3));
		assertThat(this.told).containsExactly("a,b", "a,b", "a,b,c");
		this.etcd.last().change(11, KEYS + "a", at(1));
		this.told.clear();
		this.timer.advance(Duration.ofSeconds(2));
		this.etcd.entries.clear();
		put("a", 1);
		put("c", 3);
		this.etcd.revision = 11;
		for (int i = 0; i < 3; i++) {
			this.timer.advance(Duration.ofMillis(2800));
			if (!this.etcd.last().asked.isEmpty()) {
				this.etcd.last().answer();
			}
		}
		assertThat(this.told).startsWith("a,b,c").endsWith("a,c");
	}

	@Test
	void withoutAnInterruptionWhatIsGoneIsGone() {
		watchTwoNodes();
		this.etcd.last().change(4, KEYS + "a", null);
		assertThat(this.told).containsExactly("b");
	}

	@Test
	void entryThatCannotBeReadIsLeftOutAndNamedOnce(CapturedOutput output) {
		put("a", 1);
		this.etcd.put(KEYS + "b", "rubbish");
		this.etcd.put(KEYS + "c", "{\"address\":\"nowhere\"}");
		watch();
		this.etcd.last().answer();
		this.timer.advance(Duration.ofSeconds(3));
		this.etcd.last().answer();
		assertThat(this.told).containsExactly("a", "a");
		assertThat(output.toString().split("an entry of etcd://127.0.0.1:2379/arith is not used", -1)).hasSize(2);
		assertThat(output).contains("/netrpc/arith/").contains("and 1 more");
	}

	@Test
	void refreshAsksAtOnceButNotTooOften() {
		watchTwoNodes();
		this.directory.refresh();
		this.timer.advance(Duration.ofMillis(1));
		assertThat(this.etcd.last().asked).isEmpty();
		this.timer.advance(Duration.ofMillis(600));
		this.directory.refresh();
		this.directory.refresh();
		this.timer.advance(Duration.ofMillis(1));
		assertThat(this.etcd.last().asked).hasSize(1);
	}

	@Test
	void closedDirectoryTellsAndPlansNothing() {
		watchTwoNodes();
		FakeEtcd.Session session = this.etcd.last();
		this.directory.close();
		this.directory.close();
		assertThat(session.closed).isTrue();
		session.change(9, KEYS + "a", null);
		assertThat(this.told).isEmpty();
		assertThat(this.timer.scheduled()).isZero();
	}

}
