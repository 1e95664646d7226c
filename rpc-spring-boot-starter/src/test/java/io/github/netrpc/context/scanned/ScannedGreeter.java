package io.github.netrpc.context.scanned;

import io.github.netrpc.annotation.RpcService;

@RpcService("Wire.Name")
public class ScannedGreeter implements ScannedService {

	@Override
	public String greet() {
		return "hello";
	}

}
