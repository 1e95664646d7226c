package io.github.netrpc.wire.http;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

import io.github.netrpc.fuzz.Cuts;
import io.github.netrpc.fuzz.FuzzTarget;
import io.github.netrpc.fuzz.Promises;
import io.github.netrpc.gob.Vectors;
import io.github.netrpc.wire.WireException;

/**
 * The head of a CONNECT request is accepted or refused with one of seven answers, none of
 * which repeats what came, and an answer's head is accepted or refused, both the same way
 * however they are cut. The first byte of an input chooses the side: odd ones have an
 * answer behind them.
 */
public final class ConnectFuzz implements FuzzTarget {

	private static final int MOST_HEAD_BYTES = 8 << 10;

	/** Gives no line back: as many as fit in a head would else fill the stack. */
	private static final Pattern ACCEPTED = Pattern
		.compile("(?s)CONNECT /_goRPC_ HTTP/1\\.[0-9]\r?\n([!-9;-~\\x80-\\xff]+:[\t -~\\x80-\\xff]*\r?\n)*+\r?\n");

	/** Any version, as a client that is connected does not mind. */
	private static final Pattern CONNECTED = Pattern.compile("^HTTP/[^ \n]* [^\n]*200 Connected to Go RPC\r?\n");

	private static final Set<String> STATUSES = Set.of("HTTP/1.0 200 Connected to Go RPC\n\n",
			"HTTP/1.1 400 Bad Request", "HTTP/1.0 404 Not Found", "HTTP/1.1 404 Not Found",
			"HTTP/1.0 405 Method Not Allowed", "HTTP/1.1 405 Method Not Allowed",
			"HTTP/1.1 431 Request Header Fields Too Large");

	@Override
	public String name() {
		return "connect";
	}

	@Override
	public String description() {
		return "the head of a CONNECT request, and that of its answer";
	}

	@Override
	public List<byte[]> seeds() {
		List<byte[]> seeds = new ArrayList<>();
		for (Vectors.Case vector : Vectors.cases("rpc_http")) {
			for (String side : List.of("clientHex", "serverHex")) {
				if (vector.has(side)) {
					seeds.add(HexFormat.of().parseHex((side.startsWith("c") ? "00" : "01") + vector.text(side)));
				}
			}
		}
		for (String head : List.of("CONNECT /_goRPC_ HTTP/1.1\r\nHost: a\r\nX: \t\r\n\r\nrest",
				"GET /_goRPC_ HTTP/1.0\n\n", "CONNECT / HTTP/1.9\r\n\r\n")) {
			seeds.add(("\0" + head).getBytes(StandardCharsets.ISO_8859_1));
		}
		return seeds;
	}

	@Override
	public void run(byte[] input) {
		if (input.length == 0) {
			return;
		}
		byte[] head = Arrays.copyOfRange(input, 1, input.length);
		boolean request = input[0] % 2 == 0;
		Promises.bounded(head, 0, () -> outcome(request, head, Cuts.NONE));
		String whole = outcome(request, head, Cuts.NONE);
		Cuts cuts = Cuts.of(head);
		Promises.same(cuts, whole, outcome(request, head, cuts));
	}

	private static String outcome(boolean request, byte[] head, Cuts cuts) {
		return request ? new Request().outcome(head, cuts) : new Answer().outcome(head, cuts);
	}

	/** The server's side. */
	private static final class Request {

		private final ConnectRequestReader reader = new ConnectRequestReader(ConnectPath.DEFAULT);

		private boolean ended;

		private int length;

		String outcome(byte[] head, Cuts cuts) {
			cuts.feed(head, this::read);
			if (!this.ended) {
				Promises.that(head.length < MOST_HEAD_BYTES, "a head of " + head.length + " bytes is still awaited");
				return "more";
			}
			String answer = HttpText.of(this.reader.answer());
			String status = this.reader.isConnected() ? answer : answer.substring(0, answer.indexOf('\r'));
			Promises.that(STATUSES.contains(status) && answer.length() < 256, "the answer " + answer);
			if (!status.contains(" 431 ")) {
				String text = new String(head, 0, this.length, StandardCharsets.ISO_8859_1);
				boolean accepted = ACCEPTED.matcher(text).matches() && !announcesBody(text);
				Promises.that(accepted == this.reader.isConnected(), answer + " to " + text);
				return this.length + " " + answer;
			}
			return answer;
		}

		private int read(byte[] buffer, int from, int to) {
			if (this.ended) {
				return to - from;
			}
			int count = this.reader.read(buffer, from, to);
			this.ended = count > 0;
			this.length = count;
			return count;
		}

		private static boolean announcesBody(String head) {
			return Pattern.compile("(?i)\n(content-length|transfer-encoding):").matcher(head).find();
		}

	}

	/** The client's side. */
	private static final class Answer {

		private final ConnectAnswerReader reader = new ConnectAnswerReader(ConnectPath.DEFAULT);

		private int length;

		String outcome(byte[] head, Cuts cuts) {
			try {
				cuts.feed(head, this::read);
			}
			catch (WireException ex) {
				Promises.told(String.valueOf(ex.getMessage()));
				// What is quoted of a line depends on how much of it has come
				return "refused";
			}
			if (this.length > 0) {
				String text = new String(head, StandardCharsets.ISO_8859_1);
				Promises.that(CONNECTED.matcher(text).find(), "accepted: " + text);
			}
			return "accepted " + this.length;
		}

		private int read(byte[] buffer, int from, int to) throws WireException {
			if (this.length > 0) {
				return to - from;
			}
			this.length = this.reader.read(buffer, from, to);
			return this.length;
		}

	}

}
