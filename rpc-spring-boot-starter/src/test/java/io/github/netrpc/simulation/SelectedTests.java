package io.github.netrpc.simulation;

import java.io.PrintWriter;
import java.util.stream.Stream;

import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/**
 * Runs the test classes that are named, and prints those of their tests that fail: for
 * code with a bug that somebody has planted.
 */
public final class SelectedTests {

	private static final int MOST_NAMES = 3;

	private SelectedTests() {
	}

	/**
	 * Runs tests.
	 * @param arguments names of classes
	 */
	public static void main(String[] arguments) {
		SimulationRunner.silence();
		LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
			.selectors(Stream.of(arguments).map(DiscoverySelectors::selectClass).toList())
			.build();
		SummaryGeneratingListener listener = new SummaryGeneratingListener();
		LauncherFactory.create().execute(request, listener);
		TestExecutionSummary summary = listener.getSummary();
		if (summary.getTestsFoundCount() == 0) {
			throw new IllegalArgumentException("no tests in " + String.join(", ", arguments));
		}
		PrintWriter out = new PrintWriter(System.out, true);
		summary.getFailures()
			.stream()
			.limit(MOST_NAMES)
			.forEach((failure) -> out.println("Failed: " + failure.getTestIdentifier().getDisplayName()));
		System.exit((summary.getTotalFailureCount() > 0) ? 1 : 0);
	}

}
