package io.github.netrpc.server;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class StrangerCountsTests {

	private final StrangerCounts counts = new StrangerCounts(2);

	@Test
	void eachAddressOfIpv4CountsByItself() {
		assertThat(this.counts.add(peer("192.0.2.1"))).isTrue();
		assertThat(this.counts.add(peer("192.0.2.1"))).isTrue();
		assertThat(this.counts.add(peer("192.0.2.1"))).isFalse();
		assertThat(this.counts.add(peer("192.0.2.2"))).isTrue();
		this.counts.remove(peer("192.0.2.1"));
		assertThat(this.counts.add(peer("192.0.2.1"))).isTrue();
		assertThat(this.counts.add(peer("192.0.2.1"))).isFalse();
	}

	@Test
	void allAddressesOfANetworkOfIpv6CountTogether() {
		assertThat(this.counts.add(peer("2001:db8:0:1::1"))).isTrue();
		assertThat(this.counts.add(peer("2001:db8:0:1:ffff::2"))).isTrue();
		assertThat(this.counts.add(peer("2001:db8:0:1::3"))).isFalse();
		assertThat(this.counts.add(peer("2001:db8:0:2::1"))).isTrue();
		this.counts.remove(peer("2001:db8:0:1:abcd::1"));
		assertThat(this.counts.add(peer("2001:db8:0:1::3"))).isTrue();
	}

	@Test
	void peerWithoutAnAddressIsNotCounted() {
		SocketAddress unknown = InetSocketAddress.createUnresolved("nowhere", 1);
		for (int i = 0; i < 3; i++) {
			assertThat(this.counts.add(unknown)).isTrue();
		}
		this.counts.remove(unknown);
	}

	private static SocketAddress peer(String address) {
		try {
			return new InetSocketAddress(InetAddress.getByName(address), 1);
		}
		catch (UnknownHostException ex) {
			throw new IllegalArgumentException(ex);
		}
	}

}
