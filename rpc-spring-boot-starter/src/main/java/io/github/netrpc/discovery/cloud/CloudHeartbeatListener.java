package io.github.netrpc.discovery.cloud;

import org.springframework.cloud.client.discovery.event.HeartbeatEvent;
import org.springframework.cloud.client.discovery.event.HeartbeatMonitor;
import org.springframework.context.ApplicationListener;

/**
 * Has the directories look up when Spring Cloud learns of a change: the value of its
 * heartbeat is another one then. Thread-safe.
 *
 * @since 0.1.0
 */
public final class CloudHeartbeatListener implements ApplicationListener<HeartbeatEvent> {

	private final CloudDirectoryProvider directories;

	private final HeartbeatMonitor monitor = new HeartbeatMonitor();

	/**
	 * Creates the listener.
	 * @param directories made the directories
	 */
	public CloudHeartbeatListener(CloudDirectoryProvider directories) {
		this.directories = directories;
	}

	@Override
	public void onApplicationEvent(HeartbeatEvent event) {
		if (this.monitor.update(event.getValue())) {
			this.directories.refresh();
		}
	}

}
