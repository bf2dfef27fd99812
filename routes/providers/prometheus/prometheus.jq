# Alertmanager webhook (versions 3 and 4), Alertmanager API v2 array, or one alert alone -> canonical alerts.
# Every member speaks for itself: the status of the group is not used.

def texts: with_entries(select(.value != null) | .value |= tostring);

# Seconds since 1970 of an RFC 3339 time; null for anything else.
def epoch:
  (tostring
   | try (capture("^(?<at>[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2})(?:\\.[0-9]+)?(?:Z|(?<sign>[+-])(?<hours>[0-9]{2}):(?<minutes>[0-9]{2}))$")
          | ((.at + "Z") | fromdateiso8601)
            - (if .sign == null then 0
               else ((.hours | tonumber) * 3600 + (.minutes | tonumber) * 60) * (if .sign == "-" then -1 else 1 end)
               end))
     catch null) // null;

def received: (variable("received_epoch") // now) | tonumber;

# The zero date says that there is no end.
def real_end: if (.endsAt | type) == "string" and (.endsAt | startswith("0001-01-01") | not) then .endsAt else null end;

# A member of the API v2 array has no status: an end in the past says that it is over.
def own_status:
  if (.status | type) == "object" then .status.state
  elif .status != null then .status
  elif (real_end | epoch // (received + 1)) <= received then "resolved"
  else "firing"
  end;

def over: . == "resolved";

def mapped($group; $path):
  if type != "object" then {error: "an alert must be an object", field: $path}
  elif (.labels | type) != "object" or (.labels | length) == 0 then {error: "an alert without labels has no identity", field: ($path + ".labels")}
  else
    (.labels | texts) as $labels
    | ((.annotations // {}) | if type == "object" then texts else {} end) as $annotations
    | own_status as $status
    | (($group.truncatedAlerts // 0) | if type == "number" then . else 0 end) as $truncated
    | {
        source_id: .fingerprint,
        title: ($labels.alertname // $annotations.summary // $annotations.message // ($labels | to_entries | map(.key + "=" + .value) | join(", "))),
        description: ($annotations.description // $annotations.summary // $annotations.message),
        status: $status,
        severity: $labels.severity,
        service: ($labels.service // $labels.service_name // $labels.job),
        environment: ($labels.environment // $labels.env // $labels.deployment_environment),
        starts_at: .startsAt,
        ends_at: (if $status | over then real_end else null end),
        labels: $labels,
        annotations: ({group_key: $group.groupKey, receiver: $group.receiver} | texts + $annotations),
        tags: (if $truncated > 0 then ["truncated"] else [] end),
        url: ([.generatorURL, $group.externalURL] | map(select(type == "string" and . != "")) | first(.[], null)),
        notes: (if $truncated > 0 then ["Alertmanager left \($truncated) more alerts out of this group (max_alerts)"] else [] end)
      }
    | with_entries(select(.value != null and .value != [] and .value != {}))
  end;

if type == "array" then [to_entries[] | .key as $i | .value | mapped({}; "[\($i)]")]
elif (.alerts | type) == "array" then . as $group | [.alerts | to_entries[] | .key as $i | .value | mapped($group; "alerts[\($i)]")]
else [mapped({}; "alert") ]
end
