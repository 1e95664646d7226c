package io.github.netrpc.interop;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/**
 * Puts the numbers of our client's calls in place of Go's into recorded replies: Go
 * counts 0, 1, 2, ours keeps a slot in the lowest bits. All other bytes stay as Go sent
 * them.
 */
final class ReplyNumbers {

	/** What our client's numbers are multiples of, as long as no slot is used twice. */
	private static final int STEP = 1025;

	private static final Pattern ID = Pattern.compile("(\"id\":)(\\d+)(?=[,}])");

	/** The type of the first value, a header; 0 before it has come. */
	private long headerType;

	byte[] json(byte[] replies) {
		return ID.matcher(new String(replies, StandardCharsets.UTF_8))
			.replaceAll((id) -> id.group(1) + Long.parseLong(id.group(2)) * STEP)
			.getBytes(StandardCharsets.UTF_8);
	}

	byte[] gob(byte[] replies) {
		ByteArrayOutputStream out = new ByteArrayOutputStream();
		int at = 0;
		while (at < replies.length) {
			int idAt = at + 1 + Math.max(0, -replies[at]);
			int end = (int) Math.min(replies.length, idAt + GobFrames.number(replies, at));
			long type = GobFrames.number(replies, idAt);
			if (this.headerType == 0 && (type & 1) == 0) {
				this.headerType = type;
			}
			int seqAt = (type == this.headerType) ? seqAt(replies, idAt) : -1;
			if (seqAt > 0 && seqAt < end && replies[at] > 0 && replies[at] < 0x7e) {
				int seq = replies[seqAt] * STEP;
				out.write(replies[at] + 2);
				out.write(replies, idAt, seqAt - idAt);
				out.writeBytes(new byte[] { (byte) 0xfe, (byte) (seq >>> 8), (byte) seq });
				out.write(replies, seqAt + 1, end - seqAt - 1);
			}
			else {
				out.write(replies, at, end - at);
			}
			at = end;
		}
		return out.toByteArray();
	}

	// 01, the method's name, 01, Seq: the beginning of a Response with a number. Or 02,
	// Seq: the name is empty.
	private static int seqAt(byte[] bytes, int idAt) {
		int methodAt = idAt + 1 + Math.max(0, -bytes[idAt]);
		if (methodAt + 1 >= bytes.length || bytes[methodAt] != 1) {
			boolean withoutMethod = methodAt + 1 < bytes.length && bytes[methodAt] == 2;
			return withoutMethod ? methodAt + 1 : -1;
		}
		int deltaAt = methodAt + 2 + bytes[methodAt + 1];
		return (deltaAt + 1 < bytes.length && bytes[deltaAt] == 1) ? deltaAt + 1 : -1;
	}

}
