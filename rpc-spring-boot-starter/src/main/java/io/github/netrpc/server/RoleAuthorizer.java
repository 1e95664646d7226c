package io.github.netrpc.server;

import java.security.Principal;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import org.jspecify.annotations.Nullable;

import io.github.netrpc.ServiceMethod;

/**
 * Says by roles who may call what. What is granted to nobody, nobody may call.
 * <pre class="code">
 * RoleAuthorizer.of(Map.of("reader", List.of("Arith.Add"), "admin", List.of("Arith", "Audit")),
 *         Map.of("billing", List.of("reader")))
 * </pre> Immutable and thread-safe.
 *
 * @since 0.1.0
 */
public final class RoleAuthorizer implements CallAuthorizer {

	private final Map<String, Set<String>> grants = new HashMap<>();

	private final Map<String, Set<String>> roles = new HashMap<>();

	private RoleAuthorizer(Map<String, ? extends Collection<String>> grants,
			Map<String, ? extends Collection<String>> roles) {
		grants.forEach((role, names) -> this.grants.put(role, Set.copyOf(new HashSet<>(names))));
		roles.forEach((principal, has) -> {
			for (String role : has) {
				if (!this.grants.containsKey(role)) {
					throw new IllegalArgumentException("\"" + principal + "\" has the role \"" + role
							+ "\", to which nothing is granted (expected: one of " + new TreeSet<>(grants.keySet())
							+ ")");
				}
			}
			this.roles.put(principal, Set.copyOf(new HashSet<>(has)));
		});
	}

	/**
	 * Creates an authorizer.
	 * @param grants services, as {@code Arith}, and methods, as {@code Arith.Add}, by the
	 * roles that may call them
	 * @param roles roles by the names of those who have them
	 * @return a new authorizer
	 * @throws IllegalArgumentException if a role is given to somebody to which nothing is
	 * granted
	 */
	public static RoleAuthorizer of(Map<String, ? extends Collection<String>> grants,
			Map<String, ? extends Collection<String>> roles) {
		return new RoleAuthorizer(grants, roles);
	}

	@Override
	public boolean mayCall(@Nullable Principal principal, ServiceMethod method) {
		Set<String> has = (principal != null) ? this.roles.get(principal.getName()) : null;
		if (has == null) {
			return false;
		}
		for (String role : has) {
			Set<String> granted = this.grants.get(role);
			if (granted != null && (granted.contains(method.name()) || granted.contains(method.service()))) {
				return true;
			}
		}
		return false;
	}

	@Override
	public void starting(List<ServiceMethod> methods) {
		Set<String> names = new TreeSet<>();
		Map<String, Set<String>> services = new HashMap<>();
		methods.forEach((method) -> {
			services.computeIfAbsent(method.service(), (service) -> new TreeSet<>()).add(method.name());
			names.add(method.service());
			names.add(method.name());
		});
		methods.forEach((method) -> refuseIfAmbiguous(method, services.get(method.name())));
		this.grants.forEach((role, granted) -> granted.forEach((name) -> {
			if (!names.contains(name)) {
				throw new IllegalArgumentException("\"" + name + "\" is granted to the role \"" + role
						+ "\", and there is no such service or method" + suggestion(name, names));
			}
		}));
	}

	// One of the two would be open to those who were granted the other one.
	private void refuseIfAmbiguous(ServiceMethod method, @Nullable Set<String> ofService) {
		this.grants.forEach((role, granted) -> {
			if (ofService != null && granted.contains(method.name())) {
				throw new IllegalArgumentException("\"" + method.name() + "\" is granted to the role \"" + role
						+ "\", and there are both a service of this name and a method \"" + method.method()
						+ "\" of the service \"" + method.service() + "\" (expected: for the service its methods, of "
						+ ofService + "; for the method another name of one of the two)");
			}
		});
	}

	// Most often it is the letter case: Go's names begin with a capital.
	private static String suggestion(String name, Set<String> names) {
		for (String each : names) {
			if (each.equalsIgnoreCase(name)) {
				return " (is \"" + each + "\" meant?)";
			}
		}
		return " (expected: one of " + names + ")";
	}

}
