package io.github.netrpc.interop;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/**
 * The server's side of a recorded conversation, played to one client: waits for as much
 * as Go's server had received, and then sends what it sent.
 */
final class ScriptedServer implements AutoCloseable {

	private final ServerSocket listener;

	private final Conversation conversation;

	private final boolean bytewise;

	private final Thread thread = new Thread(this::play, "scripted-server");

	private volatile Socket socket = new Socket();

	ScriptedServer(Conversation conversation, boolean bytewise) throws IOException {
		this.conversation = conversation;
		this.bytewise = bytewise;
		this.listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
		this.thread.start();
	}

	String address() {
		return this.listener.getInetAddress().getHostAddress() + ":" + this.listener.getLocalPort();
	}

	private void play() {
		try (ServerSocket only = this.listener) {
			this.socket = only.accept();
			this.socket.setTcpNoDelay(true);
			InputStream in = this.socket.getInputStream();
			OutputStream out = this.socket.getOutputStream();
			ReplyNumbers numbers = new ReplyNumbers();
			ByteArrayOutputStream expected = new ByteArrayOutputStream();
			ByteArrayOutputStream received = new ByteArrayOutputStream();
			for (Conversation.Step step : this.conversation.steps()) {
				if (!step.byClient()) {
					send(numbered(step.bytes(), numbers), out);
				}
				if (step.closes()) {
					return;
				}
				if (step.byClient()) {
					expected.writeBytes(step.bytes());
					int wanted = this.conversation.messages(expected.toByteArray());
					if (this.conversation.name().equals("gob_box")) {
						// Go cuts an argument over two messages, and we do not.
						wanted -= wanted % 2;
					}
					while (this.conversation.messages(received.toByteArray()) < wanted) {
						int next = in.read();
						if (next < 0) {
							return;
						}
						received.write(next);
					}
				}
			}
			while (in.read() >= 0) {
				// Until the client closes.
			}
		}
		catch (IOException ex) {
			// The client has gone, or the test has ended.
		}
		finally {
			closeSocket();
		}
	}

	private byte[] numbered(byte[] replies, ReplyNumbers numbers) {
		if (this.conversation.isJson()) {
			return numbers.json(replies);
		}
		// These headers have other fields first, and the number 0.
		boolean other = this.conversation.name().equals("raw_reply_extra_fields");
		boolean head = other || new String(replies, StandardCharsets.ISO_8859_1).startsWith("HTTP");
		return (head || this.conversation.name().startsWith("hreply")) ? replies : numbers.gob(replies);
	}

	private void send(byte[] bytes, OutputStream out) throws IOException {
		if (!this.bytewise) {
			out.write(bytes);
			return;
		}
		for (byte each : bytes) {
			out.write(each);
		}
	}

	private void closeSocket() {
		try {
			this.socket.close();
		}
		catch (IOException ex) {
			// Nothing is left to be done.
		}
	}

	@Override
	public void close() throws Exception {
		this.listener.close();
		closeSocket();
		this.thread.join();
	}

}
