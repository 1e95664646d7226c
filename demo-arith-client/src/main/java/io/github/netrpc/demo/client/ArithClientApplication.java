package io.github.netrpc.demo.client;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * Runs {@link ArithDemo} and ends, unless {@code --demo.keep-running=true} is given: then
 * Actuator stays up on port 8081.
 */
@SpringBootApplication
public class ArithClientApplication {

	public static void main(String[] args) {
		ConfigurableApplicationContext context = SpringApplication.run(ArithClientApplication.class, args);
		if (!context.getEnvironment().getProperty("demo.keep-running", Boolean.class, false)) {
			System.exit(SpringApplication.exit(context));
		}
	}

}
