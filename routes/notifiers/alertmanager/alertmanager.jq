# One change of an alert -> what to post to /api/v2/alerts. Alertmanager knows an alert by its labels alone, so the labels
# last posted are remembered as the reference: where they change (severity, title), the old set is ended in the same request.
# The route gives a firing alert its endsAt.

# Control characters and direction marks become U+FFFD: seen, without effect. By split and join: in this jq gsub recurses once
# for every match (a thousand of them overflow the stack) and implode breaks characters beyond U+FFFF.
def marks: [range(1; 9), 11, 12, range(14; 32), range(127; 160), 8206, 8207, range(8234; 8239), range(8294; 8298)] | map([.] | implode);
def visible:
  split("\r\n") | join("\n") | split("\r") | join("\n")
  | if test("[\u0001-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]") then reduce marks[] as $mark (.; split($mark) | join("\ufffd")) else . end;
def plain: if . == null then "" elif type == "string" then . else tojson end | visible;
def line: plain | split("\n") | join(" ") | split("\t") | join(" ");
def fit($n): if length <= $n then . else .[0:$n - 1] + "…" end;
# Letters, digits and underscores, no digit first: what every version of Alertmanager takes.
def label_name: explode | map(if (. >= 48 and . <= 57) or (. >= 65 and . <= 90) or (. >= 97 and . <= 122) then . else 95 end) | implode | if test("^[0-9]") then "_" + . else . end;
# Where two names become one, the first in order stays.
def named($n): to_entries | sort_by(.key) | map({key: (.key | label_name), value: (.value | plain | fit($n))} | select(.key != "" and .value != "")) | reverse | from_entries;
def filled: with_entries(select(.value != ""));

. as $in
| .alert as $a
| ($a.last_received | .[0:19]) as $now
| ((($a.labels // {}) | named(1000)) as $theirs
  | $theirs
  + { alertname: ($theirs.alertname // ($a.title | line | fit(200))),
      severity: $a.severity,
      service: ($a.service // $theirs.service | line | fit(200)),
      environment: ($a.environment // $theirs.environment | line | fit(200)),
      serai_provider: $a.provider,
      serai_fingerprint: $a.fingerprint }
  | filled | to_entries | sort_by(.key) | from_entries) as $labels
| (($in.reference // "null" | fromjson?) // null | if type == "object" then . else null end) as $posted
| ((($a.annotations // {}) | named(10000)) as $theirs
  | $theirs
  + { summary: ($theirs.summary // ($a.title | line | fit(1000))),
      description: ($theirs.description // ($a.description | plain | fit(10000))),
      status: $a.status,
      affected: ([($a.entities // [])[] | .name // .id | select(. != null)] | join(", ") | line | fit(2000)),
      tags: (($a.tags // []) | join(", ") | line | fit(2000)),
      incident: ($in.incident.title | line | fit(1000)) }
  | filled) as $annotations
# Go's parser refuses the whole request for an address that it cannot read.
| ($a.url // "" | if type == "string" and length <= 2000 and test("^https?://[A-Za-z0-9._-]+(:[0-9]{1,5})?([/?#]([!-$&-~]|%[0-9A-Fa-f]{2})*)?$") then . else null end) as $url
| def stamped($until):
    (if $a.starts_at == null then null elif $a.starts_at[0:19] > $now then $a.last_received else $a.starts_at end) as $start
    | (if $start == null then {} elif $until != null and $start[0:19] >= $until[0:19] then {startsAt: $until} else {startsAt: $start} end)
    + (if $until == null then {} else {endsAt: $until} end);
  (if $a.ends_at == null or $a.ends_at[0:19] > $now then $a.last_received else $a.ends_at end) as $ended
| {
    reference: ($labels | tojson),
    alerts: (
      if $in.change.verdict == "resolved" or $a.status == "resolved" then
        [{labels: ($posted // $labels), annotations: $annotations} + stamped($ended)]
      else
        (if $posted == null or $posted == $labels then [] else [{labels: $posted, annotations: $annotations} + stamped($a.last_received)] end)
        + [{labels: $labels, annotations: $annotations} + stamped(null)]
      end | map(. + if $url == null then {} else {generatorURL: $url} end))
  }
