# What to ask Jira next: the issue of this alert, then one that is made, or the transition and the comment.

# An issue key becomes part of an address, so it has to be one (Atlassian, "Edit a project's details").
def key: if type == "string" and test("\\A[A-Z][A-Z0-9_]+-[0-9]{1,18}\\z") then . else null end;
# Transitions are named by people, in any case of letters: as a pattern each other character stands for itself.
def same($name):
  ($name | split("") | map(if test("[\\p{L}\\p{N} ]") then . else "\\\(.)" end) | join("")) as $pattern
  | tostring | test("\\A\($pattern)\\z"; "i");

.plan as $plan
| (.destination."api-version" // "3") as $version
| "/rest/api/\($version)/issue" as $issues
| (.answers | map({(.name): .}) | add // {}) as $said
| ([$said.search.body.issues[0]? | objects] | .[0]) as $issue
# The search may lag behind Jira's own writes: the key that the ledger remembers counts then.
| ($issue.key // $plan.reference | key) as $key
| ([$issue.fields.status.statusCategory.key?] | .[0] == "done") as $closed
| (($plan.transition // "") != "" and ($plan.action == "resolve") != $closed) as $move
| ([$said.transitions.body.transitions[]? | objects | select(.name | same($plan.transition)) | .id | tostring] | .[0]) as $transition
| if $said.search == null then
    {step: "ask", name: "search", path: $plan.search.path, body: $plan.search.body}
  elif $said.issue != null then
    ($said.issue.body.key | key) as $made
    | if $made != null then {step: "done", reference: $made}
      # The search finds it by its label a little later.
      else {step: "retry", status: 201, reason: "the answer names no issue", wait: 15} end
  elif $key == null and $plan.action == "resolve" then
    {step: "done", result: {skipped: "no issue of this alert to close"}}
  elif $key == null then
    # Jira's search is behind its writes: an issue made just now would not be found at once.
    {step: "ask", name: "issue", path: $issues, body: $plan.create, creates: true}
  elif $plan.action == "open" then
    {step: "done", reference: $key}
  elif $move and $said.transitions == null then
    {step: "ask", name: "transitions", method: "GET", path: "\($issues)/\($key)/transitions"}
  elif $move and $transition != null and $said.transition == null then
    {step: "ask", name: "transition", path: "\($issues)/\($key)/transitions", body: {transition: {id: $transition}}, ignore: true}
  elif $said.comment == null then
    {step: "ask", name: "comment", path: "\($issues)/\($key)/comment", body: $plan.comment, ignore: true}
  elif $move and $transition == null then
    {step: "dead", reason: "the issue \($key) has no such transition now; it was commented only"}
  else
    {step: "done", reference: $key}
  end
