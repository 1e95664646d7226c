package io.github.netrpc;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchRule;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.Configuration;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

/**
 * Who may use whom. Every rule comes with the source of a class that breaks it, so that a
 * rule that cannot fail is found.
 */
final class ArchitectureRules {

	static final String ROOT = "io.github.netrpc";

	/** Free to every package. */
	private static final String[] FREE = { "java..", "javax.net..", "org.jspecify..", "org.slf4j.." };

	/** Package, what of ours it may use, which libraries have their home in it. */
	private static final List<Row> TABLE = List.of(
	// @formatter:off
			row("", ours(), home()),
			row("type", ours(), home()),
			row("gob", ours("type"), home()),
			row("annotation", ours(""), home("org.springframework.stereotype..", "org.springframework.core.annotation..",
					"org.springframework.aot.hint.annotation..")),
			row("json", ours("type", "gob"), home("tools.jackson..", "com.fasterxml.jackson.annotation..")),
			row("wire", ours("", "type"), home()),
			row("wire.http", ours("", "wire"), home()),
			row("wire.gob", ours("", "type", "wire", "gob"), home()),
			row("wire.json", ours("", "type", "wire", "json"), home("tools.jackson..", "com.fasterxml.jackson.annotation..")),
			row("transport", ours("", "wire"), home()),
			row("transport.memory", ours("", "wire", "transport"), home()),
			row("transport.netty", ours("", "exec", "wire", "transport"), home("io.netty..", "jdk.net..")),
			row("method", ours("", "annotation", "type", "wire"), home()),
			row("exec", ours(), home()),
			row("server", ours("", "annotation", "type", "method", "exec", "wire", "wire.http", "transport"),
					home("javax.naming..", "javax.security.auth.x500..")),
			row("client", ours("", "annotation", "type", "method", "exec", "wire", "wire.http", "transport"), home()),
			row("cluster", ours("", "type", "exec", "wire", "method", "transport", "client", "work"), home("javax.naming..")),
			row("work", ours("", "client"), home()),
			row("discovery.etcd", ours("", "exec", "client", "cluster"),
					home("io.etcd.jetcd..", "io.netty.handler.ssl..", "tools.jackson..")),
			row("batch", ours("", "annotation", "cluster", "work"),
					home("org.springframework.batch..", "org.springframework.dao..", "org.springframework.context..",
							"org.springframework.aot.hint..")),
			row("reactive", ours("", "method"), home("reactor.core..", "org.reactivestreams..")),
			row("security", ours("", "annotation", "method", "server"),
					home("org.springframework.security..", "org.springframework.core..", "reactor.core..", "reactor.util..",
							"javax.naming..")),
			row("discovery.cloud", ours("", "exec", "client", "cluster"),
					home("org.springframework.cloud.client..", "org.springframework.beans..", "org.springframework.context..",
							"org.springframework.core..", "org.springframework.util..", "org.springframework.aot.hint..")),
			row("context", ours("", "annotation", "method", "wire", "transport", "server", "client", "cluster"),
					home("org.springframework.beans..", "org.springframework.context..", "org.springframework.core..",
							"org.springframework.util..", "org.springframework.aop..", "org.springframework.aot..",
							"org.springframework.javapoet..", "javax.lang.model.element..")),
			row("observation", ours("", "server", "client", "cluster", "work"), home("io.micrometer..")),
			row("actuate", ours("", "server", "client", "cluster", "work", "context"),
					home("org.springframework.boot.actuate..", "org.springframework.boot.health.contributor..")));
	// @formatter:on

	private ArchitectureRules() {
	}

	/** Every rule by its name. */
	static Map<String, Rule> all() {
		Map<String, Rule> rules = new LinkedHashMap<>();
		for (Row row : TABLE) {
			rules.put("the row of " + row.name(), tableRule(row));
		}
		rules.put("context is for Spring without Boot",
				foreign("context", "org.springframework.boot.SpringApplication"));
		rules.put("context is for Spring without a web", foreign("context", "org.springframework.http.HttpStatus"));
		rules.put("discovery through Spring Cloud is for Spring without Boot",
				foreign("discovery.cloud", "org.springframework.boot.SpringApplication"));
		rules.put("security is for Spring Security without servlets",
				foreign("security", "jakarta.servlet.http.HttpServletRequest"));
		rules.put("batch is for Spring without Boot", foreign("batch", "org.springframework.boot.SpringApplication"));
		rules.put("actuate only uses Actuator of Boot",
				foreign("actuate", "org.springframework.boot.autoconfigure.AutoConfiguration"));
		rules.put("no cycles between packages",
				new Rule(slices().matching(ROOT + ".(*)..").should().beFreeOfCycles(), Map.of(
						"io.github.netrpc.server.A", "package %s; public class A { io.github.netrpc.client.B b; }",
						"io.github.netrpc.client.B", "package %s; public class B { io.github.netrpc.server.A a; }")));
		rules.put("every package has a row",
				new Rule(
						classes().that()
							.resideInAPackage(ROOT + "..")
							.should()
							.resideInAnyPackage(Stream
								.concat(TABLE.stream().map((row) -> exact(row.name())),
										Stream.of(exact("autoconfigure") + ".."))
								.toArray(String[]::new)),
						Map.of("io.github.netrpc.util.Strings", "package %s; public class Strings { }")));
		rules.put("nothing depends on autoconfigure",
				new Rule(
						noClasses().that()
							.resideOutsideOfPackage(ROOT + ".autoconfigure..")
							.should()
							.dependOnClassesThat()
							.resideInAPackage(ROOT + ".autoconfigure.."),
						Map.of("io.github.netrpc.autoconfigure.Top", "package %s; public class Top { }",
								"io.github.netrpc.context.Low",
								"package %s; class Low { io.github.netrpc.autoconfigure.Top top; }")));
		rules.put("only autoconfigure depends on observation and actuate",
				new Rule(
						noClasses().that()
							.resideOutsideOfPackages(ROOT + ".autoconfigure..", ROOT + ".observation..",
									ROOT + ".actuate..")
							.should()
							.dependOnClassesThat()
							.resideInAnyPackage(ROOT + ".observation..", ROOT + ".actuate.."),
						Map.of("io.github.netrpc.observation.Meters", "package %s; public class Meters { }",
								"io.github.netrpc.server.Measured",
								"package %s; class Measured { io.github.netrpc.observation.Meters meters; }")));
		rules.put("every package is null-marked",
				new Rule(classes().that().resideInAPackage(ROOT + "..").should(ArchitectureConditions.nullMarked()),
						Map.of("io.github.netrpc.bare.Plain", "package %s; class Plain { }")));
		rules.put("auto-configurations are public, final and without public members",
				new Rule(
						classes().that()
							.areAnnotatedWith(AutoConfiguration.class)
							.should()
							.bePublic()
							.andShould()
							.haveModifier(JavaModifier.FINAL)
							.andShould(ArchitectureConditions.withoutPublicMembers()),
						Map.of("io.github.netrpc.autoconfigure.Open",
								"package %s; @org.springframework.boot.autoconfigure.AutoConfiguration "
										+ "public final class Open { public void member() { } }")));
		rules.put("other configurations are package-private",
				new Rule(
						classes().that()
							.areAnnotatedWith(Configuration.class)
							.and()
							.areNotAnnotatedWith(AutoConfiguration.class)
							.should()
							.bePackagePrivate()
							.allowEmptyShould(true),
						Map.of("io.github.netrpc.autoconfigure.Branch",
								"package %s; @org.springframework.context.annotation.Configuration "
										+ "public class Branch { }")));
		rules.put("conditions are package-private", new Rule(
				classes().that().areAssignableTo(Condition.class).should().bePackagePrivate(),
				Map.of("io.github.netrpc.autoconfigure.OnOpen", "package %s; public class OnOpen implements "
						+ "org.springframework.context.annotation.Condition { public boolean matches("
						+ "org.springframework.context.annotation.ConditionContext context, "
						+ "org.springframework.core.type.AnnotatedTypeMetadata metadata) " + "{ return true; } }")));
		ArchitectureAccesses.WAITS.forEach((wait) -> rules.put("the I/O threads never wait: " + wait,
				new Rule(
						noClasses().that()
							.resideInAPackage(ROOT + ".transport.netty")
							.and()
							.doNotHaveSimpleName("CallerWait")
							.should()
							.accessTargetWhere(ArchitectureAccesses.BLOCKING_WAIT),
						Map.of("io.github.netrpc.transport.netty.Waits",
								"package %%s; class Waits { void run(Object any) throws Exception { %s; } }"
									.formatted(wait)))));
		ArchitectureAccesses.SOURCES.forEach((source) -> rules.put("clocks and randomness are injected: " + source,
				new Rule(
						noClasses().that()
							.resideInAPackage(ROOT + "..")
							.and(DescribedPredicate.not(ArchitectureAccesses.INJECTED_SOURCES))
							.should()
							.accessTargetWhere(ArchitectureAccesses.CLOCK_OR_RANDOM),
						Map.of("io.github.netrpc.client.LateBuilder",
								"package %%s; class LateBuilder { Object run() { return %s; } }".formatted(source)))));
		ArchitectureAccesses.COMPARISONS.forEach((comparison) -> rules.put(
				"tokens are compared in constant time: " + comparison,
				new Rule(
						noClasses().that(ArchitectureAccesses.COMPARING_TOKENS)
							.should()
							.accessTargetWhere(ArchitectureAccesses.COMPARISON_THAT_ENDS_EARLY),
						Map.of("io.github.netrpc.server.ShownTokens",
								("package %%s; class ShownTokens { Object run(byte[] one, byte[] other, String text) "
										+ "{ return %s; } }")
									.formatted(comparison)))));
		rules.put("no static field changes", new Rule(fields().that().areStatic().should().beFinal(),
				Map.of("io.github.netrpc.server.Counted", "package %s; class Counted { static int calls; }")));
		rules.put("nobody prints", new Rule(
				noClasses().should().accessField(System.class, "out").orShould().accessField(System.class, "err"),
				Map.of("io.github.netrpc.server.Chatty",
						"package %s; class Chatty { void hello() { System.out.println(); } }")));
		rules.put("no field is injected",
				new Rule(noFields().should().beAnnotatedWith("org.springframework.beans.factory.annotation.Autowired"),
						Map.of("io.github.netrpc.context.Injected",
								"package %s; class Injected { @org.springframework.beans.factory.annotation.Autowired "
										+ "Object dependency; }")));
		rules.put("names say the role", new Rule(classes().should(ArchitectureConditions.namedByRole()),
				Map.of("io.github.netrpc.server.CallManager", "package %s; class CallManager { }")));
		return rules;
	}

	private static Rule tableRule(Row row) {
		List<String> allowed = new ArrayList<>(List.of(FREE));
		row.ours().forEach((name) -> allowed.add(exact(name)));
		allowed.add(exact(row.name()));
		allowed.addAll(row.home());
		String self = exact(row.name());
		ArchRule rule = classes().that()
			.resideInAPackage(self)
			.should()
			.onlyDependOnClassesThat(resideInAnyPackage(allowed.toArray(String[]::new)).or(DescribedPredicate
				.describe("primitives and arrays of them", (type) -> type.getPackageName().isEmpty())))
			.allowEmptyShould(true);
		String forbidden = row.name().equals("client") ? "io.github.netrpc.server.Forbidden"
				: "io.github.netrpc.client.Forbidden";
		if (row.ours().contains("client")) {
			forbidden = "io.github.netrpc.autoconfigure.Forbidden";
		}
		String used = forbidden;
		return new Rule(rule, Map.of(forbidden, "package %s; public class Forbidden { }", self + ".Breaks",
				"package %s; class Breaks { " + used + " field; }"));
	}

	// The row of a package, broken by a library that has no home there.
	private static Rule foreign(String name, String library) {
		Row row = TABLE.stream().filter((each) -> each.name().equals(name)).findFirst().orElseThrow();
		return new Rule(tableRule(row).rule(),
				Map.of(exact(name) + ".Breaks", "package %s; class Breaks { " + library + " field; }"));
	}

	private static Row row(String name, List<String> ours, List<String> home) {
		return new Row(name, ours, home);
	}

	private static List<String> ours(String... names) {
		return List.of(names);
	}

	private static List<String> home(String... packages) {
		return List.of(packages);
	}

	private static String exact(String name) {
		return name.isEmpty() ? ROOT : ROOT + "." + name;
	}

	/**
	 * A row of the table.
	 *
	 * @param name the package below the root
	 * @param ours the packages of ours that it may use
	 * @param home the libraries that may be used here
	 */
	private record Row(String name, List<String> ours, List<String> home) {

	}

	/**
	 * A rule and what breaks it.
	 *
	 * @param rule the rule
	 * @param broken class names to sources, {@code %s} standing for the package
	 */
	record Rule(ArchRule rule, Map<String, String> broken) {

	}

}
