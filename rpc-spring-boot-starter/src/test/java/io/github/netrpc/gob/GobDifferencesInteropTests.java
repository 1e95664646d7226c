package io.github.netrpc.gob;

import java.util.Base64;
import java.util.Objects;

import org.junit.jupiter.api.Test;

import io.github.netrpc.fuzz.FuzzTargets;
import io.github.netrpc.gob.GobDifferencesFuzz.Answer;
import io.github.netrpc.interop.GoPrograms;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What was recorded is what real Go says.
 */
class GobDifferencesInteropTests {

	@Test
	void answersThatWereRecordedAreTheLiveOnes() {
		GoPrograms.build("gobrandom");
		GobDifferencesFuzz live = new GobDifferencesFuzz(Objects.requireNonNull(GoDecoder.find()), true);
		GobDifferencesFuzz recorded = new GobDifferencesFuzz(RecordedAnswers.read(), false);
		assertThat(FuzzTargets.known(live)).allSatisfy((input) -> {
			Answer expected = recorded.answer(input);
			Answer answer = live.answer(input);
			if (expected != null && answer != null && !expected.failure().equals(GoDecoder.DIED)) {
				assertThat(answer.agrees(expected))
					.as("%s: %s, recorded as %s", Base64.getEncoder().encodeToString(input), answer, expected)
					.isTrue();
			}
		});
	}

}
