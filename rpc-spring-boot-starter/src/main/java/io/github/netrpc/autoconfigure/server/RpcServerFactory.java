package io.github.netrpc.autoconfigure.server;

import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;

import io.github.netrpc.autoconfigure.Codec;
import io.github.netrpc.autoconfigure.TlsBundles;
import io.github.netrpc.autoconfigure.WireFormats;
import io.github.netrpc.context.RpcAdviceBeans;
import io.github.netrpc.context.RpcServiceBean;
import io.github.netrpc.context.RpcServiceBeans;
import io.github.netrpc.server.RpcServer;
import io.github.netrpc.server.RpcServerBuilder;
import io.github.netrpc.server.ServerInterceptor;
import io.github.netrpc.transport.TlsSettings;
import io.github.netrpc.transport.Transport;

/**
 * Prepares the server of each start, as the properties say.
 */
class RpcServerFactory {

	private final RpcServerProperties properties;

	private final @Nullable Supplier<TlsSettings> tls;

	private final ServerAccess access;

	private final RpcServiceBeans services;

	private final RpcAdviceBeans advice;

	private final ObjectProvider<ServerInterceptor> interceptors;

	private final Transport transport;

	private final Executor executor;

	private final int maxConcurrent;

	private final WireFormats formats;

	private final ObjectProvider<RpcServerCustomizer> customizers;

	RpcServerFactory(RpcServerProperties properties, TlsBundles bundles, ServerAccess access, RpcServiceBeans services,
			RpcAdviceBeans advice, ObjectProvider<ServerInterceptor> interceptors, Transport transport,
			Executor executor, int maxConcurrent, WireFormats formats,
			ObjectProvider<RpcServerCustomizer> customizers) {
		this.properties = properties;
		String bundle = properties.ssl().bundleInUse();
		this.tls = (bundle != null) ? bundles.ofServer(RpcServerProperties.Ssl.BUNDLE, bundle,
				properties.ssl().clientAuth(), properties.ssl().handshakeTimeout()) : null;
		this.access = access;
		this.services = services;
		this.advice = advice;
		this.interceptors = interceptors;
		this.transport = transport;
		this.executor = executor;
		this.maxConcurrent = maxConcurrent;
		this.formats = formats;
		this.customizers = customizers;
	}

	/**
	 * The builder of a new server, or null if the beans that looked like services are
	 * none: clients' proxies, made by hand.
	 */
	@Nullable RpcServerBuilder builder() {
		List<RpcServiceBean> beans = this.services.beans();
		if (beans.isEmpty()) {
			return null;
		}
		RpcServerBuilder builder = RpcServer.builder()
			.address(this.properties.bindAddress())
			.insecure(this.properties.insecure())
			.transport(this.transport)
			.handlers(this.executor, this.maxConcurrent)
			.queue(this.properties.concurrency().queue())
			.maxAsyncCalls(this.properties.concurrency().async())
			.maxUnsentBytes(this.properties.maxUnsentSize().toBytes())
			.maxArgumentBytes(this.properties.maxArgumentsSize().toBytes())
			.overload(this.properties.overload().targetWait(), this.properties.overload().interval(),
					this.properties.overload().maxWait())
			.maxConnections(this.properties.maxConnections())
			.maxConnectionCalls(this.properties.connection().maxCalls())
			.maxConnectionArgumentBytes(this.properties.connection().maxArgumentsSize().toBytes())
			.maxConnectionUnsentBytes(this.properties.connection().maxUnsentSize().toBytes())
			.requestTimeouts(this.properties.connection().firstRequestTimeout(),
					this.properties.connection().requestTimeout())
			.drainQuietTime(this.properties.shutdown().quietTime())
			.slowReaderTimeout(this.properties.connection().slowReaderTimeout())
			.idleTimeout(this.properties.connection().idleTimeout())
			.maxAge(this.properties.connection().maxAge())
			.path(this.properties.httpPath())
			.maxHttpHeadBytes((int) this.properties.maxHttpHeadSize().toBytes());
		if (this.tls != null) {
			builder.tls(this.tls);
		}
		this.access.applyTo(builder);
		for (Codec codec : this.properties.codecs()) {
			builder.format(this.formats.create(codec, this.properties.limits()));
		}
		this.interceptors.orderedStream().forEach(builder::interceptor);
		this.advice.beans().forEach((bean) -> builder.advice(bean.bean(), bean.targetClass()));
		beans.forEach((bean) -> builder.service(bean.bean(), bean.targetClass()));
		this.customizers.orderedStream().forEach((customizer) -> customizer.customize(builder));
		return builder;
	}

}
