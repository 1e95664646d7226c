package io.github.netrpc.simulation;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.Known;
import io.github.netrpc.RpcCall;
import io.github.netrpc.RpcCode;
import io.github.netrpc.RpcException;
import io.github.netrpc.RpcReply;
import io.github.netrpc.client.ClientInterceptor;
import io.github.netrpc.client.ClientInterceptor.Next;
import io.github.netrpc.simulation.Promises.Call;
import io.github.netrpc.simulation.SimulatedFormats.Order;
import io.github.netrpc.simulation.SimulatedFormats.Receipt;

/**
 * Interceptors of two kinds: the outer one holds calls back, answers them, fails them,
 * says nothing or repeats them, and the inner one notes what is made of them.
 */
final class SimulatedInterceptors {

	private static final long HELD_BACK_NANOS = 200_000_000;

	private static final double IDLE = 0.6;

	private final SimulatedProcess client;

	private final SimulatedRandom random;

	private final Promises promises;

	private boolean calm;

	SimulatedInterceptors(SimulatedProcess client, SimulatedRandom random, Promises promises) {
		this.client = client;
		this.random = random;
		this.promises = promises;
	}

	/**
	 * The interceptors, the outer one first.
	 */
	List<ClientInterceptor> all() {
		return List.of(this::outer, this::inner);
	}

	/**
	 * From now on every call just passes.
	 */
	void calm() {
		this.calm = true;
	}

	private CompletionStage<RpcReply> outer(RpcCall call, Next next) {
		Order order = order(call);
		Call own = this.promises.intercepted(order.token());
		if (this.calm || this.random.chance(IDLE)) {
			return proceed(own, call, next);
		}
		return switch (this.random.below(6)) {
			case 0 -> holdBack(own, call, next);
			case 1 -> answer(own, order);
			case 2 -> CompletableFuture.failedFuture(this.promises.refusing(own,
					new RpcException(RpcCode.FAILED_PRECONDITION, Known.NOT_RUN, "refused by an interceptor", null)));
			case 3 -> throw this.promises.refusing(own, new IllegalStateException("thrown by an interceptor"));
			case 4 -> fallSilent(own, call, next);
			default -> repeat(own, call, next);
		};
	}

	private static Order order(RpcCall call) {
		return (Order) call.arguments().get(0);
	}

	private CompletionStage<RpcReply> proceed(Call own, RpcCall call, Next next) {
		this.promises.proceeding(own);
		return next.proceed(call);
	}

	private CompletionStage<RpcReply> holdBack(Call own, RpcCall call, Next next) {
		this.promises.log(() -> own + " is held back by an interceptor");
		CompletableFuture<RpcReply> later = new CompletableFuture<>();
		this.client.after(this.random.around(HELD_BACK_NANOS),
				() -> proceed(own, call, next).whenComplete(completing(later)));
		return later;
	}

	private static BiConsumer<@Nullable RpcReply, @Nullable Throwable> completing(CompletableFuture<RpcReply> stage) {
		return (reply, failure) -> {
			if (failure != null) {
				stage.completeExceptionally(failure);
			}
			else {
				stage.complete(reply);
			}
		};
	}

	private CompletionStage<RpcReply> answer(Call own, Order order) {
		this.promises.answering(own);
		return CompletableFuture
			.completedFuture(RpcReply.of(new Receipt(order.token(), "an interceptor", order.load())));
	}

	/**
	 * The caller never hears of the call, which may have been made.
	 */
	private CompletionStage<RpcReply> fallSilent(Call own, RpcCall call, Next next) {
		this.promises.log(() -> own + " is forgotten by an interceptor");
		if (this.random.chance(0.5)) {
			proceed(own, call, next);
		}
		return new CompletableFuture<>();
	}

	/**
	 * Makes a call that has failed once more, if nothing is done twice by that.
	 */
	private CompletionStage<RpcReply> repeat(Call own, RpcCall call, Next next) {
		CompletableFuture<RpcReply> repeated = new CompletableFuture<>();
		proceed(own, call, next).whenComplete((reply, failure) -> {
			if (failure instanceof RpcException ex && (call.idempotent() || ex.known() == Known.NOT_RUN)) {
				this.promises.log(() -> own + " is repeated by an interceptor");
				proceed(own, call, next).whenComplete(completing(repeated));
			}
			else {
				completing(repeated).accept(reply, failure);
			}
		});
		return repeated;
	}

	private CompletionStage<RpcReply> inner(RpcCall call, Next next) {
		Call own = this.promises.making(order(call).token());
		CompletionStage<RpcReply> made = next.proceed(call);
		if (made instanceof CompletableFuture<?> future && future.isCompletedExceptionally()
				&& String.valueOf(future.handle((reply, failure) -> failure.getMessage()).join())
					.matches(".*(used up its \\d+ ms|has given it up), not sent")) {
			this.promises.notMade(own);
		}
		made.whenComplete((reply, failure) -> this.promises.made(own, failure));
		return made;
	}

}
