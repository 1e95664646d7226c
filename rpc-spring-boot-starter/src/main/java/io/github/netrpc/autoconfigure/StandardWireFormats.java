package io.github.netrpc.autoconfigure;

import java.util.List;

import tools.jackson.databind.json.JsonMapper;

import io.github.netrpc.gob.GobTypes;
import io.github.netrpc.json.JacksonPropertyNames;
import io.github.netrpc.json.RpcJsonMapper;
import io.github.netrpc.json.RpcJsonMapperCustomizer;
import io.github.netrpc.wire.WireFormat;
import io.github.netrpc.wire.WireLimits;
import io.github.netrpc.wire.gob.GobWireFormat;
import io.github.netrpc.wire.json.JsonWireFormat;

/**
 * The formats that Go has. Both take the names of properties from the same mapper, so a
 * customizer that renames a property renames it in gob too.
 */
class StandardWireFormats implements WireFormats {

	private final GobTypes gobTypes;

	private final List<RpcJsonMapperCustomizer> customizers;

	StandardWireFormats(GobTypes gobTypes, List<RpcJsonMapperCustomizer> customizers) {
		this.gobTypes = gobTypes;
		this.customizers = customizers;
	}

	@Override
	public WireFormat create(Codec codec, WireLimits limits) {
		JsonMapper mapper = RpcJsonMapper.create(JsonWireFormat.mapperLimits(limits), this.customizers);
		return switch (codec) {
			case GOB -> new GobWireFormat(limits, this.gobTypes, new JacksonPropertyNames(mapper));
			case JSON -> new JsonWireFormat(limits, mapper);
		};
	}

}
