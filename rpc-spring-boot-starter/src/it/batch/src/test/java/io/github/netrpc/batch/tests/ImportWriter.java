package io.github.netrpc.batch.tests;

import org.springframework.batch.infrastructure.item.Chunk;
import org.springframework.batch.infrastructure.item.ItemWriter;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Writes numbers in the transaction of their chunk. Nothing keeps a number from being
 * there twice.
 */
class ImportWriter implements ItemWriter<Integer> {

	private final String run;

	private final long stepExecution;

	private final String node;

	private final JdbcTemplate jdbc;

	ImportWriter(String run, long stepExecution, String node, JdbcTemplate jdbc) {
		this.run = run;
		this.stepExecution = stepExecution;
		this.node = node;
		this.jdbc = jdbc;
	}

	@Override
	public void write(Chunk<? extends Integer> chunk) {
		Integer bad = this.jdbc.queryForObject("SELECT BAD_ITEM FROM RUNS WHERE RUN = ?", Integer.class, this.run);
		for (Integer item : chunk) {
			if (item.equals(bad)) {
				throw new IllegalStateException("item " + item + " cannot be imported");
			}
			this.jdbc.update("INSERT INTO IMPORTED (RUN, ITEM, NODE, STEP_EXECUTION) VALUES (?, ?, ?, ?)", this.run,
					item, this.node, this.stepExecution);
		}
	}

}
