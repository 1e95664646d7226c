package io.github.netrpc.transport.netty;

import java.io.IOException;
import java.io.UncheckedIOException;

import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A connection without a socket.
 */
@ExtendWith(OutputCaptureExtension.class)
class NettyConnectionTests {

	private final SilentHandler handler = new SilentHandler();

	private final EmbeddedChannel channel = new EmbeddedChannel(new NettyConnection(this.handler, new FailureLog()));

	@Test
	void whatThePeerCausesIsNotLoggedHoweverNettyWrapsIt(CapturedOutput output) {
		IOException gone = new IOException("epoll_ctl(..) failed with error(-2): No such file or directory");
		this.channel.pipeline().fireExceptionCaught(new UncheckedIOException(gone));
		assertThat(this.channel.isOpen()).isFalse();
		assertThat(this.handler.closed).isCompletedWithValue(gone);
		assertThat(output).doesNotContain("failed");
	}

	@Test
	void whatNobodyExpectsIsLogged(CapturedOutput output) {
		IllegalStateException unexpected = new IllegalStateException("out of order");
		this.channel.pipeline().fireExceptionCaught(unexpected);
		assertThat(this.channel.isOpen()).isFalse();
		assertThat(this.handler.closed).isCompletedWithValue(unexpected);
		assertThat(output).contains("WARN", "out of order");
	}

}
