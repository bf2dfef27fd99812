package io.serai;

import io.serai.config.ConfigurationError;
import io.serai.config.Redaction;
import io.serai.config.Settings;
import io.serai.deliver.Destinations;
import io.serai.deliver.NotifierCatalog;
import io.serai.poll.PollRoutes;
import io.serai.provider.ProviderCatalog;
import io.serai.provider.ProviderSettings;
import java.nio.file.Path;
import java.util.Map;

/** What one version of the routes folder and the settings says, read and checked; nothing of it runs yet. */
record Plan(
        Settings settings,
        ProviderCatalog catalog,
        ProviderSettings providers,
        PollRoutes pollRoutes,
        Destinations destinations) {

    /** @throws ConfigurationError in one line, naming the key and the remedy */
    static Plan read(Settings settings) {
        Path folder = settings.path("serai.routes");
        Redaction.hide(settings.secretValues());
        ProviderCatalog catalog = ProviderCatalog.load(folder);
        ProviderSettings providers = new ProviderSettings(settings.all(), catalog);
        Redaction.hide(providers.secrets());
        PollRoutes pollRoutes = new PollRoutes(catalog, providers);
        Destinations destinations = Destinations.of(settings.all(), NotifierCatalog.load(folder));
        destinations
                .all()
                .forEach(each -> Redaction.hide(each.options().entrySet().stream()
                        .filter(option -> each.secrets().contains(option.getKey()))
                        .map(Map.Entry::getValue)
                        .toList()));
        return new Plan(settings, catalog, providers, pollRoutes, destinations);
    }
}
