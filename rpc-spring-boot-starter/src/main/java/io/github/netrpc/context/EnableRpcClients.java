package io.github.netrpc.context;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.springframework.context.annotation.Import;

import io.github.netrpc.annotation.RpcClient;

/**
 * Registers the proxies of {@link RpcClient} interfaces outside the application's own
 * packages, which are scanned anyway. <pre class="code">
 * &#064;Configuration
 * &#064;EnableRpcClients(basePackages = "com.example.shared")
 * class SharedClients { }
 * </pre> Without attributes, the package of the annotated class is scanned.
 *
 * @since 0.1.0
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@Import(EnableRpcClientsRegistrar.class)
public @interface EnableRpcClients {

	/**
	 * Packages to scan, with those below them.
	 * @return names of packages, which may hold placeholders
	 */
	String[] basePackages() default {};

	/**
	 * Client interfaces to register without scanning.
	 * @return interfaces annotated with {@link RpcClient}
	 */
	Class<?>[] types() default {};

}
