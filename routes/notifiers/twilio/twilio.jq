# One change of an alert -> one text message (D20), at most 1,600 characters as Twilio counts them (UTF-16).
# Control characters and direction marks become U+FFFD, line ends a space. By split and join: in this jq gsub recurses once
# for every match (a thousand of them overflow the stack) and implode breaks characters beyond U+FFFF.
def marks: [range(1; 9), 11, 12, range(14; 32), range(127; 160), 8206, 8207, range(8234; 8239), range(8294; 8298)] | map([.] | implode);
def visible:
  split("\r\n") | join("\n") | split("\r") | join("\n")
  | if test("[\u0001-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]") then reduce marks[] as $mark (.; split($mark) | join("\ufffd")) else . end;
def plain: if . == null then "" elif type == "string" then . else tojson end | visible;
def line: plain | split("\n") | join(" ") | split("\t") | join(" ");
def units: explode | map(if . > 65535 then 2 else 1 end) | add // 0;
def fit($n): if units <= $n then . else explode as $all | (($n - 1) - ($all[0:$n - 1] | map(select(. > 65535)) | length)) as $keep | .[0:$keep] + "…" end;

. as $in
| .alert as $a
| ($a.provider | line | .[0:1] as $first | ($first | ascii_upcase) + .[1:]) as $provider
| ($a.url // "" | line | if test("^https?://[^\\s]+$") then . else null end) as $url
| (if $url == null then "" else ". Open in \($provider):\($url)" end) as $link
| (if $a.provider == "dynatrace" then
     "Dynatrace notification - \($a.labels.impact // $a.entities[0].impact // $a.original.severity // $a.severity | line | ascii_downcase)"
     + " problem (\($a.labels.problem_id // $a.source_id // $a.id | line))"
     + " \($a.original.status // $a.status | line | ascii_downcase)"
   else
     "\($provider) notification - \($a.severity | line) alert (\($a.source_id // $a.id | line)) \($a.status | line): \($a.title | line)"
   end) as $words
| {
    To: $in.destination.to,
    From: $in.destination.from,
    # The link is what the reader needs: the words give way, unless the link alone is too long.
    Body: (if ($link | units) > 1500 then $words | fit(1600) else ($words | fit(1600 - ($link | units))) + $link end)
  }
