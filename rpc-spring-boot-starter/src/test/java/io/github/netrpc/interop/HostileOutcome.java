package io.github.netrpc.interop;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

/**
 * What must become of a hostile input: {@code gallery.tsv}, one line for each.
 *
 * @param kind what the peer sees
 * @param text what it is told, or what the log says where it is told nothing; an ellipsis
 * stands for what depends on how the bytes came. Where the server waits for more and
 * nothing is told, {@code stays} if it does so for ever.
 */
record HostileOutcome(Kind kind, String text) {

	private static final String ANYTHING = "\u2026";

	private static final String STAYS = "stays";

	/**
	 * All of the table.
	 * @return the outcomes by the names of the inputs
	 */
	static Map<String, HostileOutcome> all() {
		Map<String, HostileOutcome> all = new LinkedHashMap<>();
		try (InputStream in = HostileOutcome.class.getResourceAsStream("/gallery.tsv")) {
			for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8).split("\n")) {
				String[] columns = line.split("\t", -1);
				HostileOutcome outcome = new HostileOutcome(Kind.valueOf(columns[1]), columns[2]);
				if (all.put(columns[0], outcome) != null) {
					throw new IllegalStateException("Twice in gallery.tsv: " + columns[0]);
				}
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return all;
	}

	/**
	 * When a peer is cut that says nothing more.
	 * @return the time after its last byte, or null if it is not
	 */
	@Nullable Duration limit() {
		if (this.kind.end() != End.WAITS || this.text.equals(STAYS)) {
			return null;
		}
		return (this.kind.reply() == Reply.VALUE || this.kind.reply() == Reply.ERROR) ? Duration.ofSeconds(10)
				: Duration.ofSeconds(5);
	}

	/**
	 * What a text must look like.
	 * @return matches the whole text
	 */
	Pattern pattern() {
		if (this.text.equals(STAYS)) {
			return Pattern.compile("");
		}
		return Pattern.compile(Arrays.stream(this.text.split(ANYTHING, -1))
			.map((part) -> part.isEmpty() ? "" : Pattern.quote(part))
			.collect(Collectors.joining(".*")), Pattern.DOTALL);
	}

	/**
	 * What the peer sees. Where the server closes, it does so at once, though the peer
	 * has not ended its output, and the log says why; where it waits for more, it closes
	 * when the peer does.
	 */
	enum Kind {

		/** Closed, and not one byte is sent. */
		CLOSED(Reply.NONE, End.CLOSED),

		/** The beginning of something: nothing is sent. */
		WAITS(Reply.NONE, End.WAITS),

		/** An error; then the next call of the connection is answered. */
		ERROR(Reply.ERROR, End.GOES_ON),

		/** An error, and closed, for nobody can tell where the next request begins. */
		ERROR_CLOSED(Reply.ERROR, End.CLOSED),

		/** An error, and what follows is the beginning of something. */
		ERROR_WAITS(Reply.ERROR, End.WAITS),

		/** A reply without error: odd, but no crime. The connection goes on. */
		ANSWERED(Reply.VALUE, End.GOES_ON),

		/** A reply, and closed for what follows. */
		ANSWERED_CLOSED(Reply.VALUE, End.CLOSED),

		/** A reply, and what follows is the beginning of something. */
		ANSWERED_WAITS(Reply.VALUE, End.WAITS),

		/** An answer of HTTP's, and closed. */
		HTTP(Reply.HTTP, End.CLOSED),

		/** CONNECT is answered, and closed for what follows. */
		CONNECTED_CLOSED(Reply.HTTP, End.CLOSED),

		/** CONNECT is answered; what follows may be the beginning of a call. */
		CONNECTED_WAITS(Reply.HTTP, End.WAITS);

		private final Reply reply;

		private final End end;

		Kind(Reply reply, End end) {
			this.reply = reply;
			this.end = end;
		}

		Reply reply() {
			return this.reply;
		}

		End end() {
			return this.end;
		}

	}

	enum Reply {

		NONE, ERROR, VALUE, HTTP

	}

	enum End {

		CLOSED, WAITS, GOES_ON

	}

}
