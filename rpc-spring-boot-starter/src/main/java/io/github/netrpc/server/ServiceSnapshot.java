package io.github.netrpc.server;

import java.util.List;

/**
 * A service at one moment.
 *
 * @param name the name on the wire
 * @param methods its methods, sorted by name
 * @since 0.1.0
 */
public record ServiceSnapshot(String name, List<Method> methods) {

	public ServiceSnapshot {
		methods = List.copyOf(methods);
	}

	/**
	 * A method at one moment.
	 *
	 * @param name the name on the wire, without the service's
	 * @param signature as Go would write it: {@code Add(Args, *Reply) error}
	 * @param calls how many calls have begun; calls with unreadable arguments do not
	 * count
	 */
	public record Method(String name, String signature, long calls) {

	}

}
