package io.github.netrpc.batch.tests;

import java.nio.file.Path;

/**
 * A file that the first process opens, which serves the others.
 */
final class H2Database implements Database {

	private final Path folder;

	H2Database(Path folder) {
		this.folder = folder;
	}

	@Override
	public String url() {
		return "jdbc:h2:file:" + this.folder.resolve("nightly").toAbsolutePath() + ";AUTO_SERVER=TRUE";
	}

	@Override
	public String platform() {
		return "h2";
	}

	@Override
	public void close() {
		// Goes with its folder.
	}

}
