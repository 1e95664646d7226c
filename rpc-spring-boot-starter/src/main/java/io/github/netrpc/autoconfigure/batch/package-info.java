/**
 * Configuration of durable jobs on Spring Batch.
 */
@NullMarked
package io.github.netrpc.autoconfigure.batch;

import org.jspecify.annotations.NullMarked;
