package io.github.netrpc.benchmarks.reliability.node;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link ProcessMemory}.
 */
class ProcessMemoryTests {

	// Lines of jcmd VM.native_memory summary, JDK 25
	private static final String SUMMARY = """
			Native Memory Tracking:

			(Omitting categories weighting less than 1KB)

			Total: reserved=2226412KB, committed=941596KB
			       malloc: 52980KB #39731, peak=53124KB #39740
			       mmap:   reserved=2173432KB, committed=888616KB

			-                 Java Heap (reserved=786432KB, committed=786432KB)
			                            (mmap: reserved=786432KB, committed=786432KB, at peak)

			-                  Compiler (reserved=291KB, committed=291KB)
			-                     Other (reserved=9226KB, committed=9226KB)
			-               Arena Chunk (reserved=25598KB, committed=25598KB)
			""";

	@Test
	void nativeBytesLeaveHeapAndCompilersOut() {
		assertThat(ProcessMemory.nativeBytes(SUMMARY)).isEqualTo((941596L - 786432 - 291 - 25598) * 1024);
	}

	@Test
	void nativeBytesWhenTrackingIsOffSayWhatCame() {
		assertThatIllegalArgumentException().isThrownBy(() -> ProcessMemory.nativeBytes("tracking is not enabled"))
			.withMessageContaining("tracking is not enabled");
	}

	@Test
	void heapIsWhatIsLeftAfterACollection() {
		long before = ProcessMemory.heapBytes();
		byte[] kept = new byte[32 << 20];
		assertThat(ProcessMemory.heapBytes()).isGreaterThan(before + (16 << 20));
		assertThat(kept).hasSize(32 << 20);
		kept = new byte[0];
		assertThat(ProcessMemory.heapBytes()).isLessThan(before + (16 << 20));
		assertThat(kept).isEmpty();
	}

}
