package io.github.netrpc.client;

import java.time.Duration;
import java.util.concurrent.Executor;

import org.junit.jupiter.api.Test;

import io.github.netrpc.client.FakeTransport.FakeConnection;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link NodeClient#renew}.
 */
class RenewalTests extends NodeFixture {

	private static final Duration LONG = Duration.ofMinutes(10);

	private static final Executor DIRECT = Runnable::run;

	@Test
	void nodeThatHasCallsIsPinged() {
		FakeConnection connection = greeted(true);
		call("a", LONG);
		this.node.renew();
		assertThat(connection.control()).singleElement().asString().contains("_goRPC_.Ping");
	}

	@Test
	void nodeThatHasNoneIsNot() {
		FakeConnection connection = greeted(true);
		this.node.renew();
		assertThat(connection.control()).isEmpty();
	}

	@Test
	void stockNodeIsLeftAlone() {
		FakeConnection connection = greeted(false);
		call("a", LONG);
		this.node.renew();
		assertThat(connection.control()).isEmpty();
	}

	@Test
	void nodeHearsNothingWithoutExtensions() {
		use(resources(ClientLimits.DEFAULT, null, ConnectionPolicy.DEFAULT, false, DIRECT));
		FakeConnection connection = connected();
		call("a", LONG);
		connection.control();
		this.node.renew();
		assertThat(connection.control()).isEmpty();
	}

	@Test
	void nodeThatIsNotConnectedIsNotConnectedForThat() {
		this.node.renew();
		assertThat(this.node.state()).isEqualTo(NodeState.IDLE);
	}

}
