package io.github.netrpc.demo.server;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/**
 * Serves Arith and Primes on port 1234, and Actuator on 8080.
 */
@SpringBootApplication
public class ArithServerApplication {

	public static void main(String[] args) {
		SpringApplication.run(ArithServerApplication.class, args);
	}

}
