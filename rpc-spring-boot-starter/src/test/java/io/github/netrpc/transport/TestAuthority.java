package io.github.netrpc.transport;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

import javax.security.auth.x500.X500Principal;

import org.jspecify.annotations.Nullable;

/**
 * An authority that certifies keys for tests: X.509, version 3, on the curve P-256. The
 * JDK has no public way to make a certificate, so it is written down here.
 */
public final class TestAuthority {

	/** The password of all stores. */
	public static final char[] PASSWORD = "secret".toCharArray();

	public static final String SERVER_USAGE = "1.3.6.1.5.5.7.3.1";

	public static final String CLIENT_USAGE = "1.3.6.1.5.5.7.3.2";

	private static final String ECDSA_WITH_SHA256 = "1.2.840.10045.4.3.2";

	private static final AtomicLong SERIALS = new AtomicLong(System.nanoTime());

	private final String name;

	private final KeyPair keys = newKeys();

	private final X509Certificate certificate;

	public TestAuthority(String name) {
		this.name = name;
		this.certificate = certify(name, name, this.keys, this.keys, extension("2.5.29.19", true, sequence(TRUE)),
				now().minus(Duration.ofDays(1)), now().plus(Duration.ofDays(1)));
	}

	private static Instant now() {
		return Instant.now();
	}

	/**
	 * A key for a server, valid now.
	 * @param names DNS names and IP addresses
	 */
	public Identity server(String... names) {
		return issue("server", List.of(names), SERVER_USAGE, now().minus(Duration.ofHours(1)),
				now().plus(Duration.ofHours(1)));
	}

	/**
	 * A key for a client, valid now.
	 */
	public Identity client(String subject) {
		return issue(subject, List.of(), CLIENT_USAGE, now().minus(Duration.ofHours(1)),
				now().plus(Duration.ofHours(1)));
	}

	/**
	 * A key of any kind.
	 * @param usage what the certificate is for, or null for everything
	 */
	public Identity issue(String subject, List<String> names, @Nullable String usage, Instant from, Instant to) {
		KeyPair pair = newKeys();
		List<byte[]> extensions = new ArrayList<>();
		if (usage != null) {
			extensions.add(extension("2.5.29.37", false, sequence(oid(usage))));
		}
		if (!names.isEmpty()) {
			extensions.add(extension("2.5.29.17", false,
					sequence(names.stream().map(TestAuthority::generalName).toArray(byte[][]::new))));
		}
		X509Certificate issued = certify(subject, this.name, pair, this.keys,
				concatenated(extensions.toArray(byte[][]::new)), from, to);
		return new Identity(pair.getPrivate(), issued, this.certificate);
	}

	/**
	 * A store that trusts this authority.
	 */
	public KeyStore trustStore() {
		try {
			KeyStore store = emptyStore();
			store.setCertificateEntry("ca", this.certificate);
			return store;
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * The authority's own certificate.
	 */
	public String pem() {
		return pem("CERTIFICATE", encoded(this.certificate));
	}

	private static byte[] encoded(X509Certificate certificate) {
		try {
			return certificate.getEncoded();
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static KeyStore emptyStore() {
		try {
			KeyStore store = KeyStore.getInstance("PKCS12");
			store.load(null, null);
			return store;
		}
		catch (GeneralSecurityException | java.io.IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static KeyPair newKeys() {
		try {
			KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
			generator.initialize(new ECGenParameterSpec("secp256r1"));
			return generator.generateKeyPair();
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static X509Certificate certify(String subject, String issuer, KeyPair of, KeyPair by, byte[] extensions,
			Instant from, Instant to) {
		byte[] algorithm = sequence(oid(ECDSA_WITH_SHA256));
		byte[] body = sequence(tagged(0xa0, tagged(2, new byte[] { 2 })),
				tagged(2, BigInteger.valueOf(SERIALS.incrementAndGet()).toByteArray()), algorithm, dn(issuer),
				sequence(time(from), time(to)), dn(subject), of.getPublic().getEncoded(),
				(extensions.length > 0) ? tagged(0xa3, sequence(extensions)) : new byte[0]);
		try {
			Signature signature = Signature.getInstance("SHA256withECDSA");
			signature.initSign(by.getPrivate());
			signature.update(body);
			byte[] signed = concatenated(new byte[] { 0 }, signature.sign());
			return (X509Certificate) CertificateFactory.getInstance("X.509")
				.generateCertificate(new ByteArrayInputStream(sequence(body, algorithm, tagged(3, signed))));
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static byte[] dn(String name) {
		return new X500Principal("CN=" + name).getEncoded();
	}

	private static byte[] time(Instant time) {
		String text = DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'").withZone(ZoneOffset.UTC).format(time);
		// What is before 2050 must have a year of two digits.
		return (text.compareTo("2050") < 0) ? tagged(0x17, ascii(text.substring(2))) : tagged(0x18, ascii(text));
	}

	private static byte[] generalName(String name) {
		try {
			return name.matches("[0-9.]+|.*:.*") ? tagged(0x87, InetAddress.getByName(name).getAddress())
					: tagged(0x82, ascii(name));
		}
		catch (java.io.IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	// DER

	private static final byte[] TRUE = { 1, 1, (byte) 0xff };

	private static byte[] extension(String oid, boolean critical, byte[] value) {
		return sequence(oid(oid), critical ? TRUE : new byte[0], tagged(4, value));
	}

	private static byte[] oid(String dotted) {
		String[] parts = dotted.split("\\.");
		ByteArrayOutputStream out = new ByteArrayOutputStream();
		out.write(Integer.parseInt(parts[0]) * 40 + Integer.parseInt(parts[1]));
		for (int i = 2; i < parts.length; i++) {
			int value = Integer.parseInt(parts[i]);
			for (int shift = 28; shift > 0; shift -= 7) {
				if (value >>> shift != 0) {
					out.write(0x80 | ((value >>> shift) & 0x7f));
				}
			}
			out.write(value & 0x7f);
		}
		return tagged(6, out.toByteArray());
	}

	private static byte[] sequence(byte[]... parts) {
		return tagged(0x30, concatenated(parts));
	}

	private static byte[] tagged(int tag, byte[] content) {
		ByteArrayOutputStream out = new ByteArrayOutputStream();
		out.write(tag);
		if (content.length < 0x80) {
			out.write(content.length);
		}
		else {
			if (content.length < 0x100) {
				out.write(0x81);
			}
			else {
				out.write(0x82);
				out.write(content.length >>> 8);
			}
			out.write(content.length);
		}
		out.writeBytes(content);
		return out.toByteArray();
	}

	private static byte[] concatenated(byte[]... parts) {
		ByteArrayOutputStream out = new ByteArrayOutputStream();
		for (byte[] part : parts) {
			out.writeBytes(part);
		}
		return out.toByteArray();
	}

	private static byte[] ascii(String text) {
		return text.getBytes(StandardCharsets.US_ASCII);
	}

	private static String pem(String what, byte[] der) {
		String base64 = Base64.getMimeEncoder(64, new byte[] { '\n' }).encodeToString(der);
		return "-----BEGIN " + what + "-----\n" + base64 + "\n-----END " + what + "-----\n";
	}

	/**
	 * A key with its certificate.
	 *
	 * @param key the private key
	 * @param certificate the certificate
	 * @param issuer that of the authority
	 */
	public record Identity(PrivateKey key, X509Certificate certificate, X509Certificate issuer) {

		/**
		 * The key with the certificate of another.
		 */
		public Identity withCertificateOf(Identity other) {
			return new Identity(this.key, other.certificate, other.issuer);
		}

		public KeyStore keyStore() {
			try {
				KeyStore store = emptyStore();
				store.setKeyEntry("key", this.key, PASSWORD, new X509Certificate[] { this.certificate, this.issuer });
				return store;
			}
			catch (GeneralSecurityException ex) {
				throw new IllegalStateException(ex);
			}
		}

		public String certificatePem() {
			return pem("CERTIFICATE", encoded(this.certificate));
		}

		public String keyPem() {
			return pem("PRIVATE KEY", this.key.getEncoded());
		}

	}

}
