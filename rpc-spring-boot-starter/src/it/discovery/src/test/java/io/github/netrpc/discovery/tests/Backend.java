package io.github.netrpc.discovery.tests;

import java.util.List;

import org.springframework.context.ConfigurableApplicationContext;

/**
 * A registry that can be stopped and brought back at the same address.
 */
interface Backend extends AutoCloseable {

	/**
	 * What the applications of a test are started with, beside their own names.
	 * @param node the name of the node, unique, or of the caller
	 */
	List<String> properties(String node);

	/**
	 * Has a node's process look dead to the registry: it says nothing any more, and does
	 * not take back its entry.
	 */
	void fallSilent(ConfigurableApplicationContext node) throws Exception;

	/**
	 * Ends the registry, so that it answers nobody.
	 */
	void stop() throws Exception;

	/**
	 * Brings it back.
	 */
	void start() throws Exception;

	/**
	 * Whether clients notice that it is away, as those that have a copy do not.
	 */
	default boolean isMissed() {
		return true;
	}

	@Override
	void close() throws Exception;

}
