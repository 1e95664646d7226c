package io.github.netrpc.cluster;

import java.time.Duration;
import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * What is known of a channel's directory at one moment.
 *
 * @param fixed whether the list never changes, so that it has no age
 * @param age the time since the last good answer, null if there was none yet; zero if the
 * list is fixed
 * @param answers good answers, those that changed nothing included
 * @param emptyAnswers answers without nodes, which were not used
 * @param failures times that the directory did not know
 * @param lastFailure why the last answer was not good, null if none was bad
 * @param lastFailureTime when that was
 * @since 0.1.0
 */
public record DirectorySnapshot(boolean fixed, @Nullable Duration age, long answers, long emptyAnswers, long failures,
		@Nullable String lastFailure, @Nullable Instant lastFailureTime) {

}
