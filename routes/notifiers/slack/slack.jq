# One change of an alert -> a Slack message. Text of senders is escaped once, here (& < >), so that no <!channel>, <@U…>
# or <url|words> of theirs means anything; verbatim and link_names keep Slack from finding mentions by itself.

# Control characters and direction marks become U+FFFD: seen, without effect. By split and join: in this jq gsub recurses once
# for every match (a thousand of them overflow the stack) and implode breaks characters beyond U+FFFF.
def marks: [range(1; 9), 11, 12, range(14; 32), range(127; 160), 8206, 8207, range(8234; 8239), range(8294; 8298)] | map([.] | implode);
def visible:
  split("\r\n") | join("\n") | split("\r") | join("\n")
  | if test("[\u0001-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]") then reduce marks[] as $mark (.; split($mark) | join("\ufffd")) else . end;
def plain: if . == null then "" elif type == "string" then . else tojson end | visible;
def line: plain | split("\n") | join(" ") | split("\t") | join(" ");
def escaped: split("&") | join("&amp;") | split("<") | join("&lt;") | split(">") | join("&gt;");
# At most $n characters as Slack counts them (after escaping), never ending inside an entity.
def fit($n): if length <= $n then . else .[0:$n - 1] | sub("&[a-z]*$"; "") | . + "…" end;
def mrkdwn: {type: "mrkdwn", text: ., verbatim: true};
def words: {type: "plain_text", text: ., emoji: false};

def colours: {critical: "#b3001b", high: "#e4572e", medium: "#f3a712", low: "#3a7ca5", info: "#8a8d91"};

def field($name; $value): if ($value | plain) == "" then empty else "*\($name)*\n\($value | line | escaped)" | fit(2000) | mrkdwn end;
def with_original($ours; $theirs): if ($theirs | plain) == "" or ($theirs | plain | ascii_downcase) == $ours then $ours else "\($ours) (\($theirs | plain))" end;

. as $in
| .alert as $a
| ($a.severity // "info") as $severity
| ($in.change.verdict // "new") as $verdict
| (if $verdict == "resolved" then "RESOLVED"
   elif $verdict == "reopened" then "REOPENED \($severity | ascii_upcase)"
   elif $verdict == "changed" then "CHANGED \($severity | ascii_upcase), \($a.status // "firing")"
   else ($severity | ascii_upcase) end) as $state
| ((if $a.test == true then "TEST " else "" end) + $state + ": " + ($a.title | line) | escaped | fit(150)) as $headline
| (if $verdict == "resolved" then "#2e8b57" else colours[$severity] // colours.info end) as $colour
| ($a.url // "" | plain | if test("^https?://[^\\s<>|\"]+$") and length <= 3000 then . else null end) as $url
| {
    text: $headline,
    link_names: false,
    unfurl_links: false,
    blocks: [{type: "header", text: ($headline | words)}],
    attachments: [{
      color: $colour,
      fallback: $headline,
      blocks: (
        (if ($a.description | plain) == "" then [] else [{type: "section", text: ($a.description | plain | escaped | fit(3000) | mrkdwn)}] end)
        + [{type: "section", fields: ([limit(10;
              field("Severity"; with_original($severity; $a.original.severity)),
              field("Status"; with_original($a.status // "firing"; $a.original.status)),
              field("Service"; $a.service),
              field("Environment"; $a.environment),
              field("Started"; $a.starts_at),
              field("Ended"; $a.ends_at),
              field("Incident"; $in.incident.title),
              field("Count"; if ($a.count // 1) > 1 then $a.count else null end),
              field("Affected"; [($a.entities // [])[] | .name // .id | select(. != null)] | join(", ")),
              field("Tags"; ($a.tags // []) | join(", ")))])}]
        + (if $url == null then [] else [{type: "actions", elements: [{type: "button", text: ("Open in \($a.provider | line)" | fit(75) | words), url: $url}]}] end)
        + [{type: "context", elements: [
              ([$a.provider, ($a.instance | if . == "default" then null else . end), $a.source_id, (if $a.id == null then null else "alert \($a.id)" end), ($in.delivery.reason)]
               | map(line | escaped | select(. != "")) | join(" · ") | fit(2000) | mrkdwn)]}])
    }]
  } as $message
| if $in.destination.mode != "bot" then $message
  else
    # The reference is CHANNEL:TS of the first message: later changes recolour it and answer in its thread.
    (($in.reference // "") | capture("^(?<channel>[A-Z0-9]+):(?<ts>[0-9]+\\.[0-9]+)$") // null) as $first
    | if $first == null then {update: null, post: ($message + {channel: $in.destination.channel})}
      else {
        update: ($message + {channel: $first.channel, ts: $first.ts} | del(.unfurl_links)),
        post: ($message + {channel: $first.channel, thread_ts: $first.ts})
      } end
  end
