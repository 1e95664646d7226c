package io.github.netrpc.work;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;

import org.junit.jupiter.api.Test;

import io.github.netrpc.Known;
import io.github.netrpc.RpcCode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Jobs over workers that die, freeze, refuse, come and go: no item is lost, and none is
 * counted twice. Each seed is a run of its own; a breach names it.
 */
class JobSimulationTests {

	private static final int SEEDS = Integer.getInteger("simulation.jobs", 500);

	@Test
	void everyItemCountsOnce() {
		for (long seed = 1; seed <= SEEDS; seed++) {
			simulate(seed);
		}
	}

	private static void simulate(long seed) {
		Random random = new Random(seed);
		JobFixture fixture = new JobFixture();
		FakeWorkers workers = fixture.workers;
		int nodes = 1 + random.nextInt(6);
		for (int i = 0; i < nodes; i++) {
			workers.with("n" + i, 1 + random.nextInt(8));
		}
		int items = random.nextInt(400);
		JobOptions options = new JobOptions("seed " + seed, Map.of(), 3, random.nextBoolean(),
				Duration.ofSeconds(20).toNanos(), 0, random.nextBoolean(), 1_000);
		JobScheduler<Integer, String> job = fixture.scheduler(items, options);
		List<FakeWorkers.Run> frozen = new ArrayList<>();
		double trouble = random.nextDouble() * 0.4;
		JobScheduler.Turn<String> turn = fixture.consume(job);
		for (int step = 0; step < 100_000 && !turn.last(); step++) {
			boolean well = step > 2_000;
			if (!workers.running.isEmpty() && random.nextInt(4) > 0) {
				move(workers.running.get(random.nextInt(workers.running.size())), random, well ? 0 : trouble, frozen);
			}
			else if (random.nextInt(50) == 0 || well) {
				list(workers, nodes, random, well);
			}
			else if (!frozen.isEmpty() && random.nextInt(3) == 0) {
				frozen.remove(random.nextInt(frozen.size())).succeed();
			}
			fixture.timer.advance(Duration.ofMillis(random.nextInt(40)));
			if (random.nextInt(3) == 0) {
				turn = fixture.consume(job);
			}
		}
		String run = "seed " + seed + ": " + job.progress();
		assertThat(turn.last()).as(run).isTrue();
		assertThat(job.failure()).as(run).isNull();
		Map<String, Long> counted = new HashMap<>();
		fixture.consumed.forEach((result) -> counted.merge(result.substring(result.indexOf(':') + 1), 1L, Long::sum));
		assertThat(counted.values()).as(run).allMatch((count) -> count == 1);
		HashSet<Object> seen = new HashSet<>(counted.keySet());
		job.parked().forEach((parked) -> assertThat(seen.add(String.valueOf(parked.item()))).as(run).isTrue());
		assertThat(seen).as(run).hasSize(items);
		assertThat(job.progress().running()).as(run).isZero();
		assertThat(fixture.timer.scheduled()).as(run).isZero();
		assertThat(fixture.ended).as(run).isOne();
		if (options.ordered()) {
			assertThat(fixture.consumed).extracting((text) -> Integer.parseInt(text.substring(text.indexOf(':') + 1)))
				.as(run)
				.isSorted();
		}
	}

	private static void move(FakeWorkers.Run run, Random random, double trouble, List<FakeWorkers.Run> frozen) {
		if (random.nextDouble() >= trouble) {
			run.succeed();
			return;
		}
		switch (random.nextInt(6)) {
			case 0 -> run.fail(RpcCode.UNAVAILABLE, Known.MAYBE_RAN);
			case 1 -> run.fail(RpcCode.UNAVAILABLE, Known.NOT_RUN);
			case 2 -> run.fail(RpcCode.RESOURCE_EXHAUSTED, Known.NOT_RUN);
			case 3 -> run.fail(RpcCode.INTERNAL, Known.RAN_AND_FAILED);
			case 4 -> frozen.add(run);
			default -> {
				run.mayRunTwice = !run.mayRunTwice;
			}
		}
	}

	private static void list(FakeWorkers workers, int nodes, Random random, boolean well) {
		String id = "n" + random.nextInt(nodes);
		// One is always there, or the job would fail for want of nodes.
		if (well || id.equals("n0") || random.nextInt(3) == 0) {
			workers.with(id, 1 + random.nextInt(8));
		}
		else if (random.nextBoolean()) {
			workers.with(id, 4, Worker.State.AWAY);
		}
		else {
			workers.listed.remove(id);
		}
	}

}
