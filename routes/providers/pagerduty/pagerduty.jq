# PagerDuty: webhooks v3, v1 and v2 (messages), events of the Events API (v2, v1) and incidents of the REST API
# -> canonical alerts. What says nothing of an incident's state (notes, responders, services, pings, change events) gives none.

def text: if . == null or type == "object" or type == "array" then null else tostring | if . == "" or . == "null" then null else . end end;
def object: if type == "object" then . else {} end;
def clean: with_entries(select(.value != null and .value != [] and .value != {}));
def name: if type == "object" then (.summary // .name // .id) | text else text end;
def names: if type == "array" then [.[] | name | select(. != null)] | join(", ") | text else name end;

# "P1", "SEV-2" and such rank an incident; a priority of an account's own making does not, the urgency does.
def rank: text | if . == null then null else ascii_downcase | split("-") | join("") | split(" ") | join("") end;
def ranks: "^(p[1-5]|sev[0-5]|critical|major|error|high|warning|medium|moderate|minor|low|info|informational)$";
def severity_of:
  (.priority | name | rank) as $priority
  | if $priority != null and ($priority | test(ranks)) then $priority
    else (($priority // "" | capture("^(?<rank>p[1-5]|sev[0-5])[^0-9]").rank) // (.urgency | text)) end;

# An incident as a webhook or the API gives it. $word: the kind of event; $at: when it happened.
def incident($word; $at; $id; $field):
  ((.status | text) // "") as $state
  | (if ["triggered", "trigger", "acknowledged", "acknowledge", "unacknowledged", "unacknowledge", "resolved", "resolve", "reopened", "reopen"] | index([$word]) then $word
     elif $state != "" then $state else null end) as $status
  | (.service | name) as $service
  | if $id == null then {error: "an incident needs its id", field: $field}
    else {
      source_id: $id,
      title: ((.title | text) // (.trigger_summary_data | object | (.subject // .description) | text) // (.summary | text) // (.description | text) // "PagerDuty incident \((.incident_number // .number // $id) | text)"),
      description: ((.body | object | .details | text) // (.description | text)),
      status: $status,
      severity: severity_of,
      service: $service,
      starts_at: (.created_at // .created_on),
      ends_at: (if $status != null and ($status | ascii_downcase | startswith("resolve")) then (.resolved_at // $at) else null end),
      event_time: $at,
      labels: ({kind: "incident", incident_id: .id, incident_number: (.number // .incident_number), incident_key: .incident_key,
        urgency: .urgency, priority: (.priority | name), escalation_policy: (.escalation_policy | name),
        teams: (.teams | names), assigned_to: ((.assignees | names) // (.assignments | if type == "array" then map(object | .assignee) | names else null end) // (.assigned_to_user | name)),
        incident_type: (.incident_type | name), resolve_reason: (.resolve_reason | if type == "object" then .type else . end)} | map_values(text) | clean),
      url: ((.html_url | text) // (.trigger_details_html_url | text))
    } | clean
    end;

def custom: if type == "object" then with_entries(.value |= text | select(.value != null)) else {} end;

# An event on its way to PagerDuty. Its routing key is a credential and goes nowhere.
def inbound($path):
  (.payload | object) as $payload
  | ($payload.custom_details | custom) as $details
  | ((.dedup_key // .incident_key) | text) as $key
  | (($payload.summary | text) // (.description | text)) as $summary
  | ((.event_action // .event_type) | text) as $action
  | if $key == null and $summary == null then {error: "an event needs its dedup_key or payload.summary", field: ($path + "dedup_key")}
    else {
      source_id: ($key // ([$payload.source, $payload.component, $payload.group, $payload.class, $summary] | map(text // "") | join("/"))),
      title: ($summary // "PagerDuty event \($key)"),
      description: (($payload.custom_details | text) // (.details | text)),
      status: $action,
      # An event of v1 has no severity of its own; who sends one writes it into the details.
      severity: (($payload.severity | text) // ([$details, (.details | custom) | (.severity, .level, .priority) | select(. != null and (rank | test(ranks)))][0])),
      service: (($payload.component | text) // ($details.service | text)),
      environment: (($details.environment | text) // ($details.env | text)),
      starts_at: (if $action == "trigger" then $payload.timestamp else null end),
      labels: ($details + (.details | custom) + ({kind: "event", source: $payload.source, component: $payload.component, group: $payload.group, class: $payload.class, client: .client} | map_values(text) | clean)),
      entities: (if ($payload.source | text) == null then [] else [{id: $payload.source, name: $payload.source} | map_values(text)] end),
      url: ((.client_url | text) // (.links | if type == "array" then (map(object | .href | text | select(. != null))[0]) else null end)),
      notes: (if $key == null then ["no dedup_key: identified by source, component, group, class and summary"] else [] end)
    } | clean
    end;

def message($path):
  if type != "object" then {error: "a message must be an object", field: ($path | rtrimstr("."))}
  else
    . as $in
    | ((.type // .event) | text // "" | ascii_downcase | ltrimstr("incident.")) as $word
    | (if (.incident | type) == "object" then .incident else (.data | object | .incident) end)
    | if type != "object" or ($word | test("^(annotate|annotated|ping|custom)$")) then empty
      # These webhooks name an incident by the key of the event that opened it.
      else incident($word; ($in.created_on // $in.created_at // .last_status_change_on // .last_status_change_at); ((.incident_key | text) // (.id | text)); $path + "incident.id")
      end
  end;

if type != "object" then [{error: "the body must be an object", field: ""}]
elif (.event | type) == "object" then
  .event as $event
  | ($event.event_type | text // "" | ascii_downcase) as $type
  | if ($event.data | type) != "object" or ($type | startswith("incident.") | not) or ($event.data.type != null and ($event.data.type | text // "" | ascii_downcase) != "incident") then []
    else [$event.data | incident($type | ltrimstr("incident."); $event.occurred_at; (.id | text); "event.data.id")]
    end
elif (.messages | type) == "array" then [.messages | to_entries[] | .key as $i | .value | message("messages[\($i)].")]
elif (.incidents | type) == "array" then
  [.incidents | to_entries[] | .key as $i | .value | object | incident(""; (.updated_at // .last_status_change_at); (.id | text); "incidents[\($i)].id")]
elif has("event_action") or has("event_type") then [inbound("")]
elif (.payload | type) == "object" then []
elif has("incident_number") then [incident(""; (.updated_at // .last_status_change_at); (.id | text); "id")]
else [{error: "neither a webhook nor an event of PagerDuty", field: "event"}]
end
