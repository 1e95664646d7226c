package io.github.netrpc.demo.server;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.test.context.SpringBootTest;

import io.github.netrpc.context.LocalRpcServerPort;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The README's line for a shell gets the answer that the README prints.
 */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.NONE, properties = "rpc.server.port=0")
@Timeout(30)
class ReadmeTests {

	@LocalRpcServerPort
	private int port;

	@Test
	void lineForNcGetsTheAnswerThatIsPrinted() throws IOException {
		String readme = Files.readString(Path.of("..", "README.md"));
		String line = find(readme, "(?m)^echo '([^']*)' \\| nc -q 1 127\\.0\\.0\\.1 1234$");
		String answer = find(readme, "(?m)^`nc` prints `([^`]*)`") + "\n";
		try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), this.port)) {
			socket.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
			byte[] first = socket.getInputStream().readNBytes(answer.length());
			assertThat(new String(first, StandardCharsets.UTF_8)).isEqualTo(answer);
			socket.shutdownOutput();
			assertThat(socket.getInputStream().read()).isEqualTo(-1);
		}
	}

	private static String find(String text, String pattern) {
		Matcher matcher = Pattern.compile(pattern).matcher(text);
		assertThat(matcher.find()).as(pattern).isTrue();
		return matcher.group(1);
	}

}
