package io.github.netrpc.gob;

import java.math.BigDecimal;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.type.UnsupportedTypeException;

/**
 * Types that are strings on the wire. Strings themselves are {@code ""} when absent, all
 * others null.
 */
final class TextPlan extends Plan {

	/** Longer numbers take more time than a peer should have for a few bytes. */
	private static final int MAX_DECIMAL_CHARS = 1_024;

	/** As decimal128's: what is computed with larger ones may take all memory. */
	private static final int MAX_EXPONENT = 6_144;

	private final boolean plain;

	/** What a null that stands for a whole value is sent as. */
	private final String zero;

	private final Function<Object, String> write;

	private final ValueReader reader;

	private TextPlan(String name, boolean plain, String zero, Function<Object, String> write,
			Function<String, @Nullable Object> read) {
		super(name);
		this.plain = plain;
		this.zero = zero;
		this.write = write;
		this.reader = plain ? new StringReader() : new Reader(read);
	}

	static TextPlan string() {
		return new TextPlan("String", true, "", (value) -> (String) value, (text) -> text);
	}

	static TextPlan decimal() {
		return new TextPlan("BigDecimal", false, "0", Object::toString, TextPlan::parseDecimal);
	}

	private static Object parseDecimal(String text) {
		try {
			if (text.length() <= MAX_DECIMAL_CHARS) {
				BigDecimal number = new BigDecimal(text);
				long exponent = (long) number.precision() - number.scale() - 1;
				if (Math.abs(exponent) <= MAX_EXPONENT) {
					return number;
				}
			}
		}
		catch (NumberFormatException ex) {
			// told below
		}
		if (text.length() > MAX_DECIMAL_CHARS) {
			throw GobException.value("Text of " + text.length() + " characters, expected a decimal number of at most "
					+ MAX_DECIMAL_CHARS);
		}
		throw GobException.value("Text " + ReceivedText.quote(text) + ", expected a decimal number, its exponent from -"
				+ MAX_EXPONENT + " to " + MAX_EXPONENT);
	}

	static TextPlan enumeration(Class<?> type, PropertyNames names) {
		Map<String, Object> byName = new LinkedHashMap<>();
		Map<Object, String> byConstant = new HashMap<>();
		for (Object constant : type.getEnumConstants()) {
			String name = names.nameOf((Enum<?>) constant);
			if (byName.put(name, constant) != null) {
				throw new UnsupportedTypeException(type.getName() + ": two of its constants are named \"" + name
						+ "\"; give them different names");
			}
			byConstant.put(constant, name);
		}
		return new TextPlan(type.getSimpleName(), false, "", (value) -> String.valueOf(byConstant.get(value)),
				(text) -> {
					Object constant = byName.get(text);
					if (constant == null) {
						throw GobException.value("Text " + ReceivedText.quote(text) + ", expected one of "
								+ ReceivedText.names(List.copyOf(byName.keySet())));
					}
					return constant;
				});
	}

	@Override
	String goName() {
		return "string";
	}

	@Override
	int wireId() {
		return Definition.STRING;
	}

	@Override
	boolean isOmitted(@Nullable Object value) {
		return value == null || (this.plain && ((String) value).isEmpty());
	}

	@Override
	void writeZero(GobWriter out) {
		out.writeString(this.zero);
	}

	@Override
	boolean hasAbsent() {
		return this.plain;
	}

	@Override
	@Nullable Object absent() {
		return this.plain ? "" : null;
	}

	@Override
	void write(Object value, GobWriter out) {
		out.writeString(this.plain ? (String) value : this.write.apply(value));
	}

	@Override
	ValueReader reader(ReaderCompiler compiler, int remoteId) {
		compiler.basic(remoteId, Definition.STRING, this);
		return this.reader;
	}

	private static final class StringReader extends ValueReader {

		@Override
		Object read(GobInput in) {
			return in.readString();
		}

	}

	private static final class Reader extends ValueReader {

		private final Function<String, @Nullable Object> parse;

		Reader(Function<String, @Nullable Object> parse) {
			this.parse = parse;
		}

		@Override
		@Nullable Object read(GobInput in) {
			String text = in.readString();
			return text.isEmpty() ? null : this.parse.apply(text);
		}

	}

}
