package io.github.netrpc.server;

import io.github.netrpc.CallRecorder;
import io.github.netrpc.wire.BufferPool;
import io.github.netrpc.wire.WireFormat;

/**
 * A format as one server uses it.
 *
 * @param index which of the server's formats it is
 * @param format the format
 * @param buffers buffers for replies
 * @param unknown records calls of methods that do not exist
 */
record ServedFormat(int index, WireFormat format, BufferPool buffers, CallRecorder unknown) {

}
