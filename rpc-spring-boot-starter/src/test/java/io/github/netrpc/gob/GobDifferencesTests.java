package io.github.netrpc.gob;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import io.github.netrpc.fuzz.FuzzTargets;
import io.github.netrpc.gob.GobDifferencesFuzz.Answer;
import io.github.netrpc.type.TypeRef;

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
	void definitionsThatNoGoProgramSendsAreFound() {
		for (String found : List.of(
				"A1r/tQMBAQZOZXN0ZWQB/7YAAQgBAVAB/5AAAQNQdHIB/5AAAQNQdHMB/7gAAQRQdHJzAf+4AAECTVAB/7oAAQNNUFAB/7oAAQJJbgH/mgABBE5vbmUB/7wAAAAf/48DAQEFUG9pbnQB/5AAAQIBAVgBBAABAVkBBAAAAA3/twIBAv+4AAH/kAAAD/+5BAEC/7oAAQwB/5EAAP+g/5k=",
				"BkT/yQMBAQRUcmVlAf/KAAEFAQNLRXkBDAABBExbZnQB/8oAAQVSaWdodAH/ygABBEtpZHMB/8wAAQVCeUtleQH/zgAAAA3/ywIBAv/MAAH/ygAAD//NBAEC/84AAQwB/8oAAP+k/8oB/4hYb2FnRw==",
				"By//kQMBAQRBbnlzAf+SAAEEAQFUARAAAQFMAf+UAAEBTQH/lgABBFRhaWwBBAAAAAz/kwIBAv+UAAEQAAAO/5UEAQL/lgABDAEQAAAV/5cFAQEJdGltZS5UaW1lAf+YAAA=",
				"BkT/yQMBAQRUcmVlAf/KAAEFAQNLTXkBDAABBExbZnQB/8oAAQVSaWdodAH/ygABBEtpZHMB/8wAAQVSaWdodAH/zgAAAA3/ywIBAv/MAAH/ygAAD//NBAEC/84AAQwB/8oAAP+k/w==",
				"BkT/yQMBAQRUcmVlAf/KAAEFAQNLZXkBDAABBExlZnQB/8oAAQVSaWdodAH/zgABBEtpZHMB/8wAAQVCeUtleQH/zgAAAA3/ywIBAv/MAAH/ygAAD//NBAEC/84AAQwB/8oAAP+k/w==")) {
			byte[] input = Base64.getDecoder().decode(found);
			assertThat(isOdd(input)).isTrue();
		}
		for (byte[] seed : this.recorded.seeds().subList(0, 3 * RandomTypes.KINDS.size())) {
			assertThat(isOdd(seed)).isFalse();
		}
	}

	@Test
	void whatIsMeantToDifferIsNoMoreThanThat() {
		Answer one = new Answer(List.of(1L), "");
		Answer nameless = new Answer(List.of(), "Field 19 of a struct in a type definition has no name, expected one");
		assertThat(MeantDifferences.explain(nameless, one)).isTrue();
		assertThat(MeantDifferences.explain(one, nameless)).isFalse();
		assertThat(MeantDifferences.explain(new Answer(List.of(2L), nameless.failure()), one)).isFalse();
		assertThat(MeantDifferences.explain(new Answer(List.of(), "The message ends within a value"), one)).isFalse();
		Answer narrow = new Answer(List.of(), "gob: value for \"element of []complex64\" out of range");
		assertThat(MeantDifferences.explain(one, narrow)).isTrue();
		assertThat(MeantDifferences.explain(one, new Answer(List.of(), "gob: value for \"F32\" out of range")))
			.isFalse();
		assertThat(MeantDifferences.tooCostlyForGo("Number of elements: 99999 (3 bytes are left)")).isTrue();
		assertThat(MeantDifferences.tooCostlyForGo("Number of elements: 9999 (3 bytes are left)")).isFalse();
		byte[] bytes = new byte[17];
		bytes[0] = 16;
		bytes[1] = 2;
		assertThat(MeantDifferences.explain(bytes)).isFalse();
		bytes[16] = -1;
		assertThat(MeantDifferences.explain(bytes)).isTrue();
		assertThat(MeantDifferences.explain("a complex64".getBytes(StandardCharsets.US_ASCII))).isTrue();
		assertThat(MeantDifferences.explain("a complex6".getBytes(StandardCharsets.US_ASCII))).isFalse();
	}

	@Test
	void keysThatAreEqualOnOneSideOnlyHaveNoHash() {
		RandomShape shape = RandomShape.of(new TypeRef<Map<Double, Long>>() {
		}.annotatedType());
		assertThat(RandomShape.Hash.ifClear(shape, Map.of(1.5, 1L))).isNotZero();
		assertThat(RandomShape.Hash.ifClear(shape, Map.of(Double.NaN, 1L))).isZero();
		assertThat(RandomShape.Hash.ifClear(shape, Map.of(-0.0, 1L))).isZero();
		Answer vague = new Answer(List.of(Answer.VAGUE, 7L), "");
		assertThat(vague.agrees(new Answer(List.of(5L, 7L), ""))).isTrue();
		assertThat(new Answer(List.of(5L, 7L), "").agrees(vague)).isTrue();
		assertThat(vague.agrees(new Answer(List.of(5L, 8L), ""))).isFalse();
	}

	private static boolean isOdd(byte[] input) {
		return new OddDefinitions(RandomTypes.KINDS.get(input[0]).type()).areIn(Gob.standard().decoder(),
				Arrays.copyOfRange(input, 1, input.length));
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
