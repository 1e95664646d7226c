package io.github.netrpc.server;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link VirtualThreads}.
 */
class VirtualThreadsTests {

	@Test
	@EnabledForJreRange(min = JRE.JAVA_21)
	void tasksRunOnThreadsThatAreNamedAndVirtual() throws Exception {
		CompletableFuture<String> thread = new CompletableFuture<>();
		VirtualThreads.executor("handler-").execute(() -> thread.complete(Thread.currentThread().toString()));
		assertThat(thread.get(10, TimeUnit.SECONDS)).startsWith("VirtualThread[").contains("handler-0");
	}

	@Test
	@EnabledForJreRange(max = JRE.JAVA_20)
	void oldJavaIsNamedWithTheProperty() {
		assertThatIllegalStateException().isThrownBy(() -> VirtualThreads.executor("handler-"))
			.withMessageContaining("this is Java " + Runtime.version().feature())
			.withMessageContaining("spring.threads.virtual.enabled=false");
	}

}
