package io.github.netrpc.demo.client;

import java.util.stream.LongStream;

/**
 * Primes on an embedded node, by trial division: it is to take a while. Not a bean: it
 * would make this application a server.
 */
class PrimesNode implements Primes {

	@Override
	public long count(Range range) {
		return LongStream.range(range.from(), range.to()).filter(PrimesNode::isPrime).count();
	}

	private static boolean isPrime(long number) {
		if (number < 4) {
			return number > 1;
		}
		if (number % 2 == 0 || number % 3 == 0) {
			return false;
		}
		for (long divisor = 5; divisor * divisor <= number; divisor += 6) {
			if (number % divisor == 0 || number % (divisor + 2) == 0) {
				return false;
			}
		}
		return true;
	}

}
