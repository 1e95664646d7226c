package io.github.netrpc.context;

import java.util.List;
import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.Test;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.aot.test.generate.TestGenerationContext;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.aot.ApplicationContextAotGenerator;

import io.github.netrpc.annotation.RpcService;

import static org.assertj.core.api.Assertions.assertThat;

class RpcServiceAotProcessorTests {

	@Test
	void methodsAndMessagesOfServicesAreKnownAheadOfTime() throws NoSuchMethodException {
		RuntimeHints hints = process(Mail.class);
		assertThat(RuntimeHintsPredicates.reflection()
			.onMethodInvocation(Post.class.getMethod("send", Letter.class, List.class))).accepts(hints);
		for (Class<?> message : List.of(Letter.class, Address.class, Stamp.class, Receipt.class)) {
			assertThat(RuntimeHintsPredicates.reflection().onType(message)).accepts(hints);
			assertThat(
					RuntimeHintsPredicates.reflection().onConstructorInvocation(message.getDeclaredConstructors()[0]))
				.as(message.getSimpleName())
				.accepts(hints);
		}
		assertThat(RuntimeHintsPredicates.reflection().onMethodInvocation(Letter.class.getMethod("to"))).accepts(hints);
	}

	@Test
	void beansThatOfferNothingAreLeftAlone() {
		RuntimeHints hints = process(Plain.class);
		assertThat(RuntimeHintsPredicates.reflection().onType(Letter.class)).rejects(hints);
	}

	private static RuntimeHints process(Class<?> bean) {
		AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext() {

			@Override
			public void refresh() {
				// Only the definitions are wanted.
			}

		};
		context.register(bean);
		TestGenerationContext generation = new TestGenerationContext();
		new ApplicationContextAotGenerator().processAheadOfTime(context, generation);
		return generation.getRuntimeHints();
	}

	@RpcService
	public interface Post {

		CompletableFuture<Receipt> send(Letter letter, List<Stamp> stamps);

	}

	public record Letter(Address to) {
	}

	public record Address(String street) {
	}

	public record Stamp(int cents) {
	}

	public record Receipt(long number) {
	}

	public static class Mail implements Post {

		@Override
		public CompletableFuture<Receipt> send(Letter letter, List<Stamp> stamps) {
			return new CompletableFuture<>();
		}

	}

	public static class Plain {

		public Letter find(Stamp stamp) {
			return new Letter(new Address(String.valueOf(stamp.cents())));
		}

	}

}
