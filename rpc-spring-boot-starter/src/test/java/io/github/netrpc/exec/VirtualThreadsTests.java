package io.github.netrpc.exec;

import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link VirtualThreads}.
 */
class VirtualThreadsTests {

	@Test
	@EnabledForJreRange(min = JRE.JAVA_21)
	void threadsAreNamedAndVirtual() throws Exception {
		CompletableFuture<String> thread = new CompletableFuture<>();
		Objects.requireNonNull(VirtualThreads.factory("handler-"))
			.newThread(() -> thread.complete(Thread.currentThread().toString()))
			.start();
		assertThat(thread.get(10, TimeUnit.SECONDS)).startsWith("VirtualThread[").contains("handler-0");
	}

	@Test
	@EnabledForJreRange(max = JRE.JAVA_20)
	void oldJavaHasNone() {
		assertThat(VirtualThreads.factory("handler-")).isNull();
	}

}
