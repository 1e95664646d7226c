package io.github.netrpc.docs;

import java.io.IOException;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Java in the README and the guide compiles against the public API.
 */
class DocumentedJavaTests {

	static List<CodeBlock> blocks() throws IOException {
		return CodeBlock.all("java");
	}

	@ParameterizedTest
	@MethodSource("blocks")
	void javaOnAPageCompiles(CodeBlock block) throws IOException {
		SnippetCompiler compiler = new SnippetCompiler(server().text());
		assertThat(compiler.problems(block.equals(server()) ? "" : block.text())).as(block + "\n" + block.text())
			.isEmpty();
	}

	@Test
	void serverAndClientHaveAsManyLinesAsTheReadmeSays() throws IOException {
		assertThat(lines(server())).isEqualTo(10);
		assertThat(lines(blocks().get(1))).isEqualTo(6);
	}

	@Test
	void whatDoesNotCompileIsNoticed() throws IOException {
		SnippetCompiler compiler = new SnippetCompiler(server().text());
		assertThat(compiler.problems("Arith arith; long sum = arith.plus(new Args(7, 8)).c();"))
			.anySatisfy((problem) -> assertThat(problem).contains("plus"));
		assertThat(compiler.problems("throw new RpcException(RpcCode.NO_SUCH_CODE, \"\");"))
			.anySatisfy((problem) -> assertThat(problem).contains("NO_SUCH_CODE"));
		assertThat(new SnippetCompiler(server().text().replaceFirst("Reply add", "Reply sum")).problems(""))
			.isNotEmpty();
	}

	private static CodeBlock server() throws IOException {
		CodeBlock first = blocks().get(0);
		assertThat(first.page()).hasToString("README.md");
		assertThat(first.text()).contains("class ArithService");
		return first;
	}

	// Blank lines are for the eye.
	private static long lines(CodeBlock block) {
		return block.text().lines().filter((line) -> !line.isBlank()).count();
	}

}
