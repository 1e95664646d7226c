package io.github.netrpc.interop;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.github.netrpc.gob.Gob;
import io.github.netrpc.gob.Vectors;
import io.github.netrpc.type.Unsigned;

/**
 * The server's side of a recorded conversation, played to one client: waits for as much
 * as Go's server had received, and then sends what it sent. If that was not the end of
 * the connection, it answers one more call on it. There is no second connection.
 */
final class ScriptedServer implements AutoCloseable {

	/** What one more call is answered with. */
	static final long ANSWER = 42;

	/** Response{ServiceMethod, Seq, Error} under an id that no vector uses, -5000. */
	private static final String RESPONSE = "3cfe270f03010108526573706f6e736501fe2710000103"
			+ "010d536572766963654d6574686f64010c00" + "010353657101060001054572726f72010c000000";

	private static final Gob GOB = Gob.standard();

	private static final Pattern ID = Pattern.compile("\"id\":(\\d+)}\n$");

	private final ServerSocket listener;

	private final Conversation conversation;

	private final boolean bytewise;

	private final Thread thread = new Thread(this::play, "scripted-server");

	private final CompletableFuture<Void> clientEnd = new CompletableFuture<>();

	private final ByteArrayOutputStream received = new ByteArrayOutputStream();

	private volatile Socket socket = new Socket();

	private volatile boolean closing;

	ScriptedServer(Conversation conversation, boolean bytewise) throws IOException {
		this.conversation = conversation;
		this.bytewise = bytewise;
		this.listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
		this.thread.start();
	}

	String address() {
		return this.listener.getInetAddress().getHostAddress() + ":" + this.listener.getLocalPort();
	}

	/**
	 * Waits until the client closes the connection of its own accord.
	 * @return false if it has not after some seconds
	 */
	boolean isClosedByClient() throws Exception {
		return this.clientEnd.handle((end, failure) -> failure == null)
			.completeOnTimeout(false, 10, TimeUnit.SECONDS)
			.get();
	}

	private void play() {
		try (ServerSocket only = this.listener) {
			this.socket = only.accept();
			only.close();
			this.socket.setTcpNoDelay(true);
			if (playSteps()) {
				answerCalls();
			}
		}
		catch (IOException ex) {
			// The client has gone, or the test has ended.
		}
		finally {
			if (!this.closing) {
				this.clientEnd.complete(null);
			}
			closeSocket();
		}
	}

	/** Plays the recorded part; false if the server has to close then. */
	private boolean playSteps() throws IOException {
		OutputStream out = this.socket.getOutputStream();
		ReplyNumbers numbers = new ReplyNumbers();
		ByteArrayOutputStream expected = new ByteArrayOutputStream();
		boolean cut = DifferencesFromGo.of(DifferencesFromGo.Side.MESSAGES, this.conversation.name()) != null;
		for (Conversation.Step step : this.conversation.steps()) {
			if (step.closes()) {
				this.closing = !step.byClient();
				return step.byClient();
			}
			if (!step.byClient()) {
				send(numbered(step.bytes(), numbers), out);
			}
			else {
				expected.writeBytes(step.bytes());
				int wanted = this.conversation.messages(expected.toByteArray());
				receive(cut ? wanted - wanted % 2 : wanted);
			}
		}
		return true;
	}

	private void receive(int messages) throws IOException {
		InputStream in = this.socket.getInputStream();
		while (this.conversation.messages(this.received.toByteArray()) < messages) {
			int next = in.read();
			if (next < 0) {
				throw new IOException("The client has closed");
			}
			this.received.write(next);
		}
	}

	private void answerCalls() throws IOException {
		int ofOneCall = this.conversation.isJson() ? 1 : 2;
		OutputStream out = this.socket.getOutputStream();
		boolean first = true;
		while (true) {
			receive(this.conversation.messages(this.received.toByteArray()) + ofOneCall);
			send(this.conversation.isJson() ? jsonAnswer() : gobAnswer(first), out);
			first = false;
		}
	}

	private byte[] jsonAnswer() {
		Matcher id = ID.matcher(this.received.toString(StandardCharsets.UTF_8));
		if (!id.find()) {
			throw new IllegalStateException("No id in " + this.received);
		}
		return ("{\"id\":" + id.group(1) + ",\"result\":" + ANSWER + ",\"error\":null}\n")
			.getBytes(StandardCharsets.UTF_8);
	}

	private byte[] gobAnswer(boolean withDefinition) {
		byte[] bytes = this.received.toByteArray();
		int head = this.conversation.isHttp() ? Conversation.headLength(bytes) : 0;
		Vectors.Stream stream = new Vectors.Stream(GOB, Arrays.copyOfRange(bytes, head, bytes.length),
				Vectors.Feed.WHOLE);
		long seq = 0;
		while (stream.left() > 0) {
			seq = ((Request) stream.read(GOB.type(Request.class))).seq();
			stream.readDynamic();
		}
		return HexFormat.of()
			.parseHex((withDefinition ? RESPONSE : "") + "0efe271002f8%016x00030400%02x".formatted(seq, 2 * ANSWER));
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
		this.closing = true;
		this.listener.close();
		closeSocket();
		this.thread.join();
	}

	record Request(String serviceMethod, @Unsigned long seq) {
	}

}
