# Datadog: a webhook's payload is whatever its owner wrote, so fields are found by meaning: names count without case and
# without "_" or "-", and $NAMES that Datadog did not fill in count as absent. Also a monitor group as the API gives it.

def text: if . == null or type == "object" or type == "array" then null else tostring | if . == "" or test("^null$"; "i") then null else . end end;
def literal: . != null and test("^\\$[A-Za-z_]+(\\[[^\\]]*\\])?$");
# A value that was filled in; and one that may also be the name of the variable, where nothing else is to be had.
def filled: text | if literal then null else . end;
def first_of($names; $in): [$names[] as $name | $in[$name] | filled | select(. != null)] | .[0] // null;
def any_of($names; $in): first_of($names; $in) // ([$names[] as $name | $in[$name] | text | select(. != null)] | .[0] // null);
def clean: with_entries(select(.value != null and .value != [] and .value != {}));
def object: if type == "object" then . else {} end;
def bare: ascii_downcase | split("_") | join("") | split("-") | join("") | split(" ") | join("");
# Templates nest, too: alert: {id, transition} is alert_id and alert_transition; below metadata stand the names as they are.
def parts($names): . as $in | $names[] as $name | $in[$name] | select(type == "object") | to_entries[] | {name: $name, key: (.key | bare), value: .value};
def spread:
  (to_entries | map({key: (.key | bare), value: .value})) as $own
  | ($own | from_entries) as $in
  | ([$in | parts(["metadata", "payload", "data", "details"])]
     + [$in | parts(["alert", "event", "incident", "monitor"]) | .name as $name | if .key | startswith($name) then . else . + {key: ($name + .key)} end]
     + $own)
  | map(select(.value != null and .value != "")) | from_entries;
def unique_in_order: reduce .[] as $each ([]; if index([$each]) then . else . + [$each] end);

# "[P2] [Triggered on {host:web-01}] Title" -> what stands in the brackets, and the title.
def marks: capture("^(?<marks>(\\s*\\[(P[1-5]|TEST|Monitor Alert|((Re-)?(Triggered|Warn|No Data|Alert)|Renotify|Recovered|Resolved|OK|Muted|Unmuted)( on \\{[^}]*\\})?)\\])+)"; "i").marks // "";
def unmarked: (marks) as $marks | if $marks == "" then . else .[($marks | length):] end
  | sub("^\\s*(Re-)?(Triggered|Warn|No Data|Recovered|Renotify)( on \\{[^}]*\\})?: "; ""; "i") | sub("^\\s+"; "") | sub("\\s+$"; "");
def transition_of_marks: capture("\\[(?<word>(Re-)?(Triggered|Warn|No Data|Alert)|Renotify|Recovered|Resolved|OK|Muted)( on \\{[^}]*\\})?\\]"; "i").word // null;
def group_of_marks: capture(" on \\{(?<group>[^}]*)\\}").group // null;
# The word of a transition or of a state, where a sentence or a severity is more usual.
def said: test("^((re-)?(triggered|warn|no data)|renotify|recovered|resolved|alert|ok)$"; "i");
def priority_of_marks: capture("\\[(?<word>P[1-5])\\]"; "i").word // null;

def tags_of:
  if type == "string" then (if literal then [] else split(",") end)
  elif type == "array" then map(text | select(. != null))
  elif type == "object" then to_entries | map(.key as $key | .value | text | select(. != null) | "\($key):\(.)")
  else [] end
  | map(sub("^\\s+"; "") | sub("\\s+$"; "") | select(. != ""));
def tagged($names): [.[] as $tag | $names[] as $name | $tag | select(ascii_downcase | startswith($name + ":")) | .[($name | length) + 1:] | select(. != "")] | .[0] // null;
# The group of a monitor with several: its tags, in one order.
def scope: (if type == "array" then map(text | select(. != null)) | join(",") else . end) | filled | if . == null then null else [split(",")[] | sub("^\\s+"; "") | sub("\\s+$"; "") | select(. != "" and . != "*")] | sort | join(",") | text end;

def monitor_in_link: text | if . == null then null else capture("/monitors[/#](?<id>[0-9]+)").id // null end;
# The footer that Datadog adds to a message.
def monitor_in_message: text | if . == null then null else capture("\\[Monitor Status\\]\\([^)]*/monitors[/#](?<id>[0-9]+)").id // null end;

def millis: if type == "string" then (if literal then null else . end) else . end;

# Each step stands in a list of its own: a step that another one follows stays on Java's stack, a list is done when it is there.
def mapped($path):
  if type != "object" then {error: "an alert must be an object", field: ($path | rtrimstr("."))}
  else
    spread as $in
    | [any_of(["alerttitle", "eventtitle", "title", "incidenttitle", "monitorname", "alertname", "securityrulename", "name", "subject", "summary"]; $in)][0] as $named
    # A marked title tells the transition and the group, also where another field is the better title.
    | [[$in.eventtitle, $in.title, $in.alerttitle, $in.monitorname, $in.alertname, $in.name, $in.subject, $in.summary] | map(filled | select(. != null))][0] as $titles
    | [($titles | (map(select(marks != "")) + .) | .[0] // "")][0] as $marked
    | [first_of(["alerttransition", "transition", "monitorstate", "incidentstatus", "securitysignalstatus"]; $in)][0] as $transition
    | [first_of(["alerttype", "level"]; $in)][0] as $type
    | [(first_of(["alertid", "monitorid"]; $in)
        // ([$in.link, $in.url, $in.alerturl, $in.eventurl, ($in.links | if type == "array" then .[0] | object | .href else null end)] | map(monitor_in_link | select(. != null)) | .[0])
        // ([$in.body, $in.eventmsg, $in.textonlymsg, $in.text, $in.message] | map(monitor_in_message | select(. != null)) | .[0]))][0] as $monitor
    | [first_of(["aggregkey", "aggregationkey", "alertaggregkey", "eventaggregkey", "uniquekey", "dedupkey"]; $in)][0] as $aggregation
    | [(($in.alertscope // $in.scopes // $in.scope // $in.group) | scope)][0] as $scope
    | [($titles | map(group_of_marks | select(. != null)) | .[0] | scope)][0] as $marked_group
    | [first_of(["hostname", "host"]; $in)][0] as $host
    | [(if $named == null then null else $named | unmarked | text end // $named)][0] as $title
    # An incident's and a monitor's numbers are counted apart.
    | [((first_of(["incidentpublicid", "incidentuuid"]; $in) | if . == null then null else "incident/" + . end)
        // (first_of(["securitysignalid"]; $in) | if . == null then null else "signal/" + . end))][0] as $other
    | [($monitor // $other // (if any_of(["alertid", "monitorid"]; $in) then any_of(["alertid", "monitorid"]; $in) else null end) // $aggregation // $title // first_of(["id", "eventid"]; $in))][0] as $id
    | if $title == null and $id == null then {error: "a Datadog alert needs a title (or an alert_id)", field: ($path + "title")}
      else
        ((($in.tags // $in.alerttags // $in.eventtags // $in.monitortags) | tags_of) as $own | ($own + (($scope // $marked_group // "") | tags_of)) | unique_in_order) as $tags
        | (first_of(["alertpriority", "priority", "monitorpriority"]; $in) | if . == null then null
            else (if test("^[1-5]$") then "P" + . else . end) | if ascii_downcase == "normal" then null else . end end) as $priority
        | [([$in.date, $in.lastupdated, $in.timestamp, $in.eventtimestamp] | map(millis | select(. != null)) | .[0] // null)][0] as $time
        | [($transition // ($marked | transition_of_marks) // first_of(["status", "alertstate", "state"]; $in)
            // (first_of(["severity", "alertstatus"]; $in) | if . != null and said then . else null end))][0] as $spoken
        | [(if $spoken != null then $spoken elif $type != null and ($type | ascii_downcase) == "success" then "success" else null end)][0] as $status
        | [($status != null and ($status | test("^(recovered|resolved|success|ok|completed)|recovered$"; "i")))][0] as $over
        | [($in.org | object)][0] as $org
        | {
            source_id: $id,
            title: [($title // "Datadog alert \($id)")][0],
            description: [(first_of(["textonlymsg", "body", "eventmsg", "eventmessage", "text", "message", "alertmessage", "description", "incidentmsg", "securitysignalmsg", "incidentmessage"]; $in)
              | if . == null then null else split("%%%") | join("") | sub("^\\s+"; "") | sub("\\s+$"; "") | text end)][0],
            status: $status,
            severity: [($priority // ($marked | priority_of_marks)
              // (first_of(["severity", "incidentseverity", "securitysignalseverity", "urgency"]; $in) | if . != null and said then null else . end)
              // (if $spoken != null and ($spoken | test("warn"; "i")) then "warning" else $type end))][0],
            service: [(first_of(["service", "servicename"]; $in) // ($tags | tagged(["service"])))][0],
            environment: [(first_of(["environment", "env"]; $in) // ($tags | tagged(["env", "environment"])))][0],
            event_time: [([$in.lastupdated, $in.date, $in.timestamp] | map(millis | select(. != null)) | .[0] // null)][0],
            starts_at: [(if $over then null else $time end)][0],
            ends_at: [(if $over then $time else null end)][0],
            labels: [({monitor: $monitor,
                      group: ($scope // $marked_group // (if $monitor == null then null else $aggregation end) // (if $host == null then null else "host:" + $host end)),
                      host: $host,
                      metric: first_of(["alertmetric", "metric"]; $in),
                      event_type: first_of(["eventtype"]; $in),
                      org: (first_of(["orgname"]; $in) // ($org.name | filled) // first_of(["orgid"]; $in) // ($org.id | filled) // ($in.org | filled))} | clean)][0],
            annotations: [({query: first_of(["alertquery", "query"]; $in),
                           cycle: first_of(["alertcyclekey"]; $in),
                           aggregation: $aggregation,
                           snapshot: first_of(["snapshot"]; $in),
                           user: first_of(["user", "username"]; $in)} | clean)][0],
            tags: $tags,
            url: [first_of(["alerturl", "url", "link", "incidenturl", "eventurl", "securitysignalurl"]; $in) // ($in.links | if type == "array" then .[0] | object | .href | filled else null end)][0],
            entities: [(if $host == null then [] else [{id: $host, name: $host, type: "host"}] end)][0],
            test: [(if $marked | test("^(\\s*\\[P[1-5]\\])?\\s*\\[TEST\\]"; "i") then true else null end)][0],
            notes: [(
              (if $monitor == null and $other == null then ["no alert_id: identified by the " + (if $aggregation != null then "aggregation key" else "title" end)] else [] end)
              + (if $transition == null and ($marked | transition_of_marks) != null then ["no alert_transition: read from the title"] else [] end))][0]
          } | clean
      end
  end;

# One group of a monitor, as the poll puts it together: {monitor, group}.
def from_api($path):
  .monitor as $monitor | .group as $group
  | [($group.name | scope)][0] as $scope
  | [((($monitor.tags | tags_of) + (($scope // "") | tags_of)) | unique_in_order)][0] as $tags
  | [($scope // "" | split(",") | tagged(["host"]))][0] as $host
  | [($group.status // $monitor.overall_state | text)][0] as $status
  | [($status != null and ($status | ascii_downcase) == "ok")][0] as $over
  | {
      source_id: [($monitor.id | text)][0],
      title: [($monitor.name | text)][0],
      description: [($monitor.message | text)][0],
      status: $status,
      severity: [(if $monitor.priority == null then (if $status == "Warn" then "warning" elif $over then "success" else "error" end) else "P\($monitor.priority)" end)][0],
      service: [($tags | tagged(["service"]))][0],
      environment: [($tags | tagged(["env", "environment"]))][0],
      event_time: [(if $over then $group.last_resolved_ts else ([$group.last_triggered_ts, $group.last_nodata_ts] | map(select(. != null)) | max) end // $monitor.overall_state_modified)][0],
      starts_at: [(if $over then null else $group.last_triggered_ts // $group.last_nodata_ts end)][0],
      ends_at: [(if $over then $group.last_resolved_ts else null end)][0],
      labels: [({monitor: ($monitor.id | text), group: $scope, host: $host, event_type: ($monitor.type | text)} | clean)][0],
      annotations: [({query: ($monitor.query | text)} | clean)][0],
      tags: $tags,
      url: [("\(variable("app_url") // "https://app.datadoghq.com")/monitors/\($monitor.id)")][0],
      entities: [(if $host == null then [] else [{id: $host, name: $host, type: "host"}] end)][0]
    } | clean;

def each($path): if type == "object" and (.monitor | type) == "object" and (.group | type) == "object" then from_api($path) else mapped($path) end;

if type == "array" then [to_entries[] | .key as $i | .value | each("[\($i)].")] else [each("")] end
