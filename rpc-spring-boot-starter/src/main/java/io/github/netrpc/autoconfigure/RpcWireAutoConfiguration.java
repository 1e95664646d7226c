package io.github.netrpc.autoconfigure;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.autoconfigure.ssl.SslProperties;
import org.springframework.boot.io.ApplicationResourceLoader;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.annotation.Bean;
import org.springframework.core.io.ResourceLoader;

import io.github.netrpc.gob.GobTypes;
import io.github.netrpc.json.RpcJsonMapperCustomizer;

/**
 * Auto-configuration of what server and clients share: the settings of the wire formats,
 * and SSL bundles. Types for gob's interface values come from a {@link GobTypes} bean,
 * changes of JSON from {@link RpcJsonMapperCustomizer} beans.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = SslAutoConfiguration.class)
public final class RpcWireAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean(WireFormats.class)
	StandardWireFormats rpcWireFormats(ObjectProvider<GobTypes> gobTypes,
			ObjectProvider<RpcJsonMapperCustomizer> jsonCustomizers) {
		return new StandardWireFormats(gobTypes.getIfAvailable(GobTypes::standard),
				jsonCustomizers.orderedStream().toList());
	}

	@Bean
	@ConditionalOnMissingBean
	TlsBundles rpcTlsBundles(ObjectProvider<SslBundles> bundles, ObjectProvider<SslProperties> properties,
			ResourceLoader resources) {
		return new TlsBundles(bundles,
				new VerifiedFiles(properties, ApplicationResourceLoader.get(resources, true), System::nanoTime));
	}

}
