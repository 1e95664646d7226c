package io.github.netrpc.batch.tests;

import org.jspecify.annotations.Nullable;
import org.springframework.batch.infrastructure.item.ExecutionContext;
import org.springframework.batch.infrastructure.item.ItemStreamReader;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Reads the numbers of a range, up to where the gate of the run lets it, and goes on from
 * where the last commit was. Tells when it is closed, whatever became of the step.
 */
class RangeReader implements ItemStreamReader<Integer> {

	private static final int MOST_LOOKS = 6_000;

	private final int first;

	private final int size;

	private final String run;

	private final String node;

	private final JdbcTemplate jdbc;

	private int next;

	RangeReader(int first, int size, String run, String node, JdbcTemplate jdbc) {
		this.first = first;
		this.size = size;
		this.run = run;
		this.node = node;
		this.jdbc = jdbc;
	}

	@Override
	public void open(ExecutionContext context) {
		this.next = context.getInt("next", 0);
	}

	@Override
	public void update(ExecutionContext context) {
		context.putInt("next", this.next);
	}

	@Override
	public @Nullable Integer read() throws InterruptedException {
		if (this.next == this.size) {
			return null;
		}
		for (int look = 0; this.next >= gate(); look++) {
			if (look == MOST_LOOKS) {
				throw new IllegalStateException("the gate of " + this.run + " stays closed");
			}
			Thread.sleep(10);
		}
		return this.first + this.next++;
	}

	@Override
	public void close() {
		this.jdbc.update("INSERT INTO CLOSED (RUN, NODE) VALUES (?, ?)", this.run, this.node);
	}

	private int gate() {
		Integer gate = this.jdbc.queryForObject("SELECT GATE FROM RUNS WHERE RUN = ?", Integer.class, this.run);
		return (gate != null) ? gate : 0;
	}

}
