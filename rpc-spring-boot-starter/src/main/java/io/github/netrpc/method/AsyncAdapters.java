package io.github.netrpc.method;

import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;

import org.jspecify.annotations.Nullable;

/**
 * The adapters by type: those given, then those found.
 */
final class AsyncAdapters {

	private final Map<Class<?>, AsyncAdapter> byType = new HashMap<>();

	AsyncAdapters(Collection<? extends AsyncAdapter> given) {
		given.forEach((adapter) -> this.byType.put(adapter.type(), adapter));
		Iterator<ServiceLoader.Provider<AsyncAdapter>> found = ServiceLoader
			.load(AsyncAdapter.class, getClass().getClassLoader())
			.stream()
			.iterator();
		while (found.hasNext()) {
			addIfUsable(found);
		}
	}

	private void addIfUsable(Iterator<ServiceLoader.Provider<AsyncAdapter>> found) {
		try {
			AsyncAdapter adapter = found.next().get();
			this.byType.putIfAbsent(adapter.type(), adapter);
		}
		catch (NoClassDefFoundError ex) {
			// The library that this adapter is for is not there, so no method can return
			// its type.
		}
		catch (ServiceConfigurationError ex) {
			if (!(ex.getCause() instanceof NoClassDefFoundError)) {
				throw ex;
			}
		}
	}

	@Nullable AsyncAdapter find(Class<?> type) {
		return this.byType.get(type);
	}

}
