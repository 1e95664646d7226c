package io.github.netrpc.transport;

import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManagerFactory;

import org.jspecify.annotations.Nullable;

/**
 * How one side speaks TLS: who it is, whom it trusts, and what it agrees to. Sessions are
 * resumed between connections that have the same settings. Immutable and thread-safe.
 *
 * <pre>{@code
 * TlsSettings tls = TlsSettings.builder().keys(keyStore, password).trust(authorities).build();
 * RpcServer.builder().tls(() -> tls).service(new ArithService()).start();
 * }</pre>
 *
 * @since 0.1.0
 */
public final class TlsSettings {

	/** The versions that there are; older ones are refused. */
	private static final List<String> PROTOCOLS = List.of("TLSv1.3", "TLSv1.2");

	/** Authenticated encryption with keys of one connection, as in TLS 1.3. */
	private static final Pattern GOOD_CIPHERS = Pattern
		.compile("TLS_(AES|CHACHA20)_.*|TLS_ECDHE_(ECDSA|RSA)_WITH_.*(_GCM_|CHACHA20_POLY1305).*");

	private final SSLContext context;

	private final boolean hasKeys;

	private final String[] protocols;

	private final String[] ciphers;

	private final ClientAuth clientAuth;

	private final boolean verifyHostName;

	private final @Nullable String serverName;

	private final Duration handshakeTimeout;

	private TlsSettings(Builder builder, SSLContext context, boolean hasKeys) {
		this.context = context;
		this.hasKeys = hasKeys;
		this.protocols = builder.protocols.toArray(String[]::new);
		this.ciphers = ciphers(builder.ciphers, context);
		this.clientAuth = builder.clientAuth;
		this.verifyHostName = builder.verifyHostName;
		this.serverName = builder.serverName;
		this.handshakeTimeout = builder.handshakeTimeout;
	}

	private TlsSettings(TlsSettings other, String serverName) {
		this.context = other.context;
		this.hasKeys = other.hasKeys;
		this.protocols = other.protocols;
		this.ciphers = other.ciphers;
		this.clientAuth = other.clientAuth;
		this.verifyHostName = other.verifyHostName;
		this.serverName = serverName;
		this.handshakeTimeout = other.handshakeTimeout;
	}

	private static String[] ciphers(List<String> wanted, SSLContext context) {
		if (!wanted.isEmpty()) {
			return wanted.toArray(String[]::new);
		}
		String[] defaults = context.getDefaultSSLParameters().getCipherSuites();
		String[] good = Stream.of(defaults)
			.filter((suite) -> GOOD_CIPHERS.matcher(suite).matches())
			.toArray(String[]::new);
		return (good.length > 0) ? good : defaults;
	}

	/**
	 * Begins settings.
	 * @return a builder
	 */
	public static Builder builder() {
		return new Builder();
	}

	/**
	 * The server's side of a new connection.
	 * @return a new engine
	 */
	public SSLEngine serverEngine() {
		SSLEngine engine = this.context.createSSLEngine();
		engine.setUseClientMode(false);
		SSLParameters parameters = new SSLParameters(this.ciphers, this.protocols);
		parameters.setUseCipherSuitesOrder(true);
		if (this.clientAuth == ClientAuth.NEED) {
			parameters.setNeedClientAuth(true);
		}
		else if (this.clientAuth == ClientAuth.WANT) {
			parameters.setWantClientAuth(true);
		}
		engine.setSSLParameters(parameters);
		return engine;
	}

	/**
	 * The client's side of a new connection.
	 * @param host the host that is connected to, which the server's certificate has to
	 * name unless there is another {@link Builder#serverName}
	 * @param port the port
	 * @return a new engine
	 */
	public SSLEngine clientEngine(String host, int port) {
		SSLEngine engine = this.context.createSSLEngine((this.serverName != null) ? this.serverName : host, port);
		engine.setUseClientMode(true);
		SSLParameters parameters = new SSLParameters(this.ciphers, this.protocols);
		if (this.verifyHostName) {
			// What RFC 2818 demands of names, and what Go does: the JDK's other algorithm
			// is LDAP's.
			parameters.setEndpointIdentificationAlgorithm("HTTPS");
		}
		engine.setSSLParameters(parameters);
		return engine;
	}

	/**
	 * Whether there is a key, without which no server can be.
	 * @return whether there is one
	 */
	public boolean hasKeys() {
		return this.hasKeys;
	}

	/**
	 * Whether a server asks for the certificates of clients.
	 * @return what it does
	 */
	public ClientAuth clientAuth() {
		return this.clientAuth;
	}

	/**
	 * How long a server waits for the end of a handshake.
	 * @return the time, more than zero
	 */
	public Duration handshakeTimeout() {
		return this.handshakeTimeout;
	}

	/**
	 * The same settings with a name that certificates of servers have to contain, unless
	 * there is one.
	 * @param name the name
	 * @return these or other settings
	 */
	public TlsSettings withServerNameIfAbsent(String name) {
		return (this.serverName != null) ? this : new TlsSettings(this, name);
	}

	/**
	 * Whether a server asks for the certificates of its clients.
	 */
	public enum ClientAuth {

		/** It does not. */
		NONE,

		/** It does; a client may have none, but not a bad one. */
		WANT,

		/** It does, and every client must have one. */
		NEED

	}

	/**
	 * Collects what may be chosen. Not thread-safe.
	 */
	public static final class Builder {

		private KeyManager @Nullable [] keys;

		private @Nullable TrustManagerFactory trust;

		private List<String> protocols = PROTOCOLS;

		private List<String> ciphers = List.of();

		private ClientAuth clientAuth = ClientAuth.NONE;

		private boolean verifyHostName = true;

		private @Nullable String serverName;

		private Duration handshakeTimeout = Duration.ofSeconds(5);

		private Builder() {
		}

		/**
		 * Who this side is. A server needs a key; a client has none by default.
		 * @param keys has been initialized
		 * @return this
		 */
		public Builder keys(KeyManagerFactory keys) {
			this.keys = keys.getKeyManagers();
			return this;
		}

		/**
		 * Who this side is.
		 * @param keys has a private key and its chain of certificates
		 * @param password the password of the key
		 * @return this
		 * @throws IllegalArgumentException if the key cannot be read
		 */
		public Builder keys(KeyStore keys, char[] password) {
			try {
				KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
				factory.init(keys, password);
				return keys(factory);
			}
			catch (GeneralSecurityException ex) {
				throw new IllegalArgumentException("key store: " + ex.getMessage(), ex);
			}
		}

		/**
		 * Whom this side trusts. By default a client trusts those that the JDK trusts.
		 * @param trust has been initialized
		 * @return this
		 */
		public Builder trust(TrustManagerFactory trust) {
			this.trust = trust;
			return this;
		}

		/**
		 * Whom this side trusts.
		 * @param authorities has the certificates of authorities
		 * @return this
		 * @throws IllegalArgumentException if the certificates cannot be used
		 */
		public Builder trust(KeyStore authorities) {
			try {
				TrustManagerFactory factory = TrustManagerFactory
					.getInstance(TrustManagerFactory.getDefaultAlgorithm());
				factory.init(authorities);
				return trust(factory);
			}
			catch (GeneralSecurityException ex) {
				throw new IllegalArgumentException("trust store: " + ex.getMessage(), ex);
			}
		}

		/**
		 * The versions to speak.
		 * @param protocols {@code TLSv1.3}, {@code TLSv1.2} or both; empty for both
		 * @return this
		 */
		public Builder protocols(List<String> protocols) {
			this.protocols = protocols.isEmpty() ? PROTOCOLS : List.copyOf(protocols);
			return this;
		}

		/**
		 * The cipher suites to speak, the best one first.
		 * @param ciphers names as the JDK has them; empty for those of the JDK that
		 * encrypt with authentication and keep old connections secret when a key leaks
		 * @return this
		 */
		public Builder ciphers(List<String> ciphers) {
			this.ciphers = List.copyOf(ciphers);
			return this;
		}

		/**
		 * Whether a server asks for certificates, by default not. Needs {@link #trust}:
		 * the JDK's authorities certify everybody.
		 * @param clientAuth what it does
		 * @return this
		 */
		public Builder clientAuth(ClientAuth clientAuth) {
			this.clientAuth = clientAuth;
			return this;
		}

		/**
		 * Whether a client checks that a server's certificate has its name, by default it
		 * does. Without, every server with a certificate of a trusted authority can pose
		 * as this one.
		 * @param verifyHostName whether to check
		 * @return this
		 */
		public Builder verifyHostName(boolean verifyHostName) {
			this.verifyHostName = verifyHostName;
			return this;
		}

		/**
		 * The name to ask servers for and to find in their certificates.
		 * @param serverName the name, or null, the default, for the host that is
		 * connected to
		 * @return this
		 */
		public Builder serverName(@Nullable String serverName) {
			this.serverName = serverName;
			return this;
		}

		/**
		 * How long a server waits for the end of a handshake. A client has its connect
		 * timeout.
		 * @param handshakeTimeout the time, 5 s by default
		 * @return this
		 */
		public Builder handshakeTimeout(Duration handshakeTimeout) {
			this.handshakeTimeout = handshakeTimeout;
			return this;
		}

		/**
		 * Creates the settings.
		 * @return new settings
		 * @throws IllegalArgumentException if they cannot be used: a key that is not that
		 * of its certificate, an unknown version or cipher suite, client certificates
		 * without authorities
		 */
		public TlsSettings build() {
			if (this.handshakeTimeout.isNegative() || this.handshakeTimeout.isZero()) {
				throw new IllegalArgumentException(
						"handshake timeout: " + this.handshakeTimeout + " (expected: more than 0)");
			}
			if (this.clientAuth != ClientAuth.NONE && this.trust == null) {
				throw new IllegalArgumentException("client certificates: " + this.clientAuth
						+ ", but there is no trust store (expected: the authorities of the clients)");
			}
			check("protocol", this.protocols, PROTOCOLS);
			try {
				SSLContext context = SSLContext.getInstance("TLS");
				KeyManager[] keys = (this.keys != null) ? this.keys : new KeyManager[0];
				context.init(keys, (this.trust != null) ? this.trust.getTrustManagers() : null, null);
				check("cipher suite", this.ciphers,
						Arrays.asList(context.getSupportedSSLParameters().getCipherSuites()));
				return new TlsSettings(this, context, TlsKeys.check(keys));
			}
			catch (GeneralSecurityException ex) {
				throw new IllegalArgumentException("TLS: " + ex.getMessage(), ex);
			}
		}

		private static void check(String what, List<String> wanted, List<String> expected) {
			for (String each : wanted) {
				if (!expected.contains(each)) {
					throw new IllegalArgumentException(
							what + ": \"" + each + "\" (expected: " + String.join(", ", expected) + ")");
				}
			}
		}

	}

}
