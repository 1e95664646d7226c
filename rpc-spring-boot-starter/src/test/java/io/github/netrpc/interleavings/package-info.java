/**
 * Runs the tests of interleavings: classes named {@code …Interleavings} beside what they
 * test, in which two threads meet at one object, some million times. Must not know what
 * they test. Start at {@link io.github.netrpc.interleavings.InterleavingsRunner}.
 */
package io.github.netrpc.interleavings;
