package io.github.netrpc.cluster;

import java.util.concurrent.CompletionStage;

import org.jspecify.annotations.Nullable;

/**
 * Makes a node known to {@link NodeDirectory directories} elsewhere, for as long as it
 * runs. Thread-safe.
 *
 * @since 0.1.0
 */
public interface NodeRegistrar {

	/**
	 * Begins to register a node, and registers it anew whenever what it is registered in
	 * has lost it. Does not block: a registry that is away does not keep the node from
	 * running.
	 * @param registration the node; a second one replaces the first
	 */
	void register(NodeRegistration registration);

	/**
	 * Takes the node back, so that it gets no more calls. Must complete within seconds,
	 * also if the registry is away: the node stops meanwhile.
	 * @return completes, never exceptionally, when directories can know; at once if
	 * nothing is registered
	 */
	CompletionStage<@Nullable Void> withdraw();

	/**
	 * Says where the registration stands, for people, metrics and alerts. Asks nobody.
	 * @return what is known at the moment
	 */
	RegistrationSnapshot registration();

}
