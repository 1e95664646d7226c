package io.github.netrpc;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * The layers of the project, checked on its class files.
 */
class ArchitectureTests {

	private static final JavaClasses PROJECT = new ClassFileImporter()
		.withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
		.withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_JARS)
		.importPackages(ArchitectureRules.ROOT);

	@ParameterizedTest(name = "{0}")
	@MethodSource("rules")
	void projectKeeps(String name, ArchitectureRules.Rule rule) {
		rule.rule().check(PROJECT);
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("rules")
	void ruleFailsWhereItIsBroken(String name, ArchitectureRules.Rule rule, @TempDir Path folder) throws IOException {
		JavaClasses broken = compile(rule.broken(), folder);
		assertThatThrownBy(() -> rule.rule().check(broken)).isInstanceOf(AssertionError.class)
			.hasMessageContaining("was violated");
	}

	private static Stream<Arguments> rules() {
		return ArchitectureRules.all().entrySet().stream().map((rule) -> Arguments.of(rule.getKey(), rule.getValue()));
	}

	private static JavaClasses compile(Map<String, String> sources, Path folder) throws IOException {
		JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
		List<String> arguments = new ArrayList<>(List.of("-proc:none", "-d", folder.resolve("classes").toString(),
				"-classpath", System.getProperty("java.class.path")));
		for (Map.Entry<String, String> source : sources.entrySet()) {
			int dot = source.getKey().lastIndexOf('.');
			Path file = folder.resolve(source.getKey().replace('.', '/') + ".java");
			Files.createDirectories(file.getParent());
			Files.writeString(file, String.format(source.getValue(), source.getKey().substring(0, dot)));
			arguments.add(file.toString());
		}
		assertThat(compiler.run(null, null, null, arguments.toArray(String[]::new))).isZero();
		return new ClassFileImporter().importPath(folder.resolve("classes"));
	}

}
