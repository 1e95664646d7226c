package io.github.netrpc.demo.client;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.DefaultApplicationArguments;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Against servers that are not its own the demo shows what it can without killing any.
 */
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.NONE,
		properties = { "rpc.client.channel.arith.timeout=10s", "demo.steady-calls=1s", "demo.primes-below=1000000" })
@ExtendWith(OutputCaptureExtension.class)
@Timeout(120)
class OtherServersTests {

	private static final EmbeddedNode FIRST = new EmbeddedNode();

	private static final EmbeddedNode SECOND = new EmbeddedNode();

	@DynamicPropertySource
	static void target(DynamicPropertyRegistry properties) {
		properties.add("rpc.client.channel.arith.target", () -> FIRST.address() + "," + SECOND.address());
	}

	@Test
	void printsWhatHappens(@Autowired ArithDemo demo, CapturedOutput output) throws InterruptedException {
		FIRST.die();
		demo.run(new DefaultApplicationArguments());
		assertThat(output.getOut()).contains("7 + 8 = 15")
			.contains("add up to 72180100, 0 failed")
			.contains(FIRST.address() + " UNAVAILABLE, NOT_RUN")
			.contains(SECOND.address() + " 42")
			.contains("A quorum of 2 cannot be reached")
			.contains("A race of two has the first answer: 42")
			.containsPattern("1 s: 400 calls, 0 failed; nodes: .*1 READY")
			.contains("78,498 primes below 1,000,000, as is known")
			.containsPattern(SECOND.address() + " +50 chunks, +[0-9.]+ s of work, 0 reassigned")
			.doesNotContain(" dies");
	}

}
