package io.github.netrpc.simulation;

import java.util.List;
import java.util.ServiceLoader;

import io.github.netrpc.type.TypeRef;
import io.github.netrpc.type.Unsigned;
import io.github.netrpc.wire.ValuePlan;
import io.github.netrpc.wire.ValueShape;
import io.github.netrpc.wire.WireFormat;
import io.github.netrpc.wire.WireLimits;

/**
 * A wire format with the types of the simulation, which all simulations share: what is
 * compiled for one is compiled for all, in the same order each time.
 *
 * @param format the format
 * @param order how an order is read
 * @param receipt how a receipt is written
 * @param empty an argument that is skipped, and an empty reply
 * @param number the number of a call
 */
record SimulatedFormats(WireFormat format, ValuePlan order, ValuePlan receipt, ValuePlan empty, ValuePlan number) {

	static final SimulatedFormats GOB = load("gob");

	static final SimulatedFormats JSON = load("json");

	static final List<SimulatedFormats> ALL = List.of(GOB, JSON);

	private static SimulatedFormats load(String name) {
		WireFormat format = ServiceLoader.load(WireFormat.Provider.class)
			.stream()
			.map(ServiceLoader.Provider::get)
			.filter((provider) -> provider.name().equals(name))
			.findFirst()
			.orElseThrow()
			.create(WireLimits.DEFAULT);
		return new SimulatedFormats(format, format.plan(new ValueShape.Value(new TypeRef<Order>() {
		}.annotatedType())), format.plan(new ValueShape.Value(new TypeRef<Receipt>() {
		}.annotatedType())), format.plan(ValueShape.EMPTY),
				format.plan(new ValueShape.Value(new TypeRef<@Unsigned Long>() {
				}.annotatedType())));
	}

	/**
	 * What is asked for.
	 *
	 * @param token tells this call from all others
	 * @param load nothing but bytes
	 */
	record Order(long token, byte[] load) {

	}

	/**
	 * The answer.
	 *
	 * @param token the token of the order
	 * @param node who answers
	 * @param load nothing but bytes
	 */
	record Receipt(long token, String node, byte[] load) {

	}

}
