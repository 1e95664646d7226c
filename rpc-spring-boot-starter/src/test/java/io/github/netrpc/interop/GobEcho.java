package io.github.netrpc.interop;

import io.github.netrpc.annotation.RpcService;
import io.github.netrpc.gob.GobTypes;
import io.github.netrpc.interop.Types.Cplx;
import io.github.netrpc.interop.Types.Holder;
import io.github.netrpc.type.TypeRef;
import io.github.netrpc.type.Unsigned;

/**
 * The fixture's service Echo: what only gob can carry.
 */
@RpcService("Echo")
public interface GobEcho extends Echo {

	/**
	 * The names of what a Holder holds. Go has more integers than Java: with these, each
	 * comes back as what it was.
	 */
	GobTypes TYPES = GobTypes.builder()
		.register("interop.Point", Types.Point.class)
		.register("int", Integer.class)
		.register("[]int", int[].class)
		.register("uint8", new TypeRef<@Unsigned Byte>() {
		})
		.build();

	Holder holder(Holder value);

	Cplx complex(Cplx value);

}
