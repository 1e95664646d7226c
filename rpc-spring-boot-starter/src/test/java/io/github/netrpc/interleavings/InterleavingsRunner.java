package io.github.netrpc.interleavings;

import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import org.openjdk.jcstress.JCStress;
import org.openjdk.jcstress.Options;
import org.openjdk.jcstress.infra.collectors.DiskReadCollector;
import org.openjdk.jcstress.infra.collectors.InProcessCollector;

/**
 * Runs the tests of interleavings with JCStress, each in JVMs of their own, and prints
 * what was seen. Exit status 1 if something forbidden was, or a test has not run. <pre>
 * --quick        a short look at each, in one mode of the JVM
 * --tests=REGEX  these only
 * --write=FILE   writes the report there
 * </pre> Writes the log of JCStress into the current directory.
 */
public final class InterleavingsRunner {

	private static final String USAGE = "benchmarks/interleavings [--quick] [--tests=REGEX] [--write]";

	private boolean quick;

	private String tests = "Interleavings";

	private String file = "";

	private InterleavingsRunner(String[] args) {
		for (String arg : args) {
			if (arg.equals("--quick")) {
				this.quick = true;
			}
			else if (arg.startsWith("--tests=")) {
				this.tests = arg.substring("--tests=".length());
			}
			else if (arg.startsWith("--write=")) {
				this.file = arg.substring("--write=".length());
			}
			else {
				throw new IllegalArgumentException(arg + " (expected: " + USAGE + ")");
			}
		}
	}

	/**
	 * Runs the tests.
	 * @param args see above
	 * @throws Exception if they cannot be run
	 */
	public static void main(String[] args) throws Exception {
		PrintStream out = System.out;
		InterleavingsReport report = new InterleavingsRunner(args).run();
		out.println(report.toMarkdown());
		System.exit(report.isPassed() ? 0 : 1);
	}

	private InterleavingsReport run() throws Exception {
		Options options = new Options(options().toArray(new String[0]));
		if (!options.parse()) {
			throw new IllegalStateException("JCStress does not know its options");
		}
		JCStress jcstress = new JCStress(withLog(options));
		List<String> expected = List.copyOf(jcstress.getTests());
		long begin = System.nanoTime();
		try {
			jcstress.run();
		}
		catch (AssertionError ex) {
			// The results say the same.
			System.out.println(ex.getMessage());
		}
		InProcessCollector results = new InProcessCollector();
		DiskReadCollector reader = new DiskReadCollector(options.getResultFile(), results);
		reader.dump();
		reader.close();
		InterleavingsReport report = new InterleavingsReport(head(Duration.ofNanos(System.nanoTime() - begin)),
				expected, results.getTestResults());
		if (!this.file.isEmpty()) {
			Files.writeString(Path.of(this.file), report.toMarkdown());
		}
		return report;
	}

	private List<String> options() {
		List<String> options = new ArrayList<>(List.of("-t", this.tests, "-sc", "false", "-af", "NONE", "-f", "1",
				"-fsm", "1", "-time", this.quick ? "200" : "400", "-iters", this.quick ? "1" : "3", "-r", "report"));
		if (this.quick) {
			options.addAll(List.of("-jvmArgs", "-XX:+UseSerialGC"));
		}
		options.addAll(List.of("-jvmArgsPrepend", "-Dlogback.configurationFile=interleavings-logback.xml"));
		return options;
	}

	/**
	 * Lets the harness, which talks a lot, talk to a file.
	 */
	private static Options withLog(Options options) throws Exception {
		OutputStream log = Files.newOutputStream(Path.of("jcstress.log"));
		System.setOut(new PrintStream(log, true, StandardCharsets.UTF_8));
		return options;
	}

	private String head(Duration duration) {
		return String.format(Locale.ROOT,
				"%s, `benchmarks/interleavings%s`, %d s. JCStress 0.16, %s; %d processors, %s %s; load average %.1f after.",
				LocalDate.now(ZoneOffset.UTC), this.quick ? " --quick" : "", duration.toSeconds(),
				System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version"),
				Runtime.getRuntime().availableProcessors(), System.getProperty("os.name"),
				System.getProperty("os.arch"), ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
	}

}
