package io.github.netrpc.interop;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.github.netrpc.annotation.RpcService;
import io.github.netrpc.cluster.RpcChannel;
import io.github.netrpc.method.RpcDefinitionException;
import io.github.netrpc.server.RpcServer;
import io.github.netrpc.type.UnsupportedTypeException;
import io.github.netrpc.wire.WireLimits;
import io.github.netrpc.wire.gob.GobWireFormat;
import io.github.netrpc.wire.json.JsonWireFormat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Classes that can be written but not made: a server takes none as an argument, a client
 * none as a reply, and both say so at the start. In the other direction they are fine.
 */
class WriteOnlyTypesIntegrationTests {

	private static final String WHY = "it has no constructor to be made by; make it a record, or add one without parameters";

	@ParameterizedTest
	@ValueSource(strings = { "gob", "json" })
	void serverWithAnArgumentThatItCannotReadDoesNotStart(String codec) {
		assertThatExceptionOfType(RpcDefinitionException.class)
			.isThrownBy(() -> start(codec, new TakesPrices()).close())
			.satisfies((ex) -> assertThat(ex.problems()).singleElement().satisfies((problem) -> {
				assertThat(problem.where()).contains("TakesPrices.add");
				assertThat(problem.what()).startsWith("the argument cannot be read in " + codec + ": ")
					.contains("Price: " + WHY);
				assertThat(problem.fix()).contains("constructor");
			}));
	}

	@ParameterizedTest
	@ValueSource(strings = { "gob", "json" })
	void serverWithSuchAnArgumentAmongSeveralDoesNotStart(String codec) {
		assertThatExceptionOfType(RpcDefinitionException.class).isThrownBy(() -> start(codec, new TakesTwo()).close())
			.withMessageContaining("Price: " + WHY);
	}

	@ParameterizedTest
	@ValueSource(strings = { "gob", "json" })
	void clientWithAReplyThatItCannotReadHasNoProxy(String codec) {
		try (RpcChannel channel = RpcChannel.builder().target("127.0.0.1:1").codec(codec).build()) {
			assertThatExceptionOfType(RpcDefinitionException.class).isThrownBy(() -> channel.proxy(GivesPrices.class))
				.withMessageContaining("GivesPrices.all")
				.withMessageContaining("the reply of GivesPrices.All cannot be read in " + codec)
				.withMessageContaining("Price: " + WHY);
			assertThatExceptionOfType(UnsupportedTypeException.class)
				.isThrownBy(() -> channel.call("Prices.One", "a", Price.class));
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "gob", "json" })
	void serverWritesThemAndClientsSendThem(String codec) {
		try (RpcServer server = start(codec, (GivesPrices) () -> Map.of("a", List.of(Optional.of(Price.ofCents(7)))));
				RpcChannel channel = RpcChannel.builder().target("127.0.0.1:" + server.port()).codec(codec).build()) {
			assertThat(channel.proxy(Reader.class).all()).isEqualTo(Map.of("a", List.of(new Cents(7))));
			assertThat(channel.proxy(Sender.class)).isNotNull();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "gob", "json" })
	void propertiesThatAreNeverSetNeedNotBeReadable(String codec) {
		Order order = new Order();
		order.setNumber(8);
		try (RpcServer server = start(codec, new TakesOrders());
				RpcChannel channel = RpcChannel.builder().target("127.0.0.1:" + server.port()).codec(codec).build()) {
			assertThat(channel.call("TakesOrders.Add", order, Long.class)).isEqualTo(8);
		}
	}

	@Test
	void interfacesNeedSubtypesInJson() {
		assertThatExceptionOfType(RpcDefinitionException.class)
			.isThrownBy(() -> start("json", new TakesShapes()).close())
			.withMessageContaining("Shape: it is abstract")
			.withMessageContaining("@JsonSubTypes");
		start("json", new TakesAnimals()).close();
	}

	private static RpcServer start(String codec, Object service) {
		return RpcServer.builder()
			.address(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
			.service(service)
			.format(codec.equals("gob") ? new GobWireFormat.Provider().create(WireLimits.DEFAULT)
					: new JsonWireFormat.Provider().create(WireLimits.DEFAULT))
			.start();
	}

	public static final class Price {

		private final long cents;

		private Price(long cents) {
			this.cents = cents;
		}

		public static Price ofCents(long cents) {
			return new Price(cents);
		}

		public long getCents() {
			return this.cents;
		}

	}

	public record Cents(long cents) {
	}

	public static final class Order {

		private long number;

		public long getNumber() {
			return this.number;
		}

		public void setNumber(long number) {
			this.number = number;
		}

		public Price getTotal() {
			return Price.ofCents(this.number);
		}

	}

	public static final class TakesPrices {

		public void add(List<Map<String, Price>> prices) {
		}

	}

	public static final class TakesTwo {

		public void add(String name, Price price) {
		}

	}

	public static final class TakesOrders {

		public long add(Order order) {
			return order.getNumber();
		}

	}

	@RpcService
	public interface GivesPrices {

		Map<String, List<Optional<Price>>> all();

	}

	@RpcService("GivesPrices")
	public interface Reader {

		Map<String, List<Cents>> all();

	}

	@RpcService("GivesPrices")
	public interface Sender {

		void add(Price price);

	}

	public interface Shape {

		int sides();

	}

	public static final class TakesShapes {

		public void add(Shape shape) {
		}

	}

	@JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
	@JsonSubTypes(@JsonSubTypes.Type(Cat.class))
	public interface Animal {

	}

	public record Cat(String name) implements Animal {
	}

	public static final class TakesAnimals {

		public void add(Animal animal) {
		}

	}

}
