package io.github.netrpc.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Links between pages lead to a file that exists, and to a heading in it.
 */
class DocumentedLinksTests {

	private static final Pattern LINK = Pattern.compile("\\]\\(([^)#:]*)(?:#([^)]+))?\\)");

	@Test
	void everyLinkLeadsSomewhere() throws IOException {
		List<String> dead = new ArrayList<>();
		int links = 0;
		for (Path page : CodeBlock.pages()) {
			Path file = CodeBlock.ROOT.resolve(page);
			for (MatchResult link : LINK.matcher(Files.readString(file)).results().toList()) {
				links++;
				Path target = link.group(1).isEmpty() ? file : file.resolveSibling(link.group(1));
				if (!Files.exists(target) || (link.group(2) != null && !hasHeading(target, link.group(2)))) {
					dead.add(page + ": " + link.group());
				}
			}
		}
		assertThat(dead).isEmpty();
		assertThat(links).isGreaterThan(20);
	}

	private static boolean hasHeading(Path page, String anchor) throws IOException {
		return Files.readAllLines(page)
			.stream()
			.filter((line) -> line.startsWith("#"))
			.map((line) -> line.replaceFirst("#+ ", "").toLowerCase(Locale.ROOT))
			.map((heading) -> heading.replaceAll("[^a-z0-9 _-]", "").replace(' ', '-'))
			.anyMatch(anchor::equals);
	}

}
