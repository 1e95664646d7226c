package io.github.netrpc.gob;

import java.util.function.Function;

/**
 * How a Java type takes the place of a Go type that makes its own bytes, such as
 * {@code url.URL} or {@code netip.Addr}. The functions are called from any thread.
 * <pre class="code">
 * SelfEncoding.binary("URL", (URI uri) -&gt; uri.toString().getBytes(UTF_8),
 *         (bytes) -&gt; URI.create(new String(bytes, UTF_8)));
 * </pre> An exception of {@code decode} costs the value, not the stream.
 *
 * @param name the name of the type on the wire, which Go does not look at
 * @param gob whether Go's type has {@code GobEncode}; else it has {@code MarshalBinary}
 * only. The two do not mix
 * @param encode makes the bytes
 * @param decode reads the bytes
 * @param <T> the Java type
 * @since 0.1.0
 */
public record SelfEncoding<T>(String name, boolean gob, Function<T, byte[]> encode, Function<byte[], T> decode) {

	/**
	 * For a Go type with {@code GobEncode} and {@code GobDecode}.
	 * @param name the name of the type on the wire
	 * @param encode makes the bytes
	 * @param decode reads the bytes
	 * @param <T> the Java type
	 * @return the self-encoding
	 */
	public static <T> SelfEncoding<T> gob(String name, Function<T, byte[]> encode, Function<byte[], T> decode) {
		return new SelfEncoding<>(name, true, encode, decode);
	}

	/**
	 * For a Go type with {@code MarshalBinary} and {@code UnmarshalBinary} only.
	 * @param name the name of the type on the wire
	 * @param encode makes the bytes
	 * @param decode reads the bytes
	 * @param <T> the Java type
	 * @return the self-encoding
	 */
	public static <T> SelfEncoding<T> binary(String name, Function<T, byte[]> encode, Function<byte[], T> decode) {
		return new SelfEncoding<>(name, false, encode, decode);
	}

}
