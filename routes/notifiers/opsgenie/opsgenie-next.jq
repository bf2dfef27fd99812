# What to ask Opsgenie next. Its Alert API takes every request with 202 and does it later: a step has arrived when the state of
# its request says so (G8). The state is asked with exponential backoff and full jitter (G9); a 404 means not yet, and a failed
# request ends at once (G10).

def id: if type == "string" and test("\\A[A-Za-z0-9-]{1,100}\\z") then . else null end;
def words:
  tostring | .[0:400] | split("") | map(if test("[A-Za-z0-9 .,'-]") then . else " " end)
  | join("") | sub("^ +"; "") | sub(" +$"; "") | .[0:120];
# First ceiling of a wait, as Opsgenie's own client has it.
def ceiling($asked): [5000, (reduce range([$asked, 16] | min) as $i (200; . * 2))] | min;

.plan as $plan
| (.destination."short-polling-max-retries" // 10 | tonumber) as $retries
# Where the talk is: the step at work, its request, how often its state was asked, and the end when there is one.
| reduce .answers[] as $answer ({at: 0, request: null, asked: 0, alert: null, remark: null, over: null};
    def again($over): if .asked >= $retries then .over = ({step: "retry"} + $over) else .asked += 1 end;
    $plan.steps[.at].action as $action
    | if .request == null then
        ($answer.body.requestId | id) as $request
        | if $request == null then .over = {step: "retry", status: 202, reason: "the answer names no request"}
          else .request = $request | .asked = 0 end
      elif $answer.status == 404 then again({status: 404, reason: "Opsgenie has not done it yet"})
      elif $answer.failed != null then again({status: $answer.status, reason: $answer.failed})
      else
        ([$answer.body.data | objects] | .[0] // {}) as $data
        | (if $data | has("isSuccess") then $data.isSuccess else $data.success end) as $success
        | ($data.status // "" | words) as $said
        | if $success == true then
            .alert = (($data.alertId | id) // .alert) | .at += 1 | .request = null
          elif $success != false then again({status: 200, reason: "Opsgenie has not said how it ended"})
          # What it says of an action on an alert that is not open there (any more).
          elif $action != "create" and ($said | test("not exist|not found|already|closed"; "i")) then
            .remark = "\($action): \($said)" | .at += 1 | .request = null
          else .over = {step: "dead", reason: "Opsgenie did not \($action): \(if $said == "" then "no reason" else $said end)"} end
      end)
| $plan.steps[.at] as $now
| if .over != null then .over
  elif .request != null then
    {step: "ask", name: "requests", method: "GET", path: "/v2/alerts/requests/\(.request)", read: [404], tolerate: true, after: ceiling(.asked)}
  elif $now == null then
    { step: "done",
      # What the mapping reads at the next change.
      reference: (if .alert == null then null else "\(.alert) \($plan.reference)" end),
      result: (if .remark == null then null else {skipped: .remark} end) }
  elif $now.action == "create" then {step: "ask", name: "alerts", path: "/v2/alerts", body: $now.body}
  else
    { step: "ask",
      name: (if $now.action == "priority" then "priority" else "actions" end),
      method: (if $now.action == "priority" then "PUT" else "POST" end),
      path: "/v2/alerts/\($plan.alias)/\($now.action)",
      query: "identifierType=alias",
      body: $now.body }
  end
