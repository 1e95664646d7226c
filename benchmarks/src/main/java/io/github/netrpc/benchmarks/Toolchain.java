package io.github.netrpc.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.benchmarks.peer.TlsKeyFile;

/**
 * Finds and makes what the peers run on: JDKs, and the Go programs, which are built once.
 * A peer whose runtime is missing is left out with a reason that says what to do.
 */
final class Toolchain {

	private static final String PEERS = Toolchain.class.getPackageName() + ".peer.";

	private final Options options;

	private final Program newest;

	private final Program java17;

	private final Program go;

	private final Path keys;

	private Toolchain(Options options, Program newest, Program java17, Program go, Path keys) {
		this.options = options;
		this.newest = newest;
		this.java17 = java17;
		this.go = go;
		this.keys = keys;
	}

	static Toolchain find(Options options, Map<String, String> environment) throws IOException, InterruptedException {
		Program newest = new Program(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
				System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version"), null);
		Path keys = options.target().resolve("side-by-side/loopback.p12");
		if (options.peers().stream().anyMatch(Peer::isTls)) {
			TlsKeyFile.create(keys);
		}
		return new Toolchain(options, newest, findJava17(newest, environment), Program.buildGo(options.home()), keys);
	}

	private static Program findJava17(Program newest, Map<String, String> environment)
			throws IOException, InterruptedException {
		if (Runtime.version().feature() == 17) {
			return newest;
		}
		String java = environment.getOrDefault("RPC_BENCH_JAVA17", "java");
		String version = String.join(" / ", Program.output(List.of(java, "-version"), null));
		if (version.contains("version \"17")) {
			return new Program(java, version.replaceFirst("^[^/]*/ ", ""), null);
		}
		return new Program(java, version, "needs a JDK 17: set RPC_BENCH_JAVA17 to its java");
	}

	/**
	 * Why a peer cannot run here.
	 * @param peer the peer
	 * @return the reason, or null if it can
	 */
	@Nullable String missing(Peer peer) {
		if (peer.platform() == Peer.Platform.VIRTUAL && Runtime.version().feature() < 21) {
			return "needs JDK 21 or newer: set RPC_BENCH_JAVA to its java";
		}
		return program(peer).missing();
	}

	List<String> serverCommand(Peer peer, int round) {
		return command(peer, "server", peer.isEcho() ? "EchoServer" : "ArithServer", round, peer.serverArguments());
	}

	List<String> clientCommand(Peer peer, int round, String address) {
		List<String> arguments = new ArrayList<>(peer.clientArguments());
		arguments.add(((peer.platform() == Peer.Platform.GO) ? "-" : "--") + "address=" + address);
		return command(peer, "client", peer.isEcho() ? "EchoClient" : "ArithClient", round, arguments);
	}

	private List<String> command(Peer peer, String role, String main, int round, List<String> arguments) {
		List<String> command = new ArrayList<>();
		Program program = program(peer);
		if (peer.platform() == Peer.Platform.GO) {
			command.add(Path.of(program.path(), role).toString());
		}
		else {
			command.addAll(List.of(program.path(), "-Xms256m", "-Xmx256m"));
			if (peer.platform() != Peer.Platform.JAVA_17 && Runtime.version().feature() >= 24) {
				command.add("--enable-native-access=ALL-UNNAMED");
			}
			if (this.options.jfr()) {
				Path file = this.options.target().resolve("jfr/" + peer.option() + "-" + role + "-" + round + ".jfr");
				// Its greeting would come before the line with the address
				command.add("-Xlog:jfr+startup=off");
				command.add("-XX:StartFlightRecording=settings=profile,dumponexit=true,filename=" + file);
			}
			command.addAll(List.of("-cp", System.getProperty("java.class.path"), PEERS + main));
			if (peer.isTls()) {
				command.add("--tls=" + this.keys);
			}
		}
		command.addAll(arguments);
		return command;
	}

	private Program program(Peer peer) {
		return switch (peer.platform()) {
			case GO -> this.go;
			case NEWEST, VIRTUAL -> this.newest;
			case JAVA_17 -> this.java17;
		};
	}

	List<String> facts() {
		return List.of("JDK: " + this.newest.version(), "JDK 17: " + this.java17.version(), "Go: " + this.go.version());
	}

}
