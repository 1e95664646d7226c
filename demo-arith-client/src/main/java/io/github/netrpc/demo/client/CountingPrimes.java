package io.github.netrpc.demo.client;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;

import io.github.netrpc.cluster.RpcCluster;
import io.github.netrpc.demo.client.Primes.Range;
import io.github.netrpc.work.JobProgress;
import io.github.netrpc.work.RpcJob;
import io.github.netrpc.work.RpcJobBuilder;
import io.github.netrpc.work.RpcJobException;

/**
 * A job: primes are counted in chunks, by all nodes at a time. A node that is ours dies
 * half way, and what it had is done by the others.
 */
@Component
@Order(5)
class CountingPrimes implements Scene {

	/** How many primes there are below a number, as mathematicians know it. */
	static final Map<Long, Long> KNOWN = Map.of(1_000_000L, 78_498L, 5_000_000L, 348_513L, 10_000_000L, 664_579L,
			100_000_000L, 5_761_455L, 1_000_000_000L, 50_847_534L);

	private static final long CHUNK = 20_000;

	/** Small, so that a machine of many processors does not begin all chunks at once. */
	private static final int EMBEDDED_WINDOW = 4;

	private final RpcCluster<PrimesClient> cluster;

	private final Optional<EmbeddedNodes> embedded;

	private final long below;

	private final long chunks;

	CountingPrimes(RpcCluster<PrimesClient> cluster, Optional<EmbeddedNodes> embedded,
			@Value("${demo.primes-below:10000000}") long below) {
		this.cluster = cluster;
		this.embedded = embedded;
		this.below = below;
		this.chunks = (below + CHUNK - 1) / CHUNK;
	}

	@Override
	public void play() {
		System.out.printf(Locale.ROOT, "%nThe primes below %,d are counted in %,d chunks.%s%n", this.below, this.chunks,
				this.embedded.isPresent() ? "" : " Kill a server meanwhile: the others do what it had.");
		ProgressBar bar = new ProgressBar();
		RpcJob<Long> job = begin(bar);
		job.onProgress(bar::show);
		try {
			long primes = job.collect(Collectors.summingLong(Long::longValue));
			System.out.printf(Locale.ROOT, "%,d primes below %,d%s, in %.1f s:%n", primes, this.below, compare(primes),
					job.progress().elapsed().toMillis() / 1000.0);
			print(job.progress());
		}
		catch (RpcJobException ex) {
			System.out.printf("The primes could not be counted: %s%n", ex.getMessage());
		}
		finally {
			this.embedded.ifPresent((nodes) -> nodes.last().comeBack());
		}
	}

	private RpcJob<Long> begin(ProgressBar bar) {
		AtomicLong begun = new AtomicLong();
		RpcJobBuilder<Range, Long> job = this.cluster.distribute(ranges(), (primes, range) -> {
			if (begun.incrementAndGet() == (this.chunks + 1) / 2) {
				this.embedded.ifPresent((nodes) -> killLast(nodes, bar));
			}
			return primes.count(range);
		}).name("primes");
		this.embedded.ifPresent((nodes) -> job.window(EMBEDDED_WINDOW));
		return job.start();
	}

	/**
	 * Each range is made when a node has room for it.
	 */
	private Stream<Range> ranges() {
		return LongStream.range(0, this.chunks)
			.mapToObj((chunk) -> new Range(chunk * CHUNK, Math.min((chunk + 1) * CHUNK, this.below)));
	}

	private static void killLast(EmbeddedNodes nodes, ProgressBar bar) {
		bar.interrupt(nodes.last().address() + " dies");
		nodes.last().die();
	}

	private String compare(long primes) {
		Long known = KNOWN.get(this.below);
		if (known == null) {
			return "";
		}
		return (primes == known) ? ", as is known" : String.format(Locale.ROOT, " (WRONG: there are %,d)", known);
	}

	private static void print(JobProgress progress) {
		progress.workers()
			.forEach((node) -> System.out.printf(Locale.ROOT,
					"  %s %4d chunks, %4.1f s of work, %d reassigned, %d copied%n", node.id(), node.completed(),
					node.time().toMillis() / 1000.0, node.reassigned(), node.speculated()));
	}

}
