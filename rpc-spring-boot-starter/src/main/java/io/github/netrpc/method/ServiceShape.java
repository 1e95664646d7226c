package io.github.netrpc.method;

import java.util.List;

/**
 * The methods that a bean offers under one name.
 *
 * @param name the name on the wire
 * @param type the interface that declares the methods, or the bean's class
 * @param methods the methods, sorted by name
 * @since 0.1.0
 */
public record ServiceShape(String name, Class<?> type, List<MethodShape> methods) {

	public ServiceShape {
		methods = List.copyOf(methods);
	}

}
