package io.github.netrpc.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A fenced block of a page. One that is marked {@code sketch} behind its language is not
 * meant to work as it stands.
 *
 * @param page the page, from the project's root
 * @param line where it begins
 * @param language what stands behind the fence
 * @param text the lines inside
 */
record CodeBlock(Path page, int line, String language, String text) {

	static final Path ROOT = Path.of("..");

	private static final String FENCE = "```";

	/**
	 * The pages that users read.
	 */
	static List<Path> pages() throws IOException {
		List<Path> pages = new ArrayList<>(List.of(Path.of("README.md"), Path.of("CONTRIBUTING.md")));
		try (Stream<Path> files = Files.walk(ROOT.resolve("docs"))) {
			files.filter((file) -> file.toString().endsWith(".md")).map(ROOT::relativize).sorted().forEach(pages::add);
		}
		return pages;
	}

	/**
	 * All blocks in a language.
	 */
	static List<CodeBlock> all(String language) throws IOException {
		List<CodeBlock> blocks = new ArrayList<>();
		for (Path page : pages()) {
			of(page, Files.readAllLines(ROOT.resolve(page))).stream()
				.filter((block) -> block.language.equals(language))
				.forEach(blocks::add);
		}
		return blocks;
	}

	static List<CodeBlock> of(Path page, List<String> lines) {
		List<CodeBlock> blocks = new ArrayList<>();
		int begin = -1;
		for (int i = 0; i < lines.size(); i++) {
			if (!lines.get(i).startsWith(FENCE)) {
				continue;
			}
			if (begin >= 0) {
				blocks.add(new CodeBlock(page, begin + 1, lines.get(begin).substring(FENCE.length()).strip(),
						String.join("\n", lines.subList(begin + 1, i))));
			}
			begin = (begin >= 0) ? -1 : i;
		}
		return blocks;
	}

	@Override
	public String toString() {
		return this.page + ":" + this.line;
	}

}
