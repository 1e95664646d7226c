package io.github.netrpc.autoconfigure.security;

import org.springframework.security.core.Authentication;

import io.github.netrpc.security.AuthenticationExpiry;
import io.github.netrpc.security.RpcAuthenticationExtractor;

/**
 * What is made of tokens without a word of the application. Not one of its extractors,
 * nor of its authentication providers, so that others who look for those do not find it.
 *
 * @param extractor makes requests of tokens
 * @param expiry says until when an answer is good
 * @param request the type of the requests
 */
record TokenReader(RpcAuthenticationExtractor extractor, AuthenticationExpiry expiry,
		Class<? extends Authentication> request) {

}
