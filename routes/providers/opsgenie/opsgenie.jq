# Opsgenie: outgoing webhook, alert create request, list of the alert API -> canonical alerts.

def text: if . == null or type == "object" or type == "array" then null else tostring | if . == "" then null else . end end;
def object: if type == "object" then . else {} end;
def clean: with_entries(select(.value != null and .value != [] and .value != {}));
def texts: if type == "object" then with_entries(.value |= text | select(.value != null)) else {} end;
def list: if type == "array" then map(text | select(. != null)) elif type == "string" then [split(",")[] | sub("^ +"; "") | select(. != "")] else [] end;
def name: if type == "object" then (.name // .username // .id) | text else text end;
def names: if type == "array" then [.[] | name | select(. != null)] | join(", ") | text else name end;
# Tags such as "service:checkout" or "env=production".
def tagged($name): [.[] | capture("^(?:\($name))[:=](?<value>.+)$"; "i").value] | .[0];

# $word says what became of the alert; $at when; an action that leaves its state gives null and the time of its creation.
def alert($word; $at; $field):
  ((.alertId // .id) | text) as $id
  | (.details | texts) as $details
  | (.tags | list) as $tags
  | ((.alias | text) // $id) as $alias
  | ((.message | text) // (.description | text)) as $title
  | if $alias == null and $title == null then {error: "an alert needs alias, alertId or message", field: $field}
    else {
      source_id: ($id // $alias),
      title: ($title // "Opsgenie alert \($alias)"),
      description: (.description | text),
      status: $word,
      severity: (.priority | text),
      service: ($details.service // $details.Service // ($tags | tagged("service"))),
      environment: ($details.environment // $details.env // ($tags | tagged("env|environment"))),
      starts_at: .createdAt,
      event_time: $at,
      labels: ($details + ({alias: ($alias // $title), alert_id: $id, tiny_id: .tinyId, source: (.source | name), entity: .entity, owner: .owner,
        teams: ((.teams | names) // (.team | name)), responders: (.responders | names), count: .count} | map_values(text) | clean)),
      tags: $tags,
      entities: (if (.entity | text) == null then [] else [{name: .entity} | map_values(text)] end),
      notes: (if $alias == null then ["neither alias nor alertId: identified by the message"] else [] end)
    } | clean
    end;

# The actions that say what state an alert is in. All others (notes, tags, teams, an account's own actions) are as old as the
# alert itself: they may open one that is not known yet, and never change the state of one that is.
def telling: ["create", "open", "reopen", "acknowledge", "unacknowledge", "takeownership", "assignownership", "assign", "snooze", "snoozeended", "unsnooze",
  "escalate", "escalatenext", "escalatetonext", "updatepriority", "close", "closed", "resolve", "resolved", "delete"];

def webhook:
  (.action | text // "") as $action
  | (.alert | object) as $alert
  | ($alert.status | text | if . == null then null else ascii_downcase end) as $state
  | ($action | ascii_downcase) as $word
  | ($alert.updatedAt // $alert.insertedAt // $alert.createdAt) as $now
  | if $word == "test" then []
    elif telling | index([$word]) then [$alert | alert($action; $now; "alert.alias")]
    elif $state == "closed" or $state == "resolved" then [$alert | alert($state; $now; "alert.alias")]
    elif $alert.acknowledged == true then [$alert | alert("acknowledged"; $now; "alert.alias")]
    else [$alert | alert(null; .createdAt; "alert.alias")]
    end;

# One of the API's list.
def listed($path):
  if type != "object" then {error: "an alert must be an object", field: $path}
  else
    ((.status | text // "" | ascii_downcase) | . == "closed" or . == "resolved") as $over
    | (if $over then .status
       elif .acknowledged == true then "acknowledged"
       elif .snoozed == true then "snoozed"
       else .status end) as $word
    | alert($word; .updatedAt; $path + ".alias")
      + (if $over then {ends_at: .updatedAt} else {} end)
  end;

if type != "object" then [{error: "the body must be an object", field: ""}]
elif (.alert | type) == "object" then webhook
elif (.data | type) == "array" then [.data | to_entries[] | .key as $i | .value | listed("data[\($i)]")]
elif has("tinyId") then [listed("")]
else [alert("create"; null; "alias")]
end
