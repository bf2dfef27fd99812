# Jira: issue webhooks and automation's "issue data" -> canonical alerts. Every issue that arrives is an alert: which ones arrive
# is the webhook's own JQL filter. Comments, worklogs, links, sprints, projects and users make none. Nor does an issue that
# Serai's own notifier has made (it bears the label serai-<fingerprint>): it would come back as an alert of itself, without end.

def text: if . == null or type == "object" or type == "array" then null else tostring | if . == "" then null else . end end;
def object: if type == "object" then . else {} end;
def clean: with_entries(select(.value != null and .value != [] and .value != {}));
def name: if type == "object" then (.name // .displayName // .value // .key) | text else text end;
def names: if type == "array" then [.[] | name | select(. != null)] | join(", ") | text else name end;
# "P1 - Critical", "High (2)": a priority of an account's own making has one of the usual words in it.
def rank: if . == null then null elif test("\\bsev(?:erity)?[ -]?[0-5]\\b"; "i") then capture("\\b(?<word>sev(?:erity)?[ -]?(?<n>[0-5]))\\b"; "i") | if .word | test("^sev [0-5]$"; "i") then .word else "sev \(.n)" end else (capture("\\b(?<word>p[0-5]|blocker|critical|highest|urgent|emergency|major|high|medium|moderate|normal|minor|lowest|low|trivial)\\b"; "i").word // .) end;
# The names are translated and edited; the icon of one that Jira came with still says which it was.
def rank_of:
  (name | rank) as $named
  | if type != "object" or ($named // "" | test("^(?:p[0-5]|blocker|critical|highest|urgent|emergency|major|high|medium|moderate|normal|minor|lowest|low|trivial)$"; "i")) then $named
    else [(.iconUrl | text // "" | capture("/(?<word>blocker|critical|highest|major|high|medium|minor|lowest|low|trivial)\\.(?:svg|png|gif)"; "i").word), $named][0]
    end;
# API version 3 gives a document tree instead of text.
def prose: if type == "object" then [.. | objects | .text | text | select(. != null)] | join(" ") | text else text end;

def own: any(.labels | if type == "array" then .[] else empty end; type == "string" and test("^serai-[0-9a-f]{32}(-[0-9]+)?$"));

def issue($in; $field):
  (if (.fields | type) == "object" then .fields else . end) as $f
  | (.id | text) as $id
  | (.key | text) as $key
  | ($in.webhookEvent | text // "" | ascii_downcase) as $event
  | ($f.status | object) as $status
  | ([$in.changelog | object | .items | if type == "array" then .[] else empty end | object | select((.field | text // "" | ascii_downcase) == "status").toString | text][-1]) as $moved
  | (.self | text) as $self
  | ($f.project | if type == "string" then {name: .} else object end) as $project
  | if $id == null and $key == null then {error: "an issue needs its id", field: $field}
    elif $f | own then empty
    else {
      source_id: ($id // $key),
      title: (($f.summary | text) // "Jira issue \($key // $id)"),
      description: ($f.description | prose),
      # The category tells what a status of any name means; a resolution ends an issue in every workflow.
      status: (if $event | endswith("issue_deleted") then "deleted"
        else ($status.statusCategory | object | .key | text | if . == "undefined" then null else . end)
          // (if ($f.resolution | name) != null or ($f.resolutiondate | text) != null then "resolved" else null end)
          // ($status.statusCategory | object | .name | text)
          // ($f.status | name) // $moved // (if $event | endswith("issue_created") then "created" else null end) end),
      severity: ($f.priority | rank_of),
      service: (($f.components | names) // ($project | name)),
      environment: ($f.environment | text),
      starts_at: $f.created,
      ends_at: ($f.resolutiondate | text),
      event_time: $in.timestamp,
      labels: ({issue: $key, project: ($project.key // $project.name), issue_type: ($f.issuetype | name), status: ($f.status | name), resolution: ($f.resolution | name),
        priority: ($f.priority | name), reporter: ($f.reporter | name), assignee: ($f.assignee | name), fix_versions: ($f.fixVersions | names)} | map_values(text) | clean),
      tags: ($f.labels | if type == "array" then map(text | select(. != null)) else [] end),
      url: (if $self != null and $key != null and ($self | test("^https?://[^/]+.*/rest/api/")) then ($self | split("/rest/api/")[0]) + "/browse/" + $key else $self // (.url | text) end)
    } | clean
    end;

# What somebody wrote into an automation rule as "custom data": key or issueKey, summary or issueSummary, and so on.
def plain:
  with_entries(.key |= (ascii_downcase | sub("^issue_?(?<rest>.+)$"; "\(.rest)") | if . == "type" then "issuetype" else . end))
  | if .key == null and (.issue | type) == "string" then .key = .issue else . end;

if type != "object" then [{error: "the body must be an object", field: ""}]
elif (.webhookEvent | type) == "string" and (.webhookEvent | test("^jira:issue_(created|updated|deleted)$|^issue_(created|updated|deleted)$"; "i") | not) then []
elif (.issue | type) == "object" then . as $in | [.issue | issue($in; "issue.id")]
elif (.fields | type) == "object" then . as $in | [issue($in; "id")]
elif (plain | .key | text) != null then [plain | issue({}; "key")]
else [{error: "there is no issue in this body", field: "issue"}]
end
