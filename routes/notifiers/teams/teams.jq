# One change of an alert -> the message that a Teams workflow posts. Text of senders stands in text runs, which have no
# Markdown, and no mention is declared: **x**, [x](y), <at>x</at> mean nothing. {{ }} would be read as a date macro.

# Control characters and direction marks become U+FFFD: seen, without effect. By split and join: in this jq gsub recurses once
# for every match (a thousand of them overflow the stack) and implode breaks characters beyond U+FFFF.
def marks: [range(1; 9), 11, 12, range(14; 32), range(127; 160), 8206, 8207, range(8234; 8239), range(8294; 8298)] | map([.] | implode);
def visible:
  split("\r\n") | join("\n") | split("\r") | join("\n")
  | if test("[\u0001-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]") then reduce marks[] as $mark (.; split($mark) | join("\ufffd")) else . end;
def plain: if . == null then "" elif type == "string" then . else tojson end | visible;
def line: plain | split("\n") | join(" ") | split("\t") | join(" ");
def fit($n): if length <= $n then . else .[0:$n - 1] + "…" end;
# Twice, for three braces and more.
def harmless: split("{{") | join("{ {") | split("{{") | join("{ {") | split("<at") | join("< at") | split("<AT") | join("< AT") | split("<At") | join("< At") | split("<aT") | join("< aT");
def shown($n): line | harmless | fit($n);
def run: {type: "TextRun", text: .};
def with_original($ours; $theirs): if ($theirs | plain) == "" or ($theirs | plain | ascii_downcase) == $ours then $ours else "\($ours) (\($theirs | plain))" end;
def fact($name; $value; $most): ($value | shown($most)) as $text | if $text == "" then empty else {type: "RichTextBlock", spacing: "None", inlines: [("\($name): " | run) + {weight: "Bolder"}, ($text | run)]} end;

. as $in
| .alert as $a
| ($a.severity // "info") as $severity
| ($in.change.verdict // "new") as $verdict
| (if $verdict == "resolved" then "RESOLVED"
   elif $verdict == "reopened" then "REOPENED \($severity | ascii_upcase)"
   elif $verdict == "changed" then "CHANGED \($severity | ascii_upcase), \($a.status // "firing")"
   else ($severity | ascii_upcase) end) as $state
| ((if $a.test == true then "TEST " else "" end) + $state + ": " + ($a.title | line) | shown(250)) as $headline
| (if $verdict == "resolved" then "Good" else {critical: "Attention", high: "Attention", medium: "Warning", low: "Accent"}[$severity] // "Default" end) as $colour
| ($a.url // "" | plain | if test("^https?://[^\\s<>\"]+$") and length <= 2000 then . else null end) as $url
| def facts($n): [
    fact("Severity"; with_original($severity; $a.original.severity); $n),
    fact("Status"; with_original($a.status // "firing"; $a.original.status); $n),
    fact("Service"; $a.service; $n),
    fact("Environment"; $a.environment; $n),
    fact("Affected"; [($a.entities // [])[] | .name // .id | select(. != null)] | .[0:50] | join(", "); $n),
    fact("Started"; $a.starts_at; $n),
    fact("Ended"; $a.ends_at; $n),
    fact("Count"; if ($a.count // 1) > 1 then $a.count else null end; $n),
    fact("Incident"; $in.incident.title; $n),
    fact("Tags"; ($a.tags // []) | .[0:50] | join(", "); $n),
    fact("Source"; [$a.provider, ($a.instance | if . == "default" then null else . end), $a.source_id] | map(select(. != null) | line | fit(150)) | join(" · "); $n),
    fact("Delivery"; if $in.report then "\($in.report.destination): \($in.report.state), \($in.report.message)" else null end; $n) ];
  def message($most; $n): {
    type: "message",
    attachments: [{
      contentType: "application/vnd.microsoft.card.adaptive",
      contentUrl: null,
      content: ({
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        type: "AdaptiveCard",
        version: "1.4",
        fallbackText: $headline,
        msteams: {width: "Full"},
        body: (
          [{type: "RichTextBlock", inlines: [($headline | run) + {size: "Large", weight: "Bolder", color: $colour}]}]
          + ([($a.description | plain | harmless | fit($most)) | select(. != "" and $most > 1)] | map({type: "RichTextBlock", inlines: [run]}))
          + facts($n))
      } + (if $url == null then {} else {actions: [{type: "Action.OpenUrl", title: "Open in \($a.provider)", url: $url}]} end))
    }]
  };
  # As it goes out: a character beyond U+FFFF is written as two escapes, twelve bytes.
  def bytes: tojson | utf8bytelength + 8 * ([explode[] | select(. > 65535)] | length);
  # Teams refuses a message above 28 KB: the description gives way first.
  reduce ([3000, 300], [1000, 300], [1000, 100], [1, 100]) as [$most, $n] (message(8000; 300); if bytes <= 27000 then . else message($most; $n) end)
