package io.github.netrpc.actuate;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import io.github.netrpc.annotation.RpcService;
import io.github.netrpc.cluster.RpcChannel;
import io.github.netrpc.server.RpcServer;
import io.github.netrpc.work.JobProgress;
import io.github.netrpc.work.RpcJob;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the endpoint shows of the jobs of a channel.
 */
@Timeout(60)
class ChannelJobsIntegrationTests {

	private final CountDownLatch goOn = new CountDownLatch(1);

	private final RpcServer server = RpcServer.builder()
		.address(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
		.service(new Doubling(this.goOn))
		.start();

	private final RpcChannel channel = RpcChannel.builder()
		.name("work")
		.target("127.0.0.1:" + this.server.port())
		.build();

	@AfterEach
	void stop() {
		this.goOn.countDown();
		this.channel.close();
		this.server.close();
	}

	@Test
	void jobIsShownWithItsProgressWhileItGoesOnAndWhenItHasEnded() {
		RpcJob<Integer> job = this.channel.cluster(DoublingClient.class)
			.distribute(IntStream.range(0, 40).boxed().toList(), DoublingClient::twice)
			.name("doubling")
			.label("team", "blue")
			.window(4)
			.start();
		assertThat(ChannelDescriptor.of(this.channel).jobs()).singleElement().satisfies((shown) -> {
			assertThat(shown.id()).isEqualTo(job.id());
			assertThat(shown.name()).isEqualTo("doubling");
			assertThat(shown.labels()).containsEntry("team", "blue");
			assertThat(shown.state()).isEqualTo(JobProgress.State.RUNNING);
			assertThat(shown.total()).isEqualTo(40);
			assertThat(shown.completed()).isZero();
		});
		this.goOn.countDown();
		assertThat(job.collect(Collectors.summingInt(Integer::intValue))).isEqualTo(40 * 39);
		assertThat(ChannelDescriptor.of(this.channel).jobs()).singleElement().satisfies((shown) -> {
			assertThat(shown.state()).isEqualTo(JobProgress.State.SUCCEEDED);
			assertThat(shown.completed()).isEqualTo(40);
			assertThat(shown.running()).isZero();
			assertThat(shown.elapsed()).isGreaterThan(Duration.ZERO);
			assertThat(shown.timeLeft()).isNull();
			assertThat(shown.nodes()).singleElement().satisfies((node) -> assertThat(node.completed()).isEqualTo(40));
		});
	}

	/**
	 * The client's side.
	 */
	@RpcService("Doubling")
	public interface DoublingClient {

		int twice(int number);

	}

	/**
	 * The server's side.
	 */
	@RpcService("Doubling")
	public static final class Doubling {

		private final CountDownLatch goOn;

		Doubling(CountDownLatch goOn) {
			this.goOn = goOn;
		}

		public int twice(int number) throws InterruptedException {
			this.goOn.await();
			return 2 * number;
		}

	}

}
