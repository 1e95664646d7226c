package io.github.netrpc;

import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * The name of a remote method as it is on the wire: {@code Arith.Multiply}. The service's
 * name may contain dots; the method is what follows the last one. Immutable.
 *
 * @since 0.1.0
 */
public final class ServiceMethod {

	private final String service;

	private final String method;

	private final String name;

	private final byte[] utf8;

	private ServiceMethod(String service, String method, String name) {
		this.service = service;
		this.method = method;
		this.name = name;
		this.utf8 = this.name.getBytes(StandardCharsets.UTF_8);
	}

	/**
	 * The method of a service.
	 * @param service the name of the service, not empty
	 * @param method the name of the method, not empty and without dots
	 * @return the name
	 */
	public static ServiceMethod of(String service, String method) {
		if (service.isEmpty() || method.isEmpty() || method.indexOf('.') >= 0) {
			throw new IllegalArgumentException(
					"expected a service and a method without dots, got \"" + service + "\" and \"" + method + "\"");
		}
		return new ServiceMethod(service, method, service + "." + method);
	}

	/**
	 * Reads a name, split at its last dot as Go does.
	 * @param name a name such as {@code Arith.Multiply}
	 * @return the name
	 * @throws IllegalArgumentException if there is no dot with something on both sides
	 */
	public static ServiceMethod parse(String name) {
		int dot = name.lastIndexOf('.');
		if (dot <= 0 || dot == name.length() - 1) {
			throw new IllegalArgumentException("expected Service.Method, got \"" + name + "\"");
		}
		return new ServiceMethod(name.substring(0, dot), name.substring(dot + 1), name);
	}

	/**
	 * The name as it is, for a call by name: whether it is well formed is the server's to
	 * say, as with Go's client. Service and method may be empty here.
	 * @param name any name
	 * @return the name
	 */
	public static ServiceMethod verbatim(String name) {
		int dot = name.lastIndexOf('.');
		return new ServiceMethod((dot < 0) ? "" : name.substring(0, dot), name.substring(dot + 1), name);
	}

	/**
	 * The service, for example {@code Arith}.
	 * @return the service
	 */
	public String service() {
		return this.service;
	}

	/**
	 * The method, for example {@code Multiply}.
	 * @return the method
	 */
	public String method() {
		return this.method;
	}

	/**
	 * The whole name, for example {@code Arith.Multiply}.
	 * @return the name on the wire
	 */
	public String name() {
		return this.name;
	}

	/**
	 * The whole name in UTF-8. The array is shared for speed: it must not be changed.
	 * @return the bytes on the wire
	 */
	public byte[] utf8() {
		return this.utf8;
	}

	@Override
	public boolean equals(Object other) {
		return other instanceof ServiceMethod that && this.name.equals(that.name);
	}

	@Override
	public int hashCode() {
		return Objects.hash(this.name);
	}

	@Override
	public String toString() {
		return this.name;
	}

}
