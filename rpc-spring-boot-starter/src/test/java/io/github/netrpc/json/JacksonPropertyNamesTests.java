package io.github.netrpc.json;

import java.lang.reflect.Executable;
import java.util.List;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.annotation.JsonNaming;

import io.github.netrpc.gob.PropertyNames;
import io.github.netrpc.type.Unsigned;

import static org.assertj.core.api.Assertions.assertThat;

class JacksonPropertyNamesTests {

	private final PropertyNames names = new JacksonPropertyNames(
			RpcJsonMapper.create(new RpcJsonMapper.Limits(64, 1000, 100, 1000), List.of()));

	@Test
	void recordHasItsComponentsInOrderAndTheCanonicalConstructor() {
		PropertyNames.Properties properties = this.names.of(Args.class);
		assertThat(properties.properties()).extracting(PropertyNames.Property::name).containsExactly("b", "renamed");
		assertThat(properties.properties()).extracting(PropertyNames.Property::explicit).containsExactly(false, true);
		assertThat(properties.properties()).extracting(PropertyNames.Property::creatorIndex).containsExactly(0, 1);
		assertThat(properties.properties()).allMatch((property) -> property.getter() != null);
		assertThat(properties.properties().get(1).type().isAnnotationPresent(Unsigned.class)).isTrue();
		assertThat(properties.creator()).extracting(Executable::getParameterCount).isEqualTo(2);
	}

	@Test
	void beanHasSettersAndTheDefaultConstructor() {
		PropertyNames.Properties properties = this.names.of(Bean.class);
		assertThat(properties.properties()).extracting(PropertyNames.Property::name)
			.containsExactly("user_id", "first_name");
		assertThat(properties.properties()).allMatch(
				(property) -> property.getter() != null && property.setter() != null && property.creatorIndex() == -1);
		assertThat(properties.creator()).extracting(Executable::getParameterCount).isEqualTo(0);
	}

	@Test
	void annotatedFactoryIsTheCreator() {
		PropertyNames.Properties properties = this.names.of(Made.class);
		assertThat(properties.creator()).extracting(Executable::getName).isEqualTo("make");
		assertThat(properties.properties()).singleElement()
			.satisfies((property) -> assertThat(property.creatorIndex()).isZero());
	}

	@Test
	void emptyClassHasNoProperties() {
		assertThat(this.names.of(Nothing.class).properties()).isEmpty();
	}

	@Test
	void enumConstantIsItsNameUnlessAnnotated() {
		assertThat(this.names.nameOf(Color.RED)).isEqualTo("RED");
		assertThat(this.names.nameOf(Color.GREEN)).isEqualTo("grass");
	}

	record Args(int b, @JsonProperty("renamed") @Unsigned int a) {

	}

	@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
	@JsonPropertyOrder({ "userId", "firstName" })
	public static class Bean {

		private String firstName = "";

		private long userId;

		public String getFirstName() {
			return this.firstName;
		}

		public void setFirstName(String firstName) {
			this.firstName = firstName;
		}

		public long getUserId() {
			return this.userId;
		}

		public void setUserId(long userId) {
			this.userId = userId;
		}

		@JsonIgnore
		public String getSecret() {
			return "";
		}

	}

	public static final class Made {

		private final int size;

		private Made(int size) {
			this.size = size;
		}

		@JsonCreator
		static Made make(@JsonProperty("size") int size) {
			return new Made(size);
		}

		public int getSize() {
			return this.size;
		}

	}

	static class Nothing {

	}

	enum Color {

		RED, @JsonProperty("grass")
		GREEN {
			@Override
			public String toString() {
				return "green";
			}
		}

	}

}
