package io.github.netrpc.demo.client;

import java.util.List;

import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.stereotype.Component;

/**
 * Plays all scenes: {@link SingleCalls}, {@link SharedWork}, {@link CallsToMany},
 * {@link DyingNode} or, with nodes that are not ours, {@link SteadyCalls}, and
 * {@link CountingPrimes}.
 */
@Component
class ArithDemo implements ApplicationRunner {

	private final List<Scene> scenes;

	ArithDemo(List<Scene> scenes) {
		this.scenes = scenes;
	}

	@Override
	public void run(ApplicationArguments args) throws InterruptedException {
		for (Scene scene : this.scenes) {
			scene.play();
		}
	}

}
