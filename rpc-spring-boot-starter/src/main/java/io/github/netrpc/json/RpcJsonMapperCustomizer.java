package io.github.netrpc.json;

import tools.jackson.databind.json.JsonMapper;

/**
 * Changes the mapper of the RPC port: modules, mix-ins, naming strategies. Applied after
 * our own settings. What a customizer cannot do is checked after all have run:
 * polymorphic typing by class name stays refused. <pre class="code">
 * &#064;Bean
 * RpcJsonMapperCustomizer snakeCase() {
 *     return (builder) -&gt; builder.propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE);
 * }
 * </pre>
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface RpcJsonMapperCustomizer {

	/**
	 * Changes the builder. Called once for each mapper.
	 * @param builder the builder
	 */
	void customize(JsonMapper.Builder builder);

}
