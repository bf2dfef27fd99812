# GitHub: code_scanning_alert, secret_scanning_alert, dependabot_alert and repository_vulnerability_alert -> canonical alerts.
# The kind is seen by what the alert is made of. A ping and every event without an alert give an empty list.

def text: if . == null or type == "object" or type == "array" then null else tostring | if . == "" then null else . end end;
def object: if type == "object" then . else {} end;
def clean: with_entries(select(.value != null and .value != [] and .value != {}));
def texts: if type == "array" then map(text | select(. != null)) else [] end;

def kind:
  if (.rule | type) == "object" or (.tool | type) == "object" then "code_scanning"
  elif has("secret_type") or has("secret_type_display_name") then "secret_scanning"
  elif has("security_advisory") or has("security_vulnerability") or has("dependency") then "dependabot"
  elif has("affected_package_name") or has("external_identifier") or has("affected_range") then "vulnerability"
  else "alert" end;

# Each gives title, description, severity, service's neighbours and labels of its own kind.
def code_scanning:
  (.rule | object) as $rule
  | (.most_recent_instance // (.instances | if type == "array" then .[0] else null end) | object) as $instance
  | {
      title: (($rule.description | text) // ($rule.full_description | text) // ($rule.name | text) // ($rule.id | text)),
      description: (($rule.full_description | text) // ($instance.message | object | .text | text)),
      # What the rule's weakness is worth; its other severity says how sure the tool is to call it an error.
      severity: (($rule.security_severity_level | text) // ($rule.severity | text)),
      labels: {rule: ($rule.id // $rule.name), tool: (.tool | object | .name), path: ($instance.location | object | .path), ref: $instance.ref},
      tags: ($rule.tags | texts)
    };
def secret_scanning: {
    title: ((.secret_type_display_name | text) // (.secret_type | text)),
    description: (.resolution_comment | text),
    # GitHub gives none. A secret that works, or that everybody can read, is the worst that is found this way.
    severity: (if (.validity | text // "" | ascii_downcase) == "active" or .publicly_leaked == true then "critical" else "high" end),
    labels: {secret_type: .secret_type, validity: .validity, resolution: .resolution, publicly_leaked: .publicly_leaked, push_protection_bypassed: .push_protection_bypassed},
    notes: ["secret scanning gives no severity: taken from validity and publicity"]
  };
def dependabot:
  (.security_advisory | object) as $advisory
  | (.security_vulnerability | object) as $vulnerability
  | (.dependency | object) as $dependency
  | (($dependency.package // $vulnerability.package) | object) as $package
  | {
      title: (($advisory.summary | text) // (if $package.name == null then null else "Vulnerability in \($package.name)" end)),
      description: ($advisory.description | text),
      severity: (($vulnerability.severity | text) // ($advisory.severity | text)),
      labels: {package: $package.name, ecosystem: $package.ecosystem, manifest: $dependency.manifest_path, scope: $dependency.scope, ghsa: $advisory.ghsa_id, cve: $advisory.cve_id,
        cvss: ($advisory.cvss | object | .score), vulnerable: $vulnerability.vulnerable_version_range, patched: ($vulnerability.first_patched_version | object | .identifier)}
    };
def vulnerability: {
    title: (["Vulnerability in \(.affected_package_name // "a dependency")", .external_identifier // .ghsa_id] | map(text | select(. != null)) | join(": ")),
    severity: (.severity | text),
    labels: {package: .affected_package_name, vulnerable: .affected_range, patched: .fixed_in, ghsa: .ghsa_id, cve: .external_identifier}
  };

def alert($in):
  kind as $kind
  | ($in.repository | object) as $repository
  | ((.number // .id) | text) as $number
  | ($in.action | text) as $action
  | (if $kind == "code_scanning" then code_scanning elif $kind == "secret_scanning" then secret_scanning
     elif $kind == "dependabot" then dependabot elif $kind == "vulnerability" then vulnerability else {} end) as $own
  | if $number == null then {error: "an alert needs its number", field: "alert.number"}
    else $own + {
      source_id: $number,
      title: ($own.title // (.title | text) // "GitHub alert \($number)"),
      status: ((.state | text) // $action // (.most_recent_instance | object | .state | text)),
      service: (($repository.name | text) // ($repository.full_name | text)),
      starts_at: .created_at,
      ends_at: (.fixed_at // .resolved_at // .dismissed_at // .auto_dismissed_at),
      event_time: .updated_at,
      labels: ($own.labels + {kind: $kind, repository_id: ($repository.id // $repository.full_name // ($in.organization | object | .login)), repository: $repository.full_name, action: $action,
        dismissed_reason: (.dismissed_reason // .dismiss_reason), dismissed_by: ((.dismissed_by // .dismisser) | object | .login)} | map_values(text) | clean),
      url: ((.html_url | text) // (.external_reference | text) // (.url | text))
    } | clean
    end;

# GitHub's own choice of content type is a form, with the JSON in one field.
(if type == "object" and (.payload | type) == "string" then (try (.payload | fromjson) catch null) else . end)
| if type != "object" then [{error: "the body must be an object", field: ""}]
elif (.alert | type) == "object" and (.location | type) != "object" then . as $in | [.alert | alert($in)]
else []
end
