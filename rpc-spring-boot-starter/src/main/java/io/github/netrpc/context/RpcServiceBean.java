package io.github.netrpc.context;

/**
 * A bean that offers services, or advice for them.
 *
 * @param name the name of the bean
 * @param bean what is called: the bean, or the proxy around it
 * @param targetClass the bean's own class, which its methods are read from
 * @since 0.1.0
 */
public record RpcServiceBean(String name, Object bean, Class<?> targetClass) {

}
