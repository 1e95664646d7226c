package io.github.netrpc.method;

import java.lang.reflect.AnnotatedParameterizedType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;

import io.github.netrpc.RpcContext;
import io.github.netrpc.RpcOptions;
import io.github.netrpc.annotation.Idempotent;
import io.github.netrpc.annotation.NonBlocking;
import io.github.netrpc.annotation.RpcClient;
import io.github.netrpc.annotation.RpcMethod;
import io.github.netrpc.annotation.RpcService;
import io.github.netrpc.annotation.RpcTimeout;
import io.github.netrpc.method.RpcDefinitionException.Problem;
import io.github.netrpc.type.Unsigned;
import io.github.netrpc.wire.ValueShape;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link MethodReader}.
 */
class MethodReaderTests {

	private final List<Problem> problems = new ArrayList<>();

	private final MethodReader reader = new MethodReader(List.of(new LazyAdapter()));

	@Test
	void servicesAreTheAnnotatedInterfacesOnly() {
		assertThat(read(TwoFaced.class)).extracting(ServiceShape::name).containsExactly("Arith");
	}

	@Test
	void interfaceThatExtendsAnotherOfTheSameNameIsOneServiceWithIt() {
		assertThat(names(only(read(MoreService.class)))).containsExactly("Same.Extra", "Same.Work");
		assertThat(this.problems).isEmpty();
	}

	@Test
	void servicesWithoutAnnotationAreAllInterfacesOutsideOfForeignPackages() {
		assertThat(read(Unmarked.class)).extracting(ServiceShape::name).containsExactly("Plain", "Other");
		assertThat(this.problems).isEmpty();
	}

	@Test
	void servicesOfClassWithoutInterfaceAreItsOwnPublicMethods() {
		ServiceShape service = only(read(Bare.class));
		assertThat(service.name()).isEqualTo("Bare");
		assertThat(names(service)).containsExactly("Bare.Own");
		assertThat(this.problems).isEmpty();
	}

	@Test
	void closeOfAutoCloseableIsNeverExposed() {
		assertThat(names(only(read(ClosingService.class)))).containsExactly("Closing.Work");
	}

	@Test
	void nameGivenWinsOverAnnotationWinsOverSimpleName() {
		assertThat(only(this.reader.readServices(NamedService.class, "given", this.problems::add)).name())
			.isEqualTo("given");
		assertThat(only(read(NamedService.class)).name()).isEqualTo("class");
		assertThat(only(read(NamedByInterface.class)).name()).isEqualTo("interface");
	}

	@Test
	void nameOnClassWithSeveralInterfacesIsAProblem() {
		read(NamedTwice.class);
		assertThat(onlyProblem().what()).contains("the name \"n\" cannot be that of several services");
	}

	@Test
	void methodNamesBeginInUpperCaseUnlessAnnotated() {
		assertThat(names(only(read(ArithService.class)))).containsExactly("Arith.Add", "Arith.Multiply", "Arith.Ping",
				"Arith.over");
	}

	@Test
	void noParameterIsAnEmptyArgument() {
		MethodShape ping = method(ArithService.class, "Ping");
		assertThat(ping.argument()).isSameAs(ValueShape.EMPTY);
		assertThat(ping.reply()).isSameAs(ValueShape.EMPTY);
		assertThat(ping.returns()).isEqualTo(ReturnKind.VOID);
		assertThat(ping.toWire(null)).isNull();
	}

	@Test
	void oneParameterIsTheValueItself() {
		MethodShape add = method(ArithService.class, "Add");
		assertThat(add.argument()).isInstanceOfSatisfying(ValueShape.Value.class,
				(value) -> assertThat(value.type().getType()).isEqualTo(Pair.class));
		Pair pair = new Pair(1, 2);
		assertThat(add.toWire(new Object[] { pair })).isSameAs(pair);
	}

	@Test
	void severalParametersAreAStructWithTheirNamesAndAnnotations() {
		MethodShape multiply = method(ArithService.class, "Multiply");
		ValueShape.Struct struct = (ValueShape.Struct) multiply.argument();
		assertThat(struct.name()).isEqualTo("MultiplyArgs");
		assertThat(struct.fields()).extracting(ValueShape.Field::name).containsExactly("a", "b");
		assertThat(struct.fields().get(1).type().isAnnotationPresent(Unsigned.class)).isTrue();
		Object[] arguments = { 6, 7 };
		assertThat(multiply.toWire(arguments)).isSameAs(arguments);
	}

	@Test
	void contextParametersAreNotOnTheWire() {
		MethodShape shape = method(ContextService.class, "Between");
		assertThat(shape.wireParameters()).containsExactly(0, 2);
		assertThat((Object[]) shape.toWire(new @Nullable Object[] { 1, null, 2 })).containsExactly(1, 2);
		assertThat(method(ContextService.class, "Only").argument()).isSameAs(ValueShape.EMPTY);
		MethodShape one = method(ContextService.class, "Last");
		assertThat(one.argument()).isInstanceOf(ValueShape.Value.class);
		assertThat(one.toWire(new @Nullable Object[] { null, "x" })).isEqualTo("x");
	}

	@Test
	void optionsAreNotOnTheWireAndMakeATwinWhereTheMethodIsThereWithoutThem() {
		List<MethodShape> client = this.reader.readClient(OptionsClient.class, null, this.problems::add);
		assertThat(this.problems).isEmpty();
		assertThat(client).extracting((shape) -> shape.name().name())
			.containsExactlyInAnyOrder("Options.Add", "Options.Add", "Options.Add", "Options.Only");
		assertThat(client).filteredOn((shape) -> !shape.twin())
			.extracting((shape) -> shape.method().getParameterCount())
			.containsExactlyInAnyOrder(2, 1);
		assertThat(client).filteredOn((shape) -> shape.name().method().equals("Add"))
			.allSatisfy((shape) -> assertThat(shape.wireParameters()).containsExactly(0, 1))
			.allSatisfy((shape) -> assertThat(shape.annotation(Idempotent.class)).isNotNull());
		assertThat(client).filteredOn((shape) -> shape.name().method().equals("Only"))
			.allSatisfy((shape) -> assertThat(shape.argument()).isSameAs(ValueShape.EMPTY));
	}

	@Test
	void stagesAndAdaptedTypesReplyWithTheirElement() {
		assertReply("Future", ReturnKind.STAGE, String.class);
		assertReply("Stage", ReturnKind.STAGE, Integer.class);
		assertReply("Lazy", ReturnKind.ADAPTED, Long.class);
		assertThat(method(AsyncService.class, "Lazy").adapter()).isInstanceOf(LazyAdapter.class);
		assertThat(method(AsyncService.class, "Nothing").reply()).isSameAs(ValueShape.EMPTY);
		assertThat(method(AsyncService.class, "Nothing").returns()).isEqualTo(ReturnKind.STAGE);
		MethodShape maybe = method(AsyncService.class, "Maybe");
		assertThat(maybe.returns()).isEqualTo(ReturnKind.VALUE);
		assertThat(((ValueShape.Value) maybe.reply()).type().getType().getTypeName()).startsWith("java.util.Optional<");
	}

	@Test
	void typeVariablesAreThoseOfTheImplementingClass() {
		MethodShape find = method(UserService.class, "FindAll");
		assertThat(((ValueShape.Value) find.argument()).type().getType().getTypeName())
			.isEqualTo("java.util.List<java.lang.Long>");
		AnnotatedParameterizedType argument = (AnnotatedParameterizedType) ((ValueShape.Value) find.argument()).type();
		assertThat(argument.getAnnotatedActualTypeArguments()[0].isAnnotationPresent(Unsigned.class)).isTrue();
		assertThat(((ValueShape.Value) find.reply()).type().getType()).isEqualTo(Pair[].class);
		assertThat(((ValueShape.Value) method(UserService.class, "Save").argument()).type().getType())
			.isEqualTo(Pair.class);
		assertThat(names(only(read(UserService.class)))).containsExactly("Users.FindAll", "Users.Nested", "Users.Save");
		assertThat(((ValueShape.Value) method(UserService.class, "Nested").reply()).type().getType().getTypeName())
			.isEqualTo("java.util.Map<java.lang.Long, java.util.List<? extends " + Pair.class.getName() + ">>");
	}

	@Test
	void unresolvedTypeVariablesAreProblems() {
		read(RawUsers.class);
		assertThat(this.problems).extracting(Problem::what)
			.anySatisfy((what) -> assertThat(what).isEqualTo("parameter id: type variable I of " + Store.class.getName()
					+ " does not stand for a type in " + RawUsers.class.getName()));
		this.problems.clear();
		read(GenericMethod.class);
		assertThat(onlyProblemWhat(2))
			.contains("parameter value: type variable T of the method echo does not stand for");
	}

	@Test
	void overloadsAndClashesAreProblemsEachWithTheFix() {
		assertThat(only(read(Clashing.class)).methods()).hasSize(1);
		assertThat(this.problems).extracting(Problem::what)
			.satisfiesExactlyInAnyOrder(
					(what) -> assertThat(what).contains("has the same name on the wire as").endsWith("Clashing.Add"),
					(what) -> assertThat(what).contains("is an overload of").endsWith("Clashing.Add"));
		assertThat(this.problems).extracting(Problem::fix)
			.containsOnly("Give one of them another name: @RpcMethod(\"...\")");
	}

	@Test
	void overloadsWithNamesOfTheirOwnAreNoProblem() {
		assertThat(names(only(read(Renamed.class)))).containsExactly("Renamed.Add", "Renamed.AddLong");
		assertThat(this.problems).isEmpty();
	}

	@Test
	void streamedTypesAreProblems() {
		read(Streaming.class);
		assertThat(this.problems).hasSize(5)
			.allSatisfy((problem) -> assertThat(problem.what())
				.endsWith("is a streamed type, and streaming is not built yet"));
	}

	@Test
	void rawStagesAndBlockingFuturesAreProblems() {
		read(BadAsync.class);
		assertThat(this.problems).extracting(Problem::what)
			.containsExactlyInAnyOrder("returns a raw CompletableFuture, so the type of the reply is not known",
					"returns java.util.concurrent.Future, which is neither a value nor a stage");
	}

	@Test
	void badNamesAreProblems() {
		read(BadNames.class);
		assertThat(this.problems).extracting(Problem::what)
			.containsExactlyInAnyOrder("its name \"a.b\" contains a dot, which ends the service's name",
					"its name \"\" is empty", "its name \"\n\" contains a control character");
	}

	@Test
	void annotatedMethodsThatCannotBeCalledAreProblems() {
		read(Hidden.class);
		assertThat(this.problems).extracting(Problem::what)
			.contains("is annotated with @RpcMethod but cannot be called",
					"the service \"Hidden\" has no public methods");
		this.problems.clear();
		read(Misplaced.class);
		assertThat(onlyProblem().what()).startsWith("is annotated with @RpcMethod, but callers see the methods of ");
	}

	@Test
	void exceptionListsEveryProblemWithItsFix() {
		read(BadNames.class);
		RpcDefinitionException exception = new RpcDefinitionException(this.problems);
		assertThat(exception.problems()).hasSize(3);
		assertThat(exception.getMessage()).startsWith("3 problem(s)").contains("contains a dot").contains("is empty");
	}

	@Test
	void twinsAreNotExposedByServersAndHaveTheirOriginsNameInClients() {
		assertThat(names(only(read(TwinService.class)))).containsExactly("Twins.AloneAsync", "Twins.Named",
				"Twins.OtherAsync", "Twins.own");
		List<MethodShape> client = this.reader.readClient(TwinClient.class, null, this.problems::add);
		assertThat(client).filteredOn(MethodShape::twin)
			.extracting((shape) -> shape.method().getName() + "=" + shape.name())
			.containsExactlyInAnyOrder("namedAsync=Twins.Named", "otherAsync=Twins.own");
	}

	@Test
	void clientMethodsBelongToTheInterfaceThatDeclaresThem() {
		List<MethodShape> client = this.reader.readClient(MixedClient.class, null, this.problems::add);
		assertThat(client).extracting((shape) -> shape.name().name())
			.containsExactlyInAnyOrder("Arith.Add", "Arith.Multiply", "Arith.Ping", "Arith.over", "Plain.One",
					"Mixed.Extra", "Arith.Add");
		assertThat(this.problems).isEmpty();
	}

	@Test
	void clientMethodsInPlaceNeedAService() {
		this.reader.readClient(Homeless.class, null, this.problems::add);
		assertThat(onlyProblem().what()).isEqualTo("has no service");
		assertThat(this.reader.readClient(Homeless.class, "Home", this.problems::add).get(0).name().name())
			.isEqualTo("Home.Where");
	}

	@Test
	void serviceInterfaceIsItsOwnClient() {
		assertThat(this.reader.readClient(Arith.class, null, this.problems::add))
			.allSatisfy((shape) -> assertThat(shape.name().service()).isEqualTo("Arith"));
	}

	@Test
	void clientMustBeAnInterface() {
		this.reader.readClient(Bare.class, null, this.problems::add);
		assertThat(onlyProblem().what()).isEqualTo("is not an interface");
	}

	@Test
	void annotationsAreFoundWhereTheyAreClosest() {
		MethodShape add = method(ArithService.class, "Add");
		assertThat(add.annotation(NonBlocking.class)).isNotNull();
		assertThat(method(ArithService.class, "Ping").annotation(NonBlocking.class)).isNull();
		assertThat(add.annotation(RpcTimeout.class)).extracting(RpcTimeout::value).isEqualTo("1s");
		assertThat(method(ArithService.class, "Ping").annotation(RpcTimeout.class)).extracting(RpcTimeout::value)
			.isEqualTo("9s");
	}

	private void assertReply(String name, ReturnKind kind, Class<?> type) {
		MethodShape shape = method(AsyncService.class, name);
		assertThat(shape.returns()).isEqualTo(kind);
		assertThat(((ValueShape.Value) shape.reply()).type().getType()).isEqualTo(type);
	}

	private List<ServiceShape> read(Class<?> type) {
		return this.reader.readServices(type, null, this.problems::add);
	}

	private MethodShape method(Class<?> type, String name) {
		return only(read(type)).methods()
			.stream()
			.filter((shape) -> shape.name().method().equals(name))
			.findFirst()
			.orElseThrow();
	}

	private static ServiceShape only(List<ServiceShape> services) {
		assertThat(services).hasSize(1);
		return services.get(0);
	}

	private Problem onlyProblem() {
		assertThat(this.problems).hasSize(1);
		return this.problems.get(0);
	}

	private String onlyProblemWhat(int count) {
		assertThat(this.problems).hasSize(count);
		return this.problems.get(0).what();
	}

	private static List<String> names(ServiceShape service) {
		return service.methods().stream().map((shape) -> shape.name().name()).toList();
	}

	record Pair(int a, int b) {

	}

	@RpcService
	@RpcTimeout("9s")
	interface Arith {

		@RpcTimeout("1s")
		Pair add(Pair pair);

		int multiply(int a, @Unsigned int b);

		void ping();

		@RpcMethod("over")
		int overridden(int value);

	}

	interface Plain {

		int one();

	}

	interface Other {

		int two();

	}

	static class ArithService implements Arith {

		@Override
		@NonBlocking
		public Pair add(Pair pair) {
			return pair;
		}

		@Override
		public int multiply(int a, int b) {
			return a * b;
		}

		@Override
		public void ping() {
		}

		@Override
		public int overridden(int value) {
			return value;
		}

	}

	static class TwoFaced extends ArithService implements Plain {

		@Override
		public int one() {
			return 1;
		}

	}

	static class Unmarked implements Plain, Other, Runnable, AutoCloseable {

		@Override
		public int one() {
			return 1;
		}

		@Override
		public int two() {
			return 2;
		}

		@Override
		public void run() {
		}

		@Override
		public void close() {
		}

	}

	public static class BareParent {

		public int inherited() {
			return 1;
		}

	}

	public static class Bare extends BareParent implements Runnable {

		public int own() {
			return 1;
		}

		@Override
		public void run() {
		}

		@Override
		public String toString() {
			return "";
		}

		int packagePrivate() {
			return 1;
		}

		public static int shared() {
			return 1;
		}

	}

	@RpcService
	interface Closing extends AutoCloseable {

		int work();

		@Override
		void close();

	}

	abstract static class ClosingService implements Closing {

	}

	@RpcService("class")
	abstract static class NamedService implements Plain {

	}

	@RpcService("interface")
	interface Named {

		int one();

	}

	@RpcService
	abstract static class NamedByInterface implements Named {

	}

	@RpcService("n")
	abstract static class NamedTwice implements Plain, Other {

	}

	@RpcService("Options")
	interface WithOptions {

		@Idempotent
		int add(int a, int b);

		int only(RpcOptions options);

	}

	@RpcClient("options")
	interface OptionsClient extends WithOptions {

		int add(int a, int b, RpcOptions options);

		CompletionStage<Integer> addAsync(int a, int b, RpcOptions options);

	}

	public static class ContextService {

		public int between(int a, RpcContext context, int b) {
			return a + b;
		}

		public int only(RpcContext context) {
			return 1;
		}

		public int last(RpcContext context, String value) {
			return 1;
		}

	}

	interface Lazy<T> {

	}

	static class LazyAdapter implements AsyncAdapter {

		@Override
		public Class<?> type() {
			return Lazy.class;
		}

		@Override
		public CompletionStage<? extends @Nullable Object> toStage(Object returned) {
			throw new UnsupportedOperationException();
		}

		@Override
		public Object fromStage(Supplier<? extends CompletionStage<? extends @Nullable Object>> call) {
			throw new UnsupportedOperationException();
		}

	}

	public abstract static class AsyncService {

		public abstract CompletableFuture<String> future();

		public abstract CompletionStage<Integer> stage();

		public abstract Lazy<Long> lazy();

		public abstract CompletableFuture<Void> nothing();

		public abstract Optional<String> maybe();

	}

	interface Store<T, I> {

		T[] findAll(List<I> ids);

		void save(T value);

		java.util.Map<I, List<? extends T>> nested(I id);

	}

	@RpcService
	interface Users extends Store<Pair, @Unsigned Long> {

		@Override
		void save(Pair pair);

	}

	abstract static class UserService implements Users {

	}

	@SuppressWarnings("rawtypes")
	abstract static class RawUsers implements Store {

	}

	public static class GenericMethod {

		public <T> T echo(T value) {
			return value;
		}

	}

	public static class Clashing {

		public int add(int a) {
			return a;
		}

		public int add(long a) {
			return 0;
		}

		@RpcMethod("Add")
		public int plus(int a) {
			return a;
		}

	}

	public static class Renamed {

		public int add(int a) {
			return a;
		}

		@RpcMethod("AddLong")
		public int add(long a) {
			return 0;
		}

	}

	public abstract static class Streaming {

		public abstract Stream<String> stream();

		public abstract Flux<String> flux();

		public abstract Flow.Publisher<String> publisher();

		public abstract Iterable<String> iterable();

		public abstract void upload(Stream<String> stream);

		public abstract List<String> list();

	}

	public abstract static class BadAsync {

		@SuppressWarnings("rawtypes")
		public abstract CompletableFuture raw();

		public abstract Future<String> blocking();

	}

	public abstract static class BadNames {

		@RpcMethod("a.b")
		public abstract void dotted();

		@RpcMethod("")
		public abstract void empty();

		@RpcMethod("\n")
		public abstract void control();

	}

	abstract static class Hidden {

		@RpcMethod("X")
		void notPublic() {
		}

	}

	abstract static class Misplaced implements Plain {

		@Override
		@RpcMethod("X")
		public abstract int one();

	}

	@RpcService
	interface Twins {

		int named(int a);

		CompletableFuture<Integer> namedAsync(int a);

		@RpcMethod("own")
		int other();

		@RpcMethod("OtherAsync")
		CompletableFuture<Integer> otherAsync();

		CompletableFuture<Integer> aloneAsync();

	}

	abstract static class TwinService implements Twins {

	}

	@RpcClient("twins")
	interface TwinClient extends Twins {

		@Override
		CompletableFuture<Integer> otherAsync();

	}

	@RpcClient(value = "mixed", service = "Mixed")
	interface MixedClient extends Arith, Plain {

		CompletableFuture<Pair> addAsync(Pair pair);

		@Override
		Pair add(Pair pair);

		int extra();

		default int local() {
			return 1;
		}

	}

	@RpcClient("homeless")
	interface Homeless {

		int where();

	}

	@RpcService("Same")
	interface Same {

		void work();

	}

	@RpcService("Same")
	interface More extends Same {

		void extra();

	}

	static class SameService implements Same {

		@Override
		public void work() {
		}

	}

	static class MoreService extends SameService implements More {

		@Override
		public void extra() {
		}

	}

}
