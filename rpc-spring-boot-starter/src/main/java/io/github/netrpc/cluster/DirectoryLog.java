package io.github.netrpc.cluster;

import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import io.github.netrpc.exec.LogThrottle;

/**
 * The lines about the list of a channel. A directory that fails is a line when it begins
 * to and one when it has ended; one that changes its mind, or lists nonsense, at each
 * answer does not flood the log. Thread-safe.
 */
final class DirectoryLog {

	private static final Logger logger = LoggerFactory.getLogger(MemberRegistry.class);

	private static final int MOST_NAMES = 10;

	private final String channel;

	private final String source;

	private final LogThrottle changes = new LogThrottle(10, Duration.ofSeconds(10));

	private final LogThrottle problems = new LogThrottle(1, Duration.ofSeconds(10));

	DirectoryLog(String channel, String source) {
		this.channel = channel;
		this.source = source;
	}

	void changed(long now, int size, List<Member> joined, List<Member> gone) {
		long left = this.changes.admit(now);
		if (left >= 0) {
			logger.info("Channel {}: {} {} from {}{}{}{}", this.channel, size, (size == 1) ? "node" : "nodes",
					this.source, names(", new: ", joined), names(", gone: ", gone), LogThrottle.leftOut(left));
		}
	}

	private static String names(String intro, List<Member> members) {
		if (members.isEmpty()) {
			return "";
		}
		String names = members.stream().limit(MOST_NAMES).map(DirectoryLog::name).collect(Collectors.joining(", "));
		int more = members.size() - MOST_NAMES;
		return intro + names + ((more > 0) ? " and " + more + " more" : "");
	}

	private static String name(Member member) {
		NodeEndpoint endpoint = member.endpoint();
		return endpoint.id().equals(endpoint.address()) ? endpoint.id()
				: endpoint.id() + " (" + endpoint.address() + ")";
	}

	void problems(long now, List<String> problems) {
		if (!problems.isEmpty()) {
			long left = this.problems.admit(now);
			if (left >= 0) {
				logger.warn("Channel {}: {} lists what cannot be used: {}{}{}", this.channel, this.source,
						problems.get(0), (problems.size() > 1) ? ", and " + (problems.size() - 1) + " more" : "",
						LogThrottle.leftOut(left));
			}
		}
	}

	void failed(String reason, @Nullable Throwable cause, int size) {
		String kept = (size > 0) ? "the last list, of " + size + ((size == 1) ? " node" : " nodes") + ", stays in use"
				: "calls wait for it";
		logger.warn("Channel {}: no new list of nodes from {}: {}; {}", this.channel, this.source, reason, kept);
		logger.debug("Channel {}: the directory has failed", this.channel, cause);
	}

	void answered(@Nullable String failure) {
		if (failure != null) {
			logger.info("Channel {}: {} has a list of nodes again (before: {})", this.channel, this.source, failure);
		}
	}

	void notClosed(Throwable cause) {
		logger.warn("Channel {}: the directory of {} could not be closed", this.channel, this.source, cause);
	}

}
