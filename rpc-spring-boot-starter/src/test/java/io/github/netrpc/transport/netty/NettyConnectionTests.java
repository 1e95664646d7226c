package io.github.netrpc.transport.netty;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

import io.netty.channel.embedded.EmbeddedChannel;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import io.github.netrpc.transport.Connection;
import io.github.netrpc.transport.ConnectionHandler;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A connection without a socket.
 */
@ExtendWith(OutputCaptureExtension.class)
class NettyConnectionTests {

	private final Closing handler = new Closing();

	private final EmbeddedChannel channel = new EmbeddedChannel(new NettyConnection(this.handler, new FailureLog()));

	@Test
	void whatThePeerCausesIsNotLoggedHoweverNettyWrapsIt(CapturedOutput output) {
		IOException gone = new IOException("epoll_ctl(..) failed with error(-2): No such file or directory");
		this.channel.pipeline().fireExceptionCaught(new UncheckedIOException(gone));
		assertThat(this.channel.isOpen()).isFalse();
		assertThat(this.handler.causes).containsExactly(gone);
		assertThat(output).doesNotContain("failed");
	}

	@Test
	void whatNobodyExpectsIsLogged(CapturedOutput output) {
		IllegalStateException unexpected = new IllegalStateException("out of order");
		this.channel.pipeline().fireExceptionCaught(unexpected);
		assertThat(this.channel.isOpen()).isFalse();
		assertThat(this.handler.causes).containsExactly(unexpected);
		assertThat(output).contains("WARN", "out of order");
	}

	private static final class Closing implements ConnectionHandler {

		private final List<@Nullable Throwable> causes = new ArrayList<>();

		@Override
		public void opened(Connection connection) {
		}

		@Override
		public int received(byte[] buffer, int from, int to) {
			return to - from;
		}

		@Override
		public void inputEnded() {
		}

		@Override
		public void drained() {
		}

		@Override
		public void closed(@Nullable Throwable cause) {
			this.causes.add(cause);
		}

	}

}
