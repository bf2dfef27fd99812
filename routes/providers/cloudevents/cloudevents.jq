# CloudEvents 1.0 (and 0.1 to 0.3), structured, as a batch, or binary with the attributes in ce- headers, and events in
# the schema of Azure Event Grid, whose source is called topic -> canonical alerts. An event has no status, severity or title of its own: they are looked for in its data, then in its type.
# Source and id name the event, which is one message; the problem is named by the data, else by subject and type.

def text: if . == null or type == "object" or type == "array" then null else tostring | if . == "" then null else . end end;
def clean: with_entries(select(.value != null and .value != [] and .value != {}));

# alert.state, alertState and alert_state are one name.
def plain_name: ascii_downcase | split("_") | join("") | split(".") | join("") | split("-") | join("");
def leaves($path):
  if type == "object" then to_entries[] | .key as $key | .value | leaves($path + $key)
  else {key: ($path | plain_name), value: .}
  end;
def flat: if type == "object" then [leaves("")] | map(select(.value != null)) | reverse | from_entries else {} end;
def pick($names): . as $flat | [$names[] | $flat[.] | text | select(. != null)][0];
# The same below the objects in which a sender may wrap what it says.
def found($names): pick($names) // pick([("alert", "incident", "problem", "alarm", "labels", "payload", "event", "essentials", "dataessentials", "alertdefinition", "resourceinfoproperties") as $outer | $names[] | $outer + .]);

def list: if type == "array" then map(text | select(. != null)) elif type == "string" then [split(",")[] | sub("^ +"; "") | select(. != "")] else [] end;

# "com.example.alert.resolved.v1" is about com.example.alert and says "resolved"; so does AlertResolved about Alert.
def kind:
  def words: "firing|fired|triggered|trigger|raised|opened|open|created|started|alerting|activated|active|down|failed|failure|detected|reported|degraded|unhealthy|breached|exceeded|resolved|resolve|cleared|clear|closed|close|ended|recovered|recovery|restored|fixed|healthy|ok|up|acknowledged|acknowledge|acked|ack|suppressed|silenced|muted|pending|updated|changed|escalated|deleted|test|ping";
  sub("[._/:-][vV]?[0-9]+(\\.[0-9]+)*$"; "") as $name
  | ($name
     | (capture("^(?:(?<base>.*)[._/:-])?(?<word>" + words + ")$"; "i")
        // capture("^(?<base>.*[a-z0-9])(?<word>" + (words | split("|") | map((.[0:1] | ascii_upcase) + .[1:]) | join("|")) + ")$"))
     // {base: $name, word: null})
  | {base: (.base // ""), word: (if .word == null then null else (.word | ascii_downcase) end)};

# OpenTelemetry's numbers, four to a level.
def severity_number:
  (try tonumber catch null) | if . == null then null elif . >= 21 then "fatal" elif . >= 17 then "error" elif . >= 13 then "warn" elif . >= 9 then "info" elif . >= 1 then "debug" else null end;

def decoded:
  if .data_base64 != null then
    (try (.data_base64 | @base64d | fromjson) catch null)
  elif (.data | type) == "string" then
    (.datacontentencoding as $encoding
     | (if $encoding == "base64" then (.data | try @base64d catch .) else .data end)
     | . as $data | try fromjson catch $data)
  else .data
  end;

def attributes: ["specversion", "cloudEventsVersion", "cloudeventsversion", "id", "eventID", "source", "type", "eventType", "subject", "time", "eventTime", "data", "data_base64", "datacontenttype", "contentType", "dataschema", "schemaurl", "schemaURL", "datacontentencoding", "severitytext", "severitynumber", "topic", "dataVersion", "metadataVersion"];

def alert($event; $source; $type; $member):
  ($type | if . == null then {base: "", word: null} else kind end) as $kind
  | ($member | if type == "object" then . else {} end) as $object
  | ($object | flat) as $flat
  | ($flat | found(["fingerprint", "dedupkey", "deduplicationkey", "alertid", "incidentid", "problemid", "alarmid", "eventkey", "incidentkey"])
      # CDEvents: data.subject is the incident.
      // (if ($object.subject | type) == "object" then $object.subject.id | text else null end)) as $own
  | ($flat | found(["id", "key"])) as $weak
  | (($flat | found(["status", "alertstatus", "state", "alertstate", "incidentstate", "currentstate", "currentstatus", "newstate", "newstatus", "eventaction", "transition", "action", "monitorcondition", "availabilitystate"]))
      // ($event.status | text) // ($event.state | text)) as $said
  | (if $kind.word == null or (["updated", "changed", "escalated", "test", "ping"] | index([$kind.word]) != null) then null
     elif $kind.word == "deleted" and ($kind.base | test("alert|incident|problem|alarm"; "i") | not) then null
     else $kind.word end) as $in_type
  | ($said // $in_type) as $status
  | ($event.subject | text) as $subject
  | (($event.id // $event.eventID) | text) as $id
  | (if $own != null then $own
     elif $subject != null then $kind.base + " " + $subject
     elif $weak != null then $weak
     elif $status != null then $kind.base
     else $id // $kind.base end) as $problem
  | (if ($member | type) == "string" or ($member | type) == "number" then ($member | tostring) else null end) as $plain
  | (($flat | found(["title", "summary", "alertname", "alertrule", "name", "headline", "message", "annotationssummary", "subjectcontentdescription"]))
      // ($event.ibmendefaultshort | text)
      // (if $subject == null then $type else ([$kind.base, $subject] | map(select(. != "")) | join(": ")) end) // "CloudEvent \($id)") as $title
  | (($status // "firing") | test("^(resolved?|cleared?|closed?|ended|recover(ed|y)|restored|fixed|healthy|ok|up|normal|available|inactive|deleted)$"; "i")) as $over
  | (($event.time // $event.eventTime) | text) as $time
  | {
      source_id: ($id // $own // $weak),
      title: $title,
      description: (($flat | found(["description", "message", "reason", "details", "text", "annotationsdescription"])) // $plain | if . == $title then null else . end),
      status: $status,
      # Azure's scale is another one than that of most who say Sev1.
      severity: (($flat | pick(["essentialsseverity", "dataessentialsseverity"]) | if . == null then null else "Azure " + . end)
        // ($flat | found(["severity", "alertseverity", "priority", "criticality", "urgency", "level"]))
        // ($event.severity | text) // ($event.ibmenseverity | text) // ($event.severitytext | text) // ($event.severitynumber | severity_number)),
      service: ($flat | found(["service", "servicename", "application", "app", "component", "subjectcontentserviceid"])),
      environment: (($flat | found(["environment", "env", "stage", "subjectcontentenvironmentid"])) // ($event.environment | text)),
      event_time: $time,
      starts_at: (($flat | found(["startsat", "startedat", "starttime", "firedat", "triggeredat"])) // (if $over then null else $time end)),
      ends_at: (if $over then (($flat | found(["endsat", "endedat", "endtime", "resolvedat", "closedat"])) // $time) else null end),
      labels: ((($event | with_entries(select((.key as $key | attributes | index([$key])) == null)) | map_values(text))
        + ($object.labels | if type == "object" then map_values(text) else {} end)
        + {source: $source, type: $type, subject: $subject, problem: $problem}) | clean),
      annotations: (($object | with_entries(select(.value | type | . == "string" or . == "number" or . == "boolean")) | map_values(text))
        + ($object.annotations | if type == "object" then map_values(text) else {} end) | clean),
      tags: ($object.tags | list),
      url: ($flat | found(["url", "link", "htmlurl", "href", "generatorurl", "dashboardurl"])),
      test: (if ($kind.word == "test") or ($kind.word == "ping") or ($object.test == true) then true else null end),
      notes: ((if $said == null and $in_type != null then ["status taken from the event's type"] else [] end)
        + (if $own == null and $weak == null and $subject == null and $status == null then ["no subject and nothing in the data names a problem: every event is an alert of its own"] else [] end))
    } | clean;

def event($path):
  if type != "object" then {error: "an event must be an object", field: ($path | rtrimstr("."))}
  else
    . as $event
    | ((.source // .topic) | text) as $source
    | ((.type // .eventType) | text) as $type
    | if $source == null and $type == null then {error: "an event needs source and type", field: ($path + "type")}
      else
        decoded as $data
        | ($data | if type == "object" then .alerts else . end) as $members
        | if ($members | type) == "array" and $members != [] and ($members | all(type == "object")) then
            $members[] as $member | alert($event; $source; $type; $member)
          else alert($event; $source; $type; $data)
          end
      end
  end;

def header($name): variable("header.ce-" + $name);

if type == "array" and ((length > 0 and (any(.[]; type == "object" and (has("specversion") or has("cloudEventsVersion")))) or header("type") == null)) then
  [to_entries[] | .key as $i | .value | event("[\($i)].")]
elif type == "object" and (has("specversion") or has("cloudEventsVersion")) then [event("")]
elif header("type") != null or header("source") != null then
  {id: header("id"), source: header("source"), type: header("type"), subject: header("subject"), time: header("time"),
   severitytext: header("severitytext"), severitynumber: header("severitynumber"), data: .} | [event("ce-")]
else [event("")]
end
