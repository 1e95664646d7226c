package io.github.netrpc.autoconfigure.server;

import java.util.stream.Stream;

import io.github.netrpc.annotation.RpcService;

@RpcService
public class Overloaded {

	public String repeat(String text) {
		return text;
	}

	public String repeat(int number) {
		return "" + number;
	}

	public Stream<String> all() {
		return Stream.empty();
	}

}
