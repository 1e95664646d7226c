package io.github.netrpc.demo.client;

import java.util.Locale;

import org.springframework.boot.ansi.AnsiColor;
import org.springframework.boot.ansi.AnsiOutput;

import io.github.netrpc.work.JobProgress;
import io.github.netrpc.work.JobProgress.State;

/**
 * How far a job is: a bar that grows where the output is a terminal, else a line for each
 * quarter. Thread-safe.
 */
final class ProgressBar {

	private static final int WIDTH = 30;

	/** A line of a terminal, as narrow as most are. */
	private static final int COLUMNS = 79;

	private final boolean terminal;

	private long quarters;

	private String shown = "";

	ProgressBar() {
		// Spring Boot finds out, and spring.output.ansi.enabled can say so.
		this(!AnsiOutput.encode(AnsiColor.DEFAULT).isEmpty());
	}

	ProgressBar(boolean terminal) {
		this.terminal = terminal;
	}

	synchronized void show(JobProgress progress) {
		long total = progress.total().orElse(0);
		if (total == 0) {
			return;
		}
		if (this.terminal) {
			this.shown = line(progress, total);
			System.out.print("\r" + this.shown);
			if (progress.state() != State.RUNNING) {
				this.shown = "";
				System.out.println();
			}
		}
		else if (4 * progress.completed() / total > this.quarters) {
			this.quarters = 4 * progress.completed() / total;
			System.out.println("  " + text(progress, total));
		}
	}

	/**
	 * Prints a line of its own.
	 */
	synchronized void interrupt(String line) {
		if (this.shown.isEmpty()) {
			System.out.println("  " + line);
		}
		else {
			System.out.print("\r" + padded("  " + line) + System.lineSeparator() + this.shown);
		}
		System.out.flush();
	}

	private static String line(JobProgress progress, long total) {
		int done = (int) (WIDTH * progress.completed() / total);
		return padded("  [" + "#".repeat(done) + " ".repeat(WIDTH - done) + "] " + text(progress, total));
	}

	private static String padded(String line) {
		return line + " ".repeat(Math.max(0, COLUMNS - line.length()));
	}

	private static String text(JobProgress progress, long total) {
		String left = (progress.timeLeft() != null && progress.state() == State.RUNNING)
				? ", " + (progress.timeLeft().toSeconds() + 1) + " s left" : "";
		return String.format(Locale.ROOT, "%3d %%, %,d of %,d%s", 100 * progress.completed() / total,
				progress.completed(), total, left);
	}

}
