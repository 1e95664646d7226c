package io.github.netrpc;

import java.util.List;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import org.jspecify.annotations.NullMarked;

/**
 * Conditions that ArchUnit does not have.
 */
final class ArchitectureConditions {

	private static final List<String> EMPTY_WORDS = List.of("Utils", "Util", "Helper", "Manager", "Impl", "Data",
			"Info");

	private ArchitectureConditions() {
	}

	static ArchCondition<JavaClass> nullMarked() {
		return new ArchCondition<>("be in a package with @NullMarked") {

			@Override
			public void check(JavaClass type, ConditionEvents events) {
				boolean marked = type.getPackage().isAnnotatedWith(NullMarked.class);
				events.add(new SimpleConditionEvent(type, marked,
						type.getPackageName() + " has no package-info.java with @NullMarked"));
			}

		};
	}

	static ArchCondition<JavaClass> withoutPublicMembers() {
		return new ArchCondition<>("have no public members") {

			@Override
			public void check(JavaClass type, ConditionEvents events) {
				type.getMembers()
					.stream()
					.filter((member) -> member.getModifiers().contains(JavaModifier.PUBLIC))
					.filter((member) -> !member.getName().equals("<init>"))
					.forEach((member) -> events
						.add(SimpleConditionEvent.violated(member, member.getFullName() + " is public")));
			}

		};
	}

	static ArchCondition<JavaClass> namedByRole() {
		return new ArchCondition<>("not end in an empty word") {

			@Override
			public void check(JavaClass type, ConditionEvents events) {
				EMPTY_WORDS.stream()
					.filter((word) -> type.getSimpleName().endsWith(word))
					.forEach((word) -> events
						.add(SimpleConditionEvent.violated(type, type.getName() + " ends in " + word)));
			}

		};
	}

}
