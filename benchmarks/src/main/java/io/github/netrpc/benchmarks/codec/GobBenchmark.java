package io.github.netrpc.benchmarks.codec;

/**
 * net/rpc over gob.
 */
public class GobBenchmark extends CodecBenchmark {

	public GobBenchmark() {
		super("gob");
	}

}
