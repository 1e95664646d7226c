package io.github.netrpc.autoconfigure;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is wrong with the files of one bundle. Whoever asks for health or metrics may have
 * them looked at: so that is done by one thread at a time and once a second, and all
 * others are told what was found before, however long the look takes. Certificate and key
 * are written one after the other: what fails is told when it has failed for a quiet
 * period, as long as Spring Boot waits for the second file. Thread-safe.
 */
final class VerifiedBundle {

	private static final Logger logger = LoggerFactory.getLogger(VerifiedBundle.class);

	private static final long BETWEEN_LOOKS_NANOS = TimeUnit.SECONDS.toNanos(1);

	private final String name;

	private final long quietNanos;

	private final Supplier<@Nullable RuntimeException> look;

	private final LongSupplier nanoTime;

	private final ReentrantLock looking = new ReentrantLock();

	private boolean looked;

	/** When the last look ended. */
	private long lookedNanos;

	private boolean failing;

	/** When the first look ended since which all have failed. */
	private long failingNanos;

	private volatile @Nullable String refused;

	/**
	 * Creates it; nothing is read yet.
	 * @param name the name of the bundle
	 * @param quietPeriod how long files may not fit each other before that is told
	 * @param look reads the files: what is wrong with them, or null
	 * @param nanoTime the clock
	 */
	VerifiedBundle(String name, Duration quietPeriod, Supplier<@Nullable RuntimeException> look,
			LongSupplier nanoTime) {
		this.name = name;
		this.quietNanos = quietPeriod.toNanos();
		this.look = look;
		this.nanoTime = nanoTime;
	}

	/**
	 * Why the files cannot be used, as was found a short time ago.
	 * @return the reason, or null while there is none, or it is not told yet
	 */
	@Nullable String refused() {
		if (this.looking.tryLock()) {
			try {
				long now = this.nanoTime.getAsLong();
				if (!this.looked || now - this.lookedNanos >= BETWEEN_LOOKS_NANOS) {
					look(now);
				}
			}
			finally {
				this.looking.unlock();
			}
		}
		return this.refused;
	}

	private void look(long began) {
		RuntimeException failure = this.look.get();
		this.lookedNanos = this.nanoTime.getAsLong();
		this.looked = true;
		if (failure == null) {
			this.failing = false;
			this.refused = null;
		}
		else if (!this.failing) {
			this.failing = true;
			this.failingNanos = this.lookedNanos;
		}
		else if (began - this.failingNanos >= this.quietNanos) {
			tell(failure);
		}
	}

	private void tell(RuntimeException failure) {
		String reason = TlsBundles.reason(failure);
		if (!reason.equals(this.refused)) {
			this.refused = reason;
			logger.error("The files of the SSL bundle '{}' cannot be used. New connections go on with what was read"
					+ " before: {}", this.name, reason, failure);
		}
	}

}
