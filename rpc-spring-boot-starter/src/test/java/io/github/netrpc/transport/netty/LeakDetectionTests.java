package io.github.netrpc.transport.netty;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class LeakDetectionTests {

	private final LeakDetection detection = new LeakDetection();

	@Test
	void bufferThatIsNeverReleasedFails() {
		this.detection.begin();
		allocate(3);
		assertThatExceptionOfType(AssertionError.class).isThrownBy(this.detection::end)
			.withMessageContaining("leaked buffers, expected none");
	}

	@Test
	void buffersThatAreReleasedPass() {
		this.detection.begin();
		UnpooledByteBufAllocator.DEFAULT.directBuffer(8).release();
		assertThatCode(this.detection::end).doesNotThrowAnyException();
	}

	@Test
	void leakOfOneClassIsNotToldOfTheNext() {
		this.detection.begin();
		allocate(1);
		assertThatExceptionOfType(AssertionError.class).isThrownBy(this.detection::end);
		this.detection.begin();
		assertThatCode(this.detection::end).doesNotThrowAnyException();
	}

	@Test
	void isAppliedToClassesThatDoNotNameIt() {
		assertThat(LeakDetection.current()).isEqualTo(LeakDetectionTests.class);
	}

	private static void allocate(int count) {
		for (int i = 0; i < count; i++) {
			ByteBuf lost = UnpooledByteBufAllocator.DEFAULT.directBuffer(8);
			assertThat(lost.refCnt()).isOne();
		}
	}

}
