package io.github.netrpc.json;

import tools.jackson.core.Version;
import tools.jackson.databind.JacksonModule;

/**
 * Go's rules for Jackson: the readers, writers and annotations of this package.
 */
final class GoModule extends JacksonModule {

	@Override
	public String getModuleName() {
		return "netrpc";
	}

	@Override
	public Version version() {
		return Version.unknownVersion();
	}

	@Override
	public void setupModule(SetupContext context) {
		context.insertAnnotationIntrospector(new GoAnnotations());
		context.addDeserializers(new GoReaders());
		context.addKeyDeserializers(new GoKeyReaders());
		context.addDeserializerModifier(new KnownReaders());
		context.addDeserializerModifier(new EmptyContainers());
		context.addSerializers(new GoWriters());
		context.addKeySerializers(new GoKeyWriters());
		context.addSerializerModifier(new SortedMaps());
	}

}
