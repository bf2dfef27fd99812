# Alertmanager webhook (versions 3 and 4), Alertmanager API v2 array, one alert alone, or an answer of either's API -> canonical alerts.
# Every member speaks for itself: the group's status is for members that say nothing of it. Labels that all have in
# common are each one's.
# Kept plain on purpose: this mapping runs for every alert, and each helper function costs as much as ten fields.

# Seconds since 1970 of an RFC 3339 time; null for anything else.
def epoch:
  (tostring
   | try (capture("^(?<at>[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2})(?:\\.[0-9]+)?(?:Z|(?<sign>[+-])(?<hours>[0-9]{2}):(?<minutes>[0-9]{2}))$")
          | ((.at + "Z") | fromdateiso8601)
            - (if .sign == null then 0
               else ((.hours | tonumber) * 3600 + (.minutes | tonumber) * 60) * (if .sign == "-" then -1 else 1 end)
               end))
     catch null) // null;

# A member of the API v2 array has no status: an end in the past says that it is over, the zero date that there is none.
def status_by_end:
  ((variable("received_epoch") // now) | tonumber) as $received
  | if .endsAt == null or ((.endsAt | tostring)[0:4] == "0001") then "firing"
    elif (.endsAt | epoch // ($received + 1)) <= $received then "resolved"
    else "firing"
    end;

# What names an alert that came without labels of its own.
def labels_of($group):
  ([$group.commonLabels, $group.groupLabels,
    (if (.alertname | type) == "string" then {alertname: .alertname, instance: .instance, job: .job} | with_entries(select((.value | type) == "string")) else {} end)]
   | map(select(type == "object" and . != {})) | .[0]) as $labels
  | if $labels == null or .fingerprint == null then $labels else $labels + {fingerprint: .fingerprint} end;

def alert($group; $more; $path):
  # Of several without labels the common ones would make one alert; what is no object is a mistake.
  (if (.labels == null or .labels == {}) and ((.fingerprint // "") != "" or ($group.alerts | length) < 2) then . + {labels: labels_of($group)}
   elif (.labels | type) != "object" or .labels == {} then .labels = null
   elif .labels.alertname == null and $group.commonLabels.alertname? != null then .labels.alertname = $group.commonLabels.alertname
   else . end)
  | if .labels == null then
    {error: "an alert without labels has no identity", field: ($path + ".labels")}
  else
    (if .status == null then if .endsAt == null and $group.status != null then $group.status else status_by_end end else (.status.state? // .status) end) as $status
    | {
        source_id: (if .fingerprint == "" then null else .fingerprint end),
        title: (.labels.alertname // .annotations.summary? // .annotations.title? // .annotations.message? // .summary // (.labels | tojson)),
        description: (.annotations.description? // .annotations.summary? // .annotations.message? // $group.commonAnnotations.description? // .summary),
        status: $status,
        severity: (.labels.severity // .labels.Severity // .labels.level // .labels.priority // $group.commonLabels.severity? // .severity),
        service: (.labels.service // .labels.service_name // .labels.job // .labels.app // $group.commonLabels.service?),
        environment: (.labels.environment // .labels.env // .labels.deployment_environment // $group.commonLabels.environment? // $group.commonLabels.env?),
        starts_at: .startsAt,
        ends_at: (if $status == "resolved" then .endsAt else null end),
        labels: .labels,
        annotations: (if (.annotations | type) == "object" then $more + .annotations else $more end),
        url: (if (.generatorURL // "") != "" then .generatorURL else $group.externalURL end)
      }
      + (if ($group.truncatedAlerts // 0) == 0 then {} else {
          tags: ["truncated"],
          notes: ["Alertmanager left \($group.truncatedAlerts) more alerts out of this group (max_alerts)"]
        } end)
  end;

def each_alert($group; $more; $path):
  [to_entries[] | .key as $i | .value
   | if type == "object" then alert($group; $more; "\($path)[\($i)]")
     else {error: "an alert must be an object", field: "\($path)[\($i)]"}
     end];

if type == "array" then
  # Alertmanager's groups of alerts.
  if any(.[]; type == "object" and (.alerts | type) == "array") then [.[] | .alerts[]?] else . end | each_alert({}; {}; "")
elif (.alerts | type) == "array" then
  . as $group
  | ((if .groupKey == null then {} else {group_key: .groupKey} end)
     + (if .receiver == null then {} else {receiver: .receiver} end)) as $more
  | .alerts | each_alert($group; $more; "alerts")
elif type == "object" and .status == "success" and has("data") then
  # What the APIs list: Prometheus' alerts and rules, Alertmanager's first version.
  .data
  | if type == "array" then .
    else [.alerts[]?, .groups[]?.rules[]?.alerts[]? | if type == "object" then {status: {state: .state}, startsAt: .activeAt} + . else . end]
    end
  | each_alert({}; {}; "data")
elif type == "object" then [alert({}; {}; "alert")]
else [{error: "an alert must be an object", field: "alert"}]
end
