package io.github.netrpc.server;

import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import io.github.netrpc.ServiceMethod;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class RoleAuthorizerTests {

	private static final ServiceMethod ADD = ServiceMethod.of("Arith", "Add");

	private static final ServiceMethod DIVIDE = ServiceMethod.of("Arith", "Divide");

	private static final ServiceMethod READ = ServiceMethod.of("Audit", "Read");

	private final RoleAuthorizer authorizer = RoleAuthorizer.of(
			Map.of("adder", List.of("Arith.Add"), "auditor", List.of("Audit"), "nothing", List.of()),
			Map.of("alice", List.of("adder"), "bob", List.of("auditor", "adder"), "carol", List.of("nothing")));

	@Test
	void methodsAndServicesAreGrantedToRoles() {
		assertThat(mayCall("alice", ADD)).isTrue();
		assertThat(mayCall("alice", DIVIDE)).isFalse();
		assertThat(mayCall("alice", READ)).isFalse();
		assertThat(mayCall("bob", READ)).isTrue();
		assertThat(mayCall("bob", ADD)).isTrue();
		assertThat(mayCall("bob", DIVIDE)).isFalse();
	}

	@Test
	void whoHasNoRoleMayCallNothing() {
		assertThat(mayCall("carol", ADD)).isFalse();
		assertThat(mayCall("mallory", ADD)).isFalse();
		assertThat(mayCall("adder", ADD)).isFalse();
		assertThat(this.authorizer.mayCall(null, ADD)).isFalse();
	}

	@Test
	void grantOfWhatThereIsNotStopsTheStart() {
		this.authorizer.starting(List.of(ADD, DIVIDE, READ));
		assertThatIllegalArgumentException().isThrownBy(() -> this.authorizer.starting(List.of(DIVIDE, READ)))
			.withMessage("\"Arith.Add\" is granted to the role \"adder\", and there is no such service or method"
					+ " (expected: one of [Arith, Arith.Divide, Audit, Audit.Read])");
		assertThatIllegalArgumentException()
			.isThrownBy(() -> RoleAuthorizer.of(Map.of("a", List.of("arith.add")), Map.of()).starting(List.of(ADD)))
			.withMessageEndingWith("(is \"Arith.Add\" meant?)");
	}

	@Test
	void grantOfAServiceThatIsAlsoAMethodStopsTheStart() {
		ServiceMethod inner = ServiceMethod.of("Arith.Add", "Twice");
		RoleAuthorizer both = RoleAuthorizer.of(Map.of("adder", List.of("Arith.Add")), Map.of());
		assertThatIllegalArgumentException().isThrownBy(() -> both.starting(List.of(ADD, inner)))
			.withMessage("\"Arith.Add\" is granted to the role \"adder\", and there are both a service of this name "
					+ "and a method \"Add\" of the service \"Arith\" (expected: for the service its methods, of "
					+ "[Arith.Add.Twice]; for the method another name of one of the two)");
		both.starting(List.of(inner));
		RoleAuthorizer.of(Map.of("a", List.of("Arith.Add.Twice", "Arith")), Map.of()).starting(List.of(ADD, inner));
	}

	@Test
	void roleWithoutGrantsStopsTheStart() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> RoleAuthorizer.of(Map.of("adder", List.of()), Map.of("alice", List.of("addr"))))
			.withMessage("\"alice\" has the role \"addr\", to which nothing is granted (expected: one of [adder])");
	}

	private boolean mayCall(String name, ServiceMethod method) {
		return this.authorizer.mayCall(new NamedPrincipal(name), method);
	}

}
