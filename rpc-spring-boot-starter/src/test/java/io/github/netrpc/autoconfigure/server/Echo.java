package io.github.netrpc.autoconfigure.server;

import io.github.netrpc.annotation.RpcService;

@RpcService
public class Echo {

	public String repeat(String text) {
		return text;
	}

}
