package io.serai.notify;

import com.fasterxml.jackson.databind.JsonNode;
import io.serai.config.ConfigurationError;
import io.serai.deliver.SendFailure;
import java.util.Set;
import org.apache.camel.Body;

/** What Slack's Web API answers: HTTP 200 for refusals too, with {@code ok} and a word for the reason. */
public final class Slack {
    /** Reasons that pass; Slack lists them for every method. */
    private static final Set<String> PASSING = Set.of(
            "ratelimited",
            "rate_limited",
            "message_limit_exceeded",
            "internal_error",
            "fatal_error",
            "service_unavailable",
            "request_timeout",
            "team_added_to_org");
    /** What HTTP would call Unauthorized: the token, not this message, is refused. */
    private static final Set<String> UNAUTHORIZED = Set.of(
            "not_authed", "invalid_auth", "account_inactive", "token_revoked", "token_expired", "org_login_required");
    /** What HTTP would call Forbidden. */
    private static final Set<String> FORBIDDEN =
            Set.of("missing_scope", "no_permission", "access_denied", "ekm_access_denied", "not_allowed_token_type");
    /** The first message can no longer be changed: the thread still tells. */
    private static final Set<String> UNCHANGEABLE =
            Set.of("message_not_found", "cant_update_message", "edit_window_closed", "channel_not_found");

    private final JsonAnswer answers = new JsonAnswer();
    private final String key;
    private String mode;
    private String url;
    private String token;
    private String channel;

    /** @param destination whose Slack this is; configuration errors name its settings */
    public Slack(String destination) {
        this.key = "serai.destination." + destination + ".";
    }

    public void setMode(String mode) {
        this.mode = mode;
    }

    public void setUrl(String url) {
        this.url = url;
    }

    public void setToken(String token) {
        this.token = token;
    }

    public void setChannel(String channel) {
        this.channel = channel;
    }

    /** @throws ConfigurationError when a setting is missing that the mode needs */
    public void check() {
        if (mode.equals("webhook") && url.endsWith("/services/")) {
            throw new ConfigurationError(key + "url", "is missing", "Set it, or set mode=bot");
        }
        if (mode.equals("bot") && token.isBlank()) {
            throw new ConfigurationError(key + "token", "is missing", "Set the bot's token, or set mode=webhook");
        }
        if (mode.equals("bot") && channel.isBlank()) {
            throw new ConfigurationError(key + "channel", "is missing", "Set the id of the channel");
        }
    }

    /**
     * @return {@code CHANNEL:TS} of the new message, what later changes refer to
     * @throws SendFailure when Slack refused it
     */
    public String posted(@Body String answer) throws SendFailure {
        JsonNode json = answers.read(answer);
        if (!json.path("ok").asBoolean()) {
            throw refused(json);
        }
        return json.path("channel").asText() + ":" + json.path("ts").asText();
    }

    /** @throws SendFailure when Slack refused it for another reason than that the first message is gone or fixed */
    public void updated(@Body String answer) throws SendFailure {
        JsonNode json = answers.read(answer);
        if (!json.path("ok").asBoolean()
                && !UNCHANGEABLE.contains(json.path("error").asText())) {
            throw refused(json);
        }
    }

    private static SendFailure refused(JsonNode answer) {
        String reason = answer.path("error").asText().replaceAll("[^a-z0-9_]", "");
        return new SendFailure(
                PASSING.contains(reason) ? SendFailure.Kind.RETRY : SendFailure.Kind.PERMANENT,
                UNAUTHORIZED.contains(reason) ? 401 : FORBIDDEN.contains(reason) ? 403 : 200,
                "Slack answered " + reason,
                null);
    }
}
