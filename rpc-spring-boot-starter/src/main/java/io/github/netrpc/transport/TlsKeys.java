package io.github.netrpc.transport;

import java.security.GeneralSecurityException;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import java.util.List;

import javax.net.ssl.KeyManager;
import javax.net.ssl.X509KeyManager;

import org.jspecify.annotations.Nullable;

/**
 * Finds out whether private keys belong to their certificates. The JDK does not: with a
 * key of another certificate, as after a rotation of one file of two, every handshake
 * fails.
 */
final class TlsKeys {

	private static final List<String> KEY_TYPES = List.of("EC", "RSA", "RSASSA-PSS", "EdDSA", "DSA");

	private static final byte[] MESSAGE = { 1, 2, 3, 4 };

	private TlsKeys() {
	}

	/**
	 * Checks all keys.
	 * @param managers have the keys
	 * @return whether there is any key
	 * @throws IllegalArgumentException if one is not that of its certificate
	 */
	static boolean check(KeyManager... managers) {
		boolean any = false;
		for (KeyManager manager : managers) {
			if (manager instanceof X509KeyManager keys) {
				any |= check(keys);
			}
			else {
				any = true;
			}
		}
		return any;
	}

	private static boolean check(X509KeyManager keys) {
		boolean any = false;
		for (String type : KEY_TYPES) {
			String[] aliases = keys.getServerAliases(type, null);
			for (String alias : (aliases != null) ? aliases : new String[0]) {
				PrivateKey key = keys.getPrivateKey(alias);
				X509Certificate[] chain = keys.getCertificateChain(alias);
				if (key != null && chain != null && chain.length > 0) {
					check(key, chain[0]);
					any = true;
				}
			}
		}
		return any;
	}

	private static void check(PrivateKey key, X509Certificate certificate) {
		try {
			Signature signer = signature(key);
			signer.initSign(key);
			signer.update(MESSAGE);
			byte[] signed = signer.sign();
			Signature verifier = signature(key);
			// The key and not the certificate, whose usage is for others to judge.
			verifier.initVerify(certificate.getPublicKey());
			verifier.update(MESSAGE);
			if (verifier.verify(signed)) {
				return;
			}
		}
		catch (NoSuchAlgorithmException ex) {
			// Keys that are not in memory may sign in ways of their own.
			return;
		}
		catch (GeneralSecurityException ex) {
			throw mismatch(certificate, ex);
		}
		throw mismatch(certificate, null);
	}

	private static Signature signature(PrivateKey key) throws GeneralSecurityException {
		return switch (key.getAlgorithm()) {
			case "EC" -> Signature.getInstance("SHA256withECDSA");
			case "RSA" -> Signature.getInstance("SHA256withRSA");
			case "DSA" -> Signature.getInstance("SHA256withDSA");
			case "RSASSA-PSS" -> {
				Signature pss = Signature.getInstance("RSASSA-PSS");
				pss.setParameter(new PSSParameterSpec("SHA-256", "MGF1", MGF1ParameterSpec.SHA256, 32, 1));
				yield pss;
			}
			default -> Signature.getInstance(key.getAlgorithm());
		};
	}

	private static IllegalArgumentException mismatch(X509Certificate certificate,
			@Nullable GeneralSecurityException cause) {
		return new IllegalArgumentException(
				"the private key is not that of the certificate of " + certificate.getSubjectX500Principal()
						+ ", serial number " + certificate.getSerialNumber().toString(16),
				cause);
	}

}
