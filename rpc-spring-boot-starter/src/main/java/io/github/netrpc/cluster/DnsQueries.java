package io.github.netrpc.cluster;

import java.io.IOException;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Hashtable;
import java.util.List;
import java.util.regex.Pattern;

import javax.naming.Context;
import javax.naming.NameNotFoundException;
import javax.naming.NamingEnumeration;
import javax.naming.NamingException;
import javax.naming.directory.Attribute;
import javax.naming.directory.DirContext;
import javax.naming.directory.InitialDirContext;

/**
 * Asks a DNS server for records, as the JDK's naming provider does: nothing is
 * remembered, and names are taken as they are, without search domains. A server that does
 * not answer is asked again after a second, and given up after three.
 */
final class DnsQueries implements NameLookup {

	private static final String FIRST_TIMEOUT_MILLIS = "1000";

	private static final String ATTEMPTS = "2";

	/** Names that mean nothing to JNDI but a name: neither a URL nor several names. */
	private static final Pattern HOST = Pattern.compile("[A-Za-z0-9_-]{1,63}(\\.[A-Za-z0-9_-]{1,63})*\\.?");

	private final String url;

	/**
	 * Creates queries.
	 * @param server {@code host:port} of the server, or empty for those of the operating
	 * system
	 */
	DnsQueries(String server) {
		this.url = server.isEmpty() ? "dns:" : "dns://" + server + "/";
	}

	/**
	 * Whether a text is a name that may be asked for.
	 */
	static boolean isHost(String name) {
		return HOST.matcher(name).matches();
	}

	/**
	 * The records of a name.
	 * @param type such as {@code SRV}
	 * @return the records as text, none if the name has no such records
	 * @throws IOException if there is no such name, or no answer
	 */
	// JNDI is dangerous where a name may be a URL, since then the answer may be an object
	// of any class. Such names are refused, and DNS has texts only.
	@SuppressWarnings({ "BanJNDI", "JdkObsolete" })
	List<String> records(String name, String type) throws IOException {
		if (!isHost(name)) {
			throw new UnknownHostException("\"" + NodeMetadata.printable(name) + "\" is no name in DNS");
		}
		Hashtable<String, String> environment = new Hashtable<>();
		environment.put(Context.INITIAL_CONTEXT_FACTORY, "com.sun.jndi.dns.DnsContextFactory");
		environment.put(Context.PROVIDER_URL, this.url);
		environment.put("com.sun.jndi.dns.timeout.initial", FIRST_TIMEOUT_MILLIS);
		environment.put("com.sun.jndi.dns.timeout.retries", ATTEMPTS);
		try {
			DirContext context = new InitialDirContext(environment);
			try {
				return values(context.getAttributes(name, new String[] { type }).get(type));
			}
			finally {
				context.close();
			}
		}
		catch (NameNotFoundException ex) {
			throw new UnknownHostException(name + ": DNS knows no such name");
		}
		catch (NamingException ex) {
			throw new IOException(name + ": no answer of DNS: " + ex.getMessage(), ex);
		}
	}

	private static List<String> values(Attribute attribute) throws NamingException {
		List<String> values = new ArrayList<>();
		if (attribute != null) {
			NamingEnumeration<?> all = attribute.getAll();
			while (all.hasMore()) {
				values.add(String.valueOf(all.next()));
			}
		}
		return values;
	}

	@Override
	public List<String> addresses(String name) throws IOException {
		List<String> addresses = records(name, "A");
		return addresses.isEmpty() ? records(name, "AAAA") : addresses;
	}

}
