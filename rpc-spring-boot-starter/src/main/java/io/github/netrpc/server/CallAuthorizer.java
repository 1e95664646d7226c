package io.github.netrpc.server;

import java.security.Principal;
import java.util.List;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.ServiceMethod;

/**
 * Decides who may call what. Asked on the I/O thread for each call of a method that
 * exists, before its argument is read, so it must be quick. Used by many threads at the
 * same time.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface CallAuthorizer {

	/**
	 * Whether a caller may call a method.
	 * @param principal who calls, or null if that is not known
	 * @param method the method as it was found, not the text that was sent
	 * @return false to have the call refused with
	 * {@link io.github.netrpc.RpcCode#PERMISSION_DENIED}, or
	 * {@link io.github.netrpc.RpcCode#UNAUTHENTICATED} if it is not known who calls
	 */
	boolean mayCall(@Nullable Principal principal, ServiceMethod method);

	/**
	 * Told once what there is to be called, before the server listens.
	 * @param methods all methods
	 * @throws IllegalArgumentException to stop the start, for example since a rule names
	 * a method that does not exist
	 */
	default void starting(List<ServiceMethod> methods) {
	}

}
