package io.github.netrpc.interop;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

import io.github.netrpc.cluster.RpcChannel;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A server whose process is out of file descriptors stops accepting for a second at a
 * time, serves whom it has, says so in a line, and accepts again when there are some
 * (reliability F34).
 */
@Timeout(120)
@EnabledOnOs(OS.LINUX)
class FewDescriptorsIntegrationTests {

	private static final int DESCRIPTORS = 500;

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	private final Queue<String> errors = new ConcurrentLinkedQueue<>();

	@Test
	void acceptingPausesAndGoesOnAndNobodyElseIsHurt() throws Exception {
		Process node = new ProcessBuilder("sh", "-c", "ulimit -n " + DESCRIPTORS + " && exec \"$0\" \"$@\"",
				System.getProperty("java.home") + File.separator + "bin" + File.separator + "java", "-cp",
				System.getProperty("java.class.path"), FewDescriptorsNode.class.getName())
			.redirectErrorStream(true)
			.start();
		BufferedReader output = new BufferedReader(
				new InputStreamReader(node.getInputStream(), StandardCharsets.UTF_8));
		try {
			int port = port(output);
			Thread reader = new Thread(() -> output.lines().forEach(this.errors::add));
			reader.setDaemon(true);
			reader.start();
			try (RpcChannel honest = RpcChannel.builder().target("127.0.0.1:" + port).timeout(PATIENCE).build()) {
				assertThat(failures(honest)).isZero();
				exhaust(port, honest);
			}
			try (RpcChannel next = RpcChannel.builder().target("127.0.0.1:" + port).timeout(PATIENCE).build()) {
				assertThat(failures(next)).as("a connection of later").isPositive();
			}
		}
		finally {
			node.destroyForcibly().waitFor();
		}
	}

	private void exhaust(int port, RpcChannel honest) throws IOException {
		List<Socket> crowd = new ArrayList<>();
		long began = System.nanoTime();
		try {
			for (int i = 0; i < DESCRIPTORS + 100; i++) {
				crowd.add(new Socket(InetAddress.getLoopbackAddress(), port));
			}
			Awaitility.await().atMost(PATIENCE).until(() -> failures(honest) >= 3);
			// Each costs a pause of a second, whatever the machine does meanwhile.
			long failures = failures(honest);
			long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - began);
			assertThat(failures).as("in " + seconds + " s").isLessThanOrEqualTo(seconds + 2);
			assertThat(this.errors.stream().filter((line) -> line.contains("Cannot accept connections")))
				.hasSizeBetween(1, 1 + (int) seconds / 10)
				.allMatch((line) -> line.contains("127.0.0.1:" + port + ", trying again each 1 s"));
		}
		finally {
			for (Socket socket : crowd) {
				socket.close();
			}
		}
	}

	// What the logging system says of itself comes before it.
	private static int port(BufferedReader output) throws IOException {
		String line = output.readLine();
		while (line != null && !line.matches("\\d+")) {
			line = output.readLine();
		}
		assertThat(line).isNotNull();
		return Integer.parseInt(line);
	}

	private static long failures(RpcChannel channel) {
		return channel.call("Accepts.Failures", null, Long.class);
	}

}
