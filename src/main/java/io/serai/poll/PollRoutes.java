package io.serai.poll;

import io.serai.config.ConfigurationError;
import io.serai.provider.Provider;
import io.serai.provider.ProviderCatalog;
import io.serai.provider.ProviderSettings;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.CamelContext;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.model.RouteTemplateDefinition;
import org.apache.camel.model.RouteTemplateParameterDefinition;
import org.apache.camel.model.errorhandler.NoErrorHandlerDefinition;
import org.quartz.CronExpression;

/**
 * Makes the reading routes of every configured provider's instance out of the templates {@code <provider>-poll} and
 * {@code <provider>-fetch} in its folder. An instance can be read when every setting that the template requires is
 * configured.
 */
public final class PollRoutes {
    private static final String POLL = "poll";
    private static final String FETCH = "fetch";
    private static final String TOPOLOGY = "topology";
    private static final String RANGE = "range";
    private static final String CA_FILE = "ca-file";
    private static final String RESOLVE_AFTER = "resolve-after";
    private static final String REQUESTS = "requests-per-minute";
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final ProviderCatalog catalog;
    private final ProviderSettings settings;
    private final Set<String> readable = ConcurrentHashMap.newKeySet();

    /** @throws ConfigurationError for a cron expression, a duration or a quota that is none */
    public PollRoutes(ProviderCatalog catalog, ProviderSettings settings) {
        this.catalog = catalog;
        this.settings = settings;
        for (Provider provider : catalog.all()) {
            for (String instance : settings.instances(provider.name())) {
                cron(provider.name(), instance, POLL);
                cron(provider.name(), instance, TOPOLOGY);
                resolveAfter(provider.name(), instance);
                requestsPerMinute(provider.name(), instance);
            }
        }
    }

    private void cron(String provider, String instance, String setting) {
        settings.value(provider, instance, setting)
                .filter(cron -> !CronExpression.isValidExpression(cron))
                .ifPresent(wrong -> {
                    throw new ConfigurationError(
                            ProviderSettings.key(provider, instance, setting),
                            "is not a Quartz cron expression",
                            "Once a minute is: 0 * * * * ?");
                });
    }

    /**
     * Adds the routes to a context that has loaded the templates; before the door opens, so that no push comes earlier.
     *
     * @throws Exception as Camel gives it
     */
    public void add(CamelContext context) throws Exception {
        context.getRegistry().bind("readingClient", new ReadingClient());
        for (Provider provider : catalog.all()) {
            for (String instance : settings.instances(provider.name())) {
                if (provider.fetches()) {
                    make(context, provider.name(), instance, FETCH);
                }
                if (provider.kind().contains(POLL) && make(context, provider.name(), instance, POLL)) {
                    schedule(context, provider.name(), instance);
                }
            }
        }
    }

    /**
     * Adds the timers of the instances whose topology is read on a schedule, once the bean {@code topology} is there.
     *
     * @throws Exception as Camel gives it
     */
    public void addTopology(CamelContext context) throws Exception {
        for (Provider provider : catalog.all()) {
            for (String instance : settings.instances(provider.name())) {
                if (settings.value(provider.name(), instance, TOPOLOGY).isPresent()) {
                    context.addRouteFromTemplate(
                            "alert-topology-" + provider.name() + "-" + instance,
                            "alert-topology",
                            Map.of("provider", provider.name(), "instance", instance));
                }
            }
        }
    }

    /** True when details of this instance's alerts can be read back. */
    public boolean fetches(String provider, String instance) {
        return readable.contains(name(FETCH, provider, instance));
    }

    /** True when this instance can be polled, by schedule or by hand. */
    public boolean polls(String provider, String instance) {
        return readable.contains(name(POLL, provider, instance));
    }

    /** How its system is reached and what its refusals mean; null when its folder says nothing. */
    Provider.Connection connection(String provider) {
        return catalog.get(provider).connection();
    }

    /** How far its first poll looks back. */
    Range range(String provider, String instance) {
        return settings.value(provider, instance, RANGE).flatMap(Range::of).orElse(Range.TWO_HOURS);
    }

    /** How long what the system no longer lists must have been missing before it is taken to be over. */
    Duration resolveAfter(String provider, String instance) {
        return settings.duration(provider, instance, RESOLVE_AFTER).orElse(PATIENCE);
    }

    /** How many requests a minute a poll may make (K15); 0 for as many as it needs. */
    int requestsPerMinute(String provider, String instance) {
        String number = settings.value(provider, instance, REQUESTS).orElse("0").trim();
        if (!number.matches("[0-9]{1,5}")) {
            throw new ConfigurationError(
                    ProviderSettings.key(provider, instance, REQUESTS),
                    "is not a number of requests",
                    "Ten a minute are: 10");
        }
        return Integer.parseInt(number);
    }

    private void schedule(CamelContext context, String provider, String instance) throws Exception {
        String suffix = "-" + provider + "-" + instance;
        Map<String, Object> parameters = new LinkedHashMap<>(Map.of("provider", provider, "instance", instance));
        quiet(((ModelCamelContext) context).getRouteTemplateDefinition("alert-poll"));
        context.addRouteFromTemplate("alert-poll" + suffix, "alert-poll", parameters);
        Optional<String> cron = settings.value(provider, instance, POLL);
        if (cron.isPresent()) {
            parameters.put(POLL, cron.get());
            context.addRouteFromTemplate("alert-schedule" + suffix, "alert-schedule", parameters);
        }
    }

    private boolean make(CamelContext context, String provider, String instance, String kind) throws Exception {
        String template = provider + "-" + kind;
        RouteTemplateDefinition definition = ((ModelCamelContext) context).getRouteTemplateDefinition(template);
        if (definition == null) {
            return false;
        }
        quiet(definition);
        Map<String, Object> parameters = new LinkedHashMap<>();
        parameters.put("instance", instance);
        Optional<String> authorities = settings.value(provider, instance, CA_FILE);
        if (authorities.isPresent()) {
            String bean = "ca-" + provider + "-" + instance;
            context.getRegistry()
                    .bind(bean, Authorities.of(ProviderSettings.key(provider, instance, CA_FILE), authorities.get()));
            parameters.put("ca", "#bean:" + bean);
        }
        for (RouteTemplateParameterDefinition parameter : definition.getTemplateParameters()) {
            String setting = parameter.getName();
            if (parameters.containsKey(setting)) {
                continue;
            }
            Optional<String> value = settings.value(provider, instance, setting);
            if (value.isPresent()) {
                parameters.put(
                        setting, sensitive(provider, setting) ? placeholder(provider, instance, setting) : value.get());
            } else if (parameter.isRequired()) {
                return false;
            }
        }
        context.addRouteFromTemplate(template + "-" + instance, template, parameters);
        readable.add(name(kind, provider, instance));
        return true;
    }

    /** A failure is the poll's or the fetcher's to report; the stock handler would also print it, with addresses. */
    private static void quiet(RouteTemplateDefinition definition) {
        definition.getRoute().setErrorHandlerFactory(new NoErrorHandlerDefinition());
    }

    private boolean sensitive(String provider, String setting) {
        return catalog.get(provider).settings().get(setting).sensitive();
    }

    /** A secret is not copied into a route's definition. */
    private static String placeholder(String provider, String instance, String setting) {
        return "{{" + ProviderSettings.key(provider, instance, setting) + "}}";
    }

    private static String name(String kind, String provider, String instance) {
        return kind + "/" + provider + "/" + instance;
    }
}
