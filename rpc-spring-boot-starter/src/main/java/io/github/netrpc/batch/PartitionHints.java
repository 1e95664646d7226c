package io.github.netrpc.batch;

import java.lang.reflect.Method;

import org.jspecify.annotations.Nullable;
import org.springframework.aot.hint.BindingReflectionHintsRegistrar;
import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;

/**
 * Tells a native image of the proxy through which a coordinator calls its workers, and of
 * what it sends.
 *
 * @since 0.1.0
 */
public final class PartitionHints implements RuntimeHintsRegistrar {

	@Override
	public void registerHints(RuntimeHints hints, @Nullable ClassLoader classes) {
		hints.proxies().registerJdkProxy(PartitionService.class);
		hints.reflection().registerType(PartitionService.class, MemberCategory.INVOKE_PUBLIC_METHODS);
		BindingReflectionHintsRegistrar binding = new BindingReflectionHintsRegistrar();
		for (Method method : PartitionService.class.getMethods()) {
			binding.registerReflectionHints(hints.reflection(), method.getGenericParameterTypes());
			binding.registerReflectionHints(hints.reflection(), method.getGenericReturnType());
		}
	}

}
