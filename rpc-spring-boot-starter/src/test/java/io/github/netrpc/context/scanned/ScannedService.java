package io.github.netrpc.context.scanned;

import io.github.netrpc.annotation.RpcService;

@RpcService("Wire.Name")
public interface ScannedService {

	String greet();

}
