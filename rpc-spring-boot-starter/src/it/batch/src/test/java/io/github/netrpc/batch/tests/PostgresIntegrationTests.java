package io.github.netrpc.batch.tests;

import java.nio.file.Path;

class PostgresIntegrationTests extends DurableJobContract {

	@Override
	Database open(Path folder) {
		return new PostgresDatabase();
	}

}
