# Uptime Kuma: webhook (JSON, or form data with the JSON in the field "data") and its PagerTree flavour -> canonical alerts.
# The monitor is the identity; a message about a certificate or a domain comes without monitor and heartbeat.

def text: if . == null or type == "object" or type == "array" then null else tostring | if . == "" then null else . end end;
def object: if type == "object" then . else {} end;

# The heartbeat's time is UTC without saying so; the local one has its offset beside it.
def time:
  (.time | text) as $utc
  | if $utc != null then (if $utc | test("^[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9:.]+$") then $utc + "Z" else $utc end)
    elif (.localDateTime | text) != null then (.localDateTime | text) + ((.timezoneOffset | text) // "")
    else null
    end;

def tag($names): [.[] | select((.name | tostring | ascii_downcase) as $n | $names | index([$n])) | .value | text | select(. != null)][0];

# "[Pots] [Down] timeout" names the monitor when nothing else does.
def name_in_text: (tostring | capture("^\\[(?<name>[^\\]]+)\\] ?\\[") // null) | if . == null then null else .name end;

# What a body of the user's own has of it: "{{msg}}" under a name of his choice, Body in the template that Kuma proposes.
def said: [.msg, .Body, .body, .message, .text] | map(text | select(. != null)) | .[0];
def status_in_text: if . == null then null else (capture("\\] ?\\[[^\\]]*\\b(?<word>Up|Down)\\]").word // null) | if . == null then null elif . == "Up" then 1 else 0 end end;

def about_no_monitor:
  (said // (.title | text) // "Uptime Kuma") as $message
  | ($message | status_in_text) as $status
  | if $status != null then
      ($message | name_in_text) as $name
      | {source_id: $name, title: $name, description: ($message | sub("^(?:\\[[^\\]]*\\] *)+"; "") | text), status: $status, labels: {monitor: $name},
         notes: ["no monitor's id: identified by its name"]}
    elif $message | test("\\bexpir(e|es|ed|ing|y|ation)\\b"; "i") then
      ($message | sub(" +in -?[0-9]+ days?"; "")) as $what
      | {source_id: $what, title: $what, description: $message, status: 0, severity: "expiry", tags: ["expiry"],
         notes: ["Uptime Kuma does not tell when it is renewed"]}
    else {source_id: $message, title: $message, description: "Test of a notification in Uptime Kuma", status: 0, severity: "test", test: true}
    end;

def mapped:
  (.heartbeat | object) as $beat
  | (.monitor | object) as $monitor
  | if $beat == {} and (($monitor == {} and .event_type != "resolve") or (.event_type == null and (said // "" | test(" will expire in ")))) then about_no_monitor
    else
      (($monitor.id | text) // ($beat.monitorID | text) // ($beat.monitor_id | text) // (.id | text) // ($monitor.name | text) // (.msg | name_in_text)) as $id
      | ([$monitor.tags | if type == "array" then .[] else empty end | select(type == "object")]) as $tags
      | ($beat.status // .event_type // (said | status_in_text)) as $status
      | ($monitor.url | text | if . == "https://" or . == "http://" then null else . end) as $target
      | (($monitor.name | text) // (.msg | name_in_text) // (.title | text) // "Uptime Kuma monitor \($id)") as $title
      | if $id == null then {error: "a heartbeat needs its monitor's id", field: "monitor.id"}
        else
          {
            source_id: $id,
            title: $title,
            description: (($beat.msg | text) // (.msg | text) // (.title | text)),
            status: $status,
            severity: ((.urgency | text) // ($tags | tag(["severity", "priority"]))),
            service: ($tags | tag(["service"])),
            environment: ($tags | tag(["environment", "env"])),
            starts_at: (if ($status | tostring) == "0" then $beat | time else null end),
            ends_at: (if ($status | tostring) == "1" then $beat | time else null end),
            labels: ({monitor_id: $id, monitor: ($monitor.pathName // $monitor.name), type: $monitor.type, hostname: $monitor.hostname, port: $monitor.port}
              | map_values(text) | with_entries(select(.value != null))),
            annotations: ({title: .title, message: .msg, target: $target, ping: $beat.ping, about: $monitor.description}
              | map_values(text) | with_entries(select(.value != null))),
            tags: [$tags[] | [.name, .value] | map(text | select(. != null)) | join(":") | select(. != "")],
            url: $target
          }
        end
    end;

if type != "object" then [{error: "a notification must be an object", field: ""}]
elif (.data | type) == "string" then
  (.data | try fromjson catch null) as $data
  | if ($data | type) == "object" then [$data | mapped] else [{error: "the field data must hold JSON", field: "data"}] end
elif has("heartbeat") or has("monitor") or has("msg") or has("event_type") or (said | status_in_text) != null or (said // "" | test(" will expire in ")) then [mapped]
else [{error: "a notification needs heartbeat, monitor or msg", field: "heartbeat"}]
end
