package io.serai.fault;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.instrument.Instrumentation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import net.bytebuddy.agent.builder.AgentBuilder;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.matcher.ElementMatchers;

/**
 * A Java agent that ends the process at once where a named method begins or ends, as kill -9 would at exactly that point.
 * The product has no hook for it and none of its classes: it is woven in when a test starts the process.
 */
public final class CrashAgent {

    /** The exit code by which a test knows that the point was reached. */
    static final int REACHED = 77;

    private static volatile Path armed;

    private CrashAgent() {}

    /** @param arguments {@code class#method@enter} or {@code …@exit}, then a comma and the file whose existence arms it */
    public static void premain(String arguments, Instrumentation instrumentation) {
        int comma = arguments.indexOf(',');
        armed = Path.of(arguments.substring(comma + 1));
        String[] point = arguments.substring(0, comma).split("[#@]");
        Class<?> advice = point[2].equals("enter") ? Entered.class : Left.class;
        new AgentBuilder.Default()
                .type(ElementMatchers.named(point[0]))
                .transform((builder, type, loader, module, domain) ->
                        builder.visit(Advice.to(advice).on(ElementMatchers.named(point[1]))))
                .installOn(instrumentation);
    }

    /** Called by the woven methods. */
    public static void reached() {
        if (Files.exists(armed)) {
            Runtime.getRuntime().halt(REACHED);
        }
    }

    /** The JVM option that arms a process. */
    static String option(Path folder, String point, Path arming) throws IOException {
        return "-javaagent:" + jar(folder) + "=" + point + "," + arming;
    }

    private static Path jar(Path folder) throws IOException {
        Path jar = folder.resolve("crash-agent.jar");
        if (Files.exists(jar)) {
            return jar;
        }
        Manifest manifest = new Manifest();
        Attributes attributes = manifest.getMainAttributes();
        attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        attributes.putValue("Premain-Class", CrashAgent.class.getName());
        attributes.put(
                Attributes.Name.CLASS_PATH,
                AgentBuilder.class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .toString());
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream out = new JarOutputStream(file, manifest)) {
            for (Class<?> each : List.of(CrashAgent.class, Entered.class, Left.class)) {
                String name = each.getName().replace('.', '/') + ".class";
                out.putNextEntry(new JarEntry(name));
                try (var in = CrashAgent.class.getResourceAsStream("/" + name)) {
                    in.transferTo(out);
                }
            }
        }
        return jar;
    }

    /** Woven in where a method begins. */
    public static final class Entered {
        private Entered() {}

        @Advice.OnMethodEnter
        static void enter() {
            reached();
        }
    }

    /** Woven in where a method returns. */
    public static final class Left {
        private Left() {}

        @Advice.OnMethodExit
        static void exit() {
            reached();
        }
    }
}
