# Dynatrace: custom problem notification (any subset of its fields, down to State, ProblemID, PID), a workflow's event of Davis, problems API v1
# (details, feed) and problems API v2 (one problem, a page of problems) -> canonical alerts.
# The display id without its "P-" is the identity in every form, so that push, fetch and poll are one alert.

# Dynatrace leaves a placeholder that it does not know as it is: "{ProblemSeverity}".
def text:
  if . == null or type == "object" or type == "array" then null
  else tostring | if . == "" or test("^\\{[A-Za-z]+\\}$") then null else . end
  end;
def object: if type == "string" then (try fromjson catch null) else . end | if type == "object" then . else {} end;
def objects_of: if type == "array" then map(select(type == "object")) else [] end;
def clean: with_entries(select(.value != null and .value != [] and .value != {}));
def setting($name): variable($name) | text;
def display: text | if . == null then null else sub("^P-"; "") end;
def display_only: text | if . != null and test("^P-[0-9]+$") then . else null end;
def kind_of: if . == null then null else (capture("^(?<kind>[A-Z_]+)-").kind // null) end;
# By split and join: in this jq gsub recurses once for every match, and a long page overflows the stack.
def untagged: split("<") | .[0:1] + (.[1:] | map(split(">") | .[1:] | join(">"))) | join(" ");
def words: split("\n") | join(" ") | split("\t") | join(" ") | split("\r") | join(" ") | split(" ") | map(select(. != "")) | join(" ");
def plain: if . == null then null else untagged | split("&nbsp;") | join(" ") | words | text end;
def tag_text: if type == "object" then ((.stringRepresentation | text) // (((.context | text) as $c | if $c == null or $c == "CONTEXTLESS" then "" else "[\($c)]" end) + ([.key, .value] | map(text | select(. != null)) | join(":")))) else text end;
def millis: if type == "number" and . > 0 then . elif type == "string" and test("^[1-9][0-9]*$") then tonumber else null end;
# A script in between may have written the milliseconds as a date.
def moment: . as $given | millis // ($given | text | if . != null and test("^[0-9]{4}-[0-9]{2}-") then . else null end);

def api_entities:
  (if (.rankedImpacts | objects_of | length) > 0 then .rankedImpacts else .rankedEvents end | objects_of
   | map({id: .entityId, name: .entityName, type: (.entityId | text | kind_of), impact: .impactLevel, severity: .severityLevel, event_type: .eventType} | map_values(text) | clean)) as $ranked
  | if ($ranked | length) > 0 then $ranked
    else
      .impactLevel as $impact | .severityLevel as $severity
      | (if (.impactedEntities | objects_of | length) > 0 then .impactedEntities else .affectedEntities end | objects_of
         | map((.entityId | if type == "object" then . else {id: .} end) as $entity | {id: $entity.id, name: .name, type: $entity.type, impact: $impact, severity: $severity} | map_values(text) | clean))
    end
  | reduce .[] as $e ([]; if index([$e]) then . else . + [$e] end);

def service_of: ((map(select(.type == "SERVICE")) + map(select(.type == "APPLICATION")))[0].name) // null;
def environment_of: [.[] | capture("^(?:\\[[^\\]]*\\])?(?:[a-z0-9_-]+:)?env(?:ironment)?:(?<value>.+)$"; "i").value] | .[0];

def link($pid):
  if $pid == null then null
  else setting("tenant") as $tenant
    | if $tenant == null then null else ($tenant | rtrimstr("/")) + "/#problems/problemdetails;pid=" + ($pid | @uri) end
  end;

# A problem as the API gives it, version 1 or 2.
def from_api($path):
  # Version 1 calls the number displayName; elsewhere that is the title.
  ((.displayId // (.displayName | text | if . != null and test("^(P-)?[0-9]+$") then . else null end) // (.problemId | display_only)) | display) as $id
  | ((.problemId // .id) | text | if display_only == null then . else null end) as $pid
  | if $id == null and $pid == null then {error: "a problem needs displayId (or displayName, problemId, id)", field: ($path + "displayId")}
    else
      api_entities as $entities
      | ((.entityTags // .tagsOfAffectedEntities) | if type == "array" then map(tag_text | select(. != null)) else [] end) as $tags
      | {
          source_id: ($id // $pid),
          title: ((.title | text) // (.displayName | text | if . != null and test("^(P-)?[0-9]+$") then null else . end)
            // (if ($entities[0].event_type // null) == null then null else $entities[0].event_type + " on " + ($entities[0].name // $entities[0].id // "an unnamed entity") end)
            // "Dynatrace problem \($id // $pid)"),
          status: (.status | text),
          severity: ((.severityLevel // .severity // .impactLevel) | text),
          service: ($entities | service_of),
          environment: ($tags | environment_of),
          starts_at: (.startTime | moment),
          ends_at: (.endTime | moment),
          labels: ({problem_id: (.displayId // (if $id != null then .displayName else null end) // (.problemId | display_only)), pid: $pid, impact: .impactLevel,
                    root_cause: (.rootCauseEntity | if type == "object" then .name else null end),
                    management_zones: (.managementZones | objects_of | map(.name | text | select(. != null)) | join(", "))}
                   | map_values(text) | clean),
          tags: $tags,
          url: link($pid),
          entities: $entities,
          notes: (if $id == null then ["no display id: identified by the internal id"] else [] end)
        } | clean
    end;

# A notification: the tenant's template decides which of these fields come.
def from_webhook($path):
  (.ProblemID | display) as $id
  | (.PID | text) as $pid
  | (.ProblemTitle | text) as $title
  | if $id == null and $pid == null and $title == null then {error: "a notification needs ProblemID (or PID, ProblemTitle)", field: ($path + "ProblemID")}
    else
      (((.ProblemDetailsJSONv2 // .ProblemDetailsJSON // .ProblemDetailsJSONv1 // .ProblemDetailsText) | object) | .result // . | object) as $details
      | (.ImpactedEntities | if type == "string" then (try fromjson catch null) else . end | objects_of
         | map({id: (.entity // .entityId // .id | if type == "object" then .id else . end), name: .name, type: .type} | map_values(text) | clean)) as $named
      | ($details | api_entities) as $detailed
      | (if ($detailed | length) > 0 then $detailed else $named end) as $entities
      | (.Tags | if type == "string" then [split(",")[] | sub("^ +"; "") | text | select(. != null)] elif type == "array" then map(tag_text | select(. != null))
          elif type == "object" then [to_entries[] | select(.value | text != null) | "\(.key):\(.value)"] else [] end) as $tags
      | ((.ProblemImpact | text) // ($details.impactLevel | text)) as $impact
      | ((.ProblemSeverity | text) // ($details.severityLevel | text)) as $severity
      | ($id == ((setting("test_problem_id") // "999") | display) and $pid == (setting("test_pid") // "99999")) as $test
      | {
          # Without an id the problem's title and its entity are what open and resolved have in common.
          source_id: ($id // $pid // ([$title, (.ImpactedEntity | text)] | map(select(. != null)) | join(" on "))),
          title: ($title // ($details.title | text) // "Dynatrace problem \($id // $pid)"),
          description: ((.ProblemDetailsText | text) // (.ProblemDetailsMarkdown | text) // (.ProblemDetailsHTML | text | plain) // (.ImpactedEntity | text)),
          status: (.State | text),
          severity: ($severity // (if $test then "INFO" else $impact end)),
          service: ($entities | service_of),
          environment: ($tags | environment_of),
          starts_at: ((.ProblemStartTime | moment) // ($details.startTime | moment)),
          ends_at: ((.ProblemEndTime | moment) // ($details.endTime | moment)),
          labels: ({problem_id: .ProblemID, pid: $pid, impact: $impact} | map_values(text) | clean),
          tags: $tags,
          url: ((.ProblemURL | text) // (."Problem URL" | text) // link($pid)),
          test: (if $test then true else null end),
          entities: $entities,
          notes: (
            (if $test then ["test message"] else [] end)
            + (if $severity == null and $impact != null and ($test | not) then ["no severity: taken from the impact"] else [] end)
            + (if $id != null then [] elif $pid != null then ["no ProblemID: identified by the PID"] else ["no ProblemID: identified by the title"] end)
            + (if .State == "MERGED" then ["merged into another problem"] else [] end))
        } | clean
    end;

# The author of a template names its fields: state, problem_id, Problem-Title are the notification's own names in another dress.
def own_names: {
    state: "State", problemstate: "State", problemid: "ProblemID", pid: "PID", problemtitle: "ProblemTitle", title: "ProblemTitle",
    problemseverity: "ProblemSeverity", severity: "ProblemSeverity", problemimpact: "ProblemImpact", impact: "ProblemImpact",
    problemurl: "ProblemURL", url: "ProblemURL", problemdetailstext: "ProblemDetailsText", problemdetails: "ProblemDetailsText", details: "ProblemDetailsText",
    problemdetailshtml: "ProblemDetailsHTML", problemdetailsmarkdown: "ProblemDetailsMarkdown", problemdetailsjson: "ProblemDetailsJSON",
    problemdetailsjsonv1: "ProblemDetailsJSONv1", problemdetailsjsonv2: "ProblemDetailsJSONv2",
    impactedentity: "ImpactedEntity", impactedentities: "ImpactedEntities", affectedentities: "ImpactedEntities", tags: "Tags", problemtags: "Tags", tagsofaffectedentities: "Tags",
    status: "State", problemstatus: "State", impactlevel: "ProblemImpact", severitylevel: "ProblemSeverity"
  };
def key_word: ascii_downcase | split("_") | join("") | split("-") | join("") | split(" ") | join("");
def as_notification: own_names as $names | (with_entries(.key |= ($names[key_word] // .)) + .);
def notification: any(keys[]; key_word | . == "state" or . == "pid" or . == "problemstate" or . == "problemtitle" or . == "problemseverity") or has("ProblemID");

# What a workflow sees as event(): a problem of Davis as Grail keeps it, or a template in its words.
def from_event($path):
  ((.display_id // (."event.id" | display_only)) | display) as $id
  | (."event.id" | text | if display_only == null then . else null end) as $pid
  | if $id == null and $pid == null then {error: "an event of Davis needs display_id (or event.id)", field: ($path + "display_id")}
    else
      ((.entity_tags // ."dt.tags") | if type == "array" then map(tag_text | select(. != null)) else text | if . == null then [] else split(",") | map(sub("^ +"; "") | text | select(. != null)) end end) as $tags
      | (if (.affected_entity_names | type) == "array" then .affected_entity_names else [] end) as $names
      | (."smartscape.affected_entities" | objects_of | map({id, name, type})) as $named
      | ((if ($named | length) > 0 then $named
          elif (.affected_entity_ids | type) == "array" then [.affected_entity_ids | to_entries[] | .value as $entity | {id: $entity, name: $names[.key], type: ($entity | text | kind_of)}]
          else [] end)
        | map(map_values(text) | clean | select(. != {}))) as $entities
      | {
          source_id: ($id // $pid),
          title: ((."event.name" | text) // "Dynatrace problem \($id // $pid)"),
          description: (."event.description" | text),
          status: (if ."dt.davis.is_duplicate" == true then "MERGED" elif ."maintenance.is_under_maintenance" == true and ."event.status" == "ACTIVE" then "UNDER_MAINTENANCE" else (."event.status" | text) end),
          # event.severity is a number of Grail's own.
          severity: ((."event.category" | text) // (."event.severity" | text | if . != null and test("^[A-Z_]+$") then . else null end)),
          service: ([(."dt.entity.service.name", ."service.name", ($entities | service_of), .root_cause_entity_name) | text | select(. != null)][0]),
          environment: ($tags | environment_of),
          starts_at: ((."event.start" // ."event.start_time") | text),
          ends_at: (if ."event.status" == "ACTIVE" or ."event.status" == "OPEN" then null else (."event.end" // ."event.end_time") | text | if . == null or startswith("-") then null else . end end),
          labels: ({problem_id: (.display_id // (."event.id" | display_only)), pid: $pid, root_cause: .root_cause_entity_name} | map_values(text) | clean),
          tags: $tags,
          url: ((."dt.problem.url" | text) // link($pid)),
          entities: $entities,
          notes: ((if $id == null then ["no display id: identified by the internal id"] else [] end)
            + (if ."dt.davis.is_duplicate" == true then ["merged into another problem"] else [] end))
        } | clean
    end;

def mapped($path):
  if type != "object" then {error: "a problem must be an object", field: ($path | rtrimstr("."))}
  elif has("event.kind") or has("event.status") or has("event.name") then from_event($path)
  elif notification then as_notification | from_webhook($path)
  else from_api($path)
  end;

def each($path): [to_entries[] | .key as $i | .value | mapped($path + "[\($i)].")];

if type == "array" then each("")
elif (.problems | type) == "array" then .problems | each("problems")
elif (.ProblemNotification | type) == "object" then [.ProblemNotification | mapped("ProblemNotification.")]
elif (.problem | type) == "object" and (notification | not) then [.problem | mapped("problem.")]
elif (.event | type) == "object" and (notification | not) then [.event | mapped("event.")]
elif (.result | type) == "object" then
  if (.result.problems | type) == "array" then .result.problems | each("result.problems") else [.result | mapped("result.")] end
else [mapped("")]
end
