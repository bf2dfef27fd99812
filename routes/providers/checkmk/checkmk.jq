# A notification script of Checkmk -> canonical alerts. The script names the fields: names are compared in lower case and
# without marks (NOTIFY_HOSTNAME, host_name, host), values are Checkmk's notification variables.

# An unset variable is empty, or a script's own word for nothing.
def text:
  if . == null or type == "object" or type == "array" then null
  else tostring | if . == "" or . == "None" or test("^\\$[A-Z0-9_:]+\\$$") then null else . end
  end;
def plain: ascii_downcase | split("_") | join("") | split(".") | join("") | split("-") | join("") | split(" ") | join("") | ltrimstr("notify");
def named: with_entries(.key |= plain | .value |= text) | with_entries(select(.value != null));
def clean: with_entries(select(.value != null and .value != [] and .value != {}));
def time: if . == null or . == "0" then null else . end;

# Checkmk's messages to Splunk On-Call name a service only in "service on host" and in "service/host:address", without blanks.
# An unknown state is INFO there.
def on_call:
  if .messagetype == null or .entityid == null or .hostname == null or (.monitoringtool // "" | test("^check_?mk"; "i") | not) then .
  else
    .hostname as $host
    | (" on " + $host) as $on
    | ("/" + $host + ":") as $slash
    | (if .entityid | contains($slash) | not then null
       elif .entitydisplayname // "" | endswith($on) then .entitydisplayname | rtrimstr($on)
       else .entityid | split($slash)[0]
       end) as $service
    | (.statemessage // "" | split("\n") | map(sub("\r$"; ""))) as $lines
    | {state: .messagetype, output: ($lines[0] | text), url: ([$lines[] | select(test("^https?://"))][0]), service: $service,
       address: (.entityid | split($host + ":") | if length > 1 then .[-1] else null end)} + . | clean
  end;

def mapped($path):
  if type != "object" then {error: "a notification must be an object", field: ($path | rtrimstr("."))}
  else
    named
    | on_call
    | (.hostname // .host) as $host
    | (if ((.what // "") | ascii_downcase) == "host" then null else .servicedesc // .servicedescription // .servicename // .service end) as $service
    | if $host == null then {error: "a notification needs a host", field: ($path + "host")}
      else
        ((.notificationtype // .type // "") | ascii_downcase | split(" ")[0] // "") as $type
        # In the script of Keep's documentation a host's severity is always OK and its state is called status; a service's
        # state is called severity.
        | (if $service != null then .servicestate // .serviceshortstate // .state // .severity // .serviceshortstate // .servicestateid // .status
           else .hoststate // .hostshortstate // .state // .status // .hoststateid // .severity
             | if . == "0" then "UP" elif . == "1" then "DOWN" elif . == "2" then "UNREACH" else . end
           end) as $state
        | {
            source_id: (if $service == null then $host else "\($host):\($service)" end),
            title: (if $service == null then $host else "\($host)/\($service)" end),
            description: ((if $service == null then .hostoutput else .serviceoutput end) // .output // .text // .summary),
            # What is happening to the problem where the type says so, else the state.
            status: (
              if .ecphase == "ack" or .ecphase == "closed" then .ecphase
              elif $type == "recovery" or $type == "acknowledgement" or $type == "downtimestart" then (.notificationtype // .type) | split(" ")[0]
              elif ((if $service == null then .hoststatetype else .servicestatetype end // .statetype // "") | ascii_downcase) == "soft"
                and (["ok", "up", "0"] | index([($state // "" | ascii_downcase)]) == null) then "SOFT"
              elif $type == "problem" or $type == "flappingstart" or $state == null then .notificationtype // .type // .status
              else $state
              end),
            severity: $state,
            service: $service,
            environment: (.environment // .env // .hosttagcriticality // .hosttagscriticality // null
              | if . == "prod" then "production" else . end),
            # Since when the state is what it is.
            starts_at: (if ["ok", "up", "0"] | index([($state // "" | ascii_downcase)]) != null then null else (if $service == null then .lasthoststatechange else .lastservicestatechange end) | time end),
            event_time: ((.microtime | time)
              // (if (.longdatetime // "" | test(" UTC [0-9]{4}$")) then .shortdatetime else null end)),
            url: ((.url // (if $service == null then .hosturl else .serviceurl end))
              | if . != null and test("^https?://") then . else null end),
            labels: ({
                # The Event Console tells of events: two of one host and application are two problems.
                event_id: .ecid,
                host: $host, alias: (.hostalias // .alias), address: (.hostaddress // .address), site: (.omdsite // .site),
                what: .what, state: $state, notification_type: (.notificationtype // .type),
                check_command: (if $service == null then .hostcheckcommand else .servicecheckcommand end // .checkcommand),
                problem_id: ((if $service == null then .hostproblemid else .serviceproblemid end // .problemid // .eventid // .id) | time)
              } | clean),
            annotations: ({
                summary: .summary, event: .event,
                long_output: ((if $service == null then .longhostoutput else .longserviceoutput end) // .longoutput),
                perfdata: (.serviceperfdata // .hostperfdata // .perfdata), author: (.notificationauthor // .author),
                comment: (.notificationcomment // .comment),
                path: ((.url // .serviceurl // .hosturl) | if . != null and startswith("/") then . else null end)
              } | clean),
            entities: [{type: "HOST", name: $host, address: (.hostaddress // .address)} | clean]
          } | clean
      end
  end;

if type == "array" then [to_entries[] | .key as $i | .value | mapped("[\($i)].")] else [mapped("")] end
