package io.github.netrpc.server;

import java.io.Serializable;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import io.github.netrpc.CallRecorder;
import io.github.netrpc.RpcContext;
import io.github.netrpc.RpcOptions;
import io.github.netrpc.method.RpcDefinitionException;
import io.github.netrpc.wire.BufferPool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Tests for {@link MethodTable} and its reader.
 */
class MethodTableTests {

	private static final Object CONTEXT = Proxy.newProxyInstance(MethodTableTests.class.getClassLoader(),
			new Class<?>[] { RpcContext.class }, (proxy, method, arguments) -> null);

	@Test
	void findsEveryMethodByTheBytesOfItsName() {
		MethodTable table = table(new Sums(), "a.b.Sums", new Sums(), "Other");
		for (ServedMethod method : table.methods()) {
			byte[] padded = ("##" + method.name() + "##").getBytes(StandardCharsets.UTF_8);
			assertThat(table.find(padded, 2, padded.length - 2)).isSameAs(method);
			assertThat(table.find(padded, 2, padded.length - 1)).isNull();
			assertThat(table.find(padded, 2, padded.length - 3)).isNull();
		}
		assertThat(table.methods()).hasSize(16);
		assertThat(find(table, "other.One")).isNull();
		assertThat(find(table, "")).isNull();
	}

	@Test
	void emptyTableFindsNothing() {
		assertThat(find(new MethodTable(List.of()), "Arith.Add")).isNull();
	}

	@Test
	void missingNamesAreDescribedInGosWords() {
		MethodTable table = table(new Sums(), "a.b.Sums", new Sums(), "Other");
		assertThat(describe(table, "")).isEqualTo("rpc: service/method request ill-formed: ");
		assertThat(describe(table, "nodot")).isEqualTo("rpc: service/method request ill-formed: nodot");
		assertThat(describe(table, ".")).isEqualTo("rpc: can't find service .");
		assertThat(describe(table, "a.b.One")).isEqualTo("rpc: can't find service a.b.One");
		assertThat(describe(table, "a.b.Sums.Two")).isEqualTo("rpc: can't find method a.b.Sums.Two");
		assertThat(describe(table, "Other.")).isEqualTo("rpc: can't find method Other.");
	}

	@Test
	void invokersMapTheWireArgumentToParameters() throws Throwable {
		MethodTable table = table(new Sums(), "Sums");
		assertThat(invoke(table, "Sums.None", null)).isEqualTo(0);
		assertThat(invoke(table, "Sums.One", 1)).isEqualTo(1);
		assertThat(invoke(table, "Sums.Pair", new Object[] { 1, 2 })).isEqualTo(12);
		assertThat(invoke(table, "Sums.ContextOnly", null)).isEqualTo("true");
		assertThat(invoke(table, "Sums.Options", new Object[] { 1, 2 })).isEqualTo("1truetruetrue2");
		assertThat(invoke(table, "Sums.OptionsOnly", 1)).isEqualTo("true1");
		assertThat(invoke(table, "Sums.ContextBetween", new Object[] { 1, 2 })).isEqualTo("1true2");
		assertThat(invoke(table, "Sums.ContextFirst", 3)).isEqualTo("true3");
	}

	@Test
	void methodsAreInvokedOnTheProxyAndReadFromTheTarget() throws Throwable {
		List<String> advised = new ArrayList<>();
		Adding target = (a) -> a + 1;
		Object proxy = Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] { Adding.class },
				(self, method, arguments) -> {
					advised.add(method.getName());
					return method.invoke(target, arguments);
				});
		MethodTableReader reader = reader();
		reader.add(proxy, AddingService.class, null);
		assertThat(invoke(reader.read(), "Adding.Increment", 1)).isEqualTo(2);
		assertThat(advised).containsExactly("increment");
	}

	@Test
	void proxyWithoutTheMethodIsAProblem() {
		Object proxy = Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] { Serializable.class },
				(self, method, arguments) -> null);
		MethodTableReader reader = reader();
		reader.add(proxy, Sums.class, null);
		assertThat(problems(reader)).hasSize(8)
			.allSatisfy((problem) -> assertThat(problem.what()).startsWith("the bean is a proxy ("));
	}

	@Test
	void serviceDefinedTwiceIsAProblem() {
		MethodTableReader reader = reader();
		reader.add(new AddingService(), AddingService.class, null);
		reader.add(new AddingService(), AddingService.class, null);
		assertThat(problems(reader)).extracting(RpcDefinitionException.Problem::what)
			.containsExactly("the service \"Adding\" is already defined by " + AddingService.class.getName());
	}

	@Test
	void problemsOfAllBeansAreListedTogether() {
		MethodTableReader reader = reader();
		reader.add(new Unusable(), Unusable.class, null);
		reader.add(new AddingService(), AddingService.class, "");
		assertThat(problems(reader)).extracting(RpcDefinitionException.Problem::what)
			.containsExactly("the argument cannot be written in text: text cannot express java.util.UUID",
					"the reply cannot be written in text: text cannot express java.util.UUID",
					"the service's name \"\" is empty");
	}

	@Test
	void recordersAreMadeOncePerMethod() {
		List<String> made = new ArrayList<>();
		MethodTableReader reader = reader((service, method, format) -> {
			made.add(service + "." + method + "." + format);
			return CallRecorder.NONE;
		});
		reader.add(new AddingService(), AddingService.class, null);
		reader.read();
		assertThat(made).containsExactly("Adding.Increment.text");
	}

	@Test
	void signatureIsGos() {
		assertThat(find(table(new AddingService(), "Adding"), "Adding.Increment").goSignature())
			.isEqualTo("Increment([int], *[int]) error");
	}

	private static @Nullable Object invoke(MethodTable table, String name, @Nullable Object argument) throws Throwable {
		return find(table, name).invoke(argument, CONTEXT);
	}

	private static ServedMethod find(MethodTable table, String name) {
		byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
		return table.find(bytes, 0, bytes.length);
	}

	private static String describe(MethodTable table, String name) {
		return table.describeMissing(name.getBytes(StandardCharsets.UTF_8));
	}

	private static List<RpcDefinitionException.Problem> problems(MethodTableReader reader) {
		return catchThrowableOfType(RpcDefinitionException.class, reader::read).problems();
	}

	private static MethodTable table(Object... beansAndNames) {
		MethodTableReader reader = reader();
		for (int i = 0; i < beansAndNames.length; i += 2) {
			reader.add(beansAndNames[i], beansAndNames[i].getClass(), (String) beansAndNames[i + 1]);
		}
		return reader.read();
	}

	private static MethodTableReader reader() {
		return reader(CallRecorder.Factory.NONE);
	}

	private static MethodTableReader reader(CallRecorder.Factory recorders) {
		TextFormat format = new TextFormat();
		return new MethodTableReader(List.of(),
				List.of(new ServedFormat(0, format, new BufferPool(format), CallRecorder.NONE)), recorders);
	}

	interface Adding {

		int increment(int a);

	}

	static class AddingService implements Adding {

		@Override
		public int increment(int a) {
			return a + 1;
		}

	}

	public static class Unusable {

		public UUID flip(UUID id) {
			return id;
		}

	}

	public static class Sums {

		public int none() {
			return 0;
		}

		public int one(int a) {
			return a;
		}

		public int pair(int a, int b) {
			return 10 * a + b;
		}

		public String contextOnly(RpcContext context) {
			return "" + (context == CONTEXT);
		}

		public String contextBetween(int a, RpcContext context, int b) {
			return "" + a + (context == CONTEXT) + b;
		}

		public String options(int a, RpcOptions first, RpcContext context, RpcOptions second, int b) {
			return "" + a + (first == RpcOptions.NONE) + (context == CONTEXT) + (second == RpcOptions.NONE) + b;
		}

		public String optionsOnly(RpcOptions options, int a) {
			return "" + (options == RpcOptions.NONE) + a;
		}

		public String contextFirst(RpcContext context, int a) {
			return "" + (context == CONTEXT) + a;
		}

	}

}
