package io.github.netrpc.transport.netty;

import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import io.netty.util.Version;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Warns of a Netty with known advisories: an application whose build takes its versions
 * from Spring Boot 4.1.1 gets one, whatever this project was built with.
 */
final class NettyVersions {

	/** The first version without: 4.2.18. */
	private static final int[] LEAST = { 4, 2, 18 };

	private static final Pattern VERSION = Pattern.compile("(\\d+)\\.(\\d+)\\.(\\d+)\\b.*");

	private static final Logger logger = LoggerFactory.getLogger(NettyTransport.class);

	private static final AtomicBoolean checked = new AtomicBoolean();

	private NettyVersions() {
	}

	/** Looks at the class path, once in this process. */
	static void check() {
		if (checked.compareAndSet(false, true)) {
			String warning = warning(Version.identify().values());
			if (warning != null) {
				logger.warn(warning);
			}
		}
	}

	static @Nullable String warning(Collection<Version> versions) {
		Map<String, String> old = new TreeMap<>();
		for (Version version : versions) {
			if (isOld(version.artifactVersion())) {
				old.put(version.artifactId(), version.artifactVersion());
			}
		}
		if (old.isEmpty()) {
			return null;
		}
		return old.entrySet()
			.stream()
			.map((each) -> each.getKey() + " " + each.getValue())
			.collect(Collectors.joining(", ", "Netty has known advisories below 4.2.18: ",
					" (expected: 4.2.18.Final or newer; set the property 'netty.version' of your Maven or Gradle build)"));
	}

	// Versions that follow other rules, such as those of netty-tcnative, are not judged.
	private static boolean isOld(String version) {
		Matcher matcher = VERSION.matcher(version);
		if (!matcher.matches() || !matcher.group(1).equals("4")) {
			return false;
		}
		for (int i = 1; i < LEAST.length; i++) {
			int part = Integer.parseInt(matcher.group(i + 1));
			if (part != LEAST[i]) {
				return part < LEAST[i];
			}
		}
		return false;
	}

}
