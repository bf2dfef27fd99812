# Serai's own alert form, Keep's alert form, the event_type/Id/Title form, and what others call by names of their own
# -> canonical alerts. One object, a list, or an object with a list; an item that cannot be mapped is an error of its own.

def text: if . == null or type == "object" or type == "array" then null else tostring | if . == "" then null else . end end;
def texts: if type == "object" then with_entries(select(.value != null) | .value |= tostring) else {} end;
def list: if type == "array" then map(text | select(. != null)) elif type == "string" then [split(",")[] | sub("^ +"; "") | select(. != "")] else [] end;

# What lets a sender in somewhere is no label.
def credential: test("^((api|app|service|routing|integration)[_-]?key|([a-z]+[_-]?)?(token|secret|password|authorization))$"; "i");

# Other names of what an alert says, in any spelling: alert_name, AlertName and ALERT-NAME are one.
def words: [explode[] | if (. >= 97 and . <= 122) or (. >= 65 and . <= 90) or (. >= 48 and . <= 57) then . else 32 end] | implode | split(" ") | map(select(. != ""));
def plain: words | join("") | ascii_downcase;
def fields: [to_entries[:200][] | select((.value | type | . == "string" or . == "number") and .value != "") | {key: (.key | plain), value: .value}] | from_entries;
def named($names): . as $fields | [$names[] | $fields[.] | select(. != null)][0];
def titles: ["title", "alerttitle", "incidenttitle", "problemtitle", "eventtitle", "messagetitle", "eventdefinitiontitle", "subject", "headline", "summary",
  "alertname", "monitorname", "monitorfriendlyname", "checkname", "rulename", "alertrule", "policyname", "conditionname", "searchname", "triggername",
  "incidentname", "problemname", "detectorname", "testname", "jobname", "buildname", "ticketsubject", "entitydisplayname", "name", "displayname", "label", "servername"];
# They say what happened this time, not what it happened to: a title at need, and no identity.
def sayings: ["message", "statemessage", "messagetext", "eventmsg", "monitor", "rule", "description", "alertdescription"];
# A chat message has a text too: these name an alert only where a state or a rank is told.
def names_at_need: ["text", "event", "resourcename", "check", "url", "host", "hostname"];
def dedup_keys: ["dedup", "dedupkey", "deduplicationkey", "incidentkey", "alertkey", "alertuid", "idempotencykey"];
def keys_of_alerts: dedup_keys + ["entityid", "incidentidentifier", "externalid", "xs4externalid", "correlationid", "incidentid", "monitorid", "checkid", "testid", "sensorid", "alertid", "problemid", "ruleid", "buildid", "ticketid", "id", "eventid"];
def states: ["status", "state", "eventstatus", "alertstatus", "alertstate", "currentstate", "currentstatus", "newstate", "newstatus", "monitorstatus", "monitorstate", "monitorcondition",
  "incidentstatus", "incidentstate", "problemstatus", "resolutionstate", "alertstatusstring", "statusextended", "xs4status", "checkresult", "checkstatename", "buildstatus", "eventaction",
  "alertaction", "actiontype", "messagetype", "notificationtype", "eventtype", "eventname", "alerttype", "alerttypefriendlyname", "action", "event", "type"];
def ranks: ["severity", "alertseverity", "alertseveritystring", "incidentseverity", "eventseverity", "level", "alertlevel", "criticality", "priority", "alertpriority", "urgency", "importance", "importancelevel", "impact"];

# The word that counts in "monitor_offline", "incident.resolved", "Down ended (now: Up)": an end before all else.
def ends: "^(resolved?|recovered|recovery|closed?|clear|cleared|ok|up|online|normal|healthy|available|responding|operational|reporting|cancell?ed|deactivated|ended|restored|fixed|success|succeeded|passed)$";
def holds: "^(acknowledged?|acked|ack|acknowledgement|accept(ed)?|silenced|suppressed|muted|snoozed|maintenance|paused)$";
def begins: "^(firing|fired|triggered|trigger|open|opened|reopened|unresolved|active|activated|alerting|raised|down|offline|problem|failed|failure|failing|missing|unreachable|degraded|unhealthy|outage|trouble|breached|violated|occurred|started|anomalous|investigating|identified|new|created?|critical|error|warning|alarm|alert)$";
def telling:
  (text // "" | if length > 60 then [] else words end) as $words
  # "not ok"
  | if any($words[]; test("^not$"; "i")) then (if any($words[]; test(ends; "i")) then "down" else null end)
    else [(ends, holds, begins) as $kind | $words[] | select(test($kind; "i"))][0]
    end;
# "ALERT_CRITICALITY_LEVEL_WARNING", "Sev1", "SEV-1", "HIGH".
def ranking: [text // "" | if length > 60 then empty else words[], plain end
  | select(test("^(critical|crit|emergency|emerg|fatal|disaster|severe|urgent|blocker|high|major|error|err|warning|warn|medium|moderate|average|low|minor|info|information|informational|notice|debug|p[0-5]|sev[0-5])$"; "i"))][0];

# Where neither title nor id stands at the top, the first object below that has a title is the alert, together with what surrounds it.
def alert:
  if type != "object" or .title != null or .name != null or .message != null or (fields | named(titles + ["message"])) != null then .
  else
    def plainly: with_entries(select(.value | type == "string" or type == "number"));
    . as $in
    # Where it is not among the first, it is not what the body is about.
    | ([.[] | objects][:20]) as $near
    | ($near + ([$near[] | . as $outer | [.[] | objects][:20][] | . + ($outer | plainly)][:40])) as $below
    | ([$below[] | . + ($in | plainly) | select(fields | named(titles) != null
        and any(.[states[], ranks[]] | strings; telling != null or ranking != null))][0]) // $in
  end;
# What a saying is about: the check, the site, the fault.
def matters: .check, .monitor, .incident, .alert, .problem, .issue, .fault, .outage, .site, .service, .host | objects;
def matter: [matters | fields | named(keys_of_alerts + ["url"]) | text | select(. != null)][0];

# Fields with a place of their own in the canonical alert; any other plain value becomes a label.
def known: ["id", "Id", "source_id", "alert_id", "fingerprint", "title", "Title", "name", "message", "description", "Description", "status", "event_type", "severity", "Urgency", "urgency", "service", "environment", "starts_at", "startsAt", "startedAt", "ends_at", "endsAt", "lastReceived", "event_time", "labels", "annotations", "tags", "Tags", "source", "url", "generatorURL", "test", "entities", "notes", "original", "count", "first_received", "last_received", "provider", "instance", "apiKey"];

# An event_type is what has happened; a status beside it is the ticket's. A severity "ok" says that it is over, where the
# status is no word.
def word($fields):
  (if (.event_type | if type == "string" then ascii_downcase else null end | . == "create" or . == "trigger" or . == "acknowledge" or . == "resolve") then .event_type
     elif (.severity | type) == "string" and (.severity | ascii_downcase | . == "ok" or . == "normal" or . == "clear" or . == "cleared" or . == "resolved")
       and ((.status | type) == "null" or (.status | tostring | test("^[0-9]*$"))) then "ok"
     else [.status, .Status, .state, .State, .event_type | text | select(. != null)][0]
     end) as $own
  | if $own == null or ($own | test("^[0-9]+$")) then
      [states[] as $name | $fields[$name] | select(($name | test("^event|^action$|^type$") | not) or (tostring | test(" ") | not)) | telling | select(. != null)][0]
      // [ranks[] as $name | $fields[$name] | text // "" | select(test(ends; "i"))][0]
      // $own
    elif $own | test("^[A-Za-z]+$") then $own
    else ($own | telling) // $own
    end;

def rank($fields; $word):
  ([.severity, .Severity, (.priority | objects | (.summary // .name) | ranking), .Urgency, .urgency, (if .event_type == null then .level, .priority else empty end) | select(text != null)][0]) as $own
  | if $own != null and ($own | text | test("^[A-Za-z][A-Za-z0-9]*$")) then $own
    else ([($own | ranking), (ranks[] as $name | $fields[$name] | ranking),
           ([.[] | objects][:20] | .[] | (.severity, .level, .urgency, .priority) | ranking),
           ([.[] | objects][:20] | .[] | [.[] | objects][:20] | .[] | .severity | ranking), ($word | ranking) | select(. != null)][0]) // $own
    end;

def mapped($path):
  if type != "object" then {error: "an alert must be an object", field: $path}
  else
    alert
    | . as $in
    # Whose fields all have names of ours needs no other names.
    | (if ((keys - known) == []) then {} else fields end) as $fields
    | ([.title, .Title, .name, .summary, ($fields | named(["alerttitle", "alertname"])), .subject | text | select(. != null)][0] // ($fields | named(titles) | text)) as $name
    | word($fields) as $word
    | rank($fields; $word) as $rank
    | (.fingerprint | text) as $fingerprint
    | ([.source_id, ($fields | named(dedup_keys)), .id, .Id, .alert_id, ($fields | named(keys_of_alerts)) | text | select(. != null)][0]) as $id
    | ($name // (.message | text) // ($fields | named(sayings) | text)
       // (if ($word // $rank) == null then null
           else ($fields | named(names_at_need) | text) // ([matters | .url | text | select(. != null)][0])
             // (if $id != null and ($word | text // "" | test(ends; "i") or test(holds; "i")) then "Alert \($id)" else null end)
           end)) as $title
    | if $title == null then {error: "an alert needs a title (or name, Title, summary, message)", field: ($path + (if $path == "" then "" else "." end) + "title")}
      else
        ((.service | if type == "array" then map(text | select(. != null)) | join(", ") elif type == "object" then .name else . end | text)
            // ($fields | named(["servicename", "application", "applicationname"]) | text) // (.labels | objects | .service | text) // null) as $service
        | (((.environment // .env) | text) // (.labels | objects | (.environment // .env) | text) // null) as $environment
        | ($environment // "production") as $place
        | (if $name != null then $name
           else matter // ([.resource, .host, .hostname, .check, .rule, .monitor, (if .resource == null then null else .event end) | text | select(. != null)] | join("/") | text) // $title
           end) as $subject
        | {
            source_id: ($fingerprint // $id // ([$subject, $service // "", $place] | map(split("\\") | join("\\\\") | split("|") | join("\\|")) | join("|"))),
            title: $title,
            description: (((.description // .Description) | text | if . == $title and $name == null then null else . end)
              // ([.message, ($fields | named(["alertdescription", "statemessage", "messagebody", "details", "output", "incidentreason"])) | text | select(. != null and . != $title)][0])),
            status: $word,
            severity: $rank,
            service: $service,
            environment: $place,
            event_time: (.event_time // .lastReceived),
            starts_at: (.starts_at // .startsAt // .startedAt),
            ends_at: (.ends_at // .endsAt),
            labels: (
              (with_entries(select((.key as $k | known | index([$k]) | not) and (.key | credential | not) and (.value | type | . == "string" or . == "number" or . == "boolean"))) | texts)
              + (if $fingerprint != null and $id != null and $id != $fingerprint then {id: $id} else {} end)
              + (.Meta | texts)
              + (.labels | texts)),
            annotations: ((if (.description // .Description) != null and .message != null then {message: .message} | texts else {} end) + (.annotations | texts)),
            tags: ((((.tags // .Tags) | list) + (.source | list)) | reduce .[] as $t ([]; if index([$t]) then . else . + [$t] end)),
            url: ([.url, .generatorURL, ($fields | named(["link", "incidenturl", "alerturl", "sourceurl", "resultslink", "resulturl", "clienturl", "linktoupstreamdetails"])) | text | select(. != null)][0]),
            test: (if .test == true or .is_test == true then true else null end),
            entities: (if (.entities | type) == "array" then [.entities[] | select(type == "object")] else [] end),
            notes: (
              (if $fingerprint == null and $id == null then [if $subject == $title then "no id: identified by title, service and environment" else "no id: identified by \($subject), service and environment" end] else [] end)
              + (if $environment == null then ["environment defaulted to production"] else [] end))
          }
        | with_entries(select(.value != null and .value != [] and .value != {}))
      end
  end;

# A list by another name, in a body that is no alert itself.
def lists: ["alerts", "events", "incidents", "notifications", "items", "results", "data"];
def list_of_alerts:
  . as $in
  | if (.alerts | type) == "array" then "alerts"
    elif .title != null or .name != null or .message != null or (fields | named(titles + ["message"])) != null then null
    else [lists[] as $name | $in[$name] | select(type == "array" and length > 0 and all(.[]; type == "object" and (fields | named(titles + ["message"])) != null)) | $name][0]
    end;

if type == "array" then [to_entries[] | .key as $i | .value | mapped("[\($i)]")]
elif type == "object" then
  list_of_alerts as $list
  | if $list == null then [mapped("")] else [.[$list] | to_entries[] | .key as $i | .value | mapped("\($list)[\($i)]")] end
else [mapped("")]
end
