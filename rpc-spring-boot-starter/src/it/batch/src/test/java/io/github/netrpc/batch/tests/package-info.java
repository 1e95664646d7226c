/**
 * Durable jobs on Spring Batch, with real databases and processes that are killed. Start
 * at {@link io.github.netrpc.batch.tests.DurableJobContract}.
 */
@NullMarked
package io.github.netrpc.batch.tests;

import org.jspecify.annotations.NullMarked;
