package io.github.netrpc.discovery.tests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * No Consul, but a stand-in of the HTTP calls that Spring Cloud Consul makes of an agent:
 * register, deregister, pass or fail the TTL check, the leader, the catalog and the
 * health of a service, both with blocking queries. Written after Consul's documentation
 * of its HTTP API; what it holds survives its restart, as an agent's does.
 */
final class ConsulStandIn {

	private static final JsonMapper MAPPER = JsonMapper.builder().build();

	private final Map<String, Entry> entries = new TreeMap<>();

	private long index = 1;

	private int port;

	private @Nullable HttpServer server;

	private @Nullable ExecutorService threads;

	ConsulStandIn() {
		start();
	}

	int port() {
		return this.port;
	}

	void start() {
		try {
			HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), this.port),
					0);
			ExecutorService threads = Executors.newCachedThreadPool();
			server.setExecutor(threads);
			server.createContext("/v1/", this::handle);
			synchronized (this) {
				// The time of each check begins anew, as when an agent starts.
				this.entries.values().forEach(Entry::restart);
			}
			server.start();
			this.port = server.getAddress().getPort();
			this.server = server;
			this.threads = threads;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	void stop() {
		if (this.server != null && this.threads != null) {
			this.server.stop(0);
			this.threads.shutdownNow();
			this.server = null;
		}
	}

	private void handle(HttpExchange exchange) throws IOException {
		try (exchange) {
			String call = exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath();
			String last = call.substring(call.lastIndexOf('/') + 1);
			if (call.equals("PUT /v1/agent/service/register")) {
				register(MAPPER.readTree(exchange.getRequestBody().readAllBytes()));
				answer(exchange, 200, null);
			}
			else if (call.startsWith("PUT /v1/agent/service/deregister/")) {
				answer(exchange, deregister(last) ? 200 : 404, null);
			}
			else if (call.startsWith("PUT /v1/agent/check/pass/service:")) {
				answer(exchange, pass(last.substring("service:".length())) ? 200 : 404, null);
			}
			else if (call.startsWith("PUT /v1/agent/check/fail/service:")) {
				answer(exchange, fail(last.substring("service:".length())) ? 200 : 404, null);
			}
			else if (call.equals("GET /v1/status/leader")) {
				answer(exchange, 200, "127.0.0.1:8300");
			}
			else if (call.equals("GET /v1/catalog/services")) {
				block(exchange);
				answer(exchange, 200, services());
			}
			else if (call.startsWith("GET /v1/health/service/")) {
				block(exchange);
				answer(exchange, 200, health(last, "true".equals(parameter(exchange, "passing"))));
			}
			else {
				answer(exchange, 404, null);
			}
		}
		catch (InterruptedException ex) {
			// It is stopped: whoever asked gets no answer.
			Thread.currentThread().interrupt();
		}
	}

	/**
	 * Waits until something has changed since the index that the caller knows, or as long
	 * as it wants to.
	 */
	private synchronized void block(HttpExchange exchange) throws InterruptedException {
		String known = parameter(exchange, "index");
		String wait = parameter(exchange, "wait");
		if (known == null || wait == null) {
			return;
		}
		long millis = Long.parseLong(wait.replace("s", "")) * 1_000;
		long end = System.nanoTime() + millis * 1_000_000;
		for (long left = millis; left > 0 && this.index == Long.parseLong(known)
				&& !expired(); left = (end - System.nanoTime()) / 1_000_000) {
			wait(Math.min(left, 100));
		}
	}

	private static @Nullable String parameter(HttpExchange exchange, String name) {
		String query = exchange.getRequestURI().getQuery();
		for (String each : (query != null) ? query.split("&") : new String[0]) {
			if (each.startsWith(name + "=")) {
				return each.substring(name.length() + 1);
			}
		}
		return null;
	}

	private synchronized void register(JsonNode service) {
		this.entries.put(service.get("ID").asString(), new Entry(service));
		changed();
	}

	private synchronized boolean deregister(String id) {
		boolean known = this.entries.remove(id) != null;
		changed();
		return known;
	}

	private synchronized boolean pass(String id) {
		Entry entry = this.entries.get(id);
		if (entry != null && entry.pass()) {
			changed();
		}
		return entry != null;
	}

	private synchronized boolean fail(String id) {
		Entry entry = this.entries.get(id);
		if (entry != null && entry.fail()) {
			changed();
		}
		return entry != null;
	}

	private void changed() {
		this.index++;
		notifyAll();
	}

	/**
	 * Whether a check has just become critical.
	 */
	private boolean expired() {
		boolean any = false;
		for (Entry entry : this.entries.values()) {
			any |= entry.expire();
		}
		if (any) {
			changed();
		}
		return any;
	}

	private synchronized Map<String, List<String>> services() {
		Map<String, List<String>> services = new TreeMap<>();
		this.entries.values().forEach((entry) -> services.put(entry.name(), List.of()));
		return services;
	}

	private synchronized List<Map<String, Object>> health(String service, boolean passingOnly) {
		expired();
		List<Map<String, Object>> answer = new ArrayList<>();
		for (Entry entry : this.entries.values()) {
			if (entry.name().equals(service) && (!passingOnly || entry.isPassing())) {
				answer.add(entry.health());
			}
		}
		return answer;
	}

	private void answer(HttpExchange exchange, int status, @Nullable Object body) throws IOException {
		byte[] bytes = (body != null) ? MAPPER.writeValueAsBytes(body) : new byte[0];
		exchange.getResponseHeaders().set("Content-Type", "application/json");
		synchronized (this) {
			exchange.getResponseHeaders().set("X-Consul-Index", String.valueOf(this.index));
		}
		exchange.getResponseHeaders().set("X-Consul-Knownleader", "true");
		exchange.sendResponseHeaders(status, (bytes.length > 0) ? bytes.length : -1);
		exchange.getResponseBody().write(bytes);
	}

	/**
	 * A service as it was registered, and its check.
	 */
	private static final class Entry {

		private final JsonNode service;

		private final long ttlNanos;

		private long passed = System.nanoTime();

		/** A TTL check is critical until it is passed for the first time. */
		private boolean passing;

		Entry(JsonNode service) {
			this.service = service;
			String ttl = service.path("Check").path("TTL").asString("");
			this.ttlNanos = ttl.isEmpty() ? 0 : Long.parseLong(ttl.replace("s", "")) * 1_000_000_000;
			this.passing = this.ttlNanos == 0;
		}

		String name() {
			return this.service.get("Name").asString();
		}

		boolean isPassing() {
			return this.passing;
		}

		boolean pass() {
			boolean changed = !this.passing;
			this.passing = true;
			this.passed = System.nanoTime();
			return changed;
		}

		void restart() {
			this.passed = System.nanoTime();
		}

		boolean fail() {
			boolean changed = this.passing;
			this.passing = false;
			return changed;
		}

		boolean expire() {
			if (this.passing && this.ttlNanos > 0 && System.nanoTime() - this.passed > this.ttlNanos) {
				this.passing = false;
				return true;
			}
			return false;
		}

		Map<String, Object> health() {
			Map<String, Object> service = new LinkedHashMap<>();
			service.put("ID", this.service.get("ID"));
			service.put("Service", this.service.get("Name"));
			service.put("Tags", this.service.path("Tags"));
			service.put("Address", this.service.path("Address").asString(""));
			service.put("Meta", this.service.path("Meta"));
			service.put("Port", this.service.path("Port").asInt(0));
			Map<String, Object> check = new LinkedHashMap<>();
			check.put("Node", "stand-in");
			check.put("CheckID", "service:" + this.service.get("ID").asString());
			check.put("Name", "Service '" + name() + "' check");
			check.put("Status", this.passing ? "passing" : "critical");
			check.put("ServiceID", this.service.get("ID"));
			check.put("ServiceName", name());
			return Map.of("Node",
					Map.of("ID", "stand-in", "Node", "stand-in", "Address", "127.0.0.1", "Datacenter", "dc1"),
					"Service", service, "Checks", List.of(check));
		}

	}

}
