package io.github.netrpc.security.tests;

import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.security.access.prepost.PreAuthorize;
import org.springframework.security.config.annotation.method.configuration.EnableMethodSecurity;
import org.springframework.security.core.Authentication;

import io.github.netrpc.annotation.RpcService;

/**
 * What the security page shows, and no more.
 */
@SpringBootApplication
@EnableMethodSecurity
class LedgerApplication {

	/** Only for those who may read. */
	@RpcService
	public static class Ledger {

		@PreAuthorize("hasAuthority('SCOPE_ledger.read')")
		public String read(String account, Authentication caller) {
			return account + " for " + caller.getName();
		}

	}

}
