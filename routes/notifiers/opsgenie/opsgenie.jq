# One change of an alert -> the requests to Opsgenie's Alert API, in order. The alias is the alert's for good: a repeated create
# only counts there, and after a close it makes a new alert. The reference remembers what Opsgenie was last told.

# Control characters and direction marks become U+FFFD: seen, without effect. By split and join: in this jq gsub recurses once
# for every match (a thousand of them overflow the stack) and implode breaks characters beyond U+FFFF.
def marks: [range(1; 9), 11, 12, range(14; 32), range(127; 160), 8206, 8207, range(8234; 8239), range(8294; 8298)] | map([.] | implode);
def visible:
  split("\r\n") | join("\n") | split("\r") | join("\n")
  | if test("[\u0001-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]") then reduce marks[] as $mark (.; split($mark) | join("\ufffd")) else . end;
def plain: if . == null then "" elif type == "string" then . else tojson end | visible;
def line: plain | split("\n") | join(" ") | split("\t") | join(" ");
# At most $n characters as Java counts them, two for one beyond U+FFFF; never half of one.
def fit($n):
  if length * 2 <= $n or length + ([explode[] | select(. > 65535)] | length) <= $n then .
  else
    (.[0:$n] | explode | reduce .[] as $c ({left: ($n - 1), at: 0};
      (if $c > 65535 then 2 else 1 end) as $size
      | if .left < $size then {left: -1, at: .at} else {left: (.left - $size), at: (.at + 1)} end)) as $cut
    | .[0:$cut.at] + "…"
  end;
def words: split(",") | map(sub("^\\s+"; "") | sub("\\s+$"; "") | select(. != ""));
def kept: with_entries(select(.value != null and .value != "" and .value != [] and .value != {}));
def uuid: test("^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$");
def responder:
  (split(":") | {kind: .[0], name: (.[1:] | join(":"))})
  | if .kind == "team" or .kind == "schedule" or .kind == "escalation" then {type: .kind} + (if (.name | uuid) then {id: .name} else {name: .name} end)
    elif .kind == "user" then {type: "user"} + (if (.name | uuid) then {id: .name} else {username: .name} end)
    else {type: "team", name: (if .name == "" then .kind else "\(.kind):\(.name)" end)} end;

. as $in
| .alert as $a
| ({critical: "P1", high: "P2", medium: "P3", low: "P4", info: "P5"}[$a.severity // "medium"] // "P3") as $priority
| (if $a.status == "acknowledged" or $a.status == "suppressed" then "acknowledged" else "open" end) as $state
# What was last told: "<alert id> <priority> <state>".
| (($in.reference // "") | capture("^(?<id>[A-Za-z0-9-]+) (?<priority>P[1-5]) (?<state>open|acknowledged)$")? // null) as $told
| "serai-\($a.fingerprint)" as $alias
| ($a.url // "" | plain | if test("^https?://[^\\s<>\"]+$") and length <= 2000 then . else null end) as $url
| [($a.entities // [])[] | .name // .id | select(. != null) | line] as $affected
| {user: ($in.destination.user // "Serai" | fit(100)), source: "Serai"} as $who
| def note($text): $who + {note: $text};
  # Opsgenie counts all details together, names and values: 8000 characters, here as if each counted twice.
  def details:
    ([ ["severity", $a.severity], ["status", $a.status],
       ["original", ([$a.original.severity, $a.original.status] | map(select(. != null) | line | fit(100)) | join(", "))],
       ["service", $a.service], ["environment", $a.environment], ["started", $a.starts_at],
       ["provider", $a.provider], ["source_id", $a.source_id], ["incident", $in.incident.title],
       ["url", $url], ["serai_alert", $a.id] ]
     + (($a.labels // {}) | to_entries | map([.key, .value])))
    | map({key: (.[0] | line | fit(100)), value: (.[1] | line | fit(500))} | select(.key != "" and .value != ""))
    | reduce .[] as $each ({left: 8000, kept: {}};
        (.left - 2 * (($each.key | length) + ($each.value | length))) as $left
        | if $left < 0 or (.kept | has($each.key)) then . else {left: $left, kept: (.kept + {($each.key): $each.value})} end)
    | .kept;
  def create:
    { action: "create",
      body: ({
        message: ((if $a.test == true then "TEST " else "" end) + ($a.title | line) | fit(130)),
        alias: $alias,
        description: ([($a.description | plain | fit(12000)), ($url // "")] | map(select(. != "")) | join("\n\n")),
        responders: ($in.destination.responders // "" | words | map(responder) | .[0:50]),
        tags: ((($in.destination.tags // "" | words) + (($a.tags // []) | map(line | select(. != ""))))
          | map(fit(50)) | reduce .[] as $each ([]; if index($each) then . else . + [$each] end) | .[0:20]),
        details: details,
        entity: (if ($affected | length) > 0 then $affected | .[0:20] | join(", ") else $a.service | line end | fit(512)),
        source: "Serai",
        priority: $priority,
        user: $who.user
      } | kept) };
  def acknowledge: {action: "acknowledge", body: note("\($a.status) in \($a.provider)")};
  {
    alias: $alias,
    reference: "\($priority) \($state)",
    steps: (
      if $in.change.verdict == "resolved" or $a.status == "resolved" then
        [{action: "close", body: note("Resolved in \($a.provider)" + (if $a.ends_at == null then "" else " at \($a.ends_at)" end))}]
      elif $told == null then
        [create] + (if $state == "acknowledged" then [acknowledge] else [] end)
      else
        (if $told.priority == $priority then [] else [{action: "priority", body: {priority: $priority}}] end)
        + (if $state == $told.state then [] elif $state == "acknowledged" then [acknowledge]
           else [{action: "unacknowledge", body: note("Fires again in \($a.provider)")}] end)
        + [{action: "notes", body: note("Changed: \($a.severity // "medium"), \($a.status // "firing"): \($a.title | line | fit(1000))")}]
      end)
  }
