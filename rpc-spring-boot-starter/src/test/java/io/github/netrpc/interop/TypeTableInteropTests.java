package io.github.netrpc.interop;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.github.netrpc.annotation.RpcService;
import io.github.netrpc.gob.GobTypes;
import io.github.netrpc.gob.PropertyNames;
import io.github.netrpc.server.RpcServer;
import io.github.netrpc.server.RpcServerBuilder;
import io.github.netrpc.type.Complex;
import io.github.netrpc.wire.WireLimits;
import io.github.netrpc.wire.gob.GobWireFormat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * The guide's table of types is true: real Go sends a value of each row, and gets it
 * back.
 */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class TypeTableInteropTests {

	@ParameterizedTest
	@ValueSource(strings = { "gob", "json" })
	void everyRowComesBackAsItWasSent(String codec) throws Exception {
		Set<String> methods = new TreeSet<>();
		Arrays.stream(TypeTable.class.getMethods())
			.forEach((method) -> methods
				.add(Character.toUpperCase(method.getName().charAt(0)) + method.getName().substring(1)));
		try (RpcServer server = start(RpcServer.builder(), TypeTable.class)) {
			List<String> rows = call(server, codec);
			assertThat(new TreeSet<>(rows)).isEqualTo(methods);
		}
	}

	@Test
	void complexNumbersAndInterfacesComeBackWhereOnlyGobIsSpoken() throws Exception {
		GobTypes types = GobTypes.builder().register("main.Square", Square.class).build();
		GobWireFormat gob = new GobWireFormat(WireLimits.DEFAULT, types, PropertyNames.standard());
		try (RpcServer server = start(RpcServer.builder().format(gob), GobTypeTable.class)) {
			assertThat(call(server, "gob-only")).containsExactly("Complex", "Drawing");
		}
	}

	@Test
	void interfacesStopTheStartWhereJsonIsSpoken() {
		assertThatThrownBy(() -> start(RpcServer.builder(), Drawings.class).close()).hasMessageContaining("abstract");
	}

	private static RpcServer start(RpcServerBuilder builder, Class<?> service) {
		Object echo = Proxy.newProxyInstance(service.getClassLoader(), new Class<?>[] { service },
				(proxy, method, arguments) -> arguments[0]);
		return builder.address(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)).service(echo).start();
	}

	private static List<String> call(RpcServer server, String codec) throws IOException, InterruptedException {
		Process process = new ProcessBuilder(GoPrograms.build("typetable").toString(), "127.0.0.1:" + server.port(),
				codec)
			.redirectErrorStream(true)
			.start();
		try (var lines = process.inputReader(StandardCharsets.UTF_8).lines()) {
			List<String> output = lines.toList();
			assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
			assertThat(process.exitValue()).as(String.join("\n", output)).isZero();
			return output;
		}
		finally {
			process.destroyForcibly();
		}
	}

	/**
	 * What JSON cannot express.
	 */
	@RpcService("TypeTable")
	public interface GobTypeTable {

		Complex complex(Complex value);

		Drawing drawing(Drawing value);

	}

	/**
	 * What JSON cannot express either.
	 */
	@RpcService
	public interface Drawings {

		Drawing drawing(Drawing value);

	}

	public interface Shape {

		double side();

	}

	public record Square(double side) implements Shape {
	}

	public record Drawing(Shape shape) {
	}

}
