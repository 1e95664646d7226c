package io.github.netrpc.interop;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

import org.junit.platform.commons.annotation.Testable;
import org.junit.platform.commons.support.AnnotationSupport;

/**
 * What shows that a rule of security is kept: a line of {@code gallery-rules.tsv}.
 *
 * @param number the rule, S1 to S22 of the project
 * @param kind {@code input} of the gallery, {@code guarded} input of a server that has to
 * know who calls, {@code handshake}, or {@code test} of another class for what is not
 * about bytes
 * @param name the name of the input, or class and method of the test
 */
record GalleryRule(int number, String kind, String name) {

	/**
	 * All of the table.
	 * @return the lines, in their order
	 */
	static List<GalleryRule> all() {
		try (InputStream in = GalleryRule.class.getResourceAsStream("/gallery-rules.tsv")) {
			return Arrays.stream(new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n"))
				.map((line) -> line.split("\t"))
				.map((columns) -> new GalleryRule(Integer.parseInt(columns[0].substring(1)), columns[1], columns[2]))
				.toList();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Whether there is such a test.
	 * @return whether the class has a method of that name which runs as a test
	 */
	boolean isTest() {
		int hash = this.name.indexOf('#');
		try {
			Class<?> type = Class.forName("io.github.netrpc." + this.name.substring(0, hash), false,
					GalleryRule.class.getClassLoader());
			return Arrays.stream(type.getDeclaredMethods())
				.filter((method) -> method.getName().equals(this.name.substring(hash + 1)))
				.anyMatch(GalleryRule::isTestable);
		}
		catch (ClassNotFoundException ex) {
			return false;
		}
	}

	private static boolean isTestable(Method method) {
		return AnnotationSupport.isAnnotated(method, Testable.class);
	}

}
