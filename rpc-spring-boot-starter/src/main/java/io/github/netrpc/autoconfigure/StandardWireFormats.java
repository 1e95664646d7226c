package io.github.netrpc.autoconfigure;

import java.util.List;
import java.util.ServiceLoader;

import tools.jackson.databind.json.JsonMapper;

import io.github.netrpc.json.RpcJsonMapper;
import io.github.netrpc.json.RpcJsonMapperCustomizer;
import io.github.netrpc.wire.WireFormat;
import io.github.netrpc.wire.WireLimits;
import io.github.netrpc.wire.json.JsonWireFormat;

/**
 * The formats that Go has. Both take the names of properties from the same mapper, so a
 * customizer that renames a property renames it in gob too.
 */
class StandardWireFormats implements WireFormats {

	private final List<RpcJsonMapperCustomizer> customizers;

	StandardWireFormats(List<RpcJsonMapperCustomizer> customizers) {
		this.customizers = customizers;
	}

	@Override
	public WireFormat create(Codec codec, WireLimits limits) {
		JsonMapper mapper = RpcJsonMapper.create(JsonWireFormat.mapperLimits(limits), this.customizers);
		return switch (codec) {
			case GOB -> gob(limits);
			case JSON -> new JsonWireFormat(limits, mapper);
		};
	}

	private static WireFormat gob(WireLimits limits) {
		return ServiceLoader.load(WireFormat.Provider.class, StandardWireFormats.class.getClassLoader())
			.stream()
			.map(ServiceLoader.Provider::get)
			.filter((provider) -> provider.name().equals(Codec.GOB.formatName()))
			.findFirst()
			.orElseThrow(() -> new IllegalStateException("the wire format gob is not on the class path"))
			.create(limits);
	}

}
