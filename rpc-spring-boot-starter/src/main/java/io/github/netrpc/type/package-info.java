/**
 * How Java types say what Go's types say: signedness, fixed lengths, complex numbers,
 * generic type tokens. Knows nothing else of the project. Start at
 * {@link io.github.netrpc.type.TypeRef}.
 */
@NullMarked
package io.github.netrpc.type;

import org.jspecify.annotations.NullMarked;
