package io.github.netrpc.transport.netty;

import io.netty.channel.Channel;
import io.netty.channel.DefaultChannelProgressivePromise;
import org.jspecify.annotations.Nullable;

/**
 * Tells an output how many of its bytes the operating system has taken. One promise
 * serves all writes of a connection and is never done: an object for each write would be
 * the only allocation of a batch. Netty reports the progress of one write after the
 * other, each counted from 0.
 */
final class WriteProgress extends DefaultChannelProgressivePromise {

	private final ConnectionOutput output;

	private long reported;

	WriteProgress(Channel channel, ConnectionOutput output) {
		super(channel);
		this.output = output;
	}

	@Override
	public boolean tryProgress(long progress, long total) {
		long bytes = progress - this.reported;
		this.reported = (progress == total) ? 0 : progress;
		this.output.written(bytes);
		return true;
	}

	@Override
	public boolean trySuccess(Void result) {
		return true;
	}

	@Override
	public boolean tryFailure(@Nullable Throwable cause) {
		this.reported = 0;
		this.output.failed(cause);
		return true;
	}

}
