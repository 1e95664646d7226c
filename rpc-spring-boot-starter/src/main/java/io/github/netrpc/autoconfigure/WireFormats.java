package io.github.netrpc.autoconfigure;

import io.github.netrpc.wire.WireFormat;
import io.github.netrpc.wire.WireLimits;

/**
 * Makes the wire formats of the server and of each channel, with what the application
 * says about names and types. Thread-safe.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface WireFormats {

	/**
	 * Makes a format. It holds compiled types, so a server or channel needs one of each.
	 * @param codec which format
	 * @param limits bounds on what is read
	 * @return a new format
	 */
	WireFormat create(Codec codec, WireLimits limits);

}
