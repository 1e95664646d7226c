package io.github.netrpc.transport.netty;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.transport.TestAuthority;
import io.github.netrpc.transport.TlsSettings;
import io.github.netrpc.transport.Transport;
import io.github.netrpc.transport.TransportContract;

/**
 * Everything that holds for any transport, through TLS.
 */
abstract class TlsTransportContract extends TransportContract {

	private static final TestAuthority AUTHORITY = new TestAuthority("contract");

	private static final TlsSettings TLS = TlsSettings.builder()
		.keys(AUTHORITY.server("127.0.0.1", "localhost").keyStore(), TestAuthority.PASSWORD)
		.trust(AUTHORITY.trustStore())
		.build();

	@Override
	protected final Transport createTransport() {
		return createPlain().secured(() -> TLS);
	}

	abstract NettyTransport createPlain();

	/**
	 * The peer has said that it closes, so where nothing was being written then, the
	 * connection ends as one that was closed.
	 */
	@Override
	protected final void checkEndOfSending(@Nullable Throwable cause) {
		if (cause != null) {
			super.checkEndOfSending(cause);
		}
	}

}
