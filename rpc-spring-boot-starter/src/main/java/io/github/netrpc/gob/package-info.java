/**
 * Gob, the data format of Go's {@code encoding/gob}: values, type definitions and the
 * streams made of them. Knows bytes and Java types, and nothing of calls, connections or
 * other formats; names come in through {@link io.github.netrpc.gob.PropertyNames}. Start
 * at {@link io.github.netrpc.gob.Gob}.
 */
@NullMarked
package io.github.netrpc.gob;

import org.jspecify.annotations.NullMarked;
