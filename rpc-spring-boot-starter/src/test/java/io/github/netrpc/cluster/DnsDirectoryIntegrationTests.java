package io.github.netrpc.cluster;

import java.io.IOException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.github.netrpc.client.FakeTimer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link DnsDirectory} with a DNS server of the test's.
 */
@Timeout(60)
class DnsDirectoryIntegrationTests {

	private final FakeTimer timer = new FakeTimer();

	private final BlockingQueue<Object> told = new LinkedBlockingQueue<>();

	private DnsServer server;

	@BeforeEach
	void start() throws IOException {
		this.server = new DnsServer();
	}

	@AfterEach
	void stop() {
		this.server.close();
	}

	private DirectoryContext context() {
		return new DirectoryContext("test", this.timer, () -> 0.5, (task) -> new Thread(task).start(), null);
	}

	private NodeDirectory watched(String location) {
		NodeDirectory directory = DnsDirectory
			.of(TargetUri.parse("dns://" + location + "?server=127.0.0.1:" + this.server.port()), context());
		directory.watch(new NodeDirectory.Listener() {

			@Override
			public void nodes(List<NodeEndpoint> nodes) {
				DnsDirectoryIntegrationTests.this.told.add(nodes);
			}

			@Override
			public void failed(String reason, @Nullable Throwable cause) {
				DnsDirectoryIntegrationTests.this.told.add(reason);
			}

		});
		return directory;
	}

	@SuppressWarnings("unchecked")
	private List<NodeEndpoint> nodes() throws InterruptedException {
		Object next = this.told.poll(30, TimeUnit.SECONDS);
		assertThat(next).isInstanceOf(List.class);
		return (List<NodeEndpoint>) next;
	}

	private String failure() throws InterruptedException {
		Object next = this.told.poll(30, TimeUnit.SECONDS);
		assertThat(next).isInstanceOf(String.class);
		return (String) next;
	}

	@Test
	void eachAddressOfANameIsANodeAndChangesAreSeenAfterTheInterval() throws Exception {
		this.server.records.put("arith.test A", List.of("10.0.0.2", "10.0.0.1"));
		try (NodeDirectory directory = watched("arith.test:1234")) {
			assertThat(nodes()).containsExactly(NodeEndpoint.of("10.0.0.1", 1234), NodeEndpoint.of("10.0.0.2", 1234));
			this.server.records.put("arith.test A", List.of("10.0.0.3"));
			this.timer.advance(Duration.ofSeconds(3));
			assertThat(nodes()).containsExactly(NodeEndpoint.of("10.0.0.3", 1234));
		}
	}

	@Test
	void nameWithAddressesOfVersion6OnlyIsFound() throws Exception {
		this.server.records.put("arith.test AAAA", List.of("fd00::1"));
		try (NodeDirectory directory = watched("arith.test:1234")) {
			assertThat(nodes()).singleElement().extracting(NodeEndpoint::address).isEqualTo("[fd00::1]:1234");
		}
	}

	@Test
	void serversOfAServiceAreNodesNamedAsDnsNamesThem() throws Exception {
		this.server.records.put("_arith._tcp.test SRV",
				List.of("1 10 1235 B.test", "1 30 1234 a.test", "2 1 1236 spare.test"));
		this.server.records.put("a.test A", List.of("10.0.0.1"));
		this.server.records.put("b.test A", List.of("10.0.0.2"));
		try (NodeDirectory directory = watched("_arith._tcp.test")) {
			assertThat(nodes()).containsExactly(
					new NodeEndpoint("a.test:1234", "10.0.0.1", 1234, Map.of("rpc-weight", "30")),
					new NodeEndpoint("b.test:1235", "10.0.0.2", 1235, Map.of("rpc-weight", "10")));
			// The server moves: the same node at another address.
			this.server.records.put("a.test A", List.of("10.0.0.9"));
			this.timer.advance(Duration.ofSeconds(3));
			assertThat(nodes()).extracting(NodeEndpoint::host).containsExactly("10.0.0.9", "10.0.0.2");
			// It cannot be found out for once: it stays where it was.
			this.server.records.put("a.test A", List.of(DnsServer.FAIL));
			this.timer.advance(Duration.ofSeconds(3));
			assertThat(nodes()).extracting(NodeEndpoint::host).containsExactly("10.0.0.9", "10.0.0.2");
		}
	}

	@Test
	void serverWhoseAddressIsNotKnownIsListedByItsName() throws Exception {
		this.server.records.put("_arith._tcp.test SRV", List.of("0 0 1234 a.test"));
		try (NodeDirectory directory = watched("_arith._tcp.test.")) {
			assertThat(nodes()).containsExactly(NodeEndpoint.of("a.test", 1234));
		}
	}

	@Test
	void nameThatDoesNotExistIsAFailureAndOneWithoutAddressesAnEmptyAnswer() throws Exception {
		try (NodeDirectory directory = watched("arith.test:1234")) {
			assertThat(failure()).isEqualTo("arith.test: DNS knows no such name");
			this.server.records.put("arith.test SRV", List.of());
			this.timer.advance(Duration.ofSeconds(3));
			assertThat(nodes()).isEmpty();
			this.server.records.put("arith.test A", List.of(DnsServer.FAIL));
			this.timer.advance(Duration.ofSeconds(3));
			assertThat(failure()).startsWith("arith.test: no answer of DNS: ");
		}
	}

	@Test
	void namesOfTheOperatingSystemAreFound() throws Exception {
		CountDownLatch found = new CountDownLatch(1);
		try (NodeDirectory directory = DnsDirectory.of(TargetUri.parse("dns://localhost:1234"), context())) {
			directory.watch(new NodeDirectory.Listener() {

				@Override
				public void nodes(List<NodeEndpoint> nodes) {
					assertThat(nodes).containsExactly(NodeEndpoint.of("127.0.0.1", 1234));
					found.countDown();
				}

				@Override
				public void failed(String reason, @Nullable Throwable cause) {
				}

			});
			assertThat(found.await(30, TimeUnit.SECONDS)).isTrue();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "ldap://127.0.0.1/x", "rmi:x", "a/b", "a\\b", "\"a\"", "a b", "", "a..b" })
	void namesThatMeanMoreThanANameAreNotAskedFor(String name) {
		assertThatExceptionOfType(UnknownHostException.class)
			.isThrownBy(() -> new DnsQueries("127.0.0.1:" + this.server.port()).records(name, "A"))
			.withMessageContaining("is no name in DNS");
		assertThat(this.server.questions).isEmpty();
	}

	@Test
	void serviceThatNamesWhatIsNoServerIsAFailure() throws Exception {
		this.server.records.put("_arith._tcp.test SRV", List.of("0 0 1234 ldap://evil/x"));
		try (NodeDirectory directory = watched("_arith._tcp.test")) {
			assertThat(failure()).contains("SRV record").contains("expected: priority weight port target");
		}
	}

	@Test
	void serverThatIsNotThereIsGivenUp() throws Exception {
		int port = this.server.port();
		this.server.close();
		assertThatExceptionOfType(IOException.class)
			.isThrownBy(() -> new DnsQueries("127.0.0.1:" + port).records("arith.test", "A"))
			.isNotInstanceOf(UnknownHostException.class)
			.withMessageContaining("no answer of DNS");
	}

	@ParameterizedTest
	@ValueSource(strings = { "dns://arith", "dns://", "dns://a:0", "dns://_arith", "dns://_arith._tcp",
			"dns://_arith._tcp.test:1234", "dns://arith:1234?servers=x", "dns://arith:1234?server=x",
			"dns://arith:1234?server=a:1,b:2", "dns://a b:1" })
	void malformedTargetsAreRefusedAndQuoted(String target) {
		assertThatIllegalArgumentException().isThrownBy(() -> DnsDirectory.of(TargetUri.parse(target), context()))
			.withMessageContaining("\"" + target + "\"");
	}

}
