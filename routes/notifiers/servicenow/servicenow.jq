# One change of an alert -> what to ask ServiceNow; with what it found -> what to write there.

# Control characters and direction marks become U+FFFD: seen, without effect. By split and join: in this jq gsub recurses once
# for every match (a thousand of them overflow the stack) and implode breaks characters beyond U+FFFF.
def marks: [range(1; 9), 11, 12, range(14; 32), range(127; 160), 8206, 8207, range(8234; 8239), range(8294; 8298)] | map([.] | implode);
def visible:
  split("\r\n") | join("\n") | split("\r") | join("\n")
  | if test("[\u0001-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]") then reduce marks[] as $mark (.; split($mark) | join("\ufffd")) else . end;
# In a journal field, what stands between [code] and [/code] is HTML.
def plain:
  if . == null then "" elif type == "string" then . else tojson end | visible
  | if test("\\[\\s*/?\\s*code"; "i") then split("[") | join("[ ") else . end;
def line: plain | split("\n") | join(" ") | split("\t") | join(" ");
def fit($n): if length <= $n then . else .[0:$n - 1] + "…" end;

# What is due, by the kind of ticket that was found: none, open, resolved (can be opened again), closed (cannot be changed).
# A second attempt that finds the ticket as it should be has lost the first one's answer, so it says nothing again.
def due($verdict; $policy; $kind; $again):
  if $verdict == "resolved" then
    if $kind == "open" then "resolve" elif $kind == "resolved" then (if $again then "keep" else "comment" end) else "skip" end
  elif $kind == "none" then "create"
  elif $verdict != "new" and $verdict != "reopened" then (if $kind == "closed" then "skip" else "comment" end)
  elif $kind == "open" then (if $verdict == "reopened" and $policy != "new" and ($again | not) then "comment" else "keep" end)
  elif $policy == "reopen" then (if $kind == "closed" then "follow" else "reopen" end)
  elif $policy == "comment" and $verdict == "reopened" then (if $kind == "closed" then "skip" else "comment" end)
  else "create" end;

. as $in
| .alert as $a
| ($in.change.verdict // "new") as $verdict
| ($in.destination.reopen // "new") as $policy
# One ticket per opening; or one for all, when it is opened again or commented on.
| (if $policy == "new" then "serai-\($a.fingerprint)-\($in.thread.opened // 1)" else "serai-\($a.fingerprint)" end) as $key
| ($a.url // "" | plain | if test("^https?://[^\\s<>\"|\\]]+$") then . else null end) as $url
| [ ["Severity", $a.severity], ["Status", $a.status],
    ["In the sender's words", ([$a.original.severity, $a.original.status] | map(select(. != null) | line) | join(", "))],
    ["Service", $a.service], ["Environment", $a.environment],
    ["Started", $a.starts_at], ["Ended", $a.ends_at],
    ["Affected", ([($a.entities // [])[] | .name // .id | select(. != null)] | join(", "))],
    ["Provider", ([$a.provider, $a.source_id] | map(select(. != null)) | join(" / "))],
    ["Incident", $in.incident.title],
    ["Tags", (($a.tags // []) | join(", "))] ]
  | map({name: .[0], value: (.[1] | line | fit(300))} | select(.value != "")) as $rows
| ($a.title | line | if . == "" then "Alert" else . end) as $title
| (if $verdict == "resolved" then "Resolved\(if $a.ends_at == null then "" else " at \($a.ends_at | line)" end): \($title | fit(255))"
   elif $verdict == "reopened" then "Fires again: \($title | fit(255))"
   else "Changed: \($a.severity // "info"), \($a.status // "firing"): \($title | fit(255))" end) as $news
# Impact and urgency of the five priorities (1 critical to 5 planning) in the table that every instance begins with.
| ({critical: ["1", "1"], high: ["2", "1"], medium: ["2", "2"], low: ["3", "2"], info: ["3", "3"]}[$a.severity // "info"] // ["3", "3"]) as $weight
| ($in.destination.table // "incident") as $table
| "sysparm_fields=sys_id%2Cnumber%2Cstate" as $fields
| def written($head):
    "\($head)\n\n\($a.description | plain | if . == "" then "" else "\(fit(2000))\n\n" end)\($rows | map("\(.name): \(.value)\n") | join(""))\(if $url == null then "" else "\($url)\n" end)"
    | fit(4000);
  if ($in | has("found") | not) then
    { step: "find", path: "/api/now/table/\($table)", body: null,
      query: "sysparm_query=correlation_id%3D\($key)%5EORDERBYDESCsys_created_on&sysparm_limit=1&\($fields)" }
  else
    ([($in.found.result // [])[] | select(.sys_id | type == "string" and test("^[0-9a-f]{32}$"))] | .[0]) as $ticket
    | ($ticket.state // "" | tostring) as $state
    # 7 is Closed and 8 Canceled: read-only for whoever is no administrator.
    | (if $ticket == null then "none" elif $state == "7" or $state == "8" then "closed"
       elif $state == "6" or $state == $in.destination."resolved-state" then "resolved" else "open" end) as $kind
    | due($verdict; $policy; $kind; ($in.delivery.attempt // 1) > 1) as $due
    | if $due == "create" or $due == "follow" then
        { step: "create", path: "/api/now/table/\($table)", query: $fields, key: "\($key)-\($in.change.version // 1)",
          body: ({ short_description: ("[\($a.severity // "info" | ascii_upcase)] \($title)" | fit(160)),
                   description: written($title | fit(1000)),
                   impact: $weight[0], urgency: $weight[1],
                   correlation_id: $key, correlation_display: "Serai" }
                 + (if $due == "follow" then {parent_incident: $ticket.sys_id} else {} end)
                 + ([["caller_id", $in.destination.caller], ["assignment_group", $in.destination."assignment-group"],
                     ["category", $in.destination.category]]
                    | map(select(.[1] != null and .[1] != "") | {key: .[0], value: .[1]}) | from_entries)) }
      elif $due == "skip" then
        {step: "skip", reason: (if $ticket == null then "no incident of this alert to resolve" else "the incident is closed" end)}
      elif $due == "keep" then
        {step: "keep", reference: $ticket.sys_id}
      else
        { step: "update", reference: $ticket.sys_id, path: "/api/now/table/\($table)/\($ticket.sys_id)", query: $fields,
          body: ({work_notes: written($news)}
                 + (if $due == "resolve" then
                      { state: ($in.destination."resolved-state" // "6"), close_code: $in.destination."close-code",
                        close_notes: ($news | fit(1000)) }
                    elif $due == "reopen" then {state: ($in.destination."open-state" // "2")}
                    else {} end)
                 + (if $verdict == "resolved" then {} else {impact: $weight[0], urgency: $weight[1]} end)) }
      end
  end
