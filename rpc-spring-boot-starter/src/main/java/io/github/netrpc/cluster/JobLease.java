package io.github.netrpc.cluster;

import java.time.Duration;

/**
 * How nodes learn that whoever has given them the items of a job is gone, though its
 * connections are open: its process was stopped, or the network is cut.
 *
 * @param lease how long nodes go on with the items of a job without a sign of life, up to
 * a year; zero for ever
 * @param renewal how often to give one to nodes that have items, less than that
 * @since 0.1.0
 */
public record JobLease(Duration lease, Duration renewal) {

	private static final Duration LONGEST = Duration.ofDays(366);

	/** 9 s, renewed every 3 s. */
	public static final JobLease DEFAULT = new JobLease(Duration.ofSeconds(9), Duration.ofSeconds(3));

	/** Nodes go on until they are told that nobody waits, or their connection closes. */
	public static final JobLease OFF = new JobLease(Duration.ZERO, Duration.ZERO);

	/**
	 * Checks the times.
	 * @throws IllegalArgumentException if there is a lease, and the renewal is not more
	 * than 0 and less than it
	 */
	public JobLease {
		if (lease.isNegative() || lease.compareTo(LONGEST) > 0) {
			throw new IllegalArgumentException("lease: " + lease + " (expected: 0 to " + LONGEST.toDays() + " days)");
		}
		if (!lease.isZero() && (renewal.isZero() || renewal.isNegative() || renewal.compareTo(lease) >= 0)) {
			throw new IllegalArgumentException("lease, renewal: " + lease + ", " + renewal
					+ " (expected: the second more than 0 and less than the first)");
		}
	}

	boolean isOn() {
		return !this.lease.isZero();
	}

}
