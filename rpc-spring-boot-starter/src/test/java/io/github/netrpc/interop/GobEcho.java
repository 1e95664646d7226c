package io.github.netrpc.interop;

import io.github.netrpc.annotation.RpcService;
import io.github.netrpc.interop.Types.Cplx;
import io.github.netrpc.interop.Types.Holder;

/**
 * The fixture's service Echo: what only gob can carry.
 */
@RpcService("Echo")
public interface GobEcho extends Echo {

	Holder holder(Holder value);

	Cplx complex(Cplx value);

}
