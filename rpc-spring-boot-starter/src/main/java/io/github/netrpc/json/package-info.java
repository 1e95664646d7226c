/**
 * Java values as JSON the way Go writes and reads it, and the properties of Java classes
 * by Jackson's annotations, for gob too. The one home of Jackson beside the JSON wire
 * format, and the entries in etcd, which are documents of their own. Must not know calls,
 * envelopes or connections. Start at {@link io.github.netrpc.json.RpcJsonMapper}.
 */
@NullMarked
package io.github.netrpc.json;

import org.jspecify.annotations.NullMarked;
