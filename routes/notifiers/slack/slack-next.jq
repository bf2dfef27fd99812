# As a bot: what to ask Slack's Web API next. It answers 200 for refusals too, with "ok" and a word for the reason.

# Reasons that pass; Slack lists them for every method.
def passing: ["ratelimited", "rate_limited", "message_limit_exceeded", "internal_error", "fatal_error", "service_unavailable", "request_timeout", "team_added_to_org"];
# What HTTP would call Unauthorized: the token, not this message, is refused. And Forbidden.
def unauthorized: ["not_authed", "invalid_auth", "account_inactive", "token_revoked", "token_expired", "org_login_required"];
def forbidden: ["missing_scope", "no_permission", "access_denied", "ekm_access_denied", "not_allowed_token_type"];
# The first message can no longer be changed: the thread still tells.
def unchangeable: ["message_not_found", "cant_update_message", "edit_window_closed", "channel_not_found"];

def among($words): . as $word | $words | map(. == $word) | any;
def refused:
  (.body.error // "" | tostring | [match("[a-z0-9_]+"; "g").string] | join("")) as $reason
  | { step: (if $reason | among(passing) then "retry" else "dead" end),
      status: (if $reason | among(unauthorized) then 401 elif $reason | among(forbidden) then 403 else 200 end),
      reason: "Slack answered \($reason)" };
def ask($name; $body): {step: "ask", name: $name, path: "/\($name)", body: $body};

.plan as $plan
| (.answers | length) as $asked
| if $asked == 0 then
    if $plan.update == null then ask("chat.postMessage"; $plan.post) else ask("chat.update"; $plan.update) end
  else
    .answers[$asked - 1]
    | if .name == "chat.update" then
        if .body.ok == true or (.body.error | among(unchangeable)) then ask("chat.postMessage"; $plan.post) else refused end
      elif .body.ok != true then refused
      # The first message stays the one that later changes refer to.
      else {step: "done", reference: (if $plan.update == null then "\(.body.channel // ""):\(.body.ts // "")" else null end)} end
  end
