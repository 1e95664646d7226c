package io.github.netrpc.type;

/**
 * A complex number: Go's {@code complex128}, and {@code complex64} on the wire too, since
 * gob has one complex kind. JSON cannot express it. Immutable.
 *
 * @param re the real part
 * @param im the imaginary part
 * @since 0.1.0
 */
public record Complex(double re, double im) {

	/** Zero, which is also what an absent gob field means. */
	public static final Complex ZERO = new Complex(0, 0);

}
