# One change of an alert -> what to ask Linear; with what it found -> what to write there.

# Control characters and direction marks become U+FFFD: seen, without effect. By split and join: in this jq gsub recurses once
# for every match (a thousand of them overflow the stack) and implode breaks characters beyond U+FFFF.
def marks: [range(1; 9), 11, 12, range(14; 32), range(127; 160), 8206, 8207, range(8234; 8239), range(8294; 8298)] | map([.] | implode);
def visible:
  split("\r\n") | join("\n") | split("\r") | join("\n")
  | if test("[\u0001-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]") then reduce marks[] as $mark (.; split($mark) | join("\ufffd")) else . end;
# Sender text stands in a code block, which has no markup but its own end.
def plain:
  if . == null then "" elif type == "string" then . else tojson end | visible | split("```") | join("'''");
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
| ({critical: 1, high: 2, medium: 3, low: 4}[$a.severity // "info"] // 0) as $priority
| $in.destination."team-id" as $team
| def written($head):
    "```\n\($head)\n\n\($a.description | plain | if . == "" then "" else "\(fit(20000))\n\n" end)\($rows | map("\(.name): \(.value)\n") | join(""))```\n\(if $url == null then "" else "<\($url)>\n" end)";
  # Ids in the form of UUID v4, made of what they stand for: who makes one a second time is told that it is there.
  def digits: . as $n | [1048576, 65536, 4096, 256, 16, 1] | map(($n / . | floor) % 16 | "0123456789abcdef"[. : . + 1]) | join("");
  def hash($factor): reduce explode[] as $c (7; (. * $factor + $c) % 16777213) | digits;
  def id: "\($a.fingerprint[0:8])-\($a.fingerprint[8:12])-4\($a.fingerprint[12:15])-8\($a.fingerprint[15:18])-\(hash(131))\(hash(257))";
  def state($name; $types):
    [($in.found.data.team.states.nodes // [])[]] | sort_by(.position // 0) | . as $all
    | ([$all[] | select($name != "" and (.id == $name or (.name // "" | ascii_downcase) == ($name | ascii_downcase)))]
       + [$types[] as $type | $all[] | select(.type == $type)])
    | .[0].id;
  ("issue \($team) \(if $policy == "new" then $in.thread.opened // 1 else "" end)" | id) as $issue_id
| ("comment \($team) \($in.change.version // 1) \($a.first_received // "")" | id) as $comment_id
| if ($in | has("found") | not) then
    { step: "find", path: "/graphql", query: "",
      body: {
        query: "query Find($issue: ID!, $comment: ID!, $team: String!) { issues(filter: {id: {eq: $issue}}, includeArchived: true, first: 1) { nodes { id identifier archivedAt trashed state { type } } } comments(filter: {id: {eq: $comment}}, includeArchived: true, first: 1) { nodes { id } } team(id: $team) { states { nodes { id name type position } } } }",
        variables: {issue: $issue_id, comment: $comment_id, team: $team} } }
  else
    $in.found.data.issues.nodes[0] as $issue
    | (if $issue == null then "none" elif $issue.trashed == true then "closed"
       elif $issue.archivedAt != null or ($issue.state.type | . == "completed" or . == "canceled" or . == "duplicate") then "resolved"
       else "open" end) as $kind
    | due($verdict; $policy; $kind; ($in.delivery.attempt // 1) > 1)
    # The id of the opening is taken: after a wiped ledger the numbers of openings begin again.
    | (if (. == "create" or . == "follow") and $issue != null then "reopen" else . end) as $due
    | if $due == "create" then
        { step: "create", path: "/graphql", query: "", key: $issue_id,
          body: {
            query: "mutation Create($input: IssueCreateInput!) { issueCreate(input: $input) { success issue { id identifier } } }",
            variables: {input: (
              { id: $issue_id, teamId: $team, priority: $priority,
                title: ("[\($a.severity // "info" | ascii_upcase)] \($title)" | fit(255)),
                description: written($title) }
              + (($in.destination."label-ids" // "") | split(",") | map(split(" ") | join("")) | map(select(. != ""))
                 | if . == [] then {} else {labelIds: .} end))} } }
      elif $due == "skip" then
        {step: "skip", reason: (if $issue == null then "no issue of this alert to close" else "the issue is deleted" end)}
      elif $due == "keep" or $in.found.data.comments.nodes[0] != null then
        {step: "keep", reference: $issue.identifier}
      else
        ( (if $due == "resolve" then {stateId: state($in.destination."done-state" // ""; ["completed"])}
           elif $due == "reopen" then {stateId: state($in.destination."open-state" // ""; ["unstarted", "started", "backlog"])}
           else {} end | with_entries(select(.value != null)))
          + (if $verdict == "resolved" then {} else {priority: $priority} end)) as $change
        | ((if $due == "reopen" and ($issue.archivedAt != null or $issue.trashed == true) then " issueUnarchive(id: $id) { success }" else "" end)
           + (if $change == {} then "" else " issueUpdate(id: $id, input: $change) { success }" end)) as $before
        | { step: "update", path: "/graphql", query: "", reference: $issue.identifier,
            # The comment comes last: one that is there says that all of this is done. GraphQL refuses variables without use.
            body: {
              query: ("mutation Change($comment: CommentCreateInput!\(if $before == "" then "" else ", $id: String!" end)\(if $change == {} then "" else ", $change: IssueUpdateInput!" end)) {"
                + $before + " commentCreate(input: $comment) { success } }"),
              variables: ({comment: {id: $comment_id, issueId: $issue.id, body: written($news)}}
                + (if $before == "" then {} else {id: $issue.id} end)
                + (if $change == {} then {} else {change: $change} end)) } }
      end
  end
