package io.github.netrpc.context;

import java.lang.reflect.Method;

import javax.lang.model.element.Modifier;

import org.jspecify.annotations.Nullable;
import org.springframework.aot.generate.GeneratedMethod;
import org.springframework.aot.generate.GenerationContext;
import org.springframework.aot.hint.BindingReflectionHintsRegistrar;
import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.beans.factory.aot.BeanRegistrationAotContribution;
import org.springframework.beans.factory.aot.BeanRegistrationAotProcessor;
import org.springframework.beans.factory.aot.BeanRegistrationCode;
import org.springframework.beans.factory.aot.BeanRegistrationCodeFragments;
import org.springframework.beans.factory.aot.BeanRegistrationCodeFragmentsDecorator;
import org.springframework.beans.factory.support.InstanceSupplier;
import org.springframework.beans.factory.support.RegisteredBean;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.javapoet.ClassName;
import org.springframework.javapoet.CodeBlock;
import org.springframework.javapoet.ParameterizedTypeName;
import org.springframework.javapoet.TypeName;
import org.springframework.util.ClassUtils;

import io.github.netrpc.cluster.RpcCluster;

/**
 * Replaces the scan for client interfaces by generated code: each proxy is made by the
 * same factory as without it, and a native image is told of the proxy's and the messages'
 * types.
 */
class RpcClientAotProcessor implements BeanRegistrationAotProcessor {

	@Override
	public @Nullable BeanRegistrationAotContribution processAheadOfTime(RegisteredBean registeredBean) {
		RootBeanDefinition definition = registeredBean.getMergedBeanDefinition();
		Class<?> clusterType = RpcClientDefinitions.clusterType(definition);
		if (clusterType == null && !RpcClientDefinitions.isClient(definition)) {
			return null;
		}
		Class<?> type = (clusterType != null) ? clusterType : registeredBean.getBeanClass();
		return BeanRegistrationAotContribution
			.withCustomCodeFragments((fragments) -> new ClientCodeFragments(fragments, type, clusterType != null));
	}

	static void registerHints(RuntimeHints hints, Class<?> type) {
		hints.proxies().registerJdkProxy(type);
		BindingReflectionHintsRegistrar binding = new BindingReflectionHintsRegistrar();
		for (Class<?> declaring : ClassUtils.getAllInterfacesForClassAsSet(type)) {
			hints.reflection().registerType(declaring, MemberCategory.INVOKE_PUBLIC_METHODS);
		}
		for (Method method : type.getMethods()) {
			binding.registerReflectionHints(hints.reflection(), method.getGenericParameterTypes());
			binding.registerReflectionHints(hints.reflection(), method.getGenericReturnType());
		}
	}

	private static final class ClientCodeFragments extends BeanRegistrationCodeFragmentsDecorator {

		private final Class<?> type;

		private final boolean cluster;

		private ClientCodeFragments(BeanRegistrationCodeFragments delegate, Class<?> type, boolean cluster) {
			super(delegate);
			this.type = type;
			this.cluster = cluster;
		}

		@Override
		public ClassName getTarget(RegisteredBean registeredBean) {
			return ClassName.get(this.type);
		}

		@Override
		public CodeBlock generateInstanceSupplierCode(GenerationContext generationContext,
				BeanRegistrationCode beanRegistrationCode, boolean allowDirectSupplierShortcut) {
			registerHints(generationContext.getRuntimeHints(), this.type);
			GeneratedMethod create = beanRegistrationCode.getMethods()
				.add(this.cluster ? "createCluster" : "createClient",
						(method) -> method
							.addJavadoc("Create the $L of {@link $T}.", this.cluster ? "cluster" : "proxy", this.type)
							.addModifiers(Modifier.PRIVATE, Modifier.STATIC)
							.addParameter(RegisteredBean.class, "registeredBean")
							.returns(this.cluster ? ParameterizedTypeName.get(RpcCluster.class, this.type)
									: TypeName.get(this.type))
							.addStatement("return registeredBean.getBeanFactory().getBean($T.class).$L($T.class)",
									RpcClientFactory.class, this.cluster ? "createCluster" : "create", this.type));
			return CodeBlock.of("$T.of($L)", InstanceSupplier.class, create.toMethodReference().toCodeBlock());
		}

	}

}
