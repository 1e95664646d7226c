package io.github.netrpc.benchmarks;

import java.util.List;
import java.util.Locale;

import org.jspecify.annotations.Nullable;

/**
 * A pair of a server and a client that is measured. One line of the table each.
 */
enum Peer {

	GO_GOB("Go net/rpc gob, client.Go", Platform.GO, "-codec=gob", "-codec=gob", null),

	GO_GOB_SYNC("Go net/rpc gob, goroutines in client.Call", Platform.GO, "-codec=gob", "-codec=gob -mode=sync", null),

	GO_JSON("Go net/rpc JSON, client.Go", Platform.GO, "-codec=json", "-codec=json", null),

	ECHO("raw Netty echo of bytes", Platform.NEWEST, "", "", null),

	ECHO_MESSAGES("raw Netty echo of messages", Platform.NEWEST, "--unit=message", "--unit=message", null),

	GOB("gob, virtual threads, callAsync", Platform.VIRTUAL, "--handlers=virtual", "", GO_GOB),

	GOB_SYNC("gob, virtual threads, sync callers", Platform.VIRTUAL, "--handlers=virtual", "--mode=sync", GO_GOB_SYNC),

	GOB_NON_BLOCKING("gob, @NonBlocking, callAsync", Platform.NEWEST, "--handlers=nonblocking", "", GO_GOB),

	GOB_EVENT_LOOP("gob, @NonBlocking, callAsync with callbacks on the I/O thread", Platform.NEWEST,
			"--handlers=nonblocking", "--callbacks=io", GO_GOB),

	GOB_17_POOL("gob, pool, callAsync", Platform.JAVA_17, "--handlers=pool", "", GO_GOB),

	GOB_17_SYNC("gob, pool, sync callers", Platform.JAVA_17, "--handlers=pool", "--mode=sync", GO_GOB_SYNC),

	JSON("JSON, virtual threads, callAsync", Platform.VIRTUAL, "--handlers=virtual", "--codec=json", GO_JSON),

	JSON_17_POOL("JSON, pool, callAsync", Platform.JAVA_17, "--handlers=pool", "--codec=json", GO_JSON),

	GO_GOB_TLS("Go net/rpc gob over TLS, client.Go", Platform.GO, "-codec=gob -tls", "-codec=gob -tls", null, true),

	GOB_TLS("gob over TLS, virtual threads, callAsync", Platform.VIRTUAL, "--handlers=virtual", "", GO_GOB_TLS, true);

	private final String title;

	private final Platform platform;

	private final String serverArguments;

	private final String clientArguments;

	private final @Nullable Peer rival;

	private final boolean tls;

	Peer(String title, Platform platform, String serverArguments, String clientArguments, @Nullable Peer rival) {
		this(title, platform, serverArguments, clientArguments, rival, false);
	}

	Peer(String title, Platform platform, String serverArguments, String clientArguments, @Nullable Peer rival,
			boolean tls) {
		this.title = title;
		this.platform = platform;
		this.serverArguments = serverArguments;
		this.clientArguments = clientArguments;
		this.rival = rival;
		this.tls = tls;
	}

	/**
	 * The name as an option takes it: {@code gob-17-pool}.
	 * @return the name
	 */
	String option() {
		return name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

	String title() {
		return this.title;
	}

	Platform platform() {
		return this.platform;
	}

	List<String> serverArguments() {
		return words(this.serverArguments);
	}

	List<String> clientArguments() {
		return words(this.clientArguments);
	}

	private static List<String> words(String line) {
		return line.isEmpty() ? List.of() : List.of(line.split(" "));
	}

	/**
	 * Go's peer that calls in the same way, for peers that are ours.
	 * @return the peer this one is compared with, or null
	 */
	@Nullable Peer rival() {
		return this.rival;
	}

	/**
	 * Whether it speaks TLS, and is measured only when that is asked for.
	 * @return whether it does
	 */
	boolean isTls() {
		return this.tls;
	}

	boolean isEcho() {
		return this == ECHO || this == ECHO_MESSAGES;
	}

	/**
	 * Whether the targets, which are those of gob, can be computed for this peer.
	 * @return whether this is one of ours that speaks gob
	 */
	boolean hasTargets() {
		return this.rival == GO_GOB || this.rival == GO_GOB_SYNC;
	}

	/**
	 * Whether the targets are about this peer.
	 * @return whether a target not met counts
	 */
	boolean isJudged() {
		return this == GOB;
	}

	static Peer ofOption(String option) {
		for (Peer peer : values()) {
			if (peer.option().equals(option)) {
				return peer;
			}
		}
		throw new IllegalArgumentException("peer \"" + option + "\" (expected one of: " + options() + ")");
	}

	static String options() {
		return String.join(",", List.of(values()).stream().map(Peer::option).toList());
	}

	/**
	 * What the processes of a peer run on.
	 */
	enum Platform {

		/** Compiled Go. */
		GO,

		/** The JDK of the runner, which must have virtual threads. */
		VIRTUAL,

		/** The JDK of the runner, whichever that is. */
		NEWEST,

		/** A JDK 17. */
		JAVA_17

	}

}
