# Grafana: unified alerting (a group with members, its Alertmanager's API, one member alone), the alerts of dashboard
# panels that it had before, and OnCall's outgoing webhooks -> canonical alerts. Every member speaks for itself.
# Kept plain on purpose, as for prometheus: this mapping runs for every alert.

def text: if . == null or type == "object" or type == "array" then null else tostring | if . == "" then null else . end end;

# Seconds since 1970 of an RFC 3339 time; null for anything else.
def epoch:
  (tostring
   | try (capture("^(?<at>[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2})(?:\\.[0-9]+)?(?:Z|(?<sign>[+-])(?<hours>[0-9]{2}):(?<minutes>[0-9]{2}))$")
          | ((.at + "Z") | fromdateiso8601)
            - (if .sign == null then 0
               else ((.hours | tonumber) * 3600 + (.minutes | tonumber) * 60) * (if .sign == "-" then -1 else 1 end)
               end))
     catch null) // null;

# A member without a word of its own: an end in the past says that it is over, else the group's word counts.
def status_by_end($group):
  ((variable("received_epoch") // now) | tonumber) as $received
  | if .endsAt != null and ((.endsAt | tostring)[0:4] != "0001") and ((.endsAt | epoch // ($received + 1)) <= $received)
    then "resolved"
    else ($group.status // $group.state)
    end;

# Labels in two underscores are Grafana's own; it leaves them out of a notification, its API does not.
def own_labels: with_entries(select((.key[0:2] == "__" or .value == null) | not));

# What Grafana makes of a rule that gets no data or fails, under a name that is not the rule's.
def about_the_rule($name):
  if ($name == "DatasourceNoData" or $name == "DatasourceError") and .labels.rulename != null
  then "Rule \(.labels.rulename) \(if $name == "DatasourceError" then "cannot be evaluated" else "gets no data" end)"
  else null
  end;

# What names a member of a payload template that left the labels out.
def named:
  {
    alertname: ([.alertname, .alert_name, .alertName, .rule_name, .ruleName, .rule, .title, .name] | map(text | select(. != null)) | .[0]),
    instance: ([.instance, .host, .server] | map(text | select(. != null)) | .[0])
  }
  | if .alertname == null then {} else with_entries(select(.value != null)) end;

def alert($group; $more; $path):
  # Of several without labels the common ones would make one alert.
  ([.labels, (if ($group.alerts | length) < 2 then $group.commonLabels else null end)] | map(select(type == "object") | own_labels | select(. != {})) | .[0]) as $given
  | ($given // (if (.fingerprint | text) == null then named else {} end)) as $labels
  | (if $labels == {} and (.fingerprint | text) != null then {fingerprint: .fingerprint} else $labels end) as $identity
  | if $identity == {} then {error: "an alert without labels has no identity", field: ($path + ".labels")}
    else
      ((.status.state? // .status // .state) // status_by_end($group)) as $status
      | (if (.annotations | type) == "object" then (.annotations | own_labels) else {} end) as $annotations
      | about_the_rule($labels.alertname) as $about
      | {
          source_id: (.fingerprint | text),
          title: (($labels.alertname | text) // ($annotations.summary | text) // ($group.title | text) // ($identity | tojson)),
          description: ((if $about == null then null else ([$about, ($annotations.Error | text)] | map(select(. != null)) | join(": ")) end)
            // ($annotations.description | text) // ($annotations.summary | text) // ($annotations.message | text)
            // ($group.commonAnnotations.description? | text) // (.valueString | text)
            // (if $given == null then (.description | text) // (.summary | text) // (.message | text) else null end)),
          status: $status,
          severity: ($labels.severity // $labels.Severity // $labels.priority // $group.commonLabels.severity? // (if $given == null then .severity // .priority | text else null end)),
          service: ($labels.service // $labels.Service // $labels.service_name // $labels.job // $group.commonLabels.service? // (if $given == null then .service | text else null end)),
          environment: ($labels.environment // $labels.Environment // $labels.env // $labels.deployment_environment // $group.commonLabels.environment? // $group.commonLabels.env?),
          starts_at: (.startsAt // .activeAt),
          ends_at: (if ($status | tostring | ascii_downcase) == "resolved" then .endsAt else null end),
          labels: $identity,
          annotations: ($more + $annotations + ({
              dashboard_url: (.dashboardURL | text), panel_url: (.panelURL | text), silence_url: (.silenceURL | text),
              image_url: (.imageURL | text),
              values: (if (.values | type) == "object" then (.values | tojson) else .valueString // .value | text end)
            } | with_entries(select(.value != null)))),
          tags: ((if ($group.truncatedAlerts // 0) == 0 then [] else ["truncated"] end)
            + (if $labels.alertname == "DatasourceNoData" then ["no-data"] elif $labels.alertname == "DatasourceError" then ["evaluation-error"] else [] end)),
          url: ((.generatorURL | text) // (.dashboardURL | text) // ($group.externalURL | text)),
          notes: (if ($group.truncatedAlerts // 0) == 0 then [] else ["Grafana left \($group.truncatedAlerts) more alerts out of this group"] end)
        }
    end;

def each_alert($group; $more; $path):
  [to_entries[] | .key as $i | .value
   | if type == "object" then alert($group; $more; "\($path)[\($i)]")
     else {error: "an alert must be an object", field: "\($path)[\($i)]"}
     end];

# Tags that all series of the rule agree on speak for the rule, where it has none of its own.
def agreed($name):
  [.evalMatches | if type == "array" then .[] else empty end | .tags? | objects | .[$name] | select(. != null)] | unique
  | if length == 1 then .[0] else null end;

# A panel's alert is its rule; a recovery names no series, so that they cannot be part of the identity, nor the tags.
def panel_alert:
  (.ruleId | text) as $id
  | (.ruleName | text) as $name
  | (if (.tags | type) == "object" then .tags else {} end) as $tags
  | if $id == null and $name == null then {error: "an alert needs ruleId or ruleName", field: "ruleId"}
    else
      {
        source_id: ($id // $name),
        title: ($name // (.title | text) // "Grafana rule \($id)"),
        description: (.message | text),
        status: .state,
        severity: ($tags.severity // $tags.Severity // $tags.priority // agreed("severity")),
        service: ($tags.service // agreed("service") // agreed("job")),
        environment: ($tags.environment // $tags.env // agreed("environment") // agreed("env")),
        labels: (if $id != null then {rule_id: $id} else {rule: $name} end),
        annotations: ($tags + ({title: .title, image_url: .imageUrl, dashboard_id: .dashboardId, panel_id: .panelId, org_id: .orgId}
          | map_values(text) | with_entries(select(.value != null)))),
        tags: [$tags | to_entries[] | if (.value | text) == null then .key else "\(.key):\(.value)" end],
        url: (.ruleUrl | text),
        entities: [.evalMatches | if type == "array" then .[] else empty end | select(type == "object")
          | (if (.tags | type) == "object" then .tags else {} end) + {name: (.metric | text), type: "series", value: (.value | text)}
          | with_entries(select(.value != null))],
        notes: (if (.state | tostring | ascii_downcase) == "no_data" then ["the rule gets no data"] else [] end)
      }
    end;

# OnCall makes a group of what any system sent; it is the group that is acknowledged and resolved.
def oncall_group:
  (.alert_payload | if type == "object" then . else {} end) as $payload
  | ([$payload.commonLabels, $payload.labels] | map(select(type == "object" and . != {})) | .[0] // {} | own_labels) as $labels
  | (.event.type? | text) as $event
  | {
      source_id: (.alert_group.id // .alert_group_id | text),
      title: ((.alert_group.title | text) // ($payload.title | text) // ($labels.alertname | text) // "Grafana OnCall \(.alert_group_id)"),
      description: (($payload.commonAnnotations.description? // $payload.annotations.description? // $payload.message) | text),
      status: ((.alert_group.state | text) // ({resolve: "resolved", acknowledge: "acknowledged", silence: "silenced"}[$event // ""])),
      severity: ($labels.severity // $payload.severity | text),
      service: ($labels.service // $labels.service_name // $labels.job),
      environment: ($labels.environment // $labels.env),
      starts_at: .alert_group.created_at,
      ends_at: .alert_group.resolved_at,
      labels: {alert_group: (.alert_group.id // .alert_group_id | text)},
      annotations: ({integration: (.integration.name? | text), event: $event, user: ((.user.username? // .user.email?) | text)} | with_entries(select(.value != null))),
      url: ((.alert_group.permalinks.web? // .alert_group.permalink) | text)
    };

if type == "array" then each_alert({}; {}; "")
elif type != "object" then [{error: "an alert must be an object", field: "alert"}]
elif (.alerts | type) == "array" then
  . as $group
  | ({group_key: .groupKey, receiver: .receiver, org_id: .orgId} | map_values(text) | with_entries(select(.value != null))) as $more
  | .alerts | each_alert($group; $more; "alerts")
elif (.data.alerts? // null | type) == "array" then .data.alerts | each_alert({}; {}; "data.alerts")
elif (.alert_group | type) == "object" and has("alert_group_id") then [oncall_group]
elif has("ruleId") or has("ruleName") then [panel_alert]
elif (has("labels") or has("fingerprint") | not) and (.title | text) != null and (has("state") or has("status")) then
  # A payload template that kept only what is about the group: its title without "[FIRING:2]" is all that names it.
  [{title: (.title | text | sub("^\\[[^\\]]*\\] *"; "") | if . == "" then "Grafana" else . end), status: (.status // .state), severity: (.severity // .commonLabels.severity?),
    description: (.message | text), url: ((.externalURL // .ruleUrl) | text), notes: ["identified by its title"]}
   | . + {labels: {title: .title}}]
else [alert({}; {}; "alert")]
end
