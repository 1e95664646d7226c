package io.github.netrpc.demo.client;

/**
 * One part of the demo: does something, and prints what came of it.
 */
interface Scene {

	void play() throws InterruptedException;

}
