package io.github.netrpc.gob;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

import io.github.netrpc.gob.Vectors.Case;
import io.github.netrpc.gob.Vectors.EndOfStream;
import io.github.netrpc.gob.Vectors.Feed;
import io.github.netrpc.interop.DifferencesFromGo;
import io.github.netrpc.interop.DifferencesFromGo.Difference;
import io.github.netrpc.interop.DifferencesFromGo.Side;
import io.github.netrpc.type.UnsupportedTypeException;

import static org.assertj.core.api.Assertions.assertThat;
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
		check(differences, Side.READER, vector);
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
				int place = ex.getMessage().indexOf(", at ");
				differences.add("refused" + ((place < 0) ? "" : ex.getMessage().substring(place)));
			}
		}
		if (differences.isEmpty()) {
			byte[] bytes = Arrays.copyOf(out.array(), out.length());
			differences = wireDifferences(vector, new Vectors.Stream(this.gob, bytes, feed), false);
		}
		check(differences, Side.WRITER, vector);
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
		GobErrors ours = GobErrors.of(failure);
		GobErrors ofGo = GobErrors.ofGo(vector.has("error") ? vector.text("error") : null);
		if (ours != ofGo) {
			differences
				.add("failure: " + ((ours != null) ? ours : "none") + ", of Go: " + ((ofGo != null) ? ofGo : "none"));
		}
		else if (failure == null && !discarded) {
			String difference = new Notation(this.gob, List.of(), false).difference(vector.node().get("after"),
					value[0]);
			if (difference != null) {
				differences.add(difference);
			}
		}
		check(differences, Side.READER, vector);
		if (failure instanceof GobException ex) {
			assertThat(ex.inStep()).isEqualTo(GobErrors.isInStep(vector));
			assertThat(ex.getMessage()).hasSizeLessThan(300);
		}
		else if (failure instanceof EndOfStream end) {
			assertThat(end.clean).isEqualTo(vector.text("error").equals("EOF"));
		}
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("refused")
	void writingIsRefused(Case vector) {
		Difference difference = DifferencesFromGo.of(Side.REFUSAL, vector.toString());
		if (difference != null) {
			byte[] bytes = RefusedValues.write(this.gob, vector.name());
			Vectors.Stream stream = new Vectors.Stream(this.gob, bytes, Feed.WHOLE);
			String written = stream.readDynamic().toString().replaceAll("[\\w.]*\\$Opaque@\\w+", "opaque");
			assertThat(List.of(written)).as(difference.toString()).isEqualTo(difference.outcome());
			assertThat(stream.left()).isZero();
		}
		else {
			Throwable failure = catchThrowable(() -> RefusedValues.write(this.gob, vector.name()));
			assertThat(failure).isInstanceOfAny(GobException.class, UnsupportedTypeException.class);
		}
	}

	@AfterAll
	static void everyDifferenceIsUsed() {
		DifferencesFromGo.requireUsed(Side.READER, Side.WRITER, Side.REFUSAL);
	}

	@Test
	void everyVectorOfGobIsRun() {
		long run = Vectors.values().size() + Vectors.cases("decode_compat").size()
				+ Vectors.cases("decode_malformed").size() + Vectors.cases("encode_refused").size();
		assertThat(run).isEqualTo(229 + 84 + 49 + 13);
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

	private static void check(List<String> differences, Side side, Case vector) {
		Difference meant = DifferencesFromGo.of(side, vector.toString());
		if (meant != null) {
			assertThat(differences).as(meant.toString()).isEqualTo(meant.outcome());
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
