package io.github.netrpc.wire.json;

import java.util.Map;

/**
 * Where replies are meant to differ from Go's, and why. Everything not listed here must
 * be the same to the byte.
 */
final class DifferencesFromGo {

	/** Vector, and the reason why our server's replies differ from Go's. */
	static final Map<String, String> SERVER = Map.ofEntries(
			Map.entry("jraw_params_object", "own error text: Go's names its types"),
			Map.entry("jraw_params_string", "own error text: Go's names its types"),
			Map.entry("jraw_params_wrong_type", "own error text: Go's names its types"),
			Map.entry("jraw_params_wrong_member", "own error text: Go's names its types"),
			Map.entry("jraw_params_float_for_int", "own error text: Go's names its types"),
			Map.entry("jraw_params_overflow", "own error text: Go's names its types"),
			Map.entry("json_wrong_args", "own error text: Go's names its types"),
			Map.entry("json_nan", "Go sends nothing and the caller waits for ever; we answer with an error"), Map.entry(
					"json_nil_pointer_reply", "Go's null costs its own client the connection; we send the zero value"));

	/**
	 * Vector, and the reason why our client goes on where Go's gives the connection up.
	 */
	static final Map<String, String> CLIENT = Map.of("jreply_result_wrong",
			"the stream is in step: only this call fails", "json_wrong_reply",
			"the stream is in step: only this call fails");

	private DifferencesFromGo() {
	}

}
