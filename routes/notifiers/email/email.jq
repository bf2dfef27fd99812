# One change of an alert -> one mail as text and as HTML. Every piece of sender text is escaped once, here.

# Control characters and direction marks become U+FFFD: seen, without effect. By split and join: in this jq gsub recurses once
# for every match (a thousand of them overflow the stack) and implode breaks characters beyond U+FFFF.
def marks: [range(1; 9), 11, 12, range(14; 32), range(127; 160), 8206, 8207, range(8234; 8239), range(8294; 8298)] | map([.] | implode);
def visible:
  split("\r\n") | join("\n") | split("\r") | join("\n")
  | if test("[\u0001-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]") then reduce marks[] as $mark (.; split($mark) | join("\ufffd")) else . end;
def plain: if . == null then "" elif type == "string" then . else tojson end | visible;
def line: plain | split("\n") | join(" ") | split("\t") | join(" ");
def fit($n): if length <= $n then . else .[0:$n - 1] + "…" end;
def with_original($ours; $theirs): if ($theirs | plain) == "" or ($theirs | plain | ascii_downcase) == $ours then $ours else "\($ours) (\($theirs | line))" end;

. as $in
| .alert as $a
| ($in.change.verdict // "new") as $verdict
| ($a.title | line) as $title
| ($a.description | plain | fit(20000)) as $description
| ($a.url // "" | plain | if test("^https?://[^\\s<>\"]+$") then . else null end) as $url
| [ ["Severity", with_original($a.severity // "info"; $a.original.severity)],
    ["Status", with_original($a.status // "firing"; $a.original.status)],
    ["Service", $a.service],
    ["Environment", $a.environment],
    ["Started", $a.starts_at],
    ["Ended", $a.ends_at],
    ["Count", if ($a.count // 1) > 1 then $a.count else null end],
    ["Affected", ([($a.entities // [])[] | .name // .id | select(. != null)] | join(", "))],
    ["Incident", $in.incident.title],
    ["Provider", ([$a.provider, (if $a.instance == "default" then null else $a.instance end), $a.source_id] | map(select(. != null)) | join(" / "))],
    ["Tags", (($a.tags // []) | join(", "))],
    ["Labels", (($a.labels // {}) | to_entries | map("\(.key)=\(.value)") | join(", "))],
    ["Told because", $in.delivery.reason]
  ]
  | map({name: .[0], value: (.[1] | line | fit(2000))} | select(.value != "")) as $rows
| (if $verdict == "resolved" then "#2e8b57"
   else {critical: "#b3001b", high: "#e4572e", medium: "#f3a712", low: "#3a7ca5"}[$a.severity // "info"] // "#8a8d91" end) as $colour
| "\($in.alert.fingerprint).\($in.thread.opened // 1)" as $thread
| {
    # RFC 5322 3.6.4: the mail that opens the alert begins the thread; the same change always has the same id, so a mail
    # whose acceptance was never confirmed is recognised when it is sent again.
    id: (if $verdict == "new" or $verdict == "reopened" then $thread else "\($thread).\($in.change.version)" end),
    thread: (if $verdict == "new" or $verdict == "reopened" then null else $thread end),
    subject: ((if $a.test == true then "[TEST] " else "" end)
      + "[\($a.severity // "info" | ascii_upcase)] \(if $verdict == "resolved" or $verdict == "reopened" then $verdict else $a.status // "firing" end): "
      + $title | fit(200)),
    text: ("\($title)\n\n"
      + (if $description == "" then "" else "\($description)\n\n" end)
      + ($rows | map("\(.name): \(.value)\n") | join(""))
      + (if $url == null then "" else "\n\($url)\n" end)),
    html: ("<!DOCTYPE html><html><body style=\"font-family:sans-serif\">"
      + "<h2 style=\"border-left:8px solid \($colour);padding-left:8px\">\($title | @html)</h2>"
      + (if $description == "" then "" else "<p style=\"white-space:pre-wrap\">\($description | @html)</p>" end)
      + "<table>"
      + ($rows | map("<tr><th align=\"left\">\(.name)</th><td>\(.value | @html)</td></tr>") | join(""))
      + "</table>"
      + (if $url == null then "" else "<p><a href=\"\($url | @html)\">Open in \($a.provider | line | @html)</a></p>" end)
      + "</body></html>")
  }
