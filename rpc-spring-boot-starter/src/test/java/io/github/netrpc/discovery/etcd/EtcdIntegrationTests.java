package io.github.netrpc.discovery.etcd;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import io.github.netrpc.discovery.etcd.EtcdNodes.Node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Servers and a client that know each other by a real etcd only.
 */
@Timeout(120)
class EtcdIntegrationTests {

	private static final Duration LEASE = Duration.ofSeconds(2);

	/** From the moment that etcd is back, or a node is registered, to its first call. */
	private static final Duration SOON = Duration.ofSeconds(5);

	@TempDir
	Path folder;

	private EtcdServer etcd;

	private EtcdNodes nodes;

	private final AtomicBoolean over = new AtomicBoolean();

	private final AtomicLong good = new AtomicLong();

	private final ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();

	private final ConcurrentLinkedQueue<List<String>> shortLists = new ConcurrentLinkedQueue<>();

	private final ExecutorService callers = Executors.newFixedThreadPool(2);

	static EtcdSettings settings(String endpoint) {
		return new EtcdSettings(List.of(endpoint), "/netrpc/", null, null, null, Duration.ofSeconds(1),
				Duration.ofMillis(300), LEASE);
	}

	@BeforeEach
	void start() {
		this.etcd = new EtcdServer(this.folder);
		this.nodes = new EtcdNodes(settings(this.etcd.endpoint()));
	}

	@AfterEach
	void stop() {
		this.callers.shutdownNow();
		if (this.nodes != null) {
			this.nodes.close();
			this.etcd.close();
		}
	}

	private Node[] startThree() {
		Node[] three = { this.nodes.start("one"), this.nodes.start("two"), this.nodes.start("three") };
		this.nodes.call();
		await().atMost(Duration.ofSeconds(20))
			.untilAsserted(() -> assertThat(this.nodes.listed()).containsExactly("one", "three", "two"));
		return three;
	}

	@Test
	void nodesComeAndGoAndEtcdTakesABreakWhileCallsGoOn() throws Exception {
		Node[] three = startThree();
		Future<?> calls = call();
		assertThat(this.nodes.channel.nodes()).allSatisfy((node) -> assertThat(node.tags()).containsExactly("gpu"));

		three[0].withdraw();
		await().atMost(Duration.ofSeconds(1))
			.untilAsserted(() -> assertThat(this.nodes.listed()).containsExactly("three", "two"));

		three[1].kill();
		await().atMost(LEASE.plusSeconds(1))
			.untilAsserted(() -> assertThat(this.nodes.listed()).containsExactly("three"));

		Node four = this.nodes.start("four");
		Promised.within(SOON, () -> {
			this.nodes.callMany();
			assertThat(four.calls).hasPositiveValue();
		});

		this.etcd.kill();
		Node five = this.nodes.start("five");
		awaitAge(LEASE.plusSeconds(1));
		assertThat(this.nodes.listed()).containsExactly("four", "three");
		this.etcd.start();
		Promised.within(SOON, () -> {
			this.nodes.callMany();
			assertThat(this.nodes.listed()).containsExactly("five", "four", "three");
			assertThat(five.calls).hasPositiveValue();
		});
		this.over.set(true);
		calls.get();
		assertThat(this.failures).isEmpty();
		assertThat(this.good).hasValueGreaterThan(100);
	}

	@Test
	void callsGoOnWhileEtcdIsFrozenForLongerThanTheLeases() throws Exception {
		startThree();
		Future<?> calls = call();
		this.etcd.freeze();
		awaitAge(LEASE.plusSeconds(2));
		this.etcd.thaw();
		awaitYoungList();
		awaitQuiet();
		end(calls);
	}

	@Test
	void callsGoOnWhileEtcdIsKilledAndComesBackWithItsData() throws Exception {
		startThree();
		Future<?> calls = call();
		this.etcd.kill();
		awaitAge(LEASE.plusSeconds(1));
		this.etcd.start();
		awaitYoungList();
		awaitQuiet();
		end(calls);
	}

	@Test
	void nodesRegisterAnewWhenEtcdComesBackWithoutItsData() throws Exception {
		startThree();
		Future<?> calls = call();
		this.etcd.kill();
		this.etcd.wipe();
		this.etcd.start();
		awaitYoungList();
		awaitQuiet();
		end(calls);
	}

	@Test
	void entryIsReadableByAnybodyAndWrittenAnewIfItIsRemoved() throws Exception {
		startThree();
		String key = "/netrpc/arith/one";
		try (EtcdSession session = JetcdSession.open(settings(this.etcd.endpoint()))) {
			EtcdSession.Listing list = session.list("/netrpc/arith/").toCompletableFuture().get();
			assertThat(list.entries()).hasSize(3);
			assertThat(list.entries().get(key)).startsWith("{\"address\":\"127.0.0.1:")
				.endsWith("\"metadata\":{\"rpc-tags\":\"gpu\"}}");
			// Takes the entry to another lease and ends that one.
			long lease = session.grant(LEASE).toCompletableFuture().get();
			session.put(key, list.entries().get(key), lease).toCompletableFuture().get();
			session.revoke(lease).toCompletableFuture().get();
			await().atMost(SOON).until(() -> session.holder(key).toCompletableFuture().get() != EtcdSession.ABSENT);
		}
		await().atMost(SOON)
			.untilAsserted(() -> assertThat(this.nodes.listed()).containsExactly("one", "three", "two"));
	}

	// Calls without end

	private Future<?> call() {
		return this.callers.submit(() -> {
			while (!this.over.get()) {
				try {
					this.nodes.call();
					this.good.incrementAndGet();
					List<String> listed = this.nodes.listed();
					if (listed.size() < 3) {
						this.shortLists.add(listed);
					}
				}
				catch (Throwable ex) {
					this.failures.add(ex);
				}
			}
		});
	}

	private void awaitAge(Duration age) {
		await().atMost(Duration.ofSeconds(30)).until(() -> this.nodes.channel.directory().age().compareTo(age) > 0);
	}

	private void awaitYoungList() throws Exception {
		Promised.within(SOON,
				() -> assertThat(this.nodes.channel.directory().age()).isLessThan(Duration.ofMillis(500)));
	}

	/**
	 * Awaits that all nodes are registered, and that entries which were only kept would
	 * be gone.
	 */
	private void awaitQuiet() throws Exception {
		EtcdSession session = JetcdSession.open(settings(this.etcd.endpoint()));
		try (session) {
			await().atMost(SOON)
				.ignoreExceptions()
				.until(() -> session.list("/netrpc/arith/").toCompletableFuture().get().entries().size() == 3);
			// Where a lease has ended that nobody renews, all older ones of its kind
			// have.
			long youngest = session.grant(LEASE).toCompletableFuture().get();
			session.put("/youngest", "", youngest).toCompletableFuture().get();
			await().atMost(LEASE.plusSeconds(20))
				.ignoreExceptions()
				.until(() -> session.holder("/youngest").toCompletableFuture().get() == EtcdSession.ABSENT);
		}
		long before = this.nodes.channel.directory().answers();
		await().atMost(Duration.ofSeconds(20)).until(() -> this.nodes.channel.directory().answers() > before);
	}

	private void end(Future<?> calls) throws Exception {
		this.over.set(true);
		calls.get();
		assertThat(this.failures).isEmpty();
		assertThat(this.shortLists).isEmpty();
		assertThat(this.good).hasValueGreaterThan(100);
		assertThat(this.nodes.listed()).containsExactly("one", "three", "two");
	}

}
