package io.github.netrpc.gob;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

import io.github.netrpc.gob.Vectors.Case;
import io.github.netrpc.gob.Vectors.EndOfStream;
import io.github.netrpc.gob.Vectors.Feed;
import io.github.netrpc.type.UnsupportedTypeException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Every golden vector of gob, in both directions, whole and one byte at a time.
 */
class GobVectorTests {

	private final Gob gob = GoTypes.gob();

	static Stream<Arguments> values() {
		return fed(Vectors.values());
	}

	static Stream<Arguments> compat() {
		return fed(Vectors.cases("decode_compat"));
	}

	static Stream<Arguments> malformed() {
		return fed(Vectors.cases("decode_malformed"));
	}

	static Stream<Arguments> refused() {
		return Vectors.cases("encode_refused").stream().map(Arguments::of);
	}

	private static Stream<Arguments> fed(List<Case> cases) {
		return cases.stream().flatMap((each) -> Arrays.stream(Feed.values()).map((feed) -> Arguments.of(each, feed)));
	}

	@ParameterizedTest(name = "{0} {1}")
	@MethodSource("values")
	void readIntoJavaTypes(Case vector, Feed feed) {
		List<String> types = types(vector);
		JsonNode expected = vector.node().has("decoded") ? vector.node().get("decoded") : all(vector, "value");
		Vectors.Stream stream = new Vectors.Stream(this.gob, vector.bytes(), feed);
		List<String> differences = new ArrayList<>();
		for (int i = 0; i < types.size(); i++) {
			Object value = stream.read(GoTypes.type(this.gob, types.get(i)));
			String difference = new Notation(this.gob, GoTypes.shape(types.get(i)), false)
				.difference(one(vector, expected, i), value);
			if (difference != null) {
				differences.add(difference);
			}
		}
		assertThat(stream.left()).isZero();
		check(differences, DifferencesFromGo.READ, vector);
	}

	@ParameterizedTest(name = "{0} {1}")
	@MethodSource("values")
	void readWithoutTarget(Case vector, Feed feed) {
		Vectors.Stream stream = new Vectors.Stream(this.gob, vector.bytes(), feed);
		assertThat(wireDifferences(vector, stream, true)).isEmpty();
		assertThat(stream.left()).isZero();
	}

	@ParameterizedTest(name = "{0} {1}")
	@MethodSource("values")
	void skip(Case vector, Feed feed) {
		Vectors.Stream stream = new Vectors.Stream(this.gob, vector.bytes(), feed);
		types(vector).forEach((type) -> stream.skip());
		assertThat(stream.left()).isZero();
		assertThat(stream.decoder.mayEnd(0, 0)).isTrue();
	}

	@ParameterizedTest(name = "{0} {1}")
	@MethodSource("values")
	void writtenAgainIsTheSame(Case vector, Feed feed) {
		Vectors.Stream stream = new Vectors.Stream(this.gob, vector.bytes(), Feed.WHOLE);
		SentTypes sent = this.gob.sentTypes();
		GobWriter out = this.gob.writer();
		List<String> differences = new ArrayList<>();
		for (String go : types(vector)) {
			@SuppressWarnings("unchecked")
			GobType<Object> type = (GobType<Object>) GoTypes.type(this.gob, go);
			Object value = stream.read(type);
			GobWriter message = this.gob.writer();
			try {
				type.write(value, message);
				sent.appendMissing(message, out);
				out.append(message);
			}
			catch (GobException ex) {
				differences.add(ex.getMessage());
			}
		}
		if (differences.isEmpty()) {
			byte[] bytes = Arrays.copyOf(out.array(), out.length());
			differences = wireDifferences(vector, new Vectors.Stream(this.gob, bytes, feed), false);
		}
		check(differences, DifferencesFromGo.WRITE, vector);
	}

	@ParameterizedTest(name = "{0} {1}")
	@MethodSource("compat")
	void readIntoAnotherType(Case vector, Feed feed) {
		checkRead(vector, feed);
	}

	@ParameterizedTest(name = "{0} {1}")
	@MethodSource("malformed")
	void readBroken(Case vector, Feed feed) {
		checkRead(vector, feed);
	}

	private void checkRead(Case vector, Feed feed) {
		Vectors.Stream stream = new Vectors.Stream(this.gob, vector.bytes(), feed);
		boolean discarded = vector.node().get("into").isNull();
		GobType<?> type = discarded ? null : GoTypes.type(this.gob, vector.text("into"));
		List<String> differences = new ArrayList<>();
		Object[] value = new Object[1];
		Throwable failure = catchThrowable(
				() -> value[0] = stream.read((decoder) -> discarded ? decoder.skip() : decoder.read(type)));
		if ((failure != null) != vector.has("error")) {
			differences.add("failure: " + failure + ", of Go: " + vector.node().get("error"));
		}
		else if (failure == null && !discarded) {
			String difference = new Notation(this.gob, List.of(), false).difference(vector.node().get("after"),
					value[0]);
			if (difference != null) {
				differences.add(difference);
			}
		}
		check(differences, DifferencesFromGo.READ, vector);
		if (failure instanceof GobException ex) {
			assertThat(ex.inStep()).isEqualTo(GobErrors.isInStep(vector));
			assertThat(ex.getMessage()).hasSizeLessThan(300);
		}
		else if (failure instanceof EndOfStream end) {
			assertThat(end.clean).isEqualTo(vector.text("error").equals("EOF"));
		}
		else if (failure != null) {
			throw new AssertionError(failure);
		}
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("refused")
	void writingIsRefused(Case vector) {
		Throwable failure = catchThrowable(() -> RefusedValues.write(this.gob, vector.name()));
		String reason = DifferencesFromGo.REFUSED.get(vector.name());
		if (reason != null) {
			assertThat(failure).as("differs from Go: " + reason).isNull();
		}
		else {
			assertThat(failure).isInstanceOfAny(GobException.class, UnsupportedTypeException.class);
		}
	}

	@Test
	void everyVectorOfGobIsRun() {
		long run = Vectors.values().size() + Vectors.cases("decode_compat").size()
				+ Vectors.cases("decode_malformed").size() + Vectors.cases("encode_refused").size();
		assertThat(run).isEqualTo(229 + 84 + 49 + 13);
	}

	@Test
	void differencesFromGoNameVectors() {
		List<String> names = Stream
			.concat(Vectors.values().stream(),
					Stream.concat(Vectors.cases("decode_compat").stream(), Vectors.cases("decode_malformed").stream()))
			.map(Case::toString)
			.toList();
		assertThat(names).containsAll(DifferencesFromGo.READ.keySet()).containsAll(DifferencesFromGo.WRITE.keySet());
		assertThatThrownBy(() -> GoTypes.type(this.gob, "no such")).isInstanceOf(IllegalStateException.class);
	}

	private List<String> wireDifferences(Case vector, Vectors.Stream stream, boolean lossy) {
		List<String> differences = new ArrayList<>();
		int count = types(vector).size();
		for (int i = 0; i < count; i++) {
			String difference = new Notation(this.gob, List.of(), lossy)
				.difference(one(vector, vector.node().get("wire"), i), stream.readDynamic());
			if (difference != null) {
				differences.add(difference);
			}
		}
		return differences;
	}

	private static void check(List<String> differences, Map<String, String> meant, Case vector) {
		String reason = meant.get(vector.toString());
		if (reason != null) {
			assertThat(differences).as("differs from Go: " + reason).isNotEmpty();
		}
		else {
			assertThat(differences).isEmpty();
		}
	}

	private static JsonNode all(Case vector, String member) {
		return vector.node().get(vector.has("types") ? member + "s" : member);
	}

	private static JsonNode one(Case vector, JsonNode all, int index) {
		return vector.has("types") ? all.get(index) : all;
	}

	private static List<String> types(Case vector) {
		if (!vector.has("types")) {
			return List.of(vector.text("type"));
		}
		List<String> types = new ArrayList<>();
		vector.node().get("types").forEach((type) -> types.add(type.asString()));
		return types;
	}

}
