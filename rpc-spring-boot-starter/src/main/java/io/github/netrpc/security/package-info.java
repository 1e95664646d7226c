/**
 * Has Spring Security say who calls a server and what they may do. Needs its core; what
 * knows OAuth 2 or Reactor is in classes of its own. Must not know Boot, servlets or
 * formats. Start at {@link io.github.netrpc.security.SpringSecurityAuthenticator}.
 */
@NullMarked
package io.github.netrpc.security;

import org.jspecify.annotations.NullMarked;
