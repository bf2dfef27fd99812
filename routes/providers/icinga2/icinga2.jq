# Icinga 2 -> canonical alerts: what a notification command sends (any spelling of the macros, flat or nested, and
# incident.io's form), an event of the stream, an object of the API. All of them name one host or service alike.

# A macro without a value is empty, one that does not exist stays as it was written.
def text:
  if . == null or type == "object" or type == "array" then null
  else tostring | if . == "" or test("^\\$[a-zA-Z0-9_.]+\\$$") then null else . end
  end;
def plain: ascii_downcase | split("_") | join("") | split(".") | join("") | split("-") | join("") | split(" ") | join("") | ltrimstr("icinga");
def named:
  if type == "object"
  then with_entries(.key |= plain | .value |= if type == "object" or type == "array" then . else text end) | with_entries(select(.value != null))
  else {} end;
def clean: with_entries(select(.value != null and .value != [] and .value != {}));
def time: text | if . == null or test("^[0-9]*[1-9][0-9]*(\\.[0-9]+)?$|^[0-9]{4}-") then . else null end;
def truth: text | . != null and . != "0" and (ascii_downcase | . != "false");
# 2, 2.0 and "2" are one state; of a host 1 is down, of a service it is a warning. A check result has its command's exit
# code for a state, of a host too: there 1 is still up.
def word($service):
  text
  | if . == null then null
    else ascii_downcase | rtrimstr(".0")
      | {"0": (if $service then "OK" else "UP" end), "1": (if $service then "WARNING" else "DOWN" end), "2": (if $service then "CRITICAL" else "UNREACHABLE" end), "3": "UNKNOWN", "99": "PENDING"}[.] // ascii_upcase
    end;
def good: . == "OK" or . == "UP";

# Everything that the form says, by one name each; null where it says nothing. Every step stands in a list of its own:
# a step that another one follows stays on Java's stack, a list is done when it is there.
def sources: {
    in: [.][0],
    flat: [named][0],
    attrs: [.attrs | if type == "object" then . else {} end][0],
    meta: [.metadata | named][0],
    check: [(.check_result // .attrs.last_check_result?) | named][0],
    host: [.host | named][0],
    service: [.service | named][0],
    # icinga/HOST/SERVICE
    key: [(.deduplication_key | text // "") | if startswith("icinga/") then split("/")[1:] else [] end][0]
  };
def facts: [
    [(.meta.host // .host.name // .attrs.host_name // (if .in.type == "Host" then .attrs.name // .attrs.__name else null end)
      // .flat.hostname // (.flat.host | text) // .flat.hostalias // .in.downtime.host_name? // .key[0]) | text],
    [(.host.displayname // .flat.hostdisplayname // .flat.hostalias // (if .in.type == "Host" then .attrs.display_name else null end)) | text],
    [(.host.address // .flat.hostaddress // .flat.address // .flat.ipaddress // .attrs.address) | text],
    [(.meta.service // .service.name // (if .in.type == "Service" then .attrs.name else null end)
      // .flat.servicename // .flat.servicedesc // .flat.servicedescription // (.flat.service | text) // .in.downtime.service_name? // (.key[1:] | join("/"))) | text],
    [(.service.displayname // .flat.servicedisplayname // (if .in.type == "Service" then .attrs.display_name else null end)) | text],
    [(.meta.notificationtype // .flat.notificationtype // (if .attrs == {} then .flat.type else null end)) | text],
    [(.meta.state // .attrs.state // .flat.servicestate) | text],
    [.flat.hoststate | text],
    [(.flat.state // .service.state // .host.state) | text],
    [(.check.state // .check.exitstatus) | text],
    [(.attrs.state_type // .flat.statetype // .check.statetype // .check.varsafter.state_type? // .flat.servicestatetype // .flat.hoststatetype) | text],
    [(.attrs.acknowledgement // .flat.acknowledgement // .service.acknowledgement // .host.acknowledgement) | truth],
    [(.attrs.downtime_depth // .flat.downtimedepth // .service.downtimedepth // .host.downtimedepth) | truth],
    [(.attrs.last_hard_state_change // .flat.lasthardstatechange // .flat.lastservicestatechange // .flat.lasthoststatechange // .flat.laststatechange // .attrs.last_state_change) | time],
    [(.in.timestamp // .flat.timet // .check.executionend) | time],
    [(.check.output // .flat.description // .flat.serviceoutput // .flat.hostoutput // .flat.output // .flat.checkoutput) | text],
    [(.flat.sourceurl // .flat.url // .flat.icingaweb2url // .flat.link // .attrs.action_url) | text | if . != null and test("^https?://") then . else null end],
    [(.flat.notesurl // .flat.servicenotesurl // .flat.hostnotesurl // .attrs.notes_url) | text],
    [(.flat.notificationauthor // .flat.notificationauthorname // .flat.author) | text],
    [(.flat.notificationcomment // .flat.comment) | text],
    [(.meta.checksource // .check.checksource) | text],
    [(.attrs.check_command // .service.checkcommand // .host.checkcommand // .flat.checkcommand) | text],
    [(.meta.environment // .meta.env // .attrs.vars.environment? // .attrs.vars.env? // .flat.environment // .flat.env) | text],
    [[.meta.hostgroups, .meta.servicegroups, .attrs.groups] | map(if type == "array" then .[] else empty end) | map(text | select(. != null))],
    [.in.title | text],
    [.in.status | text],
    [(.in.check_result | type) == "object" and (.in.host | type) == "object"]
  ] | map(.[0]) | {
    host: .[0], hostname: .[1], address: .[2], service: .[3], servicename: .[4], type: .[5], state: .[6], host_state: .[7],
    any_state: .[8], exit: .[9], statetype: .[10], acknowledged: .[11], downtime: .[12], since: .[13], at: .[14],
    output: .[15], url: .[16], runbook: .[17], author: .[18], comment: .[19], source: .[20], command: .[21],
    environment: .[22], groups: .[23], title: .[24], status: .[25], keep: .[26]
  };

def state_word:
  . as $f
  | ($f.state // (if $f.service == null then $f.host_state else null end) // $f.any_state
    // (if $f.service != null or $f.exit == null then $f.exit
        else {"0": "UP", "1": "UP", "2": "DOWN", "3": "DOWN"}[$f.exit | rtrimstr(".0")] // $f.exit end))
  | word($f.service != null);

# Icinga Notifications says tags for host and service, and syslog's words for states. Its event's types are told apart
# only where the state does not tell.
def notified:
  def told($tags; $severity; $event): {
      host: $tags.host, service: $tags.service, state: $severity, output: $event.message, timestamp: $event.time, author: $event.username,
      type: ($event.type | text | if . == null or (test("^(acknowledgement-set|downtime-start|flapping-start)$") | not) then null else split("-") | join("") end)
    };
  if type != "object" then .
  elif (.object | type) == "object" and (.object.tags | type) == "object" then
    ((.incident | if type == "object" then . else {} end) as $incident
      | (.event | if type == "object" then . else {} end) as $event
      | told(.object.tags; if $incident.recovered == true then "OK" else $incident.severity // $event.severity end; $event)
        + {url: .object.url, downtime_depth: (if $incident.muted == true or $event.type == "mute" then "1" else null end)}) | clean
  elif (.tags | type) == "object" and (.tags | has("host")) and has("severity") then
    (told(.tags; if .close == true then "OK" else .severity end; .)
      + {url: .url, downtime_depth: (if .muted == true or .type == "mute" then "1" else null end)}) | clean
  else .
  end;

# What is happening to the problem where the type says so, else the state, which is open once it is hard.
def status_word($state; $type; $soft):
  if ["acknowledgement", "acknowledgementset", "downtimestart", "downtimestarted", "downtimetriggered", "recovery", "flappingstart"] | index([$type]) != null
  then .type
  elif $state == null then (if $type == "problem" then .type else .status // .type end)
  elif $state | good then $state
  elif $soft then "SOFT"
  elif .downtime then "in downtime"
  elif .acknowledged then "acknowledged"
  elif $type == "problem" then .type
  else $state
  end;

def alert($state; $type; $soft):
  (if .service == null then "icinga/\(.host)" else "icinga/\(.host)/\(.service)" end) as $id
  | {
      source_id: $id,
      title: (.title // (if .keep then .servicename // .service // .hostname // .host
        elif .service == null then .hostname // .host
        else "\(.servicename // .service) on \(.hostname // .host)" end)),
      description: .output,
      status: ([status_word($state; $type; $soft)][0]),
      severity: $state,
      service: .service,
      environment: .environment,
      # Since when the state is what it is.
      starts_at: (if $state != null and ($state | good) then null else .since end),
      ends_at: (if $state != null and ($state | good) then .since else null end),
      event_time: .at,
      url: .url,
      labels: ([{
          host: .host, address: .address, state: $state, notification_type: .type,
          state_type: (if .statetype == null then null elif $soft then "SOFT" else "HARD" end),
          check_source: .source, check_command: .command
        } | clean][0]),
      annotations: ([{author: .author, comment: .comment, runbook: .runbook, host: .hostname, service: .servicename} | clean][0]),
      tags: .groups,
      entities: [{type: "HOST", name: .host, address: .address} | clean]
    };

def mapped($path):
  if type != "object" then {error: "a notification must be an object", field: ($path | rtrimstr("."))}
  else
    [[[notified][0] | sources][0] | facts][0]
    | if .host == null then {error: "a notification needs a host", field: ($path + "host")}
      else
        [[state_word][0], [(.type // "") | ascii_downcase | split("_") | join("") | split(" ")[0] // ""][0],
          [(.statetype // "") | ascii_downcase | rtrimstr(".0") | . == "0" or . == "soft"][0]] as $words
        | [alert($words[0]; $words[1]; $words[2])][0] | clean
      end
  end;

# What the stream says besides: nothing about a problem.
def no_alert: type == "object" and ((.type | type) == "string")
  and (.type | ascii_downcase | . == "commentadded" or . == "commentremoved" or . == "downtimeadded" or . == "downtimeremoved" or . == "flapping" or . == "objectcreated" or . == "objectmodified" or . == "objectdeleted")
  and (has("state") | not);
def each($path): [to_entries[] | .key as $i | .value | select(no_alert | not) | mapped($path + "[\($i)].")];

if type == "array" then each("")
elif type == "object" and (.results | type) == "array" then .results | each("results")
elif no_alert then []
else [mapped("")]
end
