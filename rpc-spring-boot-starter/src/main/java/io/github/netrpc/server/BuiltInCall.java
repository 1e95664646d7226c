package io.github.netrpc.server;

import java.util.Objects;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.wire.IncomingRequest;
import io.github.netrpc.wire.ValuePlan;

/**
 * A call of one of the {@link BuiltInMethods}, answered on the I/O thread at once.
 */
final class BuiltInCall extends IncomingRequest {

	/** Metadata of a connection's first ping: its id. */
	private static final String CONNECTION = "connection";

	private final ServerConnection connection;

	private final BuiltInMethods.Method method;

	private final BuiltInMethods.Plans plans;

	BuiltInCall(ServerConnection connection, BuiltInMethods.Method method) {
		this.connection = connection;
		this.method = method;
		this.plans = connection.scope().builtIn().plans(connection.format());
	}

	@Override
	public byte[] methodName() {
		return this.method.utf8();
	}

	@Override
	public ValuePlan argumentPlan() {
		return switch (this.method) {
			case PING -> this.plans.nothing();
			case CANCEL -> this.plans.seq();
		};
	}

	@Override
	public void received(@Nullable Object argument) {
		switch (this.method) {
			case PING -> {
				String id = metadata().get(CONNECTION);
				if (id != null) {
					this.connection.identify(id);
				}
			}
			case CANCEL -> this.connection.cancel(((Number) Objects.requireNonNull(argument)).longValue());
		}
		this.connection.answerBuiltIn(this, this.plans.nothing());
	}

	@Override
	public void malformed(String reason) {
		this.connection.refuseBuiltIn(this, reason);
	}

}
