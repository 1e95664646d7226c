package io.github.netrpc.interop;

import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;

import io.github.netrpc.annotation.RpcMethod;
import io.github.netrpc.annotation.RpcService;
import io.github.netrpc.interop.Types.BlobArgs;
import io.github.netrpc.interop.Types.Empty;
import io.github.netrpc.interop.Types.Everything;
import io.github.netrpc.interop.Types.Optionals;
import io.github.netrpc.interop.Types.Person;
import io.github.netrpc.interop.Types.Tree;
import io.github.netrpc.type.Unsigned;

/**
 * The fixture's service Echo: what both formats can carry.
 */
@RpcService
public interface Echo {

	String say(String text);

	@RpcMethod("Bool")
	boolean bool(boolean value);

	@RpcMethod("Int")
	long integer(long value);

	@RpcMethod("Uint")
	@Unsigned
	long unsigned(@Unsigned long value);

	@RpcMethod("Float")
	double floating(double value);

	byte[] bytes(byte[] value);

	List<Long> ints(List<Long> value);

	List<String> strings(List<String> value);

	Map<String, Long> table(Map<String, Long> value);

	Map<String, Person> people(Map<String, Person> value);

	OffsetDateTime time(OffsetDateTime value);

	Person person(Person value);

	Everything everything(Everything value);

	Optionals optional(Optionals value);

	Tree tree(Tree value);

	Empty nothing(Empty value);

	String fail(String text);

	byte[] blob(BlobArgs args);

	@Unsigned
	int sum(byte[] bytes);

}
