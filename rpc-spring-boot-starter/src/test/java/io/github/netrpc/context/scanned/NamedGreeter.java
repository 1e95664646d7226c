package io.github.netrpc.context.scanned;

import io.github.netrpc.annotation.RpcService;

@RpcService(value = "Other", beanName = "chosenName")
public class NamedGreeter {

	public String greet() {
		return "hello";
	}

}
