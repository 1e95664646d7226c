/**
 * Runs the client's core under seeded faults, on one thread and in virtual time, and
 * checks its promises after every event. Knows no sockets, no threads and no Spring;
 * start reading at {@code Simulation}.
 */
@NullMarked
package io.github.netrpc.simulation;

import org.jspecify.annotations.NullMarked;
