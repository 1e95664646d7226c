package io.github.netrpc.cluster;

import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.CallRecorder;
import io.github.netrpc.ServiceMethod;
import io.github.netrpc.client.CallPlan;
import io.github.netrpc.client.CallPolicy;
import io.github.netrpc.type.TypeRef;
import io.github.netrpc.wire.ValueShape;

/**
 * The plans of calls by name, remembered by name and types. An application may make names
 * up as it goes, so after a thousand new ones are no longer remembered, and recorded as
 * {@code unknown}. Thread-safe.
 */
final class NamedMethods {

	static final int MOST_NAMES = 1_000;

	/** Types are classes of the application, so there are few of them. */
	private static final int MOST_TYPES = 100;

	private final ChannelInvoker invoker;

	private final Map<String, NamedMethod> byName = new ConcurrentHashMap<>();

	private final AtomicInteger names = new AtomicInteger();

	NamedMethods(ChannelInvoker invoker) {
		this.invoker = invoker;
	}

	CallPlan plan(String name, @Nullable Object argument, Class<?> reply) {
		return method(name).plan(classOf(argument), reply);
	}

	CallPlan plan(String name, @Nullable Object argument, TypeRef<?> reply) {
		return method(name).plan(classOf(argument), reply.annotatedType(), reply);
	}

	CallPlan plan(String name, ValueShape argument, ValueShape reply) {
		return method(name).plan(argument, reply);
	}

	private static Class<?> classOf(@Nullable Object argument) {
		if (argument == null) {
			return Void.class;
		}
		return (argument instanceof Enum<?> constant) ? constant.getDeclaringClass() : argument.getClass();
	}

	private NamedMethod method(String name) {
		NamedMethod known = this.byName.get(name);
		if (known != null) {
			return known;
		}
		ServiceMethod method = ServiceMethod.verbatim(name);
		if (this.names.getAndUpdate((count) -> Math.min(count + 1, MOST_NAMES)) >= MOST_NAMES) {
			return new NamedMethod(method, this.invoker.unknownRecorder());
		}
		return this.byName.computeIfAbsent(name, (absent) -> new NamedMethod(method, this.invoker.recorder(method)));
	}

	/**
	 * The types a call was made with. The reply is a class or an annotated type.
	 */
	private record Types(Class<?> argument, Object reply) {

	}

	private final class NamedMethod {

		private final ServiceMethod method;

		private final CallRecorder recorder;

		private final Map<Types, CallPlan> plans = new ConcurrentHashMap<>();

		NamedMethod(ServiceMethod method, CallRecorder recorder) {
			this.method = method;
			this.recorder = recorder;
		}

		CallPlan plan(Class<?> argument, Class<?> reply) {
			Types types = new Types(argument, reply);
			CallPlan known = this.plans.get(types);
			return (known != null) ? known : remember(types, plan(shapeOf(argument), TypeShapes.of(reply)));
		}

		CallPlan plan(Class<?> argument, Object replyKey, TypeRef<?> reply) {
			Types types = new Types(argument, replyKey);
			CallPlan known = this.plans.get(types);
			return (known != null) ? known : remember(types, plan(shapeOf(argument), TypeShapes.of(reply)));
		}

		/**
		 * The class of a list or a map does not say what is in it, and may be one that
		 * only the JDK knows.
		 */
		private ValueShape shapeOf(Class<?> argument) {
			if (Collection.class.isAssignableFrom(argument) || Map.class.isAssignableFrom(argument)) {
				String type = Map.class.isAssignableFrom(argument) ? "Map<…, …>" : "List<…>";
				throw new IllegalArgumentException("argument of " + this.method + ": a " + argument.getName()
						+ ", which does not say what is in it (expected: a call of channel.method(\""
						+ this.method.name() + "\", new TypeRef<" + type + ">() { }, …))");
			}
			return TypeShapes.of(argument);
		}

		CallPlan plan(ValueShape argument, ValueShape reply) {
			return NamedMethods.this.invoker.plan(this.method, argument, reply, CallPolicy.NONE, this.recorder);
		}

		private CallPlan remember(Types types, CallPlan plan) {
			if (this.plans.size() < MOST_TYPES) {
				this.plans.putIfAbsent(types, plan);
			}
			return plan;
		}

	}

}
