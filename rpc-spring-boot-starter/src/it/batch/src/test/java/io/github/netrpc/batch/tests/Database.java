package io.github.netrpc.batch.tests;

/**
 * A database that all nodes of a test share.
 */
interface Database extends AutoCloseable {

	/**
	 * Where it is.
	 */
	String url();

	/**
	 * Batch's name of it, in the names of its scripts.
	 */
	String platform();

	@Override
	void close();

}
