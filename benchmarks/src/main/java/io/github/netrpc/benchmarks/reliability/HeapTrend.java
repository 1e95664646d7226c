package io.github.netrpc.benchmarks.reliability;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * How the heap of a process grows. The first quarter of the time is left out: classes are
 * loaded and tables filled then.
 */
final class HeapTrend {

	private static final double TEN_MINUTES = TimeUnit.MINUTES.toNanos(10);

	private final List<Sample> samples = new ArrayList<>();

	void add(long nanos, long bytes) {
		this.samples.add(new Sample(nanos, bytes));
	}

	int samples() {
		return this.samples.size();
	}

	/**
	 * The growth from the second quarter to the last one, as much as it would be in ten
	 * minutes.
	 * @return bytes, negative if the heap has shrunk, NaN if there are too few samples
	 */
	double bytesInTenMinutes() {
		List<Sample> second = quarter(1);
		List<Sample> last = quarter(3);
		if (second.isEmpty() || last.isEmpty()) {
			return Double.NaN;
		}
		return (bytes(last) - bytes(second)) * TEN_MINUTES / (nanos(last) - nanos(second));
	}

	String text() {
		return "%s and %s MiB".formatted(mebibytes(quarter(1)), mebibytes(quarter(3)));
	}

	private static String mebibytes(List<Sample> samples) {
		return samples.isEmpty() ? "unknown" : Figure.number(bytes(samples) / (1 << 20));
	}

	private List<Sample> quarter(int number) {
		int count = this.samples.size();
		return this.samples.subList(number * count / 4, (number + 1) * count / 4);
	}

	private static double bytes(List<Sample> samples) {
		return Latencies.median(samples.stream().mapToDouble(Sample::bytes).toArray());
	}

	private static double nanos(List<Sample> samples) {
		return Latencies.median(samples.stream().mapToDouble(Sample::nanos).toArray());
	}

	private record Sample(long nanos, long bytes) {

	}

}
