package io.github.netrpc.server;

import java.lang.reflect.Field;
import java.util.List;

/**
 * Looks into a server: what its properties have become is behind no method of its own.
 */
public final class ServerInside {

	private ServerInside() {
	}

	/**
	 * Reads a field of a field of a server.
	 * @param server the server
	 * @param path names of fields, or indexes in lists, with dots between them
	 * @return its value
	 */
	public static Object read(RpcServer server, String path) {
		Object at = server;
		for (String name : path.split("[.]")) {
			at = (at instanceof List<?> list) ? list.get(Integer.parseInt(name)) : field(at, name);
		}
		return at;
	}

	private static Object field(Object of, String name) {
		try {
			Field field = of.getClass().getDeclaredField(name);
			field.setAccessible(true);
			return field.get(of);
		}
		catch (ReflectiveOperationException ex) {
			throw new IllegalArgumentException(of.getClass() + " has no field " + name, ex);
		}
	}

}
