package io.github.netrpc.transport;

import java.util.Arrays;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class InputWindowTests {

	private final InputWindow window = new InputWindow();

	@Test
	void emptyHoldsNoMemory() {
		assertThat(this.window.bytes()).isEmpty();
		this.window.append(new byte[100], 0, 100);
		this.window.consume(100);
		assertThat(this.window.isEmpty()).isTrue();
		assertThat(this.window.bytes()).isEmpty();
	}

	@Test
	void bytesComeOutInOrderForEveryPattern() {
		int in = 0;
		int out = 0;
		for (int round = 0; round < 2000; round++) {
			int add = (round * 7919) % 613;
			byte[] bytes = new byte[add];
			for (int i = 0; i < add; i++) {
				bytes[i] = (byte) in++;
			}
			this.window.append(bytes, 0, add);
			int size = this.window.to() - this.window.from();
			assertThat(size).isEqualTo(in - out);
			int remove = Math.min(size, (round * 6353) % 620);
			for (int i = 0; i < remove; i++) {
				assertThat(this.window.bytes()[this.window.from() + i]).isEqualTo((byte) out++);
			}
			this.window.consume(remove);
		}
	}

	@Test
	void growingByOneByteCopiesSeldom() {
		assertThat(copies(1 << 20, 0)).isLessThan(20);
	}

	@Test
	void aNearlyFullWindowThatSlidesCopiesSeldom() {
		this.window.append(new byte[100_000], 0, 100_000);
		assertThat(copies(1_000_000, 1)).isLessThan(30);
	}

	private int copies(int rounds, int consumed) {
		int copies = 0;
		byte[] one = new byte[1];
		for (int i = 0; i < rounds; i++) {
			byte[] bytes = this.window.bytes();
			int to = this.window.to();
			this.window.append(one, 0, 1);
			this.window.consume(consumed);
			if (this.window.bytes() != bytes || this.window.to() != to + 1) {
				copies++;
			}
		}
		return copies;
	}

	@Test
	void memoryOfALargeMessageIsGivenBackWhenLittleIsLeft() {
		this.window.append(Bytes.pattern(4 << 20).array(), 0, 4 << 20);
		this.window.consume((4 << 20) - 10);
		assertThat(this.window.bytes()).hasSizeLessThan(1024);
		byte[] all = Bytes.pattern(4 << 20).array();
		assertThat(Arrays.copyOfRange(this.window.bytes(), this.window.from(), this.window.to()))
			.isEqualTo(Arrays.copyOfRange(all, all.length - 10, all.length));
	}

	@Test
	void consumingMoreThanThereIsFails() {
		this.window.append(new byte[3], 0, 3);
		assertThatIllegalStateException().isThrownBy(() -> this.window.consume(4))
			.withMessageContaining("consumed: 4 bytes (expected: 0 to 3");
		assertThatIllegalStateException().isThrownBy(() -> this.window.consume(-1));
	}

}
