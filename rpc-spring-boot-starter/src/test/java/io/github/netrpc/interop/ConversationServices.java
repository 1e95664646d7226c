package io.github.netrpc.interop;

import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

import io.github.netrpc.RpcCode;
import io.github.netrpc.RpcException;
import io.github.netrpc.annotation.RpcMethod;
import io.github.netrpc.annotation.RpcService;

/**
 * The services behind the recorded conversations.
 */
public final class ConversationServices {

	private ConversationServices() {
	}

	@RpcService("Arith")
	public static class Arith {

		public long add(Args args) {
			return args.a() + args.b();
		}

		public long multiply(Args args) {
			return args.a() * args.b();
		}

		public Quotient divide(Args args) {
			if (args.b() == 0) {
				throw new RpcException(RpcCode.INVALID_ARGUMENT, "divide by zero");
			}
			return new Quotient(args.a() / args.b(), args.a() % args.b());
		}

		public CompletionStage<Long> sleep(long millis) {
			return CompletableFuture.supplyAsync(() -> millis,
					CompletableFuture.delayedExecutor(millis, TimeUnit.MILLISECONDS));
		}

	}

	/**
	 * What both formats can carry.
	 */
	@RpcService("Echo")
	public interface Echo {

		String upper(String text);

		Event event(Event event);

		List<Long> ints(int count);

		Map<String, Long> table(int count);

		void nothing();

		String emptyError(int ignored);

		@Nullable Args ptr(int count);

		@RpcMethod("Float")
		double number(String text);

	}

	/**
	 * With what only gob can carry.
	 */
	@RpcService("Echo")
	public interface GobEcho extends Echo {

		Box box(Box box);

		Box badReply(int ignored);

	}

	public static class EchoService implements Echo {

		@Override
		public String upper(String text) {
			return text.toUpperCase(Locale.ROOT);
		}

		@Override
		public Event event(Event event) {
			return event;
		}

		@Override
		public List<Long> ints(int count) {
			return IntStream.range(0, count).mapToObj((i) -> (long) i).toList();
		}

		@Override
		public Map<String, Long> table(int count) {
			return (count == 0) ? Map.of() : Map.of("k", 0L);
		}

		@Override
		public void nothing() {
		}

		@Override
		public String emptyError(int ignored) {
			return "kept";
		}

		@Override
		public @Nullable Args ptr(int count) {
			return (count != 0) ? new Args(count, count) : null;
		}

		@Override
		public double number(String text) {
			return "nan".equals(text) ? Double.NaN : 0;
		}

	}

	public static class GobEchoService extends EchoService implements GobEcho {

		@Override
		public Box box(Box box) {
			return box;
		}

		@Override
		public Box badReply(int ignored) {
			return new Box(new Unregistered(1));
		}

	}

	public record Args(@JsonProperty("A") long a, @JsonProperty("B") long b) {
	}

	public record Others(@JsonProperty("C") long c, @JsonProperty("D") long d) {
	}

	public record Quotient(@JsonProperty("Quo") long quo, @JsonProperty("Rem") long rem) {
	}

	public record Event(@JsonProperty("Name") String name, @JsonProperty("At") OffsetDateTime at,
			@JsonProperty("Opt") @Nullable OffsetDateTime opt, @JsonProperty("Took") Duration took) {
	}

	public record Box(@JsonProperty("V") @Nullable Object v) {
	}

	public record Point(@JsonProperty("X") long x, @JsonProperty("Y") long y) {
	}

	public record Unregistered(long n) {
	}

	public record Empty() {
	}

}
