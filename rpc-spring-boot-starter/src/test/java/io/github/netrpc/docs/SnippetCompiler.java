package io.github.netrpc.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

import com.sun.source.util.JavacTask;

/**
 * Compiles what pages show, which has neither package nor imports. The README's server,
 * and what the reader is told to have, is there.
 */
final class SnippetCompiler {

	private static final String IMPORTS = List.of("java.util.*", "java.util.concurrent.*", "java.time.*",
			"java.util.function.Supplier", "java.util.stream.*", "java.security.MessageDigest",
			"java.security.Principal", "static java.nio.charset.StandardCharsets.UTF_8",
			"com.fasterxml.jackson.annotation.*", "io.github.netrpc.*", "io.github.netrpc.annotation.*",
			"io.github.netrpc.client.ClientInterceptor", "io.github.netrpc.cluster.*", "io.github.netrpc.work.*",
			"io.github.netrpc.context.*", "io.github.netrpc.batch.*", "org.springframework.batch.core.job.*",
			"org.springframework.batch.core.job.builder.JobBuilder",
			"org.springframework.batch.core.launch.JobOperator", "org.springframework.batch.core.partition.Partitioner",
			"org.springframework.batch.core.repository.JobRepository", "org.springframework.batch.core.step.Step",
			"org.springframework.batch.core.step.builder.StepBuilder",
			"org.springframework.batch.core.configuration.annotation.*",
			"org.springframework.batch.infrastructure.item.*",
			"org.springframework.transaction.PlatformTransactionManager", "io.github.netrpc.gob.*",
			"io.github.netrpc.json.*", "io.github.netrpc.transport.TlsSettings",
			"io.github.netrpc.transport.TlsSettings.ClientAuth", "java.security.KeyStore", "io.github.netrpc.server.*",
			"io.github.netrpc.type.*", "io.github.netrpc.autoconfigure.client.*",
			"io.github.netrpc.autoconfigure.server.*", "org.junit.jupiter.api.*",
			"org.springframework.boot.test.context.*", "org.springframework.beans.factory.annotation.Autowired",
			"org.springframework.context.annotation.*", "org.slf4j.Logger", "org.springframework.core.annotation.Order",
			"io.github.netrpc.security.*", "org.springframework.security.access.prepost.PreAuthorize",
			"org.springframework.security.authentication.UsernamePasswordAuthenticationToken",
			"org.springframework.security.config.annotation.method.configuration.EnableMethodSecurity",
			"org.springframework.security.core.Authentication", "org.springframework.stereotype.*",
			"org.springframework.core.env.*", "snippets.Arith.*", "static org.assertj.core.api.Assertions.*")
		.stream()
		.map((name) -> "import " + name + ";")
		.collect(Collectors.joining(" ", "package snippets; ", "\n"));

	private static final String SURROUNDINGS = "record Point(int x, int y) { } RpcChannelRegistry channels; "
			+ "Logger logger; KeyStore keyStore; KeyStore authorities; char[] password; TlsSettings clientTls;\n";

	private final JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();

	private final String server;

	/**
	 * Creates a compiler.
	 * @param server the README's server: the interface {@code Arith} and its service
	 */
	SnippetCompiler(String server) {
		this.server = server;
	}

	/**
	 * Compiles a piece of Java: members of a class, among them classes, or statements.
	 * @param code the piece
	 * @return what is wrong with it; empty if nothing is
	 */
	List<String> problems(String code) {
		List<String> asMembers = compile("class Snippet { " + SURROUNDINGS + code + "\n}");
		if (asMembers.isEmpty()) {
			return asMembers;
		}
		List<String> asStatements = compile(
				"class Snippet { " + SURROUNDINGS + "void run() throws Throwable {\n" + code + "\n} }");
		return (asStatements.isEmpty() || asStatements.size() < asMembers.size()) ? asStatements : asMembers;
	}

	private List<String> compile(String snippet) {
		DiagnosticCollector<JavaFileObject> found = new DiagnosticCollector<>();
		List<String> options = List.of("-proc:none", "-parameters", "-classpath",
				System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
		JavacTask task = (JavacTask) this.compiler.getTask(null, null, found, options, null,
				List.of(new Source("Arith", IMPORTS + this.server), new Source("Snippet", IMPORTS + snippet)));
		try {
			task.analyze();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return found.getDiagnostics()
			.stream()
			.filter((each) -> each.getKind() == Diagnostic.Kind.ERROR)
			.map((each) -> each.getMessage(Locale.ROOT))
			.toList();
	}

	private static final class Source extends SimpleJavaFileObject {

		private final String text;

		Source(String name, String text) {
			super(URI.create("string:///snippets/" + name + ".java"), Kind.SOURCE);
			this.text = text;
		}

		@Override
		public CharSequence getCharContent(boolean ignoreEncodingErrors) {
			return this.text;
		}

	}

}
