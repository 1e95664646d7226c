package io.github.netrpc;

import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.BlockingDeque;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.LockSupport;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;

/**
 * What code may not touch wherever it likes: waits, clocks and randomness. Each comes
 * with examples, which the rules have to find.
 */
final class ArchitectureAccesses {

	/** Statements; {@code any} is an object. */
	static final List<String> WAITS = List.of("any.wait()", "any.wait(1)", "Thread.sleep(1)",
			"Thread.currentThread().join()", "java.util.concurrent.locks.LockSupport.park()",
			"((java.util.concurrent.CompletableFuture<?>) any).join()", "((java.util.concurrent.Future<?>) any).get()",
			"((java.util.concurrent.CountDownLatch) any).await()", "((java.util.concurrent.CyclicBarrier) any).await()",
			"((java.util.concurrent.Semaphore) any).acquire()",
			"((java.util.concurrent.Semaphore) any).acquireUninterruptibly()",
			"((java.util.concurrent.locks.Condition) any).await()",
			"((java.util.concurrent.LinkedBlockingQueue<?>) any).take()",
			"((java.util.concurrent.BlockingQueue<Object>) any).put(any)",
			"((java.util.concurrent.ExecutorService) any).awaitTermination(1, java.util.concurrent.TimeUnit.SECONDS)",
			"((io.netty.channel.ChannelFuture) any).sync()",
			"((io.netty.util.concurrent.Future<?>) any).awaitUninterruptibly()");

	/** Expressions. */
	static final List<String> SOURCES = List.of("System.nanoTime()", "System.currentTimeMillis()",
			"(java.util.function.LongSupplier) System::nanoTime", "Math.random()", "new java.util.Random()",
			"new java.security.SecureRandom()", "java.util.concurrent.ThreadLocalRandom.current()",
			"java.util.UUID.randomUUID()", "java.time.Instant.now()", "java.time.LocalDate.now()",
			"java.time.InstantSource.system()", "java.time.Clock.systemUTC()", "java.time.Clock.systemDefaultZone()",
			"java.time.Clock.system(java.time.ZoneOffset.UTC)", "java.time.Clock.tickMillis(java.time.ZoneOffset.UTC)");

	/** Expressions, of two arrays and a text. */
	static final List<String> COMPARISONS = List.of("java.util.Arrays.equals(one, other)",
			"java.util.Arrays.equals(one, 0, 1, other, 0, 1)", "java.util.Arrays.mismatch(one, other)",
			"java.util.Arrays.compare(one, other)", "text.equals(text)", "text.equalsIgnoreCase(text)",
			"text.contentEquals(text)", "text.compareTo(text)", "text.startsWith(text)",
			"java.util.Objects.equals(text, text)", "((Object) text).equals(text)",
			"java.nio.ByteBuffer.wrap(one).equals(java.nio.ByteBuffer.wrap(other))",
			"(java.util.function.Predicate<Object>) text::equals");

	private static final Map<Class<?>, Set<String>> WAITING = Map.ofEntries(Map.entry(Object.class, Set.of("wait")),
			Map.entry(Thread.class, Set.of("sleep", "join")),
			Map.entry(LockSupport.class, Set.of("park", "parkNanos", "parkUntil")),
			Map.entry(Future.class, Set.of("get")), Map.entry(CompletableFuture.class, Set.of("get", "join")),
			Map.entry(CountDownLatch.class, Set.of("await")), Map.entry(CyclicBarrier.class, Set.of("await")),
			Map.entry(Semaphore.class, Set.of("acquire", "acquireUninterruptibly")),
			Map.entry(Condition.class, Set.of("await", "awaitNanos", "awaitUntil", "awaitUninterruptibly")),
			Map.entry(BlockingQueue.class, Set.of("take", "put")),
			Map.entry(BlockingDeque.class, Set.of("takeFirst", "takeLast", "putFirst", "putLast")),
			Map.entry(ExecutorService.class, Set.of("awaitTermination", "invokeAll", "invokeAny", "close")),
			Map.entry(Process.class, Set.of("waitFor")), Map.entry(io.netty.util.concurrent.Future.class,
					Set.of("get", "join", "sync", "syncUninterruptibly", "await", "awaitUninterruptibly")));

	/** Whosever they are. */
	private static final Set<String> EARLY = Set.of("equals", "deepEquals", "mismatch", "compare", "compareUnsigned",
			"equalsIgnoreCase", "contentEquals", "compareTo", "compareToIgnoreCase", "startsWith", "endsWith",
			"regionMatches");

	/** Where the real clock and randomness enter. */
	private static final Set<String> BUILDERS = Set.of("io.github.netrpc.server.RpcServerBuilder",
			"io.github.netrpc.client.ClientResources$Builder", "io.github.netrpc.client.ClientTimer",
			"io.github.netrpc.discovery.etcd.EtcdRegistrar", "io.github.netrpc.batch.RpcPartitionHandlerBuilder",
			"io.github.netrpc.transport.netty.NettyTransport",
			"io.github.netrpc.autoconfigure.RpcWireAutoConfiguration");

	static final DescribedPredicate<JavaAccess<?>> BLOCKING_WAIT = DescribedPredicate.describe("a blocking wait",
			(access) -> WAITING.entrySet()
				.stream()
				.anyMatch((each) -> isA(access.getTargetOwner(), each.getKey())
						&& each.getValue().contains(access.getName())));

	static final DescribedPredicate<JavaAccess<?>> CLOCK_OR_RANDOM = DescribedPredicate
		.describe("a clock or random source", (access) -> {
			JavaClass owner = access.getTargetOwner();
			String name = access.getName();
			return (owner.isEquivalentTo(System.class) && Set.of("nanoTime", "currentTimeMillis").contains(name))
					|| (owner.isEquivalentTo(Math.class) && name.equals("random"))
					|| (owner.isEquivalentTo(UUID.class) && name.equals("randomUUID"))
					|| owner.isEquivalentTo(ThreadLocalRandom.class)
					|| (owner.isAssignableTo(Random.class) && name.equals("<init>"))
					|| (owner.getPackageName().equals("java.time")
							&& (name.equals("now") || name.startsWith("system") || name.startsWith("tick")));
		});

	/** How much of them is the same is told by how long they take. */
	static final DescribedPredicate<JavaAccess<?>> COMPARISON_THAT_ENDS_EARLY = DescribedPredicate
		.describe("a comparison that ends at the first difference", (access) -> EARLY.contains(access.getName()));

	static final DescribedPredicate<JavaClass> COMPARING_TOKENS = DescribedPredicate.describe("compare tokens",
			(type) -> Set.of("SharedTokens", "ShownTokens", "ConnectionAccess").contains(type.getSimpleName()));

	static final DescribedPredicate<JavaClass> INJECTED_SOURCES = DescribedPredicate.describe("where they enter",
			(type) -> BUILDERS.contains(type.getName()));

	private ArchitectureAccesses() {
	}

	// The methods of Object are everybody's: only its own are meant.
	private static boolean isA(JavaClass owner, Class<?> type) {
		return (type == Object.class) ? owner.isEquivalentTo(Object.class) : owner.isAssignableTo(type);
	}

}
