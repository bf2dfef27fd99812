# One change of an alert -> a PagerDuty Events API v2 event. The route adds the routing key. One dedup key from the first
# trigger to the resolve; after a resolve the same key opens a new incident there.

# Control characters and direction marks become U+FFFD: seen, without effect. By split and join: in this jq gsub recurses once
# for every match (a thousand of them overflow the stack) and implode breaks characters beyond U+FFFF.
def marks: [range(1; 9), 11, 12, range(14; 32), range(127; 160), 8206, 8207, range(8234; 8239), range(8294; 8298)] | map([.] | implode);
def visible:
  split("\r\n") | join("\n") | split("\r") | join("\n")
  | if test("[\u0001-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]") then reduce marks[] as $mark (.; split($mark) | join("\ufffd")) else . end;
def plain: if . == null then "" elif type == "string" then . else tojson end | visible;
def line: plain | split("\n") | join(" ") | split("\t") | join(" ");
def fit($n): if length <= $n then . else .[0:$n - 1] + "…" end;
def texts($most; $n): to_entries | .[0:$most] | map({key: (.key | line | fit(100)), value: (.value | plain | fit($n))}) | from_entries;
def kept: with_entries(select(.value != null and .value != "" and .value != [] and .value != {}));
def secure: if . == null then null else (plain | if test("^https://[^\\s<>\"]+$") and length <= 2000 then . else null end) end;

{critical: "critical", high: "error", medium: "warning", low: "info", info: "info"} as $severities
| . as $in
| .alert as $a
| ($a.url // "" | plain | if test("^https?://[^\\s<>\"]+$") and length <= 2000 then . else null end) as $url
| ($in.destination."client-url" // "" | if test("^https?://[^/?#:@]+\\.[^/?#:@]+([:/?#].*)?$") then . else null end) as $client
| [($a.entities // [])[] | .name // .id | select(. != null)] as $affected
| "serai-\($a.fingerprint)" as $key
| if $in.change.verdict == "resolved" or $a.status == "resolved" then {event_action: "resolve", dedup_key: $key}
  # Somebody has it in hand, or has silenced it, over there: the incident stays and stops to escalate. There may be none.
  elif $a.status == "acknowledged" or $a.status == "suppressed" then {event_action: "acknowledge", dedup_key: $key}
  else
    {
      event_action: "trigger",
      dedup_key: $key,
      payload: ({
        summary: ((if $a.test == true then "TEST " else "" end) + ($a.title | line) | fit(1024)),
        # The affected system; what monitors it where nothing better is known.
        source: ([$affected[0], $a.labels.host, $a.labels.instance, $a.service, $a.provider] | map(select(. != null) | line) | map(select(. != "")) | .[0] | fit(1000)),
        severity: ($severities[$a.severity // "medium"] // "warning"),
        timestamp: ($a.starts_at // $a.last_received),
        component: ($a.service | line | fit(200)),
        group: ($a.environment | line | fit(200)),
        class: ($a.labels.alertname | line | fit(200)),
        custom_details: ({
          description: ($a.description | plain | fit(8000)),
          status: $a.status,
          severity: $a.severity,
          original: ([$a.original.severity, $a.original.status] | map(select(. != null) | line | fit(200)) | join(", ")),
          provider: $a.provider,
          source_id: ($a.source_id | line | fit(1000)),
          affected: ($affected | .[0:30] | map(line | fit(100))),
          tags: (($a.tags // []) | .[0:30] | map(line | fit(100))),
          labels: (($a.labels // {}) | texts(25; 300)),
          annotations: (($a.annotations // {}) | texts(25; 300)),
          incident: ($in.incident.title | line | fit(500)),
          reason: ($in.delivery.reason | line | fit(500)),
          serai_alert: $a.id
        } | kept)
      } | kept)
    }
    + (($a.annotations // {} | .image_url // .imageURL // .image | secure) as $image
       | if $image == null then {} else {images: [{src: $image, alt: "Image of \($a.provider)"}]} end)
    + (if $url == null then {} else {links: [{href: $url, text: "Open in \($a.provider)"}]} end)
    + {client: "Serai"}
    + (if $client == null then {} else {client_url: $client} end)
  end
