package io.github.netrpc.interop;

import io.github.netrpc.interop.Types.Cplx;
import io.github.netrpc.interop.Types.Holder;

/**
 * Echo with the methods that only gob can carry: a server that speaks JSON too would
 * refuse to start with it.
 */
public class GobEchoService extends EchoService implements GobEcho {

	@Override
	public Holder holder(Holder value) {
		return value;
	}

	@Override
	public Cplx complex(Cplx value) {
		return value;
	}

}
