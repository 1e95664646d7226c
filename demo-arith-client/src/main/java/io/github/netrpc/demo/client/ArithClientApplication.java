package io.github.netrpc.demo.client;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.PropertyResolver;

/**
 * Runs {@link ArithDemo} and ends, unless {@code --demo.keep-running} is given: then
 * Actuator stays up on port 8081.
 */
@SpringBootApplication
public class ArithClientApplication {

	public static void main(String[] args) {
		ConfigurableApplicationContext context = SpringApplication.run(ArithClientApplication.class, args);
		if (!keepsRunning(context.getEnvironment())) {
			System.exit(SpringApplication.exit(context));
		}
		System.out.printf(
				"%nIt keeps running: http://127.0.0.1:%s/actuator/prometheus and /actuator/rpc; Ctrl+C ends it.%n",
				context.getEnvironment().getProperty("local.server.port"));
	}

	// An option that is only named has the empty text as its value.
	static boolean keepsRunning(PropertyResolver properties) {
		return !properties.getProperty("demo.keep-running", "false").equalsIgnoreCase("false");
	}

}
