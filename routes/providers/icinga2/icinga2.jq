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

# Everything that the form says, by one name each; null where it says nothing.
def facts:
  . as $in
  | named as $flat
  | (.attrs // {}) as $attrs
  | (.metadata | named) as $meta
  | ((.check_result // $attrs.last_check_result) | named) as $check
  | (.host | named) as $host
  | (.service | named) as $service
  # icinga/HOST/SERVICE
  | ((.deduplication_key | text // "") | if startswith("icinga/") then split("/")[1:] else [] end) as $key
  | {
      host: ($meta.host // $host.name // $attrs.host_name // (if $in.type == "Host" then $attrs.name // $attrs.__name else null end)
        // $flat.hostname // (.host | text) // $flat.hostalias // (.downtime.host_name? // null) // $key[0] | text),
      hostname: ($host.displayname // $flat.hostdisplayname // $flat.hostalias // (if $in.type == "Host" then $attrs.display_name else null end) | text),
      address: ($host.address // $flat.hostaddress // $flat.address // $attrs.address | text),
      service: ($meta.service // $service.name // (if $in.type == "Service" then $attrs.name else null end)
        // $flat.servicename // $flat.servicedesc // $flat.servicedescription // (.service | text) // (.downtime.service_name? // null) // ($key[1:] | join("/")) | text),
      servicename: ($service.displayname // $flat.servicedisplayname // (if $in.type == "Service" then $attrs.display_name else null end) | text),
      type: ($meta.notificationtype // $flat.notificationtype // (if .attrs != null then null else $flat.type end) | text),
      flat_state: ($meta.state // $attrs.state // $flat.servicestate),
      host_state: ($flat.hoststate // null),
      any_state: ($flat.state // $service.state // $host.state),
      exit: ($check.state // $check.exitstatus),
      statetype: ($attrs.state_type // $flat.statetype // $check.statetype // $check.varsafter.state_type? // $flat.servicestatetype // $flat.hoststatetype | text),
      acknowledged: ($attrs.acknowledgement // $flat.acknowledgement // $service.acknowledgement // $host.acknowledgement | truth),
      downtime: ($attrs.downtime_depth // $flat.downtimedepth // $service.downtimedepth // $host.downtimedepth | truth),
      since: ($attrs.last_hard_state_change // $flat.lasthardstatechange // $flat.lastservicestatechange // $flat.lasthoststatechange // $flat.laststatechange // $attrs.last_state_change | time),
      at: (.timestamp // $flat.timet // $check.executionend // null | time),
      output: ($check.output // $flat.description // $flat.serviceoutput // $flat.hostoutput // $flat.output | text),
      url: ($flat.sourceurl // $flat.url // $flat.icingaweb2url // $flat.link // $attrs.action_url | text | if . != null and test("^https?://") then . else null end),
      runbook: ($flat.notesurl // $flat.servicenotesurl // $flat.hostnotesurl // $attrs.notes_url | text),
      author: ($flat.notificationauthor // $flat.notificationauthorname // $flat.author | text),
      comment: ($flat.notificationcomment // $flat.comment | text),
      source: ($meta.checksource // $check.checksource | text),
      command: ($attrs.check_command // $service.checkcommand // $host.checkcommand // $flat.checkcommand | text),
      environment: ($meta.environment // $meta.env // $attrs.vars.environment? // $attrs.vars.env? // $flat.environment // $flat.env | text),
      groups: (($meta.hostgroups // []) + ($meta.servicegroups // []) + ($attrs.groups // []))
    };

def mapped($path):
  if type != "object" then {error: "a notification must be an object", field: ($path | rtrimstr("."))}
  else
    . as $in
    | facts as $f
    | if $f.host == null then {error: "a notification needs a host", field: ($path + "host")}
      else
        ((($f.flat_state | text) // (if $f.service == null then $f.host_state | text else null end) // ($f.any_state | text)
           // ($f.exit | text | if $f.service != null or . == null then . else rtrimstr(".0") | {"0": "UP", "1": "UP", "2": "DOWN", "3": "DOWN"}[.] // . end))
         | word($f.service != null)) as $state
        | (($f.type // "") | ascii_downcase | split("_") | join("") | split(" ")[0] // "") as $type
        | (($f.statetype // "") | ascii_downcase | rtrimstr(".0") | . == "0" or . == "soft") as $soft
        | {
            source_id: (if $f.service == null then "icinga/\($f.host)" else "icinga/\($f.host)/\($f.service)" end),
            title: (($in.title | text)
              // (if ($in.check_result | type) == "object" and ($in.host | type) == "object" then $f.servicename // $f.service // $f.hostname // $f.host
                  elif $f.service == null then $f.hostname // $f.host
                  else "\($f.servicename // $f.service) on \($f.hostname // $f.host)" end)),
            description: $f.output,
            # What is happening to the problem where the type says so, else the state, which is open once it is hard.
            status: (
              if ($type | startswith("acknowledgement") and . != "acknowledgementcleared")
                or $type == "downtimestart" or $type == "downtimestarted" or $type == "downtimetriggered"
                or $type == "recovery" then $f.type
              elif $type == "flappingstart" then $f.type
              elif $type == "problem" and $state == null then $f.type
              elif $state == null then ($in.status | text) // $f.type
              elif ($state | good) then $state
              elif $soft then "SOFT"
              elif $f.downtime then "in downtime"
              elif $f.acknowledged then "acknowledged"
              elif $type == "problem" then $f.type
              else $state
              end),
            severity: $state,
            service: $f.service,
            environment: $f.environment,
            starts_at: $f.since,
            event_time: $f.at,
            url: $f.url,
            labels: ({
                host: $f.host, address: $f.address, state: $state, notification_type: $f.type,
                state_type: (if $f.statetype == null then null elif $soft then "SOFT" else "HARD" end),
                check_source: $f.source, check_command: $f.command
              } | clean),
            annotations: ({
                author: $f.author, comment: $f.comment, runbook: $f.runbook,
                host: $f.hostname, service: $f.servicename
              } | clean),
            tags: [$f.groups[] | text | select(. != null)],
            entities: [{type: "HOST", name: $f.host, address: $f.address} | clean]
          } | clean
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
