package io.github.netrpc.server;

import java.lang.invoke.MethodHandle;
import java.lang.reflect.InaccessibleObjectException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.CallRecorder;
import io.github.netrpc.annotation.NonBlocking;
import io.github.netrpc.method.AsyncAdapter;
import io.github.netrpc.method.MethodReader;
import io.github.netrpc.method.MethodShape;
import io.github.netrpc.method.ReturnKind;
import io.github.netrpc.method.RpcDefinitionException;
import io.github.netrpc.method.RpcDefinitionException.Problem;
import io.github.netrpc.method.ServiceShape;
import io.github.netrpc.type.UnsupportedTypeException;
import io.github.netrpc.wire.ValuePlan;
import io.github.netrpc.wire.ValueShape;
import io.github.netrpc.wire.WireFormat;

/**
 * Makes the table of a server from its beans, and finds all that is wrong with them.
 */
final class MethodTableReader {

	private final MethodReader reader;

	private final List<ServedFormat> formats;

	private final CallRecorder.Factory recorders;

	private final List<ServerInterceptor> interceptors = new ArrayList<>();

	private final List<Problem> problems = new ArrayList<>();

	private final ExceptionHandlerReader exceptionReader = new ExceptionHandlerReader(this.problems::add);

	private final List<ExceptionHandlers> advice = new ArrayList<>();

	private final Map<String, Class<?>> owners = new HashMap<>();

	private final List<ServedMethod> methods = new ArrayList<>();

	MethodTableReader(Collection<? extends AsyncAdapter> adapters, List<ServedFormat> formats,
			CallRecorder.Factory recorders) {
		this.reader = new MethodReader(adapters);
		this.formats = formats;
		this.recorders = recorders;
	}

	/**
	 * Adds an interceptor for the beans that are added after it, inside those before it.
	 * @param interceptor runs around the methods that it is for
	 */
	void addInterceptor(ServerInterceptor interceptor) {
		this.interceptors.add(interceptor);
	}

	/**
	 * Adds exception handlers for the beans that are added after it.
	 * @param bean the bean or its proxy, on which methods are invoked
	 * @param targetClass the class of the bean itself
	 */
	void addAdvice(Object bean, Class<?> targetClass) {
		this.advice.add(this.exceptionReader.read(bean, targetClass));
	}

	/**
	 * Adds the services of a bean.
	 * @param bean the bean or its proxy, on which methods are invoked
	 * @param targetClass the class of the bean itself
	 * @param name the name of its one service, or null to read it from the types
	 */
	void add(Object bean, Class<?> targetClass, @Nullable String name) {
		ExceptionHandlerTable exceptions = exceptionsOf(bean, targetClass);
		for (ServiceShape service : this.reader.readServices(targetClass, name, this.problems::add)) {
			if (service.name().equals(BuiltInMethods.SERVICE)) {
				this.problems.add(
						new Problem(targetClass.getName(), "the service \"" + service.name() + "\" is the server's own",
								"Give it another name: @RpcService(\"...\")"));
				continue;
			}
			Class<?> owner = this.owners.putIfAbsent(service.name(), targetClass);
			if (owner != null) {
				this.problems.add(new Problem(targetClass.getName(),
						"the service \"" + service.name() + "\" is already defined by " + owner.getName(),
						"Give one of them another name: @RpcService(\"...\")"));
				continue;
			}
			service.methods().forEach((shape) -> add(bean, shape, exceptions));
		}
	}

	/**
	 * Ends reading.
	 * @return the table
	 * @throws RpcDefinitionException if anything was wrong
	 */
	MethodTable read() {
		if (!this.problems.isEmpty()) {
			throw new RpcDefinitionException(this.problems);
		}
		return new MethodTable(this.methods);
	}

	private ExceptionHandlerTable exceptionsOf(Object bean, Class<?> targetClass) {
		List<ExceptionHandlers> handlers = new ArrayList<>(this.advice);
		handlers.add(0, this.exceptionReader.read(bean, targetClass));
		return new ExceptionHandlerTable(handlers);
	}

	private void add(Object bean, MethodShape shape, ExceptionHandlerTable exceptions) {
		MethodHandle invoker = bind(bean, shape);
		ServedMethod.Plan[] plans = new ServedMethod.Plan[this.formats.size()];
		boolean complete = invoker != null;
		for (ServedFormat served : this.formats) {
			ValuePlan argument = plan(served.format(), shape, "argument", shape.argument());
			ValuePlan reply = plan(served.format(), shape, "reply", shape.reply());
			if (argument == null || reply == null || !isReadable(served.format(), shape, argument)) {
				complete = false;
				continue;
			}
			CallRecorder recorder = this.recorders.recorder(shape.name().service(), shape.name().method(),
					served.format().name());
			plans[served.index()] = new ServedMethod.Plan(argument, reply, recorder);
		}
		if (complete && invoker != null) {
			this.methods.add(served(shape, invoker, exceptions, plans));
		}
	}

	private ServedMethod served(MethodShape shape, MethodHandle invoker, ExceptionHandlerTable exceptions,
			ServedMethod.Plan[] plans) {
		boolean nonBlocking = shape.annotation(NonBlocking.class) != null;
		List<ServerInterceptor> around = this.interceptors.stream()
			.filter((interceptor) -> interceptor.appliesTo(shape.name()))
			.toList();
		if (around.isEmpty()) {
			return new ServedMethod(shape.name(), invoker, shape.returns(), shape.adapter(), nonBlocking, exceptions,
					plans);
		}
		ReturnKind returns = (shape.returns() == ReturnKind.ADAPTED) ? ReturnKind.STAGE : shape.returns();
		return new ServedMethod(shape.name(), InterceptedHandler.around(invoker, shape, around), returns, null,
				nonBlocking, exceptions, plans);
	}

	private @Nullable MethodHandle bind(Object bean, MethodShape shape) {
		Class<?> declaring = shape.method().getDeclaringClass();
		if (!declaring.isInstance(bean)) {
			this.problems.add(new Problem(shape.method().toString(),
					"the bean is a proxy (" + bean.getClass().getName() + ") without this method",
					"Let the class implement a service interface, or proxy the class itself (proxyTargetClass = true)"));
			return null;
		}
		try {
			return Invokers.bind(shape, bean);
		}
		catch (IllegalAccessException | InaccessibleObjectException ex) {
			this.problems.add(new Problem(shape.method().toString(), "cannot be accessed: " + ex.getMessage(),
					"Make it and its type public, or open the package of its module"));
			return null;
		}
	}

	private boolean isReadable(WireFormat format, MethodShape shape, ValuePlan argument) {
		String why = argument.whyNotReadable();
		if (why != null) {
			this.problems.add(new Problem(shape.method().toString(),
					"the argument cannot be read in " + format.name() + ": " + why,
					"Give the type a constructor, or do not offer this format"));
		}
		return why == null;
	}

	private @Nullable ValuePlan plan(WireFormat format, MethodShape shape, String what, ValueShape value) {
		try {
			return format.plan(value);
		}
		catch (UnsupportedTypeException ex) {
			this.problems.add(new Problem(shape.method().toString(),
					"the " + what + " cannot be written in " + format.name() + ": " + ex.getMessage(),
					"Change the type, or do not offer this format"));
			return null;
		}
	}

}
