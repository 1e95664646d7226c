package io.github.netrpc.gob;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.TreeMap;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.github.netrpc.fuzz.FuzzTargets;
import io.github.netrpc.gob.GobDifferencesFuzz.Answer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What the comparison with Go says where there is no Go.
 */
class GobDifferencesTests {

	private final GobDifferencesFuzz recorded = new GobDifferencesFuzz(RecordedAnswers.read(), false);

	@Test
	void answersToAllThatIsKnownAreRecordedAndAreOurs() {
		List<byte[]> known = FuzzTargets.known(this.recorded);
		assertThat(known).hasSizeGreaterThan(60);
		known.forEach(this.recorded::run);
		assertThat(known.stream()
			.filter((input) -> this.recorded.isComparable(input) && this.recorded.answer(input) == null)
			.map(Base64.getEncoder()::encodeToString))
			.as("inputs without an answer (benchmarks/fuzz --targets=gob-differences --save records them)")
			.isEmpty();
		assertThat(this.recorded.missing()).isEqualTo("no program \"go\" on the PATH");
	}

	@Test
	void otherValueAndOtherEndAreDifferences() {
		byte[] input = this.recorded.seeds().get(0);
		Answer same = this.recorded.answer(input);
		assertThat(same).isNotNull();
		assertThat(same.hashes()).hasSize(1);
		new GobDifferencesFuzz((kind, most, stream) -> same, true).run(input);
		for (Answer other : List.of(new Answer(List.of(same.hashes().get(0) + 1), same.failure()),
				new Answer(List.of(), same.failure()), new Answer(same.hashes(), ""))) {
			GobDifferencesFuzz target = new GobDifferencesFuzz((kind, most, stream) -> other, true);
			assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> target.run(input))
				.withMessageContaining("read by us")
				.withMessageContaining("by Go: ");
		}
	}

	@Test
	void interfaceValuesInFieldsThatNoTypeHasAreFound() {
		List<String> found = Vectors.cases("decode_compat")
			.stream()
			.filter((vector) -> SkippedInterfaces.areIn(Gob.standard().decoder(), vector.bytes()))
			.map(Vectors.Case::name)
			.toList();
		assertThat(found).contains("skip_interface_with_new_inner_type").hasSizeLessThan(20);
		byte[] seed = this.recorded.seeds().get(0);
		assertThat(SkippedInterfaces.areIn(Gob.standard().decoder(), Arrays.copyOfRange(seed, 1, seed.length)))
			.isFalse();
	}

	@Test
	void answersAreWrittenInLinesOfPrintedCharacters(@TempDir Path folder) throws Exception {
		TreeMap<String, Answer> answers = new TreeMap<>();
		answers.put(RecordedAnswers.key(1, new byte[] { 2 }),
				new Answer(List.of(-1L, 0L), "gob: name \n" + "x".repeat(99)));
		answers.put("0", new Answer(List.of(), ""));
		RecordedAnswers.write(answers, folder);
		assertThat(Files.readAllLines(folder.resolve("gob-differences-go.txt"))).containsExactly("0 - ",
				"a12871fee210fb86 ffffffffffffffff,0 gob: name ?" + "x".repeat(49));
	}

}
