# Overwatch: the webhook form (id, title, severity, status as words) and the form that its alert parser
# recognises (source custom_platform, alert_name, severity 1 to 4) -> canonical alerts.

def text: if . == null then null else tostring | if . == "" then null else . end end;
def short: tostring | if length > 80 then .[0:80] + "..." else . end;
def list: if type == "array" then map(text | select(. != null)) elif type == "string" then [split(",")[] | sub("^ +"; "") | select(. != "")] else [] end;
def parser_form: (.source | type == "string" and ascii_downcase == "custom_platform") and has("id") and has("alert_type") and has("platform_version");

def low: if type == "string" then ascii_downcase else . end;
# Every fault of the webhook form, in the words of the guide.
def faults:
  . as $in
  | [("id", "title", "severity", "status") | . as $field | select($in | has($field) | not) | {field: $field, text: "Missing required field: \($field)"}]
    + (if has("severity") and (.severity | low as $s | ["low", "medium", "high", "critical"] | index([$s]) | not)
       then [{field: "severity", text: "Invalid severity: \(.severity | short)"}] else [] end)
    + (if has("status") and (.status | low as $s | ["firing", "resolved"] | index([$s]) | not)
       then [{field: "status", text: "Invalid status: \(.status | short)"}] else [] end);

def common: {
    source_id: (.id | text),
    service: (.service | text),
    environment: (.environment | text),
    labels: ({source: .source, alert_type: .alert_type, platform_version: .platform_version} | with_entries(select(.value != null) | .value |= tostring)),
    tags: (.tags | list),
    url: (.link | text)
  };

def clean: with_entries(select(.value != null and .value != [] and .value != {}));

def mapped($path):
  if type != "object" then {error: "an alert must be an object", field: ($path | rtrimstr("."))}
  elif parser_form then
    if .id == null or .id == "" then {error: "Missing required field: id", field: ($path + "id")}
    else
      common + {
        title: ((.alert_name | text) // (.title | text) // "Overwatch alert \(.id)"),
        description: (.message | text),
        status: (.status // "firing"),
        severity: (.severity // 2),
        starts_at: .triggered_at,
        notes: ((if (.alert_name | text) // (.title | text) then [] else ["no alert_name: title made of the id"] end)
          + (if .severity == null then ["no severity: taken as 2"] else [] end))
      } | clean
    end
  else
    faults as $faults
    | if ($faults | length) > 0 then {error: ($faults | map(.text) | join("; ")), field: ($path + $faults[0].field)}
      elif (.id | text) == null then {error: "Missing required field: id", field: ($path + "id")}
      elif (.title | text) == null then {error: "Missing required field: title", field: ($path + "title")}
      else
        common + {title: (.title | text), description: (.description | text), status: .status, severity: .severity} | clean
      end
  end;

if type == "array" then [to_entries[] | .key as $i | .value | mapped("[\($i)].")] else [mapped("")] end
