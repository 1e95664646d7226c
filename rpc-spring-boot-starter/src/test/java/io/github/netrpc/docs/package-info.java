/**
 * What the README and the guide show, tried: Java compiles, settings bind, links lead
 * somewhere. Start at {@code CodeBlock}.
 */
@NullMarked
package io.github.netrpc.docs;

import org.jspecify.annotations.NullMarked;
