package io.github.netrpc.demo.client;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.core.env.SimpleCommandLinePropertySource;
import org.springframework.core.env.StandardEnvironment;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * When the demo stays up.
 */
class ArithClientApplicationTests {

	@ParameterizedTest
	@CsvSource({ "--demo.keep-running, true", "--demo.keep-running=true, true", "--demo.keep-running=false, false",
			"--other, false" })
	void optionNeedsNoValue(String argument, boolean expected) {
		StandardEnvironment environment = new StandardEnvironment();
		environment.getPropertySources().addFirst(new SimpleCommandLinePropertySource(argument));
		assertThat(ArithClientApplication.keepsRunning(environment)).isEqualTo(expected);
	}

}
