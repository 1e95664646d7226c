package io.github.netrpc.discovery.cloud;

import java.net.URI;
import java.util.HashMap;
import java.util.Map;

import org.springframework.cloud.client.serviceregistry.Registration;

/**
 * An entry as Eureka's is made: what is written of it is another map than what it is made
 * of, and it is sent when its status changes.
 */
public final class FakeRegistration implements Registration {

	private final InstanceConfig instanceConfig = new InstanceConfig();

	private final Map<String, String> metadata;

	private final Map<String, String> written = new HashMap<>();

	private int port;

	FakeRegistration(int port, Map<String, String> metadata) {
		this.port = port;
		this.metadata = metadata;
	}

	@Override
	public String getServiceId() {
		return "arith";
	}

	@Override
	public String getHost() {
		return "localhost";
	}

	@Override
	public int getPort() {
		return this.port;
	}

	public void setPort(int port) {
		this.port = port;
	}

	@Override
	public boolean isSecure() {
		return false;
	}

	@Override
	public URI getUri() {
		return URI.create("http://localhost:" + this.port);
	}

	@Override
	public Map<String, String> getMetadata() {
		return this.metadata;
	}

	public InstanceConfig getInstanceConfig() {
		return this.instanceConfig;
	}

	public ApplicationInfoManager getApplicationInfoManager() {
		return new ApplicationInfoManager(new WrittenEntry(this.written));
	}

	/** The states of an entry. */
	public enum Status {

		/** Takes calls. */
		UP,

		/** Does not yet. */
		STARTING

	}

	/** How the entry is configured. */
	public static final class InstanceConfig {

		private Status initialStatus = Status.UP;

		public Status getInitialStatus() {
			return this.initialStatus;
		}

		public void setInitialStatus(Status initialStatus) {
			this.initialStatus = initialStatus;
		}

	}

	/** Has the entry as it is written. */
	public static final class ApplicationInfoManager {

		private final WrittenEntry entry;

		ApplicationInfoManager(WrittenEntry entry) {
			this.entry = entry;
		}

		public WrittenEntry getInfo() {
			return this.entry;
		}

	}

	/** The entry as it is written. */
	public static final class WrittenEntry {

		private final Map<String, String> metadata;

		WrittenEntry(Map<String, String> metadata) {
			this.metadata = metadata;
		}

		public Map<String, String> getMetadata() {
			return this.metadata;
		}

	}

}
