package io.github.netrpc.json;

import tools.jackson.core.io.NumberOutput;

/**
 * Floating-point numbers as Go's {@code encoding/json} writes them: the shortest digits
 * that read back the same, with an exponent below 1e-6 and from 1e21 (vectors
 * {@code float_*}).
 */
final class GoFloats {

	private static final double SMALLEST_PLAIN = 1e-6;

	private static final double SMALLEST_WITH_EXPONENT = 1e21;

	private GoFloats() {
	}

	static String toString(double value) {
		return isPlainInteger(value) ? Long.toString((long) value)
				: format(NumberOutput.toString(value, true), Math.abs(value), value, false);
	}

	static String toString(float value) {
		return isPlainInteger(value) ? Long.toString((long) value)
				: format(NumberOutput.toString(value, true), Math.abs(value), value, true);
	}

	private static boolean isPlainInteger(double value) {
		return value == (long) value && Math.abs(value) < (1L << 24) && (value != 0 || 1 / value > 0);
	}

	// Rewrites Java's notation, which is one digit, a point, digits and an exponent, or
	// plain.
	private static String format(String java, double magnitude, double value, boolean single) {
		int exponentAt = java.indexOf('E');
		int exponent = (exponentAt >= 0) ? Integer.parseInt(java.substring(exponentAt + 1)) : 0;
		int start = (java.charAt(0) == '-') ? 1 : 0;
		int point = java.indexOf('.');
		int end = (exponentAt >= 0) ? exponentAt : java.length();
		StringBuilder digits = new StringBuilder(24).append(java, start, point).append(java, point + 1, end);
		// The value is 0.DIGITS * 10^scale from here on.
		int scale = point - start + exponent;
		while (digits.length() > 1 && digits.charAt(0) == '0') {
			digits.deleteCharAt(0);
			scale--;
		}
		while (digits.length() > 1 && digits.charAt(digits.length() - 1) == '0') {
			digits.setLength(digits.length() - 1);
		}
		if (digits.length() == 2) {
			shorten(digits, scale, Math.abs(value), single);
		}
		StringBuilder out = new StringBuilder(28);
		if (start == 1) {
			out.append('-');
		}
		if (magnitude == 0) {
			return out.append('0').toString();
		}
		boolean plain = single
				? (float) magnitude >= (float) SMALLEST_PLAIN && (float) magnitude < (float) SMALLEST_WITH_EXPONENT
				: magnitude >= SMALLEST_PLAIN && magnitude < SMALLEST_WITH_EXPONENT;
		return (plain ? plain(out, digits, scale) : scientific(out, digits, scale - 1)).toString();
	}

	// Java insists on two digits where one tells the number from its neighbours:
	// 4.9E-324.
	private static void shorten(StringBuilder digits, int scale, double magnitude, boolean single) {
		int rounded = (digits.charAt(0) - '0') + ((digits.charAt(1) >= '5') ? 1 : 0);
		String text = rounded + "E" + (scale - 1);
		boolean same = single ? Float.parseFloat(text) == (float) magnitude : Double.parseDouble(text) == magnitude;
		if (same && rounded < 10) {
			digits.setLength(0);
			digits.append(rounded);
		}
	}

	private static StringBuilder plain(StringBuilder out, StringBuilder digits, int scale) {
		if (scale <= 0) {
			return out.append("0.").append("0".repeat(-scale)).append(digits);
		}
		if (scale >= digits.length()) {
			return out.append(digits).append("0".repeat(scale - digits.length()));
		}
		return out.append(digits, 0, scale).append('.').append(digits, scale, digits.length());
	}

	private static StringBuilder scientific(StringBuilder out, StringBuilder digits, int exponent) {
		out.append(digits.charAt(0));
		if (digits.length() > 1) {
			out.append('.').append(digits, 1, digits.length());
		}
		return out.append((exponent < 0) ? "e-" : "e+").append(Math.abs(exponent));
	}

}
