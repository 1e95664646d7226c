package io.github.netrpc.interop;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;

import javax.net.ssl.SSLException;

/**
 * A client made of nothing but a socket, to send what no client would.
 */
final class RawPeer implements AutoCloseable {

	private static final int TIMEOUT_MILLIS = 15_000;

	private final Socket socket;

	private final InputStream in;

	private final OutputStream out;

	RawPeer(int port) throws IOException {
		this(new Socket(InetAddress.getLoopbackAddress(), port));
	}

	RawPeer(Socket socket) throws IOException {
		this.socket = socket;
		this.socket.setTcpNoDelay(true);
		this.socket.setSoTimeout(TIMEOUT_MILLIS);
		this.in = this.socket.getInputStream();
		this.out = this.socket.getOutputStream();
	}

	int localPort() {
		return this.socket.getLocalPort();
	}

	/**
	 * Sends bytes. A server that has closed already is no failure.
	 * @param bytes the bytes
	 * @param bytewise whether each byte is a write, and so most often a segment, of its
	 * own
	 */
	void send(byte[] bytes, boolean bytewise) throws IOException {
		try {
			if (!bytewise) {
				this.out.write(bytes);
				return;
			}
			for (byte each : bytes) {
				this.out.write(each);
			}
		}
		catch (SocketException | SSLException ex) {
			// Reset or closed: what was answered before is still there to be read.
		}
	}

	void send(String text) throws IOException {
		send(text.getBytes(StandardCharsets.UTF_8), false);
	}

	/**
	 * Ends the output, as {@code nc -N} does.
	 */
	void endOutput() throws IOException {
		try {
			this.socket.shutdownOutput();
		}
		catch (SocketException | SSLException ex) {
			// Gone already.
		}
	}

	/**
	 * Reads until the server closes.
	 * @return all bytes
	 * @throws java.net.SocketTimeoutException if it does not
	 */
	byte[] readToEnd() throws IOException {
		ByteArrayOutputStream all = new ByteArrayOutputStream();
		byte[] part = new byte[8192];
		try {
			for (int n = this.in.read(part); n >= 0; n = this.in.read(part)) {
				all.write(part, 0, n);
			}
		}
		catch (SocketException | SSLException ex) {
			// A reset is an end, too.
		}
		return all.toByteArray();
	}

	/**
	 * Reads until so many lines have come, and what has come with the last one.
	 * @param count how many line feeds
	 * @return all bytes, fewer lines if the server closes
	 */
	byte[] readLines(int count) throws IOException {
		ByteArrayOutputStream all = new ByteArrayOutputStream();
		byte[] part = new byte[8192];
		int left = count;
		while (left > 0) {
			int n = this.in.read(part);
			if (n < 0) {
				break;
			}
			all.write(part, 0, n);
			for (int i = 0; i < n; i++) {
				left -= (part[i] == '\n') ? 1 : 0;
			}
		}
		return all.toByteArray();
	}

	/**
	 * Reads one byte.
	 * @return the byte, or -1 if the server has closed
	 */
	int read() throws IOException {
		try {
			return this.in.read();
		}
		catch (SocketException ex) {
			return -1;
		}
	}

	/**
	 * Reads up to and with a line feed.
	 * @return the line, shorter if the server closes
	 */
	String readLine() throws IOException {
		ByteArrayOutputStream line = new ByteArrayOutputStream();
		int next;
		do {
			next = this.in.read();
			if (next >= 0) {
				line.write(next);
			}
		}
		while (next >= 0 && next != '\n');
		return line.toString(StandardCharsets.UTF_8);
	}

	@Override
	public void close() throws IOException {
		this.socket.close();
	}

}
