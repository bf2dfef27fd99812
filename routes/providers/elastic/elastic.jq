# Elastic: alert documents of Kibana (kibana.alert.*, dotted or nested, alone, in a list or as search hits, and the
# older signal.*), rule actions and summaries, Watcher, ElastAlert -> canonical alerts. Most of these bodies are
# templates of the rule's author: fields are found by the name that the variable has, however it is written.

def text:
  if . == null or type == "object" then null
  elif type == "array" then .[0] | if type == "object" or type == "array" then null else . end | text
  else tostring | if . == "" or test("^\\{\\{.*\\}\\}$") then null else . end
  end;

# rule.name, rule: {name}, ruleName, rule_name and RULE-NAME are one name.
def joined: ascii_downcase | split("_") | join("") | split(".") | join("") | split("-") | join("") | split(" ") | join("");
def plain_name: joined | ltrimstr("@");
# No name that is read lies deeper, and what is nested without end must not be walked to its end.
def leaves($path; $levels):
  if type == "object" and $levels > 0 then to_entries[] | ($path + (.key | joined)) as $inner | .value | leaves($inner; $levels - 1)
  else {key: ($path | ltrimstr("@")), value: .}
  end;
def flat: [leaves(""; 8)] | map(select(.value != null)) | reverse | from_entries;
def pick($names): . as $flat | [$names[] | $flat[.] | text | select(. != null)][0];
def list: if type == "array" then map(text | select(. != null)) elif type == "string" then [split(",")[] | sub("^ +"; "") | text | select(. != null)] else [] end;
def clean: with_entries(select(.value != null and .value != [] and .value != {}));

# Kibana's own limits of a risk score.
def risk: if . == null then null else (try tonumber catch null) | if . == null then null elif . >= 74 then "critical" elif . >= 48 then "high" elif . >= 22 then "medium" else "low" end end;

# A rule of the security app makes a new alert for each event; other rules one for each group that they watch.
def identity($rule; $instance; $uuid):
  if $uuid != null and ($instance == null or has("kibanaalertdepth") or has("kibanaalertancestors") or (pick(["kibanaalertruleconsumer"]) == "siem")) then $uuid
  elif has("signalstatus") and has("documentid") then pick(["documentid"])
  elif $rule != null and $instance != null then $rule + "/" + $instance
  elif $uuid != null then $uuid
  else pick(["fingerprint", "dedupkey", "deduplicationkey", "incidentkey", "signalid"])
    // (if $instance != null then (pick(["rulename", "alertname", "title"]) // "") + "/" + $instance else null end)
    // (if has("watchid") then pick(["watchid"]) else null end)
    // (if has("numhits") and has("documentid") then (pick(["rulename"]) // "match") + "/" + pick(["documentid"]) else null end)
    // $rule // pick(["id"]) // pick(["rulename", "alertname"])
    // (pick(["eventid"]) as $event | if $event == null then null else (pick(["kibanaalertrulename", "signalrulename"]) // "event") + "/" + $event end)
    // pick(["documentid"]) // pick(["kibanaalertrulename", "signalrulename", "title"])
  end;

# The group of a recovery is called so, whatever the template's own word is; every other group is of an active alert. Closing by hand ends a detection.
def status_word:
  pick(["kibanaalertactiongroup", "alertactiongroup", "actiongroup", "alertactiongroupname", "actiongroupname"]) as $group
  | pick(["kibanaalertstatus"]) as $status
  | pick(["kibanaalertworkflowstatus", "signalstatus", "workflowstatus"]) as $workflow
  | if $group != null and ($group | test("recovered"; "i")) then "recovered"
    elif $status != null and ($status | ascii_downcase) != "active" then $status
    elif $workflow != null and ($workflow | ascii_downcase) != "open" then $workflow
    else $status // pick(["alertstatus", "status", "contextalertstate", "alertstate", "state", "eventtype", "eventaction", "action", "event"]) // $workflow // (if $group == null then null else "active" end)
    end;

def severity_word:
  pick(["kibanaalertseverity", "signalruleseverity", "kibanaalertruleseverity", "kibanaalertruleparametersseverity",
        "contextseverity", "alertseverity", "ruleseverity", "metadataseverity", "severity", "alarmlevel", "alertlevel", "priority", "urgency"])
  // (pick(["kibanaalertriskscore", "kibanaalertruleriskscore", "signalruleriskscore", "contextruleriskscore", "riskscore"]) | risk)
  // (pick(["kibanaalertactiongroup", "alertactiongroup", "actiongroup"])
      | if . == null then null else (capture("(?:\\.|^)(?<word>warning|low|medium|high|critical)$"; "i") // null) | if . == null then null else .word end end)
  // (pick(["alertpriority"]) | if . != null and test("^[1-5]$") then "p" + . else . end)
  // pick(["loglevel", "level"]);

def link:
  pick(["kibanabaseurl"]) as $base
  | [("kibanaalerturl", "contextalertdetailsurl", "contextlink", "contextresultslink", "contextmonitorurl", "alerturl", "ruleurl", "url", "link", "kibanaurl") as $name | .[$name] | text
     | if . == null then empty elif test("^https?://") then . elif $base != null and startswith("/") then ($base | rtrimstr("/")) + . else empty end][0] // $base;

def mapped($path):
  if type != "object" then {error: "an alert must be an object", field: ($path | rtrimstr("."))}
  else
    . as $in
    | (if (._source | type) == "object" then ._source + {documentid: ._id} elif (.ctx | type) == "object" then del(.ctx) + .ctx else . + {documentid: ._id} end | flat) as $flat
    | $flat
    | (if has("alertinstanceid") then pick(["ruleid", "alertid"]) else pick(["kibanaalertruleuuid", "ruleid", "ruleuuid", "signalruleid", "contextruleid"]) end) as $rule
    | pick(["kibanaalertinstanceid", "alertinstanceid", "alertid", "kibanaalertid", "contextgroup"]) as $instance
    | pick(["kibanaalertuuid", "alertuuid"]) as $uuid
    | identity($rule; $instance; $uuid) as $id
    | pick(["kibanaalertrulename", "title", "rulename", "alertname", "signalrulename", "contextrulename", "contexttitle", "monitorname", "metadataname", "watchid", "name", "subject", "alertsubject", "shortdescription", "message", "contextmessage", "text"]) as $title
    | ([("kibanaalertruletags", "ruletags", "tags", "contexttags") as $name | .[$name] | list | .[]] | unique) as $tags
    | status_word as $status
    | ($status != null and ($status | test("^(recovered|resolved?|closed?|ok|untracked|inactive|completed)$"; "i"))) as $over
    | if $id == null and $title == null then {error: "an alert needs a rule (rule.name, kibana.alert.rule.name), a watch_id or a title", field: ($path + "rule.name")}
      else
        {
          source_id: ($id // $title),
          title: ($title // "Elastic alert \($id)"),
          description: (pick(["kibanaalertreason", "contextreason", "reason", "contextmessage", "message", "description", "alerttext", "text", "body", "kibanaalertruledescription", "signalruledescription", "ruledescription"])
            | if . == $title then null else . end),
          status: $status,
          severity: severity_word,
          service: pick(["servicename", "contextservicename", "service", "kibanaalertcontextservicename"]),
          environment: (pick(["serviceenvironment", "contextenvironment", "environment", "env", "labelsenvironment", "labelsenv"])
            // [$tags[] | capture("^env(?:ironment)?[:=](?<value>.+)$"; "i").value][0]),
          starts_at: (.kibanaalertstart // .contextalertstart // .alertstart // (if $over then null else .triggertriggeredtime // .executiontime // .contexttimestamp // .timestamp // .date end) | text),
          ends_at: (if $over then .kibanaalertend // .date // .timestamp | text else null end),
          labels: (({rule: pick(["kibanaalertrulename", "rulename", "signalrulename", "contextrulename"]), rule_id: $rule, alert_id: $instance, uuid: $uuid,
              action_group: pick(["kibanaalertactiongroup", "alertactiongroup", "actiongroup"]), category: pick(["kibanaalertrulecategory", "ruletype"]),
              space: pick(["rulespaceid", "kibanaspaceids", "spaceid"]), watch_id: pick(["watchid"]), host: pick(["hostname", "hosthostname", "contexthost"]),
              risk_score: pick(["kibanaalertriskscore", "riskscore"])} | clean)
            + ($in | with_entries(select((.value | type | . == "string" or . == "number" or . == "boolean")
                and (.key | plain_name | . as $name
                  | (startswith("kibana") or $name == ""
                     or (["timestamp", "title", "message", "description", "status", "severity", "id", "ruleid", "rulename", "alertid", "alertuuid", "alertinstanceid", "url", "ruleurl", "link", "date", "tags", "ruletags", "text", "name", "eventtype", "environment", "env", "service", "watchid", "actiongroup", "alertactiongroup", "spaceid", "priority", "urgency", "lastreceived", "fingerprint"] | index([$name]) != null)) | not)))
              | map_values(text) | clean)),
          tags: $tags,
          url: link,
          entities: ([(pick(["hostname", "hosthostname"]) | if . == null then empty else {type: "HOST", name: .} end),
                      (pick(["username"]) | if . == null then empty else {type: "USER", name: .} end)]
            + [pick(["hostip"]) | if . == null then empty else {type: "IP", name: .} end]),
          notes: (if $id == null then ["no id: identified by its title"] else [] end)
        } | clean
      end
  end;

# A template may put the whole into one member, as an object or as JSON in texts.
def unwrapped:
  if type != "object" then .
  elif (.webhook_body | type) == "object" then
    .webhook_body | with_entries(.key |= sub("_info$"; "") | .value |= if type == "string" then . as $raw | (try fromjson catch $raw) else . end)
  elif (.payload | type) == "object" and any(.payload.watch_id, .payload.rule, .payload.rule_name; . != null) then .payload + del(.payload)
  elif (.alert | type) == "object" and any(.alert.rule_name, .alert.ruleName; . != null) then .alert + del(.alert)
  else .
  end;

def each($path): [to_entries[] | .key as $i | .value | mapped("\($path)[\($i)].")];

# A summary lists what is new, goes on and has recovered; members of a group that is listed twice count once.
def summary:
  del(.alerts) as $rest
  | [.alerts | (if .new != null or .ongoing != null or .recovered != null then ("new", "ongoing", "recovered") else "all" end) as $kind
     | .[$kind].data? // null | if type == "array" then to_entries[] | .key as $i | .value
       | if type == "object" then ($rest + (if $kind == "recovered" then {actionGroup: "recovered"} else {} end) + .) | mapped("alerts.\($kind).data[\($i)].")
         else {error: "an alert must be an object", field: "alerts.\($kind).data[\($i)]"} end
       else empty end];

unwrapped
| if type == "array" then each("")
elif type != "object" then [mapped("")]
elif (.hits.hits? // null | type) == "array" and (has("watch_id") or has("rule") | not) then .hits.hits | each("hits.hits")
elif (.alerts | type) == "array" and (.alerts | all(type == "object")) then del(.alerts) as $rest | .alerts | map($rest + .) | each("alerts")
elif (.context.alerts? // null | type) == "array" and (.context.alerts | length) > 0 then del(.context) as $rest | .context.alerts | map($rest + .) | each("context.alerts")
elif (.alerts | type) == "object" and (.alerts | any(.new, .ongoing, .recovered, .all; type == "object")) then summary
else [mapped("")]
end
