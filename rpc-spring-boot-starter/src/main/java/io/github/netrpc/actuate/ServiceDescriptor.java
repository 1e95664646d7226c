package io.github.netrpc.actuate;

import java.util.List;

import org.springframework.boot.actuate.endpoint.OperationResponseBody;

import io.github.netrpc.server.ServiceSnapshot;

/**
 * A service, as the endpoint shows it.
 *
 * @param name the name on the wire
 * @param methods its methods, sorted by name
 * @since 0.1.0
 */
public record ServiceDescriptor(String name, List<MethodDescriptor> methods) implements OperationResponseBody {

	static ServiceDescriptor of(ServiceSnapshot service) {
		return new ServiceDescriptor(service.name(),
				service.methods()
					.stream()
					.map((method) -> new MethodDescriptor(method.name(), method.signature(), method.calls()))
					.toList());
	}

	/**
	 * A method.
	 *
	 * @param name the name on the wire
	 * @param signature as Go would write it
	 * @param calls how many calls have begun
	 */
	public record MethodDescriptor(String name, String signature, long calls) {

	}

}
