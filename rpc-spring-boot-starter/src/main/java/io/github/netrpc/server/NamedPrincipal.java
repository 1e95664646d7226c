package io.github.netrpc.server;

import java.security.Principal;

/**
 * A caller of whom no more is known than a name.
 *
 * @param getName the name
 */
record NamedPrincipal(String getName) implements Principal {

	@Override
	public String toString() {
		return this.getName;
	}

}
