package io.github.netrpc.interop;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;

import io.github.netrpc.gob.PropertyNames;
import io.github.netrpc.server.RpcServer;
import io.github.netrpc.wire.WireFormat;
import io.github.netrpc.wire.WireLimits;
import io.github.netrpc.wire.gob.GobWireFormat;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Real Go calls Java: every check of {@code goclient}, over every codec, is a test here.
 */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class GoClientInteropTests {

	static final Duration PATIENCE = Duration.ofSeconds(30);

	static final WireLimits LIMITS = new WireLimits(64 << 20, 256L << 20, 1000, 64 << 20, 256);

	private static final Set<String> NOT_OURS = DifferencesFromGo.all()
		.stream()
		.filter((difference) -> difference.vector().startsWith("goclient:"))
		.map((difference) -> difference.vector().substring("goclient:".length()))
		.collect(Collectors.toSet());

	/** What JSON cannot express, so a port that speaks JSON too does not offer it. */
	private static final Set<String> GOB_SERVICES_ONLY = Set.of("complex", "interface_basic", "interface_struct");

	private final List<RpcServer> servers = new ArrayList<>();

	@AfterEach
	void close() {
		this.servers.forEach(RpcServer::close);
	}

	@TestFactory
	Stream<DynamicTest> gobWithAllServices() throws Exception {
		return checks("gob", gobPort(), NOT_OURS);
	}

	@TestFactory
	Stream<DynamicTest> connectWithAllServices() throws Exception {
		return checks("http", gobPort(), NOT_OURS);
	}

	@TestFactory
	Stream<DynamicContainer> everyCodecOnTheOnePort() throws Exception {
		RpcServer server = onePort();
		Set<String> without = new HashSet<>(NOT_OURS);
		without.addAll(GOB_SERVICES_ONLY);
		List<DynamicContainer> codecs = new ArrayList<>();
		for (String codec : List.of("gob", "jsonrpc", "http")) {
			codecs.add(DynamicContainer.dynamicContainer(codec, checks(codec, server, without)));
		}
		return codecs.stream();
	}

	@Test
	void everyCheckButThePageIsRun() throws Exception {
		Path program = GoPrograms.build("goclient");
		Set<String> known = new HashSet<>();
		for (String codec : List.of("gob", "jsonrpc", "http")) {
			known.addAll(new GoClient(program, codec).checks());
		}
		assertThat(known).containsAll(NOT_OURS).containsAll(GOB_SERVICES_ONLY).hasSize(76);
		assertThat(NOT_OURS).hasSize(1);
	}

	private Stream<DynamicTest> checks(String codec, RpcServer server, Set<String> without) throws Exception {
		Path program = GoPrograms.build("goclient");
		GoClient client = new GoClient(program, codec);
		List<String> checks = new ArrayList<>(client.checks());
		checks.removeAll(without);
		assertThat(checks).hasSizeGreaterThan(50);
		Map<String, String> outcomes = client.run(server.address(), checks);
		return checks.stream()
			.map((check) -> DynamicTest.dynamicTest(codec + " " + check,
					() -> assertThat(outcomes.getOrDefault(check, "not run")).isEmpty()));
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
