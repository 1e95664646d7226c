package io.github.netrpc.server;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

/**
 * The methods of a server by name. Fixed at start; found by the bytes of the name as they
 * came, without making a string of them. Open addressing, at most half full. Immutable.
 */
final class MethodTable {

	private final @Nullable ServedMethod[] slots;

	private final List<ServedMethod> methods;

	private final Set<String> services;

	MethodTable(Collection<ServedMethod> methods) {
		this.methods = List.copyOf(methods);
		this.services = methods.stream()
			.map((method) -> method.name().service())
			.collect(Collectors.toUnmodifiableSet());
		this.slots = new ServedMethod[Math.max(4, Integer.highestOneBit(Math.max(1, methods.size())) << 2)];
		methods.forEach(this::insert);
	}

	private void insert(ServedMethod method) {
		byte[] name = method.name().utf8();
		int slot = slot(name, 0, name.length);
		while (this.slots[slot] != null) {
			slot = (slot + 1) & (this.slots.length - 1);
		}
		this.slots[slot] = method;
	}

	/**
	 * Finds a method.
	 * @param buffer holds its name in UTF-8
	 * @param from index of the first byte
	 * @param to index behind the last byte
	 * @return the method, or null if there is none of this name, letter case included
	 */
	@Nullable ServedMethod find(byte[] buffer, int from, int to) {
		int slot = slot(buffer, from, to);
		while (true) {
			ServedMethod method = this.slots[slot];
			if (method == null) {
				return null;
			}
			byte[] name = method.name().utf8();
			if (Arrays.equals(name, 0, name.length, buffer, from, to)) {
				return method;
			}
			slot = (slot + 1) & (this.slots.length - 1);
		}
	}

	/**
	 * Says why a name was not found, in the words of Go's {@code net/rpc} (server.go,
	 * {@code readRequestHeader}), which clients compare.
	 * @param name the name as it was sent
	 * @return the error string
	 */
	String describeMissing(byte[] name) {
		String text = new String(name, StandardCharsets.UTF_8);
		int dot = text.lastIndexOf('.');
		if (dot < 0) {
			return "rpc: service/method request ill-formed: " + text;
		}
		return (this.services.contains(text.substring(0, dot)) ? "rpc: can't find method " : "rpc: can't find service ")
				+ text;
	}

	List<ServedMethod> methods() {
		return this.methods;
	}

	private int slot(byte[] buffer, int from, int to) {
		int hash = 0;
		for (int i = from; i < to; i++) {
			hash = 31 * hash + buffer[i];
		}
		return (hash ^ (hash >>> 16)) & (this.slots.length - 1);
	}

}
