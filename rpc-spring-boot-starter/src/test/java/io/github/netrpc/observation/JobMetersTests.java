package io.github.netrpc.observation;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import io.github.netrpc.annotation.RpcService;
import io.github.netrpc.client.FakeFormat;
import io.github.netrpc.client.FakeTransport;
import io.github.netrpc.cluster.RpcChannel;
import io.github.netrpc.cluster.RpcCluster;
import io.github.netrpc.work.EventfulJob;
import io.github.netrpc.work.RpcJob;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link JobMeters}.
 */
class JobMetersTests {

	private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

	private final FakeTransport transport = new FakeTransport();

	private final RpcChannel channel = RpcChannel.builder()
		.name("test")
		.target("a:1")
		.format(new FakeFormat())
		.transport(this.transport)
		.build();

	private final RpcCluster<Texts> cluster = this.channel.cluster(Texts.class);

	@AfterEach
	void close() {
		this.channel.close();
	}

	private double items(String job, String state) {
		return this.registry.get("rpc.job.items")
			.tag("channel", "test")
			.tag("job", job)
			.tag("state", state)
			.functionCounter()
			.count();
	}

	private double ended(String job, String outcome) {
		return this.registry.get("rpc.job.ended")
			.tag("channel", "test")
			.tag("job", job)
			.tag("outcome", outcome)
			.functionCounter()
			.count();
	}

	private double gauge(String name, String job) {
		return this.registry.get(name).tag("channel", "test").tag("job", job).gauge().value();
	}

	@Test
	void thereAreNoMetersBeforeThereIsAJob() {
		new JobMeters(this.registry).bind(this.channel);
		assertThat(this.registry.getMeters()).isEmpty();
	}

	@Test
	void itemsAndJobsAreCountedByTheNameOfTheJob() throws Exception {
		new JobMeters(this.registry).bind(this.channel);
		CountDownLatch begun = new CountDownLatch(1);
		CompletableFuture<String> last = new CompletableFuture<>();
		RpcJob<String> job = this.cluster.distributeAsync(List.of("a", "b"), (node, item) -> begin(item, begun, last))
			.name("sums")
			.start();
		assertThat(gauge("rpc.job.open", "sums")).isOne();
		assertThat(ended("sums", "SUCCESS")).isZero();
		CompletableFuture<Void> drained = CompletableFuture.runAsync(job::drain);
		assertThat(begun.await(10, TimeUnit.SECONDS)).isTrue();
		assertThat(items("sums", "completed")).isOne();
		assertThat(gauge("rpc.job.running", "sums")).isOne();
		last.complete("b");
		drained.get(10, TimeUnit.SECONDS);
		assertThat(items("sums", "completed")).isEqualTo(2);
		assertThat(items("sums", "parked")).isZero();
		assertThat(gauge("rpc.job.open", "sums")).isZero();
		assertThat(gauge("rpc.job.running", "sums")).isZero();
		assertThat(ended("sums", "SUCCESS")).isOne();
		assertThat(ended("sums", "FAILURE")).isZero();
	}

	private static CompletableFuture<String> begin(String item, CountDownLatch begun, CompletableFuture<String> last) {
		if (item.equals("a")) {
			return CompletableFuture.completedFuture(item);
		}
		begun.countDown();
		return last;
	}

	@Test
	void eachFigureOfAJobIsInItsPlace() {
		new JobMeters(this.registry).bind(this.channel);
		EventfulJob.begin("eventful", this.channel.jobRegistry());
		assertThat(gauge("rpc.job.running", "eventful")).isEqualTo(EventfulJob.RUNNING);
		assertThat(items("eventful", "completed")).isEqualTo(EventfulJob.COMPLETED);
		assertThat(items("eventful", "parked")).isEqualTo(EventfulJob.PARKED);
		assertThat(items("eventful", "reassigned")).isEqualTo(EventfulJob.REASSIGNED);
		assertThat(items("eventful", "refused")).isEqualTo(EventfulJob.REFUSED);
		assertThat(items("eventful", "speculated")).isEqualTo(EventfulJob.SPECULATED);
		assertThat(items("eventful", "late")).isEqualTo(EventfulJob.LATE);
	}

	@Test
	void jobsThatBeganBeforeAreCountedToo() {
		this.cluster.distributeAsync(List.of("a"), (node, item) -> CompletableFuture.completedFuture(item))
			.name("early")
			.start()
			.drain();
		this.cluster.distributeAsync(List.of("a"), (node, item) -> new CompletableFuture<String>())
			.name("cancelled")
			.start()
			.cancel();
		new JobMeters(this.registry).bind(this.channel);
		assertThat(ended("early", "SUCCESS")).isOne();
		assertThat(ended("cancelled", "CANCELLED")).isOne();
		assertThat(this.registry.getMeters()).map(Meter::getId)
			.extracting(Meter.Id::getName)
			.containsOnly("rpc.job.open", "rpc.job.running", "rpc.job.ended", "rpc.job.items");
	}

	/**
	 * A service that is not called.
	 */
	@RpcService("Texts")
	public interface Texts {

		String text(String value);

	}

}
