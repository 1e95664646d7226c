package io.github.netrpc.fuzz;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * Where Jazzer begins: one process tries one target, whose name is its argument.
 */
public final class FuzzEntry {

	private static @Nullable FuzzTarget target;

	private FuzzEntry() {
	}

	/**
	 * Called once, before the first input.
	 * @param arguments the name of the target
	 */
	public static void fuzzerInitialize(String[] arguments) {
		((Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME)).setLevel(Level.OFF);
		Promises.allowForInstruments();
		target = FuzzTargets.of(arguments[0]);
	}

	/**
	 * Called with each input.
	 * @param input the input
	 * @throws Exception if a promise is broken
	 */
	public static void fuzzerTestOneInput(byte[] input) throws Exception {
		if (target != null) {
			target.run(input);
		}
	}

}
