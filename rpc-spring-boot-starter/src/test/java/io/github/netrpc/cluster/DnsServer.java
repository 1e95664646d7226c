package io.github.netrpc.cluster;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A UDP socket that answers DNS questions (RFC 1035, section 4) from a map:
 * {@code "name A"} to addresses, {@code "name SRV"} to {@code priority weight port
 * target}. Names it does not have do not exist; with an empty list of records a name has
 * no such records; {@code FAIL} is the failure of the server.
 */
final class DnsServer implements AutoCloseable {

	static final String FAIL = "fail";

	final Map<String, List<String>> records = new ConcurrentHashMap<>();

	final List<String> questions = new CopyOnWriteArrayList<>();

	private final DatagramSocket socket;

	private final Thread thread;

	DnsServer() throws IOException {
		this(new DatagramSocket(0, InetAddress.getLoopbackAddress()));
	}

	DnsServer(DatagramSocket socket) {
		this.socket = socket;
		this.thread = new Thread(this::run, "dns-server");
		this.thread.setDaemon(true);
		this.thread.start();
	}

	int port() {
		return this.socket.getLocalPort();
	}

	private void run() {
		byte[] buffer = new byte[1024];
		while (!this.socket.isClosed()) {
			DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
			try {
				this.socket.receive(packet);
				byte[] answer = answer(ByteBuffer.wrap(buffer, 0, packet.getLength()));
				this.socket.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
			}
			catch (IOException ex) {
				// Closed, or the asker is gone.
			}
		}
	}

	private byte[] answer(ByteBuffer request) throws IOException {
		short id = request.getShort();
		request.position(12);
		StringBuilder name = new StringBuilder();
		for (int length = request.get(); length > 0; length = request.get()) {
			byte[] label = new byte[length];
			request.get(label);
			name.append((name.length() > 0) ? "." : "").append(new String(label, StandardCharsets.US_ASCII));
		}
		int type = request.getShort();
		byte[] question = new byte[request.position() + 2 - 12];
		request.position(12);
		request.get(question);
		String asked = name + " " + switch (type) {
			case 1 -> "A";
			case 28 -> "AAAA";
			case 33 -> "SRV";
			default -> String.valueOf(type);
		};
		this.questions.add(asked);
		List<String> found = find(asked, name.toString());
		int code = (found != null) ? (found.contains(FAIL) ? 2 : 0) : 3;
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		DataOutputStream out = new DataOutputStream(bytes);
		out.writeShort(id);
		out.writeShort(0x8180 | code);
		out.writeShort(1);
		out.writeShort((code == 0) ? found.size() : 0);
		out.writeInt(0);
		out.write(question);
		if (code == 0) {
			for (String record : found) {
				out.writeShort(0xc00c);
				out.writeShort(type);
				out.writeShort(1);
				out.writeInt(0);
				byte[] data = data(type, record);
				out.writeShort(data.length);
				out.write(data);
			}
		}
		return bytes.toByteArray();
	}

	private List<String> find(String asked, String name) {
		for (Map.Entry<String, List<String>> entry : this.records.entrySet()) {
			if (entry.getKey().equalsIgnoreCase(asked)) {
				return entry.getValue();
			}
		}
		boolean exists = this.records.keySet()
			.stream()
			.anyMatch((key) -> key.substring(0, key.indexOf(' ')).equalsIgnoreCase(name));
		return exists ? List.of() : null;
	}

	private static byte[] data(int type, String record) throws IOException {
		if (type != 33) {
			return InetAddress.getByName(record).getAddress();
		}
		String[] parts = record.split(" ");
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		DataOutputStream out = new DataOutputStream(bytes);
		for (int i = 0; i < 3; i++) {
			out.writeShort(Integer.parseInt(parts[i]));
		}
		for (String label : parts[3].split("\\.")) {
			out.writeByte(label.length());
			out.write(label.getBytes(StandardCharsets.US_ASCII));
		}
		out.writeByte(0);
		return bytes.toByteArray();
	}

	@Override
	public void close() {
		this.socket.close();
		try {
			this.thread.join();
		}
		catch (InterruptedException ex) {
			throw new UncheckedIOException(new IOException(ex));
		}
	}

}
