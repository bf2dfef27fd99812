# Zabbix -> canonical alerts: what a webhook media type sends, whose author names the fields (event_id, EVENT.ID,
# {"event": {"id"}} are one name), and the problems and events of the API. The trigger is the identity: problem,
# update and recovery are events of one trigger. Every step stands in a list of its own: a step that another one
# follows stays on Java's stack, a list is done when it is there.

def plain: ascii_downcase | split("_") | join("") | split(".") | join("") | split("-") | join("") | split(" ") | join("");
# A macro that has no value here is sent as it is written, or by a script as N/A.
def unset: type == "string" and test("^\\{[A-Z$#?][^{}]*\\}$");
def text:
  if . == null or type == "object" or type == "array" then null
  else tostring | if . == "" or . == "*UNKNOWN*" or . == "N/A" or unset then null else . end
  end;
def clean: with_entries(select(.value != null and .value != [] and .value != {}));
# In an object a name is the object's and its own, {"event": {"id"}}, unless it is a whole one, {"event": {"trigger_id"}}.
def below($parent): plain | if test("^(event|trigger|host|item|problem)") then . else $parent + . end;
def named:
  [to_entries[] | [.key | plain][0] as $key
    | if (.value | type) == "object" and ($key | endswith("tags") | not)
      then .value | to_entries[] | {key: ([.key | below($key)][0]), value: .value}
      else {key: $key, value: .value}
      end
    | .value |= (if type == "array" and ($key | test("tags|hosts")) or type == "object" then . else text end)
    | select(.value != null)]
  | from_entries;

# [{"tag", "value"}], the same as a JSON text, or "name:value, name". Tags of media types begin with two underscores.
def tag:
  if type == "object" then (.tag // .name // "" | tostring) + (if (.value | text) == null then "" else ":\(.value)" end)
  else (text // "")
  end
  | sub("^ +"; "") | sub(" +$"; "");
def tags:
  (if type != "string" then . elif test("^\\s*[\\[{]") then (try fromjson catch []) else split(",") end)
  | if type == "array" then [.[] | tag | select(. != "" and (startswith("__") | not))]
    elif type == "object"
    then [to_entries[] | .key as $tag | .value | if type == "array" then .[] else . end | {tag: $tag, value: .} | tag | select(startswith("__") | not)]
    else []
    end;
def tagged($names): [.[] | split(":") | select(length > 1) | [.[0] | ascii_downcase] as $name | select($names | index($name) != null) | .[1:] | join(":") | sub("^ +"; "")][0];

def seconds: text | if . != null and test("^[1-9][0-9]{8,10}$") then . else null end;
# Dates come with dots, in the server's own zone, which nobody sends.
def moment($date; $time):
  if $date == null then null
  else ([($date | sub("^(?<y>[0-9]{4})\\.(?<m>[0-9]{2})\\.(?<d>[0-9]{2})"; "\(.y)-\(.m)-\(.d)")), $time] | map(select(. != null)) | join("T"))
    | if test("^[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}") then . else null end
  end;
def digits: if . != null and test("^[0-9]+$") then . else null end;
def web: if . != null and test("^https?://") then . else null end;
def yes: . != null and (ascii_downcase | . == "yes" or . == "1" or . == "true" or . == "acknowledged" or . == "suppressed");
def state_value: if . != null and test("^([0-3]|[A-Za-z].*)$") then . else null end;
def over: . != null and (ascii_downcase | . == "0" or . == "ok" or . == "resolved" or . == "recovery" or . == "recovered" or . == "close" or . == "closed");

# Zabbix' own default messages, also those before 4.0, which a media type sends that has nothing but a subject and a message.
def bare: sub("^(\\[[A-Z]+\\]|[Pp]roblem:|PROBLEM:|OK:|[Rr]esolved( in [^:]*)?:) *"; "") | text;
def spoken($subject):
  (. // "") as $message
  | (reduce ("Problem name", "Host", "Severity", "Original problem ID", "Operational data", "Trigger", "Trigger status", "Trigger severity", "Original event ID") as $line ({};
      . + {($line | plain): ([$message | capture("(^|[\\r\\n])" + $line + ": *(?<v>[^\\r\\n]+)").v | select(unset | not)][0])})) as $lines
  | (if ($subject // "") | test("^((Resolved( in [^:]*)?|OK):|\\[(RESOLVED|OK)\\]) ") then "RESOLVED" elif ($subject // "") | test("^((Problem|PROBLEM):|\\[PROBLEM\\]) ") then "PROBLEM" else null end) as $word
  | [$lines.originalproblemid // $lines.originaleventid][0] as $event
  | if $event == null and $word == null then {}
    else {
        eventid: $event, eventvalue: ($lines.triggerstatus // $word), hostname: $lines.host, eventseverity: ($lines.severity // $lines.triggerseverity),
        eventopdata: $lines.operationaldata, eventname: ($lines.problemname // $lines.trigger // ($subject // "" | bare))
      } | clean
    end;

def facts:
  . as $said
  | (if any(.eventid, .problemid, .triggerid, .zabbixeventid; . != null) then .
     else ((.message // .alertmessage // .text // .body // .msg) | text | spoken($said | .subject // .alertsubject // .title | text)) + $said end)
  | . as $flat
  | [([.link, .problemurl, .eventurl, .eventlink, .eventinfo, .alerturl, .generatorurl, .linktoupstreamdetails, .url] | map(text | select(. != null and test("tr_events\\.php\\?"))))[0] // .link // .problemurl // .eventurl // .alerturl // .generatorurl | text | web][0] as $link
  | [($link // "") | (capture("triggerid=(?<t>[0-9]+)&eventid=(?<e>[0-9]+)") // {})][0] as $ids
  | [[.updateaction, .eventupdateaction, .action] | map(select(type == "string"))[0] // "" | ascii_downcase | split(",") | map(sub("^ +"; ""))][0] as $actions
  | [(.eventtagsjson // .eventtags // .tags // .triggertags) | tags][0] as $tags
  | [
      [.triggerid // .zabbixtriggerid // (if .object == "0" or .object == null then .objectid else null end) // $ids.t],
      [.eventid // .problemid // .zabbixeventid // $ids.e // (if .monitoringtool != null then .entityid else null end) // (if .triggerid != null then .id | text | digits else null end)],
      # A value that is no state is the item's.
      [(.eventvalue | state_value) // .eventstatus // (if .reventid != null then (if .reventid == "0" then "1" else "0" end) else null end)
        // .triggervalue // .triggerstatus // .status // (.value | state_value) // .state
        # Splunk On-Call's kind of message is the severity while the problem lasts.
        // (.messagetype | if . != null and (ascii_downcase | . == "critical" or . == "warning" or . == "info") then "PROBLEM" else . end)
        // (if [.action, .zabbixaction] | any(over) then "resolved" else null end)
        // (if (.eventrecoverydate // .eventrecoverydatetime // .eventrecoverytimestamp // .eventrdate // .recoverydatetime // .recoverydate) != null then "resolved" else null end)],
      [.eventname // .title // .triggername // .problemname // .name // .problem // .trigger // .alertname // ((.subject // .alertsubject // .entitydisplayname) | text | if . == null then null else bare end) // .eventproblem | text],
      [.hostname // .hosthost // .host // .hostvisiblename // ((.hosts // []) | if type == "array" then .[0] else null end | if type == "object" then .name // .host else . end) | text],
      [.hostip // .hostconn // .hostdns // .ip],
      [.eventnseverity // .triggernseverity // .nseverity // .eventseverity // .triggerseverity // .severity // .severitytext // .triggerseveritytext // .eventseveritytext // .priority // .sev],
      [.message // .alertmessage // .msg // .statemessage // .description // .triggerdescription // .eventopdata // .opdata // .operationaldata],
      [($actions | index(["acknowledged"]) != null) or (($actions | index(["unacknowledged"]) == null) and ((.eventackstatus // .ackstatus // .acknowledged // .eventacknowledged) | yes))],
      [any($actions[]; startswith("suppressed")) or ((.suppressed // .eventsuppressed) | yes)],
      [((.eventtimestamp // .clock // .eventdatetimetimestamp // .eventtime) | seconds) // moment(.eventdate // .date; .eventtime // .time)
        // moment(.eventdatetime // .eventtimestamp // .timestamp // .datetime // .startdatetime // .startsat // .eventts // .since // .lastreceived // .clock // .eventtime; null)],
      [((.eventrecoverytimestamp // .rclock) | seconds) // moment(.eventrecoverydate // .eventrdate; .eventrecoverytime // .eventrtime)
        // moment(.eventrecoverydatetime // .recoverydatetime // .recoverytime; null)],
      [$link]
    ]
  | map(.[0])
  | {trigger: .[0], event: .[1], value: .[2], title: .[3], host: .[4], address: .[5], severity: .[6], description: .[7],
     acknowledged: .[8], suppressed: .[9], since: .[10], until: .[11], link: .[12], tags: $tags, flat: $flat};

def alert:
  . as $f
  | [if .value | over then .value elif .suppressed then "suppressed" elif .acknowledged then "acknowledged" else .value end][0] as $status
  | [.trigger // .event // ([.host, .title] | map(select(. != null)) | join(":"))][0] as $id
  | {
      source_id: $id,
      # Without a name the trigger's description says most.
      title: (.title // ((.flat.triggerdescription // .description // "") | split("\n")[0] | (. // "" | split("\r")[0]) | text) // "Zabbix trigger \($id)"),
      description: .description,
      status: $status,
      severity: .severity,
      service: ([(.tags | tagged(["service", "application", "component"])) // .flat.service // .flat.servicename // .flat.labelsservice | text][0]),
      environment: ([(.tags | tagged(["environment", "env"])) // .flat.environment // .flat.env // .flat.labelsenvironment // .flat.labelsenv | text][0]),
      starts_at: .since,
      ends_at: ([if .value | over then .until else null end][0]),
      url: ([.link // (((.flat.zabbixurl // .flat.zabbixfrontendurl) | text | web) as $base
        | if $base == null or (.trigger | digits) == null or (.event | digits) == null then null
          else "\($base | rtrimstr("/"))/tr_events.php?triggerid=\($f.trigger)&eventid=\($f.event)" end)][0]),
      labels: ([{
          host: .host, address: .address, event_id: .event, trigger_id: .trigger,
          item: (.flat.itemname // .flat.item // .flat.itemname1), value: (.flat.itemvalue // .flat.itemlastvalue), hostgroup: .flat.hostgroupname,
          event_source: (.flat.eventsource // .flat.source)
        } | map_values(text) | clean][0]),
      annotations: ([{
          operational_data: (.flat.eventopdata // .flat.opdata), trigger_description: .flat.triggerdescription, runbook: .flat.triggerurl,
          update: .flat.eventupdateaction, comment: (.flat.eventupdatemessage), author: (.flat.userfullname // .flat.user)
        } | map_values(text) | clean][0]),
      tags: .tags,
      entities: (if .host == null then [] else [{type: "HOST", name: .host, address: .address} | map_values(text) | clean] end)
    };

def mapped($path):
  if type != "object" then {error: "an event must be an object", field: ($path | rtrimstr("."))}
  else
    . as $in
    | [named | facts][0]
    | if .trigger == null and .event == null and .title == null then
        # The test button of a media type sends every macro as it is written.
        if [$in | .. | select(unset)] != []
        then {source_id: "zabbix-media-type-test", title: "Zabbix media type test", status: "OK", severity: "Information", test: true, notes: ["no macro has a value: a test of the media type"]}
        else {error: "an event needs a trigger, an event id or a name", field: ($path + "trigger_id")}
        end
      elif .trigger == null and .event == null and (.title | startswith("Updated problem in ")) then
        {error: "an update needs the event's id: add {EVENT.ID} to the media type's parameters", field: ($path + "event_id")}
      else [alert][0] | clean
      end
  end;

def each($path): [to_entries[] | .key as $i | .value | [mapped($path + "[\($i)].")][0]];

if type == "array" then each("")
elif type == "object" and (.jsonrpc | type) == "string" and (.result | type) == "array" then .result | each("result")
elif type == "object" and any(.events, .alerts, .problems; type == "array" and (.[0] | type) == "object")
then . as $in | first("events", "alerts", "problems" | select($in[.] | type == "array" and (.[0] | type) == "object")) as $list | $in[$list] | each($list)
else [mapped("")]
end
