# One change of an alert -> the messages for the executable, one for each impacted entity (D18). An argument list needs no
# escaping: every character of the sender arrives as it is.
def plain: if . == null then "" elif type == "string" then . else tojson end;

. as $in
| .alert as $a
# Dynatrace's own words for a Dynatrace problem, as its legacy scripts know them; ours for everybody else.
| (if $a.provider == "dynatrace" then $a.original else null end) as $theirs
| ($theirs.severity // $a.severity) as $severity
| ($a.labels.impact // $a.entities[0].impact) as $impact
| ("Problem [\($a.labels.problem_id // $a.source_id // $a.id | plain)]: "
   + "Status=\($theirs.status // $a.status | plain), "
   + "Severity=\($severity | plain), "
   + "ImpactLevel=\($impact | plain), "
   + "Tags=[\($a.tags // [] | map(plain) | join(", "))]") as $problem
| (if $in.destination.title == "none" then "" else " Title=\($a.title | plain)" end) as $title
| {
    messages: (
      [($a.entities // [])[]
       | $problem
         + " Entity details: Entity=\(.name // .id | plain), impactLevel=\(.impact // $impact | plain), "
         + "severity=\(.severity // $severity | plain), eventType=\(.event_type | plain)"
         + $title]
      | if . == [] then [$problem + $title] else . end)
  }
