# New Relic: a workflow's payload (the default one, or any template of its owner: values may be texts, lists or JSON in a
# text), the classic payload, and an issue as NerdGraph gives it. Names count without case and without "_" or "-". The
# issue is the identity, the incident where only that is named.

def text: if . == null or type == "object" or type == "array" then null else tostring | if . == "" or . == "null" or . == "N/A" then null else . end end;
def literal: . != null and test("^(\\$[A-Za-z_]+|\\{\\{.*\\}\\})$");
def filled: text | if literal then null else . end;
# A list as one comes: a list, JSON in a text, a text with commas, one text.
def texts:
  # A title may begin with a bracket, too.
  if type == "string" and (startswith("[") or startswith("{")) then . as $raw | (try fromjson catch [$raw]) else . end
  | if type == "array" then map(if type == "object" then (.name // .title // .id) else . end | filled | select(. != null))
    elif type == "object" then []
    else filled | if . == null then [] else [.] end
    end;
def one: texts | .[0] // null;
def split_texts: texts | map(split(",")[] | sub("^\\s+"; "") | sub("\\s+$"; "") | select(. != ""));
def clean: with_entries(select(.value != null and .value != [] and .value != {}));
def object: if type == "string" then (try fromjson catch null) else . end | if type == "object" then . else {} end;
def objects_of: if type == "string" then (try fromjson catch []) else . end | if type == "array" then map(select(type == "object")) else [] end;
def bare: ascii_downcase | split("_") | join("") | split("-") | join("") | split(" ") | join("");
def first_of($names; $in): [$names[] as $name | $in[$name] | one | select(. != null)] | .[0] // null;
def any_of($names; $in): first_of($names; $in) // ([$names[] as $name | $in[$name] | text | select(. != null)] | .[0] // null);
def millis: one | if . != null and test("^[0-9]+$") and (test("^0+$") | not) then . else if . != null and test("^[0-9]{4}-") then . else null end end;
def time_of($names; $in): [$names[] as $name | $in[$name] | millis | select(. != null)] | .[0] // null;
def unique_in_order: reduce .[] as $each ([]; if index([$each]) then . else . + [$each] end);
def tagged($names): [.[] as $tag | $names[] as $name | $tag | select(ascii_downcase | startswith($name + ":")) | .[($name | length) + 1:] | select(. != "")] | .[0] // null;
# An issue of several incidents may list the priority of each.
def worst: . as $all | [("CRITICAL", "HIGH", "MEDIUM", "LOW") as $word | $all[] | select(ascii_upcase == $word)][0] // $all[0];
def over: test("^(closed?|resolved|deactivated)$"; "i");
def pairs: if type == "object" then to_entries | map(.key as $key | .value | texts[] | "\($key):\(.)") else split_texts end;

def zipped($names; $ids; $types): [range([($names | length), ($ids | length)] | max) as $i | {id: ($ids[$i] // $names[$i]), name: $names[$i], type: $types[$i]} | clean];
def entities_of:
  . as $in
  | [($in.entitiesdata | object)][0] as $data
  | [($in.targets | objects_of | map({id: (.id | filled), name: (.name | filled), type: ((.type // .product) | filled)} | clean))][0] as $targets
  | [($data.entities | objects_of | map({id: (.id | filled), name: (.name | filled), type: ((.type // .kind) | filled)} | clean))][0] as $listed
  | [($in.impactedentities | objects_of | map({id: ((.guid // .id) | filled), name: (.name | filled), type: ((.type // .entitytype) | filled)} | clean))][0] as $impacted
  | (if $targets != [] then $targets
     elif $listed != [] then $listed
     elif $impacted != [] then $impacted
     elif $data != {} then zipped(($data.names | texts); ($data.ids | texts); (($data.types // $data.kinds) | texts))
     elif $in.entitynames != null or $in.entityguids != null then zipped(($in.entitynames | texts); ($in.entityguids | texts); ($in.entitytypes | texts))
     else ($in.impactedentities // $in.impactedentitynames // $in.entities // $in.targets // $in.targetname) | split_texts | map({id: ., name: .}) end)
  | map(select(.id != null or .name != null)) | unique_in_order;

# Each step stands in a list of its own: a step that another one follows stays on Java's stack, a list is done when it is there.
def mapped($path):
  if type != "object" then {error: "an issue must be an object", field: ($path | rtrimstr("."))}
  else
    # A template may hand on the whole of accumulations, where each name has its list.
    ([(.payload, .accumulations | object), . | to_entries[] | {key: (.key | bare), value: .value} | select(.value != null and .value != "")] | from_entries) as $in
    | [any_of(["issueid", "incidentid", "id"]; $in)
        // ([$in.issueurl, $in.issuepageurl, $in.incidenturl] | map(one | select(. != null) | capture("/(issues|incidents)/(?<id>[^/?#]+)").id) | .[0])][0] as $id
    | [(any_of(["issuetitle", "title"]; $in) // (any_of(["conditionname", "alertconditionnames", "alertconditionname", "name", "details"]; $in)) // ($in.annotations | object | .title | one))][0] as $title
    | [first_of(["policyname", "alertpolicynames", "alertpolicyname", "policy", "policyurl"]; $in)][0] as $policy
    | if $id == null and $title == null then {error: "an issue needs id (or issueId, incident_id, title)", field: ($path + "id")}
      else
        ($in | entities_of) as $entities
        | [((($in.tags | pairs) + ($in.tag | pairs) + ($in.labels | pairs) + ($in.targets | objects_of | map(.labels | if type == "object" then pairs[] else empty end))) | unique_in_order)][0] as $tags
        # Of several states the one that is not over counts.
        | [(first_of(["currentstate"]; $in) // ([$in.state | texts[] | select(over | not)] | .[0])
            // first_of(["state", "issuestate", "statetext", "status"]; $in))][0] as $state
        | [first_of(["eventtype", "event"]; $in)][0] as $event
        | [first_of(["trigger", "triggerevent"]; $in)][0] as $trigger
        | [($state
            // ($event // "" | capture("^INCIDENT_(?<word>[A-Z]+)$"; "i").word)
            // ($trigger // "" | capture("^ISSUE_(?<word>[A-Z]+)$"; "i").word)
            // (if time_of(["closedat", "issueclosedat"]; $in) != null then "CLOSED" else null end))][0] as $spoken
        | [($spoken != null and ($spoken | over))][0] as $over
        | (if $over then $spoken
           elif ($trigger // "" | test("^(ISSUE_)?ACKNOWLEDGED$"; "i")) or time_of(["acknowledgedat", "issueacknowledgedat"]; $in) != null then "ACKNOWLEDGED"
           elif (first_of(["mutingstate", "issuemutingstate"]; $in) // "" | test("^FULLY_MUTED$"; "i")) then "FULLY_MUTED"
           else $spoken end) as $status
        | [time_of(["updatedat", "issueupdatedat", "timestamp", "timestamputcstring"]; $in)][0] as $updated
        | [([$entities[] | select((.type // "") | test("^(apm|browser|mobile|ext)?[-_ ]?(application|service)"; "i")) | .name // empty][0]
            // (if ($entities | length) == 1 and $entities[0].type == null then $entities[0].name else null end))][0] as $application
        | {
            source_id: [($id // ([$policy, $title] | map(select(. != null)) | join("/")))][0],
            title: [($title // "New Relic issue \($id)")][0],
            description: [(first_of(["details", "description", "issuedescription", "conditiondescription", "message", "eventdetails"]; $in) // ($in.annotations | object | .description | texts | join("\n") | text))][0],
            status: $status,
            severity: [([$in.priority | texts[]] | worst) // first_of(["issuepriority", "prioritytext", "newrelicpriority", "severity"]; $in)][0],
            service: [(first_of(["service", "servicename"]; $in) // ($tags | tagged(["service", "service.name"])) // $application // first_of(["accountname"]; $in))][0],
            environment: [(first_of(["environment", "env"]; $in) // ($tags | tagged(["environment", "env"])))][0],
            event_time: $updated,
            starts_at: [time_of(["activatedat", "issueactivatedat", "createdat", "issuecreatedat", "openedat"] + (if $over then [] else ["timestamp"] end); $in)][0],
            ends_at: [(if $over then (time_of(["closedat", "issueclosedat"]; $in) // $updated) else null end)][0],
            labels: [({issue: (first_of(["issueid", "id"]; $in)),
                      incident: first_of(["incidentid"]; $in),
                      policy: $policy,
                      condition: first_of(["conditionname", "alertconditionnames", "alertconditionname"]; $in),
                      condition_id: first_of(["conditionid", "conditionfamilyid"]; $in),
                      account: first_of(["accountname", "accountid", "nraccountid", "accountids"]; $in),
                      workflow: first_of(["workflowname"]; $in),
                      owner: first_of(["owner"]; $in)} | clean)][0],
            annotations: [({runbook: first_of(["runbookurl"]; $in), policy_url: first_of(["policyurl"]; $in), chart: first_of(["violationcharturl"]; $in),
                           acknowledge: first_of(["incidentacknowledgeurl", "issueackurl", "issueacknowledgeurl"]; $in), trigger: $trigger} | clean)][0],
            tags: $tags,
            url: [first_of(["issueurl", "issuepageurl", "issuelink", "incidenturl", "violationcallbackurl", "url"]; $in)][0],
            entities: $entities,
            test: [(if ($policy // "" | test("^New Relic Alert - Test Policy$")) or (first_of(["incidentid"]; $in) == "0" and first_of(["conditionid"]; $in) == "0") then true else null end)][0],
            notes: [(
              (if $id == null then ["no id: identified by policy and title"] else [] end)
              + (if (first_of(["mutingstate", "issuemutingstate"]; $in) // "" | test("^PARTIALLY_MUTED$"; "i")) then ["partially muted"] else [] end))][0]
          } | clean
      end
  end;

if type == "array" then [to_entries[] | .key as $i | .value | mapped("[\($i)].")] else [mapped("")] end
