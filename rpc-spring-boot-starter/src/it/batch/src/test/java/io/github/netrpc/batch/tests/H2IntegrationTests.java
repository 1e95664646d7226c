package io.github.netrpc.batch.tests;

import java.nio.file.Path;

class H2IntegrationTests extends DurableJobContract {

	@Override
	Database open(Path folder) {
		return new H2Database(folder);
	}

}
