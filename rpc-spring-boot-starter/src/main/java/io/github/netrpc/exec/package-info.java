/**
 * How work is handed from I/O threads to few others: what runners of calls and of
 * callbacks have in common. Knows nothing of calls or connections. Start at
 * {@link io.github.netrpc.exec.StallWatch}.
 */
@NullMarked
package io.github.netrpc.exec;

import org.jspecify.annotations.NullMarked;
