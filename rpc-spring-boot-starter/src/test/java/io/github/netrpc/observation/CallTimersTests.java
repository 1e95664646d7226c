package io.github.netrpc.observation;

import java.util.concurrent.TimeUnit;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import io.github.netrpc.CallRecorder;
import io.github.netrpc.RpcCode;

import static org.assertj.core.api.Assertions.assertThat;

class CallTimersTests {

	private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

	@Test
	void recordAddsToTheTimerOfMethodFormatAndCode() {
		CallRecorder recorder = CallTimers.ofServer(this.registry).recorder("Arith", "Add", "gob");
		recorder.record(RpcCode.OK, 2_000);
		recorder.record(RpcCode.OK, 3_000);
		recorder.record(RpcCode.INTERNAL, 5_000);
		Tags method = Tags.of("service", "Arith", "method", "Add", "codec", "gob");
		Timer ok = this.registry.get("rpc.server.requests")
			.tags(method.and("code", "OK", "outcome", "SUCCESS"))
			.timer();
		assertThat(ok.count()).isEqualTo(2);
		assertThat(ok.totalTime(TimeUnit.NANOSECONDS)).isEqualTo(5_000);
		Timer failed = this.registry.get("rpc.server.requests")
			.tags(method.and("code", "INTERNAL", "outcome", "SERVER_ERROR"))
			.timer();
		assertThat(failed.count()).isEqualTo(1);
		assertThat(this.registry.getMeters()).hasSize(2);
	}

	@Test
	void recorderRegistersNothingBeforeTheFirstCall() {
		CallTimers.ofClient(this.registry).recorder("Arith", "Add", "json");
		assertThat(this.registry.getMeters()).isEmpty();
	}

	@ParameterizedTest
	@EnumSource(RpcCode.class)
	void everyCodeHasTheSameTagKeys(RpcCode code) {
		CallTimers.ofClient(this.registry).recorder("Arith", "Add", "json").record(code, 1);
		Meter.Id id = this.registry.get("rpc.client.requests").timer().getId();
		assertThat(id.getTags()).extracting("key").containsExactly("code", "codec", "method", "outcome", "service");
		assertThat(id.getTag("code")).isEqualTo(code.name());
		assertThat(id.getDescription()).isNotBlank();
	}

	@ParameterizedTest
	@CsvSource({ "OK, SUCCESS", "UNKNOWN, UNKNOWN", "INVALID_ARGUMENT, CLIENT_ERROR", "UNIMPLEMENTED, CLIENT_ERROR",
			"RESOURCE_EXHAUSTED, SERVER_ERROR", "DEADLINE_EXCEEDED, SERVER_ERROR", "UNAVAILABLE, SERVER_ERROR" })
	void outcomeSaysWhoseProblemItIs(RpcCode code, Outcome outcome) {
		assertThat(Outcome.of(code)).isEqualTo(outcome);
	}

	@Test
	void retriesAreCountedWithTheCodeOfTheAttemptBefore() {
		CallRecorder recorder = CallTimers.ofClient(this.registry).recorder("Arith", "Add", "gob");
		recorder.retried(RpcCode.UNAVAILABLE);
		recorder.retried(RpcCode.UNAVAILABLE);
		recorder.retried(RpcCode.RESOURCE_EXHAUSTED);
		assertThat(this.registry.get("rpc.client.retries")
			.tags("service", "Arith", "method", "Add", "codec", "gob", "code", "UNAVAILABLE")
			.counter()
			.count()).isEqualTo(2);
		assertThat(this.registry.get("rpc.client.retries").tag("code", "RESOURCE_EXHAUSTED").counter().count())
			.isEqualTo(1);
		assertThat(this.registry.find("rpc.client.requests").timer()).isNull();
	}

	@Test
	void secondAttemptsAreCountedWithWhetherTheyWon() {
		CallRecorder recorder = CallTimers.ofClient(this.registry).recorder("Arith", "Add", "gob");
		recorder.hedged();
		recorder.hedgeEnded(true);
		recorder.hedgeEnded(false);
		recorder.hedgeEnded(false);
		assertThat(this.registry.get("rpc.client.hedges")
			.tags("service", "Arith", "method", "Add", "codec", "gob", "outcome", "lost")
			.counter()
			.count()).isEqualTo(2);
		assertThat(this.registry.get("rpc.client.hedges").tag("outcome", "won").counter().count()).isEqualTo(1);
	}

	@Test
	void prometheusPageHasNameHelpAndTags() {
		PrometheusMeterRegistry prometheus = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
		CallTimers.ofServer(prometheus).recorder("Arith", "Add", "gob").record(RpcCode.OK, 1_000);
		assertThat(prometheus.scrape())
			.contains("# HELP rpc_server_requests_seconds Time from the arrival of a call to its reply")
			.contains("rpc_server_requests_seconds_count{code=\"OK\",codec=\"gob\",method=\"Add\","
					+ "outcome=\"SUCCESS\",service=\"Arith\"} 1");
	}

}
