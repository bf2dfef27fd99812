package io.serai.route;

import io.serai.config.ConfigurationError;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.model.BeanDefinition;
import org.apache.camel.model.Model;
import org.apache.camel.model.ProcessorDefinitionHelper;
import org.apache.camel.model.RouteDefinition;

/** Looks at the loaded routes for what would fail on every alert, so that it stops the start instead. */
public final class RoutingCheck {
    private static final List<String> STAGES = List.of("alert-enrich", "alert-correlate", "alert-route");
    private static final Pattern TELL =
            Pattern.compile("\\s*tell(?:WhereListed)?\\s*\\(\\s*(['\"])(.*?)\\1.*", Pattern.DOTALL);

    private RoutingCheck() {}

    /**
     * @throws ConfigurationError naming the stage that has no route, or the first destination that a route tells and nobody
     *     configured
     */
    public static void check(CamelContext context, Routing routing) {
        Model model = context.getCamelContextExtension().getContextPlugin(Model.class);
        for (String stage : STAGES) {
            if (model.getRouteDefinitions().stream().noneMatch(route -> ("direct:" + stage)
                    .equals(route.getInput().getEndpointUri()))) {
                throw new ConfigurationError(
                        "routes/core/" + stage + ".camel.yaml",
                        "no route begins at direct:" + stage,
                        "Restore the file, or write a route that begins there");
            }
        }
        for (RouteDefinition route : model.getRouteDefinitions()) {
            for (BeanDefinition bean :
                    ProcessorDefinitionHelper.filterTypeInOutputs(route.getOutputs(), BeanDefinition.class)) {
                if ("routing".equals(bean.getRef()) && bean.getMethod() != null) {
                    Matcher tell = TELL.matcher(bean.getMethod());
                    if (tell.matches()) {
                        routing.find(tell.group(2));
                    }
                }
            }
        }
    }
}
