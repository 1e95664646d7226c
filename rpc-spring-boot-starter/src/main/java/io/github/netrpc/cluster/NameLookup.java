package io.github.netrpc.cluster;

import java.io.IOException;
import java.util.List;

/**
 * Finds the addresses of a name. May block.
 */
@FunctionalInterface
interface NameLookup {

	/**
	 * Asks for the addresses of the moment.
	 * @return addresses of one family, in any order
	 * @throws IOException if there are none, or they cannot be found out
	 */
	List<String> addresses(String name) throws IOException;

}
