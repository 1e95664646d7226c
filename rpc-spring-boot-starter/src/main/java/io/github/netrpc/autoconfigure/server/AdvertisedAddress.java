package io.github.netrpc.autoconfigure.server;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The address that callers elsewhere can connect to: the one listened on, or if that is a
 * wildcard, one of this machine: of the interface that came first, IPv4 before IPv6.
 */
final class AdvertisedAddress {

	private static final Logger logger = LoggerFactory.getLogger(AdvertisedAddress.class);

	private AdvertisedAddress() {
	}

	static String of(InetAddress listened) {
		if (!listened.isAnyLocalAddress()) {
			return text(listened);
		}
		InetAddress chosen = choose(ofThisMachine());
		if (chosen.isLoopbackAddress()) {
			logger.warn("The RPC server registers {}: this machine has no other address. Set the property "
					+ "'rpc.server.registration.host' to what callers should connect to", text(chosen));
		}
		return text(chosen);
	}

	static InetAddress choose(List<InetAddress> addresses) {
		return addresses.stream()
			.filter((address) -> !address.isLoopbackAddress() && !address.isLinkLocalAddress()
					&& !address.isAnyLocalAddress() && !address.isMulticastAddress())
			.min(Comparator.comparing((address) -> !(address instanceof Inet4Address)))
			.orElseGet(InetAddress::getLoopbackAddress);
	}

	private static List<InetAddress> ofThisMachine() {
		try {
			return NetworkInterface.networkInterfaces()
				.filter(AdvertisedAddress::isUp)
				.sorted(Comparator.comparingInt(NetworkInterface::getIndex))
				.flatMap(NetworkInterface::inetAddresses)
				.toList();
		}
		catch (SocketException ex) {
			logger.debug("The network interfaces are not known", ex);
			return List.of();
		}
	}

	private static boolean isUp(NetworkInterface each) {
		try {
			return each.isUp() && !each.isLoopback();
		}
		catch (SocketException ex) {
			return false;
		}
	}

	// An IPv6 address may name an interface of this machine, which means nothing
	// elsewhere.
	private static String text(InetAddress address) {
		String text = address.getHostAddress();
		return Stream.of(text.split("%", 2)).findFirst().orElse(text);
	}

}
