package io.github.netrpc.autoconfigure.discovery;

import java.util.Arrays;
import java.util.List;

import io.etcd.jetcd.Client;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.source.InvalidConfigurationPropertyValueException;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

import io.github.netrpc.discovery.etcd.EtcdDirectory;
import io.github.netrpc.discovery.etcd.EtcdSettings;

/**
 * Auto-configuration of nodes in etcd: {@code etcd://} targets, and the registration of
 * the server where endpoints are set.
 *
 * @since 0.1.0
 */
@AutoConfiguration(
		afterName = { "io.github.netrpc.autoconfigure.server.RpcServerAutoConfiguration",
				"org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration" },
		beforeName = "io.github.netrpc.autoconfigure.server.RpcRegistrationAutoConfiguration")
@ConditionalOnClass(Client.class)
@EnableConfigurationProperties(EtcdProperties.class)
@Import(EtcdRegistrationConfiguration.class)
public final class EtcdAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	EtcdSettings rpcEtcdSettings(EtcdProperties properties, ObjectProvider<SslBundles> bundles) {
		String bundle = properties.ssl().bundle();
		try {
			return new EtcdSettings(properties.endpoints(), properties.prefix(), properties.username(),
					properties.password(), (bundle != null) ? tls(bundles.getObject().getBundle(bundle)) : null,
					properties.timeout(), properties.refreshInterval(), properties.leaseTime());
		}
		catch (IllegalArgumentException ex) {
			throw new InvalidConfigurationPropertyValueException(EtcdProperties.PREFIX + ".endpoints",
					properties.endpoints(), String.valueOf(ex.getMessage()), ex);
		}
	}

	private static EtcdSettings.Tls tls(SslBundle bundle) {
		return new EtcdSettings.Tls(bundle.getManagers().getKeyManagerFactory(),
				bundle.getManagers().getTrustManagerFactory(), list(bundle.getOptions().getEnabledProtocols()),
				list(bundle.getOptions().getCiphers()));
	}

	private static List<String> list(String @Nullable [] values) {
		return (values != null) ? Arrays.asList(values) : List.of();
	}

	@Bean
	@ConditionalOnMissingBean
	EtcdDirectory.Provider rpcEtcdDirectoryProvider(EtcdSettings settings) {
		return new EtcdDirectory.Provider(settings);
	}

}
