package io.github.netrpc.discovery.etcd;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import io.github.netrpc.cluster.NodeEndpoint;

/**
 * The entries of one service, and those that are kept although they are gone. Whoever has
 * it guards it.
 */
final class NodeEntries {

	private final String prefix;

	/** By the nodes' ids. */
	private final Map<String, NodeEntry> current = new TreeMap<>();

	private final Map<String, NodeEntry> held = new TreeMap<>();

	private final List<String> problems = new ArrayList<>();

	private long revision;

	NodeEntries(String prefix) {
		this.prefix = prefix;
	}

	/**
	 * The revision up to which all changes are known.
	 */
	long revision() {
		return this.revision;
	}

	/**
	 * Takes a whole list.
	 * @param hold whether entries that are gone are kept
	 */
	void replace(EtcdSession.Listing listing, boolean hold) {
		Map<String, NodeEntry> before = new TreeMap<>(this.current);
		this.current.clear();
		listing.entries().forEach((key, value) -> put(before, key, value));
		if (hold) {
			before.keySet().removeAll(this.current.keySet());
			this.held.putAll(before);
		}
		this.revision = listing.revision();
	}

	/**
	 * Takes a change, unless it is in the list already.
	 * @param hold whether an entry that is gone is kept
	 */
	void apply(EtcdSession.Change change, boolean hold) {
		if (change.revision() < this.revision || !change.key().startsWith(this.prefix)) {
			return;
		}
		this.revision = change.revision();
		if (change.value() != null) {
			put(this.current, change.key(), change.value());
			return;
		}
		String id = id(change.key());
		NodeEntry gone = this.current.remove(id);
		if (hold && gone != null) {
			this.held.put(id, gone);
		}
	}

	private void put(Map<String, NodeEntry> known, String key, String value) {
		String id = id(key);
		NodeEntry entry = known.get(id);
		if (entry == null || !entry.value().equals(value)) {
			entry = NodeEntry.read(id, value);
			if (entry.problem() != null) {
				this.problems.add(key + ": " + entry.problem());
			}
		}
		this.current.put(id, entry);
		this.held.remove(id);
	}

	private String id(String key) {
		return key.substring(this.prefix.length());
	}

	/**
	 * Lets go of the entries that were kept.
	 * @return whether there were any
	 */
	boolean release() {
		boolean any = !this.held.isEmpty();
		this.held.clear();
		return any;
	}

	/**
	 * All nodes that can be read, by their ids.
	 */
	List<NodeEndpoint> nodes() {
		Map<String, NodeEntry> all = new TreeMap<>(this.held);
		all.putAll(this.current);
		List<NodeEndpoint> nodes = new ArrayList<>();
		for (NodeEntry entry : all.values()) {
			if (entry.node() != null) {
				nodes.add(entry.node());
			}
		}
		return nodes;
	}

	/**
	 * What could not be read since this was last called.
	 */
	List<String> takeProblems() {
		List<String> taken = List.copyOf(this.problems);
		this.problems.clear();
		return taken;
	}

}
