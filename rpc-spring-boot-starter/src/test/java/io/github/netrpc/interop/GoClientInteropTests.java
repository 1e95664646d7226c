package io.github.netrpc.interop;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;

import io.github.netrpc.gob.PropertyNames;
import io.github.netrpc.interop.DifferencesFromGo.Difference;
import io.github.netrpc.interop.DifferencesFromGo.Side;
import io.github.netrpc.server.RpcServer;
import io.github.netrpc.wire.WireFormat;
import io.github.netrpc.wire.WireLimits;
import io.github.netrpc.wire.gob.GobWireFormat;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Real Go calls Java: every check of {@code goclient}, over every codec, is a test here.
 * Those that {@link DifferencesFromGo} has must fail as it says.
 */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class GoClientInteropTests {

	static final Duration PATIENCE = Duration.ofSeconds(30);

	static final WireLimits LIMITS = new WireLimits(64 << 20, WireLimits.DEFAULT.maxDecodedBytes(), 1_000, 64 << 20,
			256);

	/**
	 * SHA-256 of the checks' source. They are the contract of several implementations and
	 * not this project's to change: whoever takes over a newer version puts its sum here,
	 * and its new checks into {@link GoServerInteropTests}.
	 */
	private static final String CHECKS = "1aa1db27cb47e4d0647f9e57e8293b78b6c8f82845a537471b6385efe46668ba";

	private static boolean goWasFound;

	private final List<RpcServer> servers = new ArrayList<>();

	@AfterEach
	void close() {
		this.servers.forEach(RpcServer::close);
	}

	@TestFactory
	Stream<DynamicTest> gobWithAllServices() throws Exception {
		return checks("gob", gobPort(), Side.CHECK);
	}

	@TestFactory
	Stream<DynamicTest> connectWithAllServices() throws Exception {
		return checks("http", gobPort(), Side.CHECK);
	}

	@TestFactory
	Stream<DynamicContainer> everyCodecOnTheOnePort() throws Exception {
		RpcServer server = onePort();
		List<DynamicContainer> codecs = new ArrayList<>();
		for (String codec : List.of("gob", "jsonrpc", "http")) {
			codecs.add(DynamicContainer.dynamicContainer(codec, checks(codec, server, Side.CHECK, Side.PORT_CHECK)));
		}
		return codecs.stream();
	}

	@Test
	void everyCheckIsRun() throws Exception {
		Path program = GoPrograms.build("goclient");
		Set<String> known = new HashSet<>();
		for (String codec : List.of("gob", "jsonrpc", "http")) {
			known.addAll(new GoClient(program, codec).checks());
		}
		assertThat(known).hasSize(76);
		assertThat(DifferencesFromGo.all()).filteredOn((each) -> each.side().test().equals(getClass().getName()))
			.allMatch((each) -> known.contains(each.vector()));
	}

	@Test
	void checksAreThoseOfAllImplementations() throws Exception {
		byte[] source = Files.readAllBytes(Path.of("src", "test", "go", "interop", "goclient", "checks.go"));
		assertThat(HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(source))).isEqualTo(CHECKS);
	}

	private Stream<DynamicTest> checks(String codec, RpcServer server, Side... sides) throws Exception {
		Path program = GoPrograms.build("goclient");
		goWasFound = true;
		GoClient client = new GoClient(program, codec);
		List<String> checks = client.checks();
		assertThat(checks).hasSizeGreaterThan(50);
		Map<String, String> outcomes = client.run(server.address(), checks);
		return checks.stream().map((check) -> {
			Difference difference = Stream.of(sides)
				.map((side) -> DifferencesFromGo.of(side, check))
				.filter(Objects::nonNull)
				.findFirst()
				.orElse(null);
			String outcome = outcomes.getOrDefault(check, "not run");
			return DynamicTest.dynamicTest(codec + " " + check, () -> {
				if (difference != null) {
					assertThat(outcome).as(difference.toString()).contains(difference.outcome());
				}
				else {
					assertThat(outcome).isEmpty();
				}
			});
		});
	}

	@AfterAll
	static void everyDifferenceIsUsed() {
		// Without Go nothing was run.
		if (goWasFound) {
			DifferencesFromGo.requireUsed(Side.CHECK, Side.PORT_CHECK);
		}
	}

	private RpcServer gobPort() {
		return start(new GobEchoService(), new GobWireFormat(LIMITS, GobEcho.TYPES, PropertyNames.standard()));
	}

	private RpcServer onePort() {
		return start(new EchoService());
	}

	private RpcServer start(EchoService echo, WireFormat... formats) {
		var builder = RpcServer.builder()
			.address(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
			.limits(LIMITS)
			// A machine that does other work must not make the server shed calls
			.overload(PATIENCE, PATIENCE, PATIENCE)
			.service(new ArithService())
			.service("dotted.v1.Arith", new ArithService())
			.service(echo);
		for (WireFormat format : formats) {
			builder.format(format);
		}
		RpcServer server = builder.start();
		this.servers.add(server);
		return server;
	}

}
