package io.github.netrpc.benchmarks.reliability;

import java.io.IOException;

import io.github.netrpc.benchmarks.PeerProcess;

/**
 * The memory that a process holds after a collection, when it has given back to the
 * system what it does not need. Immutable.
 *
 * @param heap what is in use of its heap, in bytes
 * @param resident all that it holds, its heap included, in bytes: only differences of two
 * of the same process mean something
 */
record HeldMemory(long heap, long resident) {

	private static final double KIBIBYTE = 1024;

	/**
	 * The memory of a node whose heap is fixed, see {@link NodeProcess#fixedHeap}. The
	 * pages of that heap are resident from the start and never more or less, whatever is
	 * in them. So what the node takes beyond is what is resident more than before and
	 * what is in use more than before, and no page that was freed hides any of it.
	 * @param node a running node
	 * @return its memory
	 */
	static HeldMemory of(NodeProcess node) throws IOException, InterruptedException {
		long heap = node.settledHeapBytes();
		return new HeldMemory(heap, heap + ProcessFiles.residentBytes(node.process().pid()));
	}

	/**
	 * The memory of a node of Go, which gives all free pages back when it is asked. Its
	 * heap is counted with its stacks.
	 * @param go the program {@code worknode}
	 * @return its memory
	 */
	static HeldMemory ofGo(PeerProcess go) throws IOException, InterruptedException {
		go.send("memory");
		long heap = Long.parseLong(go.expect("memory ", 30));
		return new HeldMemory(heap, ProcessFiles.residentBytes(go.pid()));
	}

	/**
	 * The heap in use beyond that of before.
	 * @param before the same process before
	 * @param connections what it is for
	 * @return KiB for each of them
	 */
	double heapEach(HeldMemory before, int connections) {
		return (this.heap - before.heap) / KIBIBYTE / connections;
	}

	/**
	 * The memory held beyond that of before, which is not less than that of the heap:
	 * what was given back meanwhile has nothing to do with them.
	 * @param before the same process before
	 * @param connections what it is for
	 * @return KiB for each of them
	 */
	double residentEach(HeldMemory before, int connections) {
		return Math.max(heapEach(before, connections), (this.resident - before.resident) / KIBIBYTE / connections);
	}

}
