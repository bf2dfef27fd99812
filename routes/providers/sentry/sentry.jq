# Sentry: issue, error, issue alert (event_alert) and metric alert webhooks, the WebHooks plugin and service hooks
# -> canonical alerts. The issue's number is the identity in all of them, so that an issue's end finds whatever began it.
# Installations, comments and all that is about no issue or metric alert give an empty list.

def text: if . == null or type == "object" or type == "array" then null else tostring | if . == "" then null else . end end;
def object: if type == "object" then . else {} end;
def clean: with_entries(select(.value != null and .value != [] and .value != {}));
def low: text | if . == null then null else ascii_downcase end;

# Tags come as pairs, as {key, value} or as an object.
def pairs:
  if type == "array" then
    [.[] | if type == "array" and length >= 2 then {key: (.[0] | text), value: (.[1] | text)}
           elif type == "object" then {key: (.key | text), value: (.value | text)} else {} end | select(.key != null and .value != null)]
  elif type == "object" then [to_entries[] | {key, value: (.value | text)} | select(.value != null)]
  else [] end;
def tag($name): map(select(.key == $name).value)[0];
def project_in: text | if . == null then null else (capture("/projects/[^/]+/(?<slug>[^/]+)/").slug // null) end;
# Sentry called an issue a group once, and put the project before it.
def issue_in: text | if . == null then null else (capture("/(issues|group)/(?<id>[0-9]+)").id // null) end;
def project_of: text | if . == null then null else (capture("^https?://[^/]+/[^/]+/(?<slug>[^/]+)/(issues|group)/").slug // null) end;

def issue($action):
  (.project | object) as $project
  | (.id | text) as $id
  | (.status | low) as $state
  | if $id == null then {error: "an issue needs its id", field: "data.issue.id"}
    else {
      source_id: $id,
      title: ((.title | text) // (.metadata | object | .title | text) // (.culprit | text) // "Sentry issue \(.shortId // $id)"),
      description: ((.metadata | object | .value | text) // (.culprit | text)),
      # An action that is no change of status leaves what the issue itself says.
      status: (if ["created", "resolved", "unresolved", "archived", "ignored"] | index([$action]) then $action
        elif $state == "resolved" or $state == "ignored" or $state == "archived" then $state
        else ($action // $state) end),
      severity: ((.level | text) // (.priority | text)),
      service: (($project.slug | text) // ($project.name | text) // (.project | text)),
      starts_at: .firstSeen,
      labels: ({kind: "issue", short_id: .shortId, culprit: .culprit, platform: .platform, substatus: .substatus, priority: .priority,
        issue_type: (.issueType // .type), issue_category: .issueCategory, project: ($project.slug // $project.name),
        assigned_to: (.assignedTo | object | .name)} | map_values(text) | clean),
      url: ((.web_url | text) // (.permalink | text) // (.url | text))
    } | clean
    end;

def event($data; $id; $project; $url):
  (.tags | pairs) as $tags
  | if $id == null then {error: "an event needs the id of its issue", field: "data.event.issue_id"}
    else {
      source_id: $id,
      title: ((.title | text) // ($data.title | text) // (.metadata | object | .title | text) // (.occurrence | object | .issueTitle // .issue_title | text) // (.message | text) // ($data.message | text) // (.logentry | object | .formatted | text) // (.culprit | text) // ($data.culprit | text) // "Sentry issue \($id)"),
      description: ((.metadata | object | .value | text) // (.message | text) // ($data.message | text) // (.culprit | text) // ($data.culprit | text)),
      status: ($data.action | text),
      severity: ((.level | text) // ($data.level | text) // ($tags | tag("level")) // (.occurrence | object | .level | text)),
      service: ($project // ($tags | tag("server_name"))),
      environment: ((.environment | text) // ($tags | tag("environment"))),
      starts_at: (.datetime // .timestamp // .received),
      labels: ({kind: "issue", event_id: (.event_id // .id), culprit: (.culprit // $data.culprit), platform: .platform, logger: (.logger // $data.logger),
        release: (.release | if type == "object" then .version else . end), location: .location, project: $project, server_name: ($tags | tag("server_name")),
        sample_event: ($tags | tag("sample_event")),
        rule: ($data.triggered_rule // ($data.triggering_rules | if type == "array" then map(text | select(. != null)) | join(", ") else . end))}
        | map_values(text) | clean),
      tags: ($tags | map("\(.key):\(.value)")),
      url: $url
    } | clean
    end;

def metric($action; $data):
  (.alert_rule | object) as $rule
  | (.id | text) as $id
  | (.projects // $rule.projects | if type == "array" then map(text | select(. != null)) else [] end) as $projects
  | if $id == null then {error: "a metric alert needs its id", field: "data.metric_alert.id"}
    else {
      source_id: $id,
      # Its first word is the status, which is no part of a name.
      title: (($data.description_title | text | if . == null then null else sub("^(?:Resolved|Warning|Critical): "; "") end) // ($rule.name | text) // (.name | text) // (.title | text) // "Sentry metric alert \($id)"),
      description: ($data.description_text | text),
      status: ($action // ({"2": "closed", "10": "warning", "20": "critical"}[.status | text // ""])),
      severity: (if $action == "critical" or $action == "warning" then $action
        else (.status | low) as $said | {"10": "warning", "20": "critical", warning: "warning", critical: "critical"}[$said // ""] end),
      service: (if ($projects | length) > 0 then $projects | join(", ") else null end),
      environment: ($rule.environment | text),
      starts_at: (.date_started // .date_detected // .date_created),
      ends_at: .date_closed,
      labels: ({kind: "metric_alert", identifier: .identifier, rule: $rule.name, rule_id: $rule.id, aggregate: $rule.aggregate, query: $rule.query, dataset: $rule.dataset}
        | map_values(text) | clean),
      url: (($data.web_url | text) // (.web_url | text))
    } | clean
    end;

if type != "object" then [{error: "the body must be an object", field: ""}]
elif (.data | type) == "object" then
  .data as $data
  | (.action | low) as $action
  | if ($data.metric_alert | type) == "object" then [$data.metric_alert | metric($action; $data)]
    elif ($data.event | type) == "object" or ($data.error | type) == "object" then
      [(if ($data.event | type) == "object" then $data.event else $data.error end)
       | event($data + {action: $action};
           ((.issue_id | text) // (.issue_url | issue_in) // (.web_url | issue_in) // (.groupID | text) // (.event_id | text) // (.id | text));
           ((.project_slug | text) // (.url | project_in) // (.project | object | .slug | text) // (.project_name | text));
           ((.web_url | text) // (.url | text)))]
    elif ($data.issue | type) == "object" then [$data.issue | issue($action)]
    else []
    end
elif (.group | type) == "object" then
  . as $in
  | [.event | object | event({}; ($in.group.id | text); ($in.project | object | (.slug | text) // (.name | text)); (($in.group.url | text) // (.url | text)))]
else
  . as $in
  | [.event | object | event($in | del(.event); ($in.id | text) // ($in.url | issue_in) // (.groupID | text) // (.event_id | text);
      (($in.project_slug | text) // ($in.project | text) // ($in.project_name | text) // ($in.url | project_of)); ($in.url | text))]
end
