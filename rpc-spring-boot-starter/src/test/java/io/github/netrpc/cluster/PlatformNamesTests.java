package io.github.netrpc.cluster;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link PlatformNames}.
 */
class PlatformNamesTests {

	private final List<String> asked = new ArrayList<>();

	private static InetAddress[] addresses(String... literals) throws UnknownHostException {
		InetAddress[] addresses = new InetAddress[literals.length];
		for (int i = 0; i < literals.length; i++) {
			addresses[i] = InetAddress.getByName(literals[i]);
		}
		return addresses;
	}

	@Test
	void eachLookupWritesTheNameInAnotherWay() throws Exception {
		PlatformNames names = new PlatformNames(5, (name) -> {
			this.asked.add(name);
			return addresses("10.0.0.1");
		});
		for (int i = 0; i < 8; i++) {
			assertThat(names.addresses("db1.x")).containsExactly("10.0.0.1");
		}
		Set<String> ways = new HashSet<>(this.asked);
		assertThat(ways).hasSize(8).allMatch((way) -> way.equalsIgnoreCase("db1.x"));
	}

	@Test
	void namesThatAreKnownLetterByLetterAreFoundToo() throws Exception {
		PlatformNames names = new PlatformNames(1, (name) -> {
			this.asked.add(name);
			if (!name.equals("db")) {
				throw new UnknownHostException(name);
			}
			return addresses("10.0.0.1");
		});
		assertThat(names.addresses("db")).containsExactly("10.0.0.1");
		assertThat(this.asked).containsExactly("Db", "db");
	}

	@Test
	void nameThatIsUnknownIsSaidAsItWasConfigured() {
		PlatformNames names = new PlatformNames(1, (name) -> {
			throw new UnknownHostException(name + ": not known");
		});
		assertThatExceptionOfType(UnknownHostException.class).isThrownBy(() -> names.addresses("db"))
			.withMessage("db: not known");
	}

	@Test
	void addressesAreOfTheFamilyThatComesFirst() throws Exception {
		assertThat(new PlatformNames(0, (name) -> addresses("10.0.0.1", "fd00::1", "10.0.0.2")).addresses("db"))
			.containsExactly("10.0.0.1", "10.0.0.2");
		assertThat(new PlatformNames(0, (name) -> addresses("fd00::1", "10.0.0.1")).addresses("db"))
			.containsExactly("fd00:0:0:0:0:0:0:1");
	}

}
