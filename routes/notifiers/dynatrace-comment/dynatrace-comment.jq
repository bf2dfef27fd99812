# The end of another delivery -> a comment on the Dynatrace problem, in the words of Dynatrace's own webhook (D19, D20).
# Control characters and direction marks become U+FFFD: seen, without effect. By split and join: in this jq gsub recurses once
# for every match (a thousand of them overflow the stack) and implode breaks characters beyond U+FFFF.
def marks: [range(1; 9), 11, 12, range(14; 32), range(127; 160), 8206, 8207, range(8234; 8239), range(8294; 8298)] | map([.] | implode);
def visible:
  split("\r\n") | join("\n") | split("\r") | join("\n")
  | if test("[\u0001-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]") then reduce marks[] as $mark (.; split($mark) | join("\ufffd")) else . end;
def plain: if . == null then "" elif type == "string" then . else tojson end | visible;

. as $in
| .alert as $a
| ($in.report.result // {}) as $result
| ($a.labels.problem_id // $a.source_id // $a.id | plain) as $nr
| ($in.report.state == "delivered") as $delivered
| ($in.report.notifier) as $notifier
# Where the tries were used up, the last result may not have survived its breaker: its message has the codes too.
| ($result.codes // (($in.report.message // "") | capture("return codes \\[(?<codes>[0-9, ]*)\\]") | .codes | split(", ")) // []) as $codes
| (if $notifier == "exec" then
     if $delivered then "The problem \($nr) has been sent to the Incident Software. Calls made:\($codes | length)"
     else "The problem \($nr) could not been sent to the Incident Software. Return Codes[\($codes | map(tostring) | join(", "))]" end
   elif $result | has("notified") then "Mobile number has been notified: \($result.notified | plain)"
   elif $delivered then "The problem \($nr) has been sent to \($in.report.destination | plain)."
   else "The problem \($nr) could not be sent to \($in.report.destination | plain): \($in.report.message | plain)" end) as $comment
| (if $notifier == "exec" then "Incident Software Custom Integration"
   elif $notifier == "twilio" then "Twilio Custom Integration"
   else "Serai Custom Integration" end) as $context
# The problem's internal id is text of a sender: only its known form may become part of an address.
| ($a.labels.pid // "" | tostring | if test("^[A-Za-z0-9_-]{1,100}$") then . else null end) as $pid
| {
    path: (
      if $pid == null or $a.provider != "dynatrace" or $in.report == null then null
      elif $in.destination.api == "v1" then "/api/v1/problem/details/\($pid)/comments"
      else "/api/v2/problems/\($pid)/comments" end),
    body: (
      if $in.destination.api == "v1" then {comment: $comment, user: ($in.destination.user // variable("os_user") // ""), context: $context}
      else {message: $comment, context: $context} end)
  }
