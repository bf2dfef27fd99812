# One change of an alert -> what to look for in Jira and what to write there. The route decides by what it finds.

# Control characters and direction marks become U+FFFD: seen, without effect. By split and join: in this jq gsub recurses once
# for every match (a thousand of them overflow the stack) and implode breaks characters beyond U+FFFF.
def marks: [range(1; 9), 11, 12, range(14; 32), range(127; 160), 8206, 8207, range(8234; 8239), range(8294; 8298)] | map([.] | implode);
def visible:
  split("\r\n") | join("\n") | split("\r") | join("\n")
  | if test("[\u0001-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]") then reduce marks[] as $mark (.; split($mark) | join("\ufffd")) else . end;
def plain: if . == null then "" elif type == "string" then . else tojson end | visible;
def line: plain | split("\n") | join(" ") | split("\t") | join(" ");
def fit($n): if length <= $n then . else .[0:$n - 1] + "…" end;

. as $in
| .alert as $a
| ($in.change.verdict // "new") as $verdict
| ($in.destination."api-version" // "3") as $api
| ($in.destination.reopen // "new") as $policy
# The key by which an issue of ours is found again, whatever became of the answer to its making (fault 29).
| "serai-\($a.fingerprint)" as $alert_label
| "\($alert_label)-\($in.thread.opened // 1)" as $opening_label
# A policy that keeps the issue looks for the newest one of the alert, not of this opening.
| (if $policy == "new" or $verdict == "new" then $opening_label else $alert_label end) as $sought
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
# Version 3 takes a document tree: sender text is a text node there and nothing else. Version 2 takes wiki markup: sender
# text stays inside noformat, which has no markup but its own end.
| def text_node: {type: "text", text: .};
  def paragraph: {type: "paragraph", content: .};
  def tree($head):
    { type: "doc", version: 1, content: (
        [[$head | text_node] | paragraph]
        + (if ($a.description | plain) == "" then [] else [{type: "codeBlock", content: [$a.description | plain | fit(20000) | text_node]}] end)
        + [{type: "bulletList", content: [$rows[] | {type: "listItem", content: [["\(.name): \(.value)" | text_node] | paragraph]}]}]
        + (if $url == null then [] else [[{type: "text", text: $url, marks: [{type: "link", attrs: {href: $url}}]}] | paragraph] end)) };
  def wiki($head):
    "{noformat}\n"
    + ("\($head)\n\n\($a.description | plain | fit(20000))\n\n" + ($rows | map("\(.name): \(.value)\n") | join("")) | split("{noformat") | join("{ noformat"))
    + "{noformat}\n" + (if $url == null then "" else "[\($url)]\n" end);
  def written($head): if $api == "2" then wiki($head) else tree($head) end;
  {
    action: (
      if $verdict == "resolved" then "resolve"
      elif $verdict == "reopened" and $policy != "new" then "reopen"
      elif $verdict == "new" or $verdict == "reopened" then "open"
      else "change" end),
    reference: ($in.reference // "" | if test("^[A-Z][A-Z0-9_]+-[0-9]+$") then . else null end),
    search: {
      path: (if $api == "2" then "/rest/api/2/search" else "/rest/api/3/search/jql" end),
      body: {
        # A new opening never continues a closed issue: after a wiped ledger the numbers of openings begin again.
        jql: ("project = \"\($in.destination.project)\" AND labels = \"\($sought)\""
          + (if $sought == $opening_label and ($verdict == "new" or $verdict == "reopened") then " AND statusCategory != Done" else "" end)
          + " ORDER BY created DESC"),
        fields: ["status"],
        maxResults: 1
      }
    },
    create: {
      fields: {
        project: {key: $in.destination.project},
        issuetype: {name: $in.destination."issue-type"},
        summary: ("[\($a.severity // "info" | ascii_upcase)] \($a.title | line)" | fit(255)),
        description: written($a.title | line | if . == "" then "Alert" else . end),
        labels: ([$alert_label, $opening_label] + (($in.destination.labels // "") | split(",") | map(split(" ") | join("")) | map(select(. != ""))))
      }
    },
    comment: {
      body: written(
        if $verdict == "resolved" then "Resolved\(if $a.ends_at == null then "" else " at \($a.ends_at | line)" end)."
        elif $verdict == "reopened" then "Fires again: \($a.title | line)"
        else "Changed: \($a.severity // "info"), \($a.status // "firing"): \($a.title | line)" end)
    },
    transition: (
      if $verdict == "resolved" then $in.destination."done-transition"
      elif $verdict == "reopened" and $policy == "reopen" then $in.destination."reopen-transition"
      else null end)
  }
