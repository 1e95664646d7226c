package io.github.netrpc.interleavings;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

import org.openjdk.jcstress.annotations.Expect;
import org.openjdk.jcstress.infra.Status;
import org.openjdk.jcstress.infra.collectors.TestResult;
import org.openjdk.jcstress.infra.grading.GradingResult;

/**
 * What was seen in a run, in Markdown: a line for each test, with how often each outcome
 * was seen.
 */
final class InterleavingsReport {

	private final String head;

	private final Map<String, Seen> tests = new TreeMap<>();

	/**
	 * Creates a report.
	 * @param head when and where
	 * @param expected the tests that were to run
	 * @param results what each JVM has found
	 */
	InterleavingsReport(String head, List<String> expected, Collection<TestResult> results) {
		this.head = head;
		expected.forEach((test) -> this.tests.put(test, new Seen()));
		results.forEach((result) -> this.tests.computeIfAbsent(result.getName(), (test) -> new Seen()).add(result));
	}

	/**
	 * Whether every test has run, and nothing forbidden was seen.
	 */
	boolean isPassed() {
		return !this.tests.isEmpty() && this.tests.values().stream().allMatch(Seen::isPassed);
	}

	String toMarkdown() {
		Set<String> structures = new LinkedHashSet<>();
		this.tests.keySet().forEach((test) -> structures.add(structure(test)));
		StringBuilder text = new StringBuilder();
		text.append("# Interleavings: two threads at one object\n\n").append(this.head).append('\n');
		text.append(String.format(Locale.ROOT,
				"%d structures, %d tests, %,d samples; forbidden outcomes seen: **%,d**; tests that did not run: **%d**.%n%n",
				structures.size(), this.tests.size(), sum(Seen::samples), sum(Seen::forbidden),
				this.tests.values().stream().filter((seen) -> !seen.hasRun()).count()));
		text.append(
				"A sample is a new object that two threads use at the same time. Each test says which outcomes are ")
			.append("acceptable; any other is forbidden. How it is done, and what shows that each test can fail: ")
			.append("[decision 0033](decisions/0033-two-threads-at-one-object.md).\n\n");
		text.append("| structure | test | JVMs | samples | outcomes | forbidden |\n|---|---|---|---|---|---|\n");
		this.tests.forEach((test,
				seen) -> text.append(String.format(Locale.ROOT, "| `%s` | %s | %d | %,d | %s | %s |%n", structure(test),
						test.substring(test.lastIndexOf('.') + 1), seen.jvms, seen.samples(), seen.outcomes(),
						seen.verdict())));
		return text.toString();
	}

	private long sum(ToLongFunction<Seen> count) {
		return this.tests.values().stream().mapToLong(count).sum();
	}

	/**
	 * {@code a.b.FooInterleavings.Test} tests {@code Foo}.
	 */
	private static String structure(String test) {
		String outer = test.substring(0, test.lastIndexOf('.'));
		return outer.substring(outer.lastIndexOf('.') + 1).replace("Interleavings", "");
	}

	/**
	 * What all JVMs have seen of one test.
	 */
	private static final class Seen {

		private final Map<String, Long> acceptable = new TreeMap<>();

		private final Map<String, Long> forbidden = new TreeMap<>();

		private String error = "";

		private int jvms;

		void add(TestResult result) {
			this.jvms++;
			if (result.status() != Status.NORMAL) {
				this.error = result.status() + " "
						+ result.getMessages().stream().limit(2).collect(Collectors.joining(" "));
				return;
			}
			for (GradingResult grade : result.grading().gradingResults.values()) {
				if (grade.count > 0) {
					Map<String, Long> outcomes = (grade.expect == Expect.ACCEPTABLE) ? this.acceptable : this.forbidden;
					outcomes.merge(grade.id, grade.count, Long::sum);
				}
			}
		}

		boolean hasRun() {
			return this.jvms > 0 && this.error.isEmpty() && samples() > 0;
		}

		boolean isPassed() {
			return hasRun() && this.forbidden.isEmpty();
		}

		long samples() {
			return forbidden() + this.acceptable.values().stream().mapToLong(Long::longValue).sum();
		}

		long forbidden() {
			return this.forbidden.values().stream().mapToLong(Long::longValue).sum();
		}

		String outcomes() {
			return text(this.acceptable);
		}

		String verdict() {
			if (!hasRun()) {
				return "**did not run** " + this.error;
			}
			return this.forbidden.isEmpty() ? "0" : "**" + text(this.forbidden) + "**";
		}

		private static String text(Map<String, Long> outcomes) {
			return outcomes.entrySet()
				.stream()
				.map((outcome) -> String.format(Locale.ROOT, "`%s` × %,d", outcome.getKey(), outcome.getValue()))
				.collect(Collectors.joining("; "));
		}

	}

}
