package io.github.netrpc.context;

import java.io.IOException;

import org.junit.jupiter.api.Test;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.aot.test.generate.TestGenerationContext;
import org.springframework.context.aot.ApplicationContextAotGenerator;
import org.springframework.context.support.GenericApplicationContext;

import io.github.netrpc.RpcCode;
import io.github.netrpc.annotation.RpcAdvice;
import io.github.netrpc.annotation.RpcExceptionHandler;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Exception handlers in native images.
 */
class RpcAdviceHintsTests {

	@Test
	void exceptionHandlersOfBeansCanBeInvokedInANativeImage() throws NoSuchMethodException {
		GenericApplicationContext context = new GenericApplicationContext();
		context.registerBean(Advice.class);
		TestGenerationContext generation = new TestGenerationContext();
		new ApplicationContextAotGenerator().processAheadOfTime(context, generation);
		assertThat(RuntimeHintsPredicates.reflection()
			.onMethodInvocation(Advice.class.getDeclaredMethod("broken", IOException.class)))
			.accepts(generation.getRuntimeHints());
		assertThat(RuntimeHintsPredicates.reflection().onMethodInvocation(Advice.class.getDeclaredMethod("other")))
			.rejects(generation.getRuntimeHints());
	}

	@RpcAdvice
	static class Advice {

		@RpcExceptionHandler
		RpcCode broken(IOException ex) {
			return RpcCode.UNAVAILABLE;
		}

		void other() {
		}

	}

}
