package io.github.netrpc.cluster;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.stream.Stream;

/**
 * Names as the operating system knows them: its hosts file, its search domains, its DNS
 * servers.
 * <p>
 * Java remembers what a name was for 30 seconds, and that it was nothing for 10, which is
 * a property of the whole process and not ours to change. But it remembers names letter
 * by letter, and DNS does not tell upper case from lower case: so each look-up writes the
 * name in another way. A name of three letters or more has eight ways, and comes round
 * when its first answer is forgotten.
 */
final class PlatformNames implements NameLookup {

	private static final int MOST_BITS = 16;

	private final Resolver resolver;

	private int turn;

	/**
	 * Creates a lookup.
	 * @param firstTurn which way of writing comes first; better not the same as others
	 */
	PlatformNames(int firstTurn, Resolver resolver) {
		this.turn = firstTurn;
		this.resolver = resolver;
	}

	@Override
	public List<String> addresses(String name) throws IOException {
		InetAddress[] found = resolve(name);
		// A server with addresses of both families is still one server. Java puts the
		// family first that it prefers.
		Class<?> family = found[0].getClass();
		return Stream.of(found)
			.filter((address) -> address.getClass() == family)
			.map(InetAddress::getHostAddress)
			.toList();
	}

	private InetAddress[] resolve(String name) throws IOException {
		String written = inTurn(name, this.turn++);
		if (!written.equals(name)) {
			try {
				return this.resolver.resolve(written);
			}
			catch (UnknownHostException ex) {
				// Not every source of names is as lenient as DNS.
			}
		}
		return this.resolver.resolve(name);
	}

	/**
	 * Writes a name in one of the ways that mean the same.
	 * @param turn its lowest bits say which letters change their case
	 */
	static String inTurn(String name, int turn) {
		StringBuilder written = new StringBuilder(name);
		int bit = 0;
		for (int i = 0; i < name.length() && bit < MOST_BITS; i++) {
			char letter = name.charAt(i);
			boolean lower = letter >= 'a' && letter <= 'z';
			if (lower || (letter >= 'A' && letter <= 'Z')) {
				if ((turn >> bit & 1) != 0) {
					written.setCharAt(i, (char) (letter ^ 0x20));
				}
				bit++;
			}
		}
		return written.toString();
	}

	/**
	 * {@link InetAddress#getAllByName}.
	 */
	@FunctionalInterface
	interface Resolver {

		InetAddress[] resolve(String name) throws UnknownHostException;

	}

}
