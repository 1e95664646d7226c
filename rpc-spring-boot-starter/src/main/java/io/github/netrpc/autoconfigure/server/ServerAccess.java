package io.github.netrpc.autoconfigure.server;

import java.security.Principal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;

import io.github.netrpc.RpcCode;
import io.github.netrpc.RpcException;
import io.github.netrpc.ServiceMethod;
import io.github.netrpc.autoconfigure.server.RpcServerProperties.Authentication;
import io.github.netrpc.server.Authenticated;
import io.github.netrpc.server.CallAuthenticator;
import io.github.netrpc.server.CallAuthorizer;
import io.github.netrpc.server.CallCredentials;
import io.github.netrpc.server.CertificateName;
import io.github.netrpc.server.RoleAuthorizer;
import io.github.netrpc.server.RpcServerBuilder;
import io.github.netrpc.server.SharedTokens;
import io.github.netrpc.transport.TlsSettings.ClientAuth;

/**
 * Who may call, and what, as the properties and the application's beans say.
 */
final class ServerAccess {

	private static final String AUTHORIZATION = RpcServerProperties.PREFIX + ".authorization";

	private final Authentication properties;

	private final @Nullable CallAuthenticator authenticator;

	private final @Nullable CallAuthorizer authorizer;

	/**
	 * Reads the properties.
	 * @param properties the properties
	 * @param authenticator the application's, asked about tokens that the properties do
	 * not have, or null
	 * @param authorizer the application's, which takes the place of the properties, or
	 * null
	 */
	ServerAccess(RpcServerProperties properties, @Nullable CallAuthenticator authenticator,
			@Nullable CallAuthorizer authorizer) {
		this.properties = properties.authentication();
		if (this.properties.certificate() != null && this.properties.certificate() != CertificateName.NONE
				&& properties.ssl().clientAuth() == ClientAuth.NONE) {
			throw new InvalidConfigurationPropertyValueException(Authentication.AUTHENTICATION + ".certificate",
					this.properties.certificate(), "there are certificates only where clients are asked for them: "
							+ "'rpc.server.ssl.client-auth' has to be 'want' or 'need'");
		}
		SharedTokens tokens = tokens(this.properties);
		this.authenticator = (tokens == null || authenticator == null) ? ((tokens != null) ? tokens : authenticator)
				: new TokensFirst(tokens, authenticator);
		this.authorizer = (authorizer != null || properties.authorization().isEmpty()) ? authorizer
				: grantedByProperties(properties, tokens);
	}

	private static @Nullable SharedTokens tokens(Authentication properties) {
		Map<String, String> values = new LinkedHashMap<>();
		Map<String, String> owners = new LinkedHashMap<>();
		if (properties.token() != null) {
			add(values, owners, Authentication.AUTHENTICATION + ".token", Authentication.NAMELESS, properties.token());
		}
		properties.tokens().forEach((name, token) -> {
			String property = Authentication.AUTHENTICATION + ".tokens." + name + ".value";
			if (name.equals(Authentication.NAMELESS) && properties.token() != null) {
				throw new InvalidTokenException(property, "its owner has the name of that of '"
						+ Authentication.AUTHENTICATION + ".token', which has to be another one");
			}
			add(values, owners, property, name, (token.value() != null) ? token.value() : "");
		});
		return values.isEmpty() ? null : SharedTokens.of(values);
	}

	private static void add(Map<String, String> values, Map<String, String> owners, String property, String name,
			String token) {
		String wrong = SharedTokens.whyNot(token);
		String other = owners.put(token, property);
		if (wrong != null || other != null) {
			throw new InvalidTokenException(property, (wrong != null) ? wrong : "it is that of '" + other + "', too");
		}
		values.put(name, token);
	}

	private static GrantedByProperties grantedByProperties(RpcServerProperties properties,
			@Nullable SharedTokens tokens) {
		Map<String, List<String>> ofTokens = new LinkedHashMap<>();
		properties.authentication().tokens().forEach((name, token) -> ofTokens.put(name, token.roles()));
		return new GrantedByProperties(authorizer(properties, properties.authentication().roles()),
				authorizer(properties, ofTokens), tokens);
	}

	private static RoleAuthorizer authorizer(RpcServerProperties properties, Map<String, List<String>> roles) {
		try {
			return RoleAuthorizer.of(properties.authorization(), roles);
		}
		catch (IllegalArgumentException ex) {
			throw unusable(ex);
		}
	}

	private static InvalidConfigurationPropertyValueException unusable(IllegalArgumentException reason) {
		return new InvalidConfigurationPropertyValueException(AUTHORIZATION, null, String.valueOf(reason.getMessage()),
				reason);
	}

	/**
	 * Gives a server its access control.
	 */
	void applyTo(RpcServerBuilder builder) {
		if (this.authenticator != null) {
			builder.authenticator(this.authenticator);
		}
		if (this.authorizer != null) {
			builder.authorizer(this.authorizer);
		}
		if (this.properties.certificate() != null) {
			builder.certificateName(this.properties.certificate());
		}
		builder.loginLimits((int) this.properties.maxMessageSize().toBytes(),
				this.properties.maxConnectionsPerAddress(), this.properties.timeout());
		builder.maxRefusedLogins(this.properties.maxRefusedLogins());
		builder.maxValidity(this.properties.maxValidity());
		builder.refusalValidity(this.properties.refusalValidity());
	}

	/**
	 * Roles by the properties. Those of a token are of who has shown it: others of that
	 * name, by a certificate or another authenticator's word, have them not. Names the
	 * property where a grant is to nothing that there is.
	 *
	 * @param roles by name, whoever has said it
	 * @param ofTokens by the names of the tokens' owners
	 * @param tokens the tokens of the properties, or null if there are none
	 */
	private record GrantedByProperties(RoleAuthorizer roles, RoleAuthorizer ofTokens,
			@Nullable SharedTokens tokens) implements CallAuthorizer {

		@Override
		public boolean mayCall(@Nullable Principal principal, ServiceMethod method) {
			return this.roles.mayCall(principal, method) || (this.tokens != null && this.tokens.isOwner(principal)
					&& this.ofTokens.mayCall(principal, method));
		}

		@Override
		public void starting(List<ServiceMethod> methods) {
			try {
				this.roles.starting(methods);
			}
			catch (IllegalArgumentException ex) {
				throw unusable(ex);
			}
		}

	}

	/**
	 * Asks the application about tokens that are not in the properties.
	 */
	private record TokensFirst(SharedTokens tokens, CallAuthenticator others) implements CallAuthenticator {

		@Override
		public Authenticated authenticate(CallCredentials credentials) {
			try {
				return this.tokens.authenticate(credentials);
			}
			catch (RpcException ex) {
				if (ex.code() != RpcCode.UNAUTHENTICATED) {
					throw ex;
				}
				return this.others.authenticate(credentials);
			}
		}

		@Override
		public boolean isQuick() {
			return this.others.isQuick();
		}

	}

}
