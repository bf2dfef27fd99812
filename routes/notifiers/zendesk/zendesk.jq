# One change of an alert -> what to ask Zendesk; with what it found -> what to write there.

# Control characters and direction marks become U+FFFD: seen, without effect. By split and join: in this jq gsub recurses once
# for every match (a thousand of them overflow the stack) and implode breaks characters beyond U+FFFF.
def marks: [range(1; 9), 11, 12, range(14; 32), range(127; 160), 8206, 8207, range(8234; 8239), range(8294; 8298)] | map([.] | implode);
def visible:
  split("\r\n") | join("\n") | split("\r") | join("\n")
  | if test("[\u0001-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]") then reduce marks[] as $mark (.; split($mark) | join("\ufffd")) else . end;
# Zendesk fills in placeholders ({{ and {%) in what an agent writes.
def plain:
  if . == null then "" elif type == "string" then . else tojson end | visible
  | if test("\\{[{%]") then split("{") | join("{ ") else . end;
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
| ({critical: "urgent", high: "high", medium: "normal"}[$a.severity // "info"] // "low") as $priority
| ($in.destination.public == "true") as $public
| def written($head):
    "\($head)\n\n\($a.description | plain | if . == "" then "" else "\(fit(2000))\n\n" end)\($rows | map("\(.name): \(.value)\n") | join(""))\(if $url == null then "" else "\($url)\n" end)"
    | fit(4000);
  if ($in | has("found") | not) then
    # By external id, not by search: the search index is behind by minutes.
    { step: "find", path: "/api/v2/tickets.json", body: null,
      query: "external_id=\($key)&per_page=3&sort_by=created_at&sort_order=desc" }
  else
    ([($in.found.tickets // [])[] | select(.id | tostring | test("^[0-9]{1,18}$"))] | sort_by(.created_at // "") | .[-1]) as $ticket
    | (if $ticket == null then "none" elif $ticket.status == "closed" then "closed"
       elif $ticket.status == "solved" then "resolved" else "open" end) as $kind
    | due($verdict; $policy; $kind; ($in.delivery.attempt // 1) > 1) as $due
    | if $due == "create" or $due == "follow" then
        { step: "create", path: "/api/v2/tickets.json", query: "", key: "\($key)-\($in.change.version // 1)-\($a.first_received // "")",
          body: {ticket: (
            { external_id: $key, type: "incident", priority: $priority,
              subject: ("[\($a.severity // "info" | ascii_upcase)] \($title)" | fit(150)),
              comment: {body: written($title | fit(1000)), public: $public},
              tags: (["serai"] + (($in.destination.tags // "") | split(",") | map(split(" ") | join("")) | map(select(. != "")))) }
            + (if $due == "follow" then {via_followup_source_id: $ticket.id} else {} end)
            + (if ($in.destination."group-id" // "") == "" then {} else {group_id: $in.destination."group-id"} end))} }
      elif $due == "skip" then
        {step: "skip", reason: (if $ticket == null then "no ticket of this alert to solve" else "the ticket is closed" end)}
      elif $due == "keep" then
        {step: "keep", reference: "\($ticket.id)"}
      else
        { step: "update", reference: "\($ticket.id)", path: "/api/v2/tickets/\($ticket.id).json", query: "",
          body: {ticket: (
            {comment: {body: written($news), public: $public}}
            + (if $due == "resolve" then {status: "solved"} elif $due == "reopen" then {status: "open"} else {} end)
            + (if $verdict == "resolved" then {} else {priority: $priority} end))} }
      end
  end
