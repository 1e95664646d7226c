package io.github.netrpc.benchmarks.codec;

/**
 * JSON-RPC as Go speaks it.
 */
public class JsonBenchmark extends CodecBenchmark {

	public JsonBenchmark() {
		super("json");
	}

}
