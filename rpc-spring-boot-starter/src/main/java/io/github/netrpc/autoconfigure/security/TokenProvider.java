package io.github.netrpc.autoconfigure.security;

import org.springframework.security.authentication.AuthenticationProvider;

/**
 * Checks tokens of one kind. Not itself one of the application's authentication
 * providers, which its web security would use, too.
 *
 * @param provider answers requests that are tokens
 */
record TokenProvider(AuthenticationProvider provider) {

}
