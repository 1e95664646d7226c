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

	/**
	 * Writes an empty reply.
	 */
	ValuePlan nothing() {
		return this.plans.nothing();
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
			case AUTHENTICATE -> this.plans.token();
		};
	}

	@Override
	public void received(@Nullable Object argument) {
		switch (this.method) {
			case AUTHENTICATE -> {
				this.connection.logIn(this, (argument instanceof String token) ? token : "");
				return;
			}
			case PING -> {
				String id = metadata().get(CONNECTION);
				if (id != null) {
					this.connection.identify(id);
				}
			}
			case CANCEL -> this.connection.cancel(((Number) Objects.requireNonNull(argument)).longValue());
		}
		this.connection.answerBuiltIn(this);
	}

	@Override
	public void malformed(String reason) {
		// What came instead may still be a secret.
		this.connection.refuseBuiltIn(this,
				(this.method == BuiltInMethods.Method.AUTHENTICATE) ? "a token is expected, as a text" : reason);
	}

}
