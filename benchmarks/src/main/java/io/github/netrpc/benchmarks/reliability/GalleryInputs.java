package io.github.netrpc.benchmarks.reliability;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How many hostile inputs there are. A malformed value that comes alone, and as the
 * argument of several methods, is as many inputs, and one that is distinct. Immutable.
 *
 * @param others inputs that differ from all others
 * @param vectors malformed values
 * @param carried inputs that these are
 */
record GalleryInputs(long others, long vectors, long carried) {

	private static final Pattern CARRIED = Pattern.compile("malformed ([^ ]+)( for [^ ]+)?");

	/**
	 * Counts.
	 * @param gallery lines that begin with a name
	 */
	static GalleryInputs of(List<String[]> gallery) {
		List<String> names = gallery.stream().map((line) -> line[0]).distinct().toList();
		List<String> carried = names.stream()
			.map(CARRIED::matcher)
			.filter(Matcher::matches)
			.map((vector) -> vector.group(1))
			.toList();
		return new GalleryInputs(names.size() - carried.size(), carried.stream().distinct().count(), carried.size());
	}

	long count() {
		return this.others + this.carried;
	}

	long distinct() {
		return this.others + this.vectors;
	}

	/**
	 * What the number is made of.
	 */
	String text() {
		return "%s inputs: %s, and %s malformed values, alone and as arguments of several methods, which make %s; %s are distinct"
			.formatted(Figure.count(count()), Figure.count(this.others), Figure.count(this.vectors),
					Figure.count(this.carried), Figure.count(distinct()));
	}

}
