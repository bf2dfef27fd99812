# Serai's own alert form, Keep's alert form and the event_type/Id/Title form -> canonical alerts.
# One object, a list, or {"alerts": [...]}; an item that cannot be mapped is an error of its own.

def text: if . == null or type == "object" or type == "array" then null else tostring | if . == "" then null else . end end;
def texts: if type == "object" then with_entries(select(.value != null) | .value |= tostring) else {} end;
def list: if type == "array" then map(text | select(. != null)) elif type == "string" then [split(",")[] | sub("^ +"; "") | select(. != "")] else [] end;

# What lets a sender in somewhere is no label.
def credential: ascii_downcase | split("_") | join("") | split("-") | join("")
  | endswith("token") or endswith("secret") or endswith("password") or endswith("authorization")
    or endswith("apikey") or endswith("appkey") or endswith("servicekey") or endswith("routingkey") or endswith("integrationkey");

# Fields with a place of their own in the canonical alert; any other plain value becomes a label.
def known: ["id", "Id", "source_id", "alert_id", "fingerprint", "title", "Title", "name", "message", "description", "Description", "status", "event_type", "severity", "Urgency", "urgency", "service", "environment", "starts_at", "startsAt", "startedAt", "ends_at", "endsAt", "lastReceived", "event_time", "labels", "annotations", "tags", "Tags", "source", "url", "generatorURL", "test", "entities", "notes", "original", "count", "first_received", "last_received", "provider", "instance", "apiKey"];

# An event_type is what has happened; a status beside it is the ticket's. A severity "ok" says that it is over, where the
# status is no word.
def word:
  if (.event_type | if type == "string" then ascii_downcase else null end | . == "create" or . == "trigger" or . == "acknowledge" or . == "resolve") then .event_type
  elif (.severity | type) == "string" and (.severity | ascii_downcase | . == "ok" or . == "cleared" or . == "resolved")
    and ((.status | type) == "null" or (.status | tostring | test("^[0-9]*$"))) then "ok"
  else .status // .Status // .state // .State // .event_type
  end;

def mapped($path):
  if type != "object" then {error: "an alert must be an object", field: $path}
  else
    . as $in
    | ((.title // .Title // .name // .summary // .subject // .message) | text) as $title
    | if $title == null then {error: "an alert needs a title (or name, Title, summary, message)", field: ($path + (if $path == "" then "" else "." end) + "title")}
      else
        (.fingerprint | text) as $fingerprint
        | ((.source_id // .id // .Id // .alert_id) | text) as $id
        | (.service | if type == "array" then map(text) | join(", ") else . end | text) as $service
        | (.environment | text) as $environment
        | ($environment // "production") as $place
        | {
            source_id: ($fingerprint // $id // ([$title, $service // "", $place] | map(split("\\") | join("\\\\") | split("|") | join("\\|")) | join("|"))),
            title: $title,
            description: (((.description // .Description) | text) // (.message | text | if . == $title then null else . end)),
            status: word,
            severity: (.severity // .Severity // .Urgency // .urgency // (if .event_type == null then .level // .priority else null end)),
            service: $service,
            environment: $place,
            event_time: (.event_time // .lastReceived),
            starts_at: (.starts_at // .startsAt // .startedAt),
            ends_at: (.ends_at // .endsAt),
            labels: (
              (with_entries(select((.key as $k | known | index([$k]) | not) and (.value | type | . == "string" or . == "number" or . == "boolean") and (.key | credential | not))) | texts)
              + (if $fingerprint != null and $id != null and $id != $fingerprint then {id: $id} else {} end)
              + (.Meta | texts)
              + (.labels | texts)),
            annotations: ((if (.description // .Description) != null and .message != null then {message: .message} | texts else {} end) + (.annotations | texts)),
            tags: ((((.tags // .Tags) | list) + (.source | list)) | reduce .[] as $t ([]; if index([$t]) then . else . + [$t] end)),
            url: ((.url // .generatorURL) | text),
            test: (if .test == true then true else null end),
            entities: (if (.entities | type) == "array" then [.entities[] | select(type == "object")] else [] end),
            notes: (
              (if $fingerprint == null and $id == null then ["no id: identified by title, service and environment"] else [] end)
              + (if $environment == null then ["environment defaulted to production"] else [] end))
          }
        | with_entries(select(.value != null and .value != [] and .value != {}))
      end
  end;

if type == "array" then [to_entries[] | .key as $i | .value | mapped("[\($i)]")]
elif type == "object" and (.alerts | type) == "array" then [.alerts | to_entries[] | .key as $i | .value | mapped("alerts[\($i)]")]
else [mapped("")]
end
