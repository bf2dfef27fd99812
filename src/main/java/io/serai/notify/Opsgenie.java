package io.serai.notify;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serai.config.ConfigurationError;
import io.serai.deliver.SendFailure;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import org.apache.camel.Body;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangeProperty;
import org.apache.camel.Variable;

/**
 * Opsgenie's Alert API takes every request with 202 and does it later: a delivery has arrived when the state of the
 * request says so (G8). The state is asked with exponential backoff and full jitter (G9); a 404 means not yet, and a failed
 * request ends at once (G10).
 */
public final class Opsgenie {
    private static final Pattern REQUEST = Pattern.compile("[A-Za-z0-9-]{1,100}");
    private static final Pattern ALERT = Pattern.compile("[A-Za-z0-9-]{1,100}");
    /** First ceiling of a wait, as Opsgenie's own client has it. */
    private static final long FIRST_MILLIS = 200;
    /** A delivery must end within its lease, so no single wait grows beyond this. */
    private static final long LONGEST_MILLIS = 5_000;

    private static final int LONGEST_REASON = 120;
    /** What Opsgenie says of an action on an alert that is not open there (any more). */
    private static final Pattern NOTHING_TO_DO = Pattern.compile("(?i).*(not exist|not found|already|closed).*");

    private final String setting;
    private int retries;

    /** @param destination whose Opsgenie this is; configuration errors name its settings */
    public Opsgenie(String destination) {
        this.setting = "serai.destination." + destination + ".";
    }

    public void setRetries(int retries) {
        this.retries = retries;
    }

    /** @throws ConfigurationError for more retries than fit into a lease */
    public void check() {
        if (retries > 20) {
            throw new ConfigurationError(
                    setting + "short-polling-max-retries", "is not a whole number in range", "Use 0 to 20");
        }
    }

    /** The way of one delivery through its requests. */
    public static final class Plan {
        private final JsonNode mapped;
        private int step = -1;
        private boolean open;
        private int asked;
        private String alert;
        private String remark;

        private Plan(JsonNode mapped) {
            this.mapped = mapped;
        }

        private JsonNode now() {
            return mapped.path("steps").path(step);
        }
    }

    /** @param mapped what the mapping made: alias, reference, steps */
    public Plan plan(@Body JsonNode mapped) {
        return new Plan(mapped);
    }

    /** Goes on to the next request; false when there is none. */
    public boolean more(@Variable("plan") Plan plan) {
        plan.step++;
        return !plan.now().isMissingNode();
    }

    /** {@code create}, {@code priority}, or the action on an alert. */
    public String action(@Variable("plan") Plan plan) {
        return plan.now().path("action").asText();
    }

    public JsonNode body(@Variable("plan") Plan plan) {
        return plan.now().path("body");
    }

    public String path(@Variable("plan") Plan plan) {
        String action = action(plan);
        return action.equals("create")
                ? "/v2/alerts"
                : "/v2/alerts/" + plan.mapped.path("alias").asText() + "/" + action;
    }

    /**
     * @return the path under which the request's state is asked
     * @throws SendFailure when the answer names no request
     */
    public String accepted(@Body JsonNode answer, @Variable("plan") Plan plan) throws SendFailure {
        String request = answer.path("requestId").asText();
        if (!REQUEST.matcher(request).matches()) {
            throw new SendFailure(SendFailure.Kind.RETRY, 202, "the answer names no request", null);
        }
        plan.open = true;
        plan.asked = 0;
        return "/v2/alerts/requests/" + request;
    }

    /** True while the request's state is not known. */
    public boolean pending(@Variable("plan") Plan plan) {
        return plan.open;
    }

    /** How long to wait before asking, in milliseconds: U(0, 0.2 s · 2ⁿ), at most five seconds. */
    public long pause(@Variable("plan") Plan plan) {
        long ceiling = Math.min(LONGEST_MILLIS, FIRST_MILLIS << Math.min(plan.asked, 16));
        return ThreadLocalRandom.current().nextLong(ceiling + 1);
    }

    /**
     * The state of a request.
     *
     * @throws SendFailure when Opsgenie failed to do it: permanent, with its reason
     */
    public void answered(@Body JsonNode answer, @Variable("plan") Plan plan) throws SendFailure {
        JsonNode data = answer.path("data");
        JsonNode success = data.has("isSuccess") ? data.get("isSuccess") : data.path("success");
        String status = words(data.path("status").asText());
        if (!success.isBoolean()) {
            again(plan, new SendFailure(SendFailure.Kind.RETRY, 200, "Opsgenie has not said how it ended", null));
        } else if (success.asBoolean()) {
            plan.open = false;
            String alert = data.path("alertId").asText();
            plan.alert = ALERT.matcher(alert).matches() ? alert : plan.alert;
        } else if (!action(plan).equals("create")
                && NOTHING_TO_DO.matcher(status).matches()) {
            plan.open = false;
            plan.remark = action(plan) + ": " + status;
        } else {
            throw new SendFailure(
                    "Opsgenie did not " + action(plan) + ": " + (status.isEmpty() ? "no reason" : status));
        }
    }

    /**
     * The state could not be had: not yet there (404) or an outage; asked again while retries are left.
     *
     * @throws SendFailure that came, when it will not pass or nothing is left
     */
    public void unanswered(
            @ExchangeProperty(Exchange.EXCEPTION_CAUGHT) SendFailure failure, @Variable("plan") Plan plan)
            throws SendFailure {
        if (failure.statusCode() == 404) {
            again(plan, new SendFailure(SendFailure.Kind.RETRY, 404, "Opsgenie has not done it yet", null));
        } else if (failure.isPermanent() || failure.retryAfter() != null) {
            throw failure;
        } else {
            again(plan, failure);
        }
    }

    private void again(Plan plan, SendFailure last) throws SendFailure {
        if (plan.asked++ >= retries) {
            throw last;
        }
    }

    /** @return what the mapping reads at the next change: alert id, priority and state; null when the id is not known */
    public String reference(@Variable("plan") Plan plan) {
        return plan.alert == null
                ? null
                : plan.alert + " " + plan.mapped.path("reference").asText();
    }

    /** @return why something was left out; null when nothing was */
    public ObjectNode result(@Variable("plan") Plan plan) {
        return plan.remark == null
                ? null
                : JsonNodeFactory.instance.objectNode().put("skipped", plan.remark);
    }

    private static String words(String text) {
        String words = text.replaceAll("[^A-Za-z0-9 .,'-]", " ").strip();
        return words.substring(0, Math.min(words.length(), LONGEST_REASON));
    }
}
