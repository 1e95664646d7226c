package io.github.netrpc.cluster;

import java.util.List;
import java.util.function.DoubleSupplier;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.client.PickRequest;

/**
 * Sends calls with the same key to the same node, whichever client makes them: that whose
 * hash together with the key's is the highest (rendezvous hashing), a heavier node more
 * often. When a node comes or goes, only the keys move that it gets or had.
 * <p>
 * Loads are bounded: a node with more than 1.25 times its share of the calls in flight is
 * left out, so that a key that everybody asks for spills over to the node that is next
 * for it. Calls without a key go to the least loaded of two. A node that starts slowly
 * has all its keys from the beginning, since they would move twice otherwise.
 */
final class ConsistentHashBalancer implements LoadBalancer {

	static final String NAME = "consistent-hash";

	/** The share of the calls in flight that a node may have. */
	static final double BOUND = 1.25;

	/** With few calls in flight, a few of one key are no load. */
	static final int FREE = 4;

	private static final double TO_UNIT = 0x1.0p-53;

	private final LeastLoadedBalancer unkeyed;

	private volatile @Nullable Hashes hashes;

	ConsistentHashBalancer(DoubleSupplier random) {
		this.unkeyed = new LeastLoadedBalancer(random);
	}

	@Override
	public int pick(List<? extends NodeView> nodes, PickRequest request) {
		String key = request.options().hashKey();
		if (key == null) {
			return this.unkeyed.pick(nodes);
		}
		Hashes hashes = this.hashes;
		if (hashes == null || hashes.nodes != nodes) {
			hashes = new Hashes(nodes);
			this.hashes = hashes;
		}
		return hashes.pick(key);
	}

	/**
	 * Spreads the bits of a hash over all 64: the last step of MurmurHash3.
	 */
	private static long mix(long hash) {
		long mixed = (hash ^ (hash >>> 33)) * 0xff51afd7ed558ccdL;
		mixed = (mixed ^ (mixed >>> 33)) * 0xc4ceb9fe1a85ec53L;
		return mixed ^ (mixed >>> 33);
	}

	/**
	 * FNV-1a: unlike the hash of a string, different for names such as {@code Aa} and
	 * {@code BB}.
	 */
	private static long hash(String id) {
		long hash = 0xcbf29ce484222325L;
		for (int i = 0; i < id.length(); i++) {
			hash = (hash ^ id.charAt(i)) * 0x100000001b3L;
		}
		return mix(hash);
	}

	/**
	 * The hashes of the nodes of one list.
	 */
	private static final class Hashes {

		private final List<? extends NodeView> nodes;

		private final long[] hashes;

		private final double[] weights;

		private double sum;

		private boolean equal = true;

		Hashes(List<? extends NodeView> nodes) {
			this.nodes = nodes;
			this.hashes = new long[nodes.size()];
			this.weights = new double[nodes.size()];
			for (int i = 0; i < this.hashes.length; i++) {
				NodeEndpoint endpoint = nodes.get(i).endpoint();
				this.hashes[i] = hash(endpoint.id());
				this.weights[i] = endpoint.weight();
				this.sum += this.weights[i];
				this.equal &= this.weights[i] == this.weights[0];
			}
		}

		int pick(String key) {
			// Specified, so that all clients agree, and kept by the string.
			long keyHash = mix(key.hashCode());
			long load = 1;
			for (int i = 0; i < this.hashes.length; i++) {
				load += this.nodes.get(i).inFlight();
			}
			int best = -1;
			double bestScore = 0;
			for (int i = 0; i < this.hashes.length; i++) {
				if (this.nodes.get(i).inFlight() < bound(i, load)) {
					double score = score(i, keyHash);
					if (best < 0 || score > bestScore) {
						best = i;
						bestScore = score;
					}
				}
			}
			// Calls that begin meanwhile may have filled the last one.
			return Math.max(0, best);
		}

		private double bound(int node, long load) {
			return Math.max(FREE, Math.ceil(BOUND * load * this.weights[node] / this.sum));
		}

		/**
		 * A number that is the highest of all with a probability in proportion to the
		 * node's weight.
		 */
		private double score(int node, long keyHash) {
			// More than 0, less than 1.
			double unit = ((mix(this.hashes[node] ^ keyHash) >>> 11) + 0.5) * TO_UNIT;
			return this.equal ? unit : -this.weights[node] / Math.log(unit);
		}

	}

}
