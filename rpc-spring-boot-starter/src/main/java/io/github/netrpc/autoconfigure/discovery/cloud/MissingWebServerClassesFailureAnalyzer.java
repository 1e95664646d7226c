package io.github.netrpc.autoconfigure.discovery.cloud;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.util.ClassUtils;

/**
 * Names the library that Spring Cloud's registration needs also where there is no web
 * server.
 */
class MissingWebServerClassesFailureAnalyzer extends AbstractFailureAnalyzer<NoClassDefFoundError> {

	private static final String MISSING = "org/springframework/boot/web/server/";

	private static final String NEEDED_BY = "org.springframework.cloud.client.serviceregistry.ServiceRegistry";

	@Override
	protected @Nullable FailureAnalysis analyze(Throwable rootFailure, NoClassDefFoundError cause) {
		String missing = String.valueOf(cause.getMessage());
		if (!missing.contains(MISSING) || !ClassUtils.isPresent(NEEDED_BY, getClass().getClassLoader())) {
			return null;
		}
		return new FailureAnalysis(
				"Spring Cloud registers this application, for which it needs a class that is not on the class path, "
						+ "also without a web server: " + missing.replace('/', '.'),
				"Add org.springframework.boot:spring-boot-web-server, which starts no web server by itself. To find "
						+ "other applications without registering this one, set "
						+ "'spring.cloud.service-registry.auto-registration.enabled=false' instead.",
				cause);
	}

}
