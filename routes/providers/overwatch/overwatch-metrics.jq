# Series to {metric_name, value, timestamp, tags, unit} (O23). A point without a time is one of the time that was asked for.
# Tag keys are lower case without blanks (O25). Keys that become the same keep their own names, and say so.
def plain: ascii_downcase | split(" ") | join("_");
def tagged: (. // {}) as $tags
  | ($tags | keys_unsorted | group_by(plain) | map(select(length > 1)) | add // []) as $alike
  | {tags: ($tags | to_entries
       | map(.key as $key | {key: (if any($alike[]; . == $key) then $key else $key | plain end), value: (.value | if type == "string" then . else tojson end)})
       | from_entries),
     warnings: (if ($alike | length) > 0 then ["tags that differ only in case or blanks keep their names: " + ($alike | sort | join(", "))] else [] end)};
if (.series | type) != "array" then null
else [.series[]
  | (.tags | tagged) as $tagged
  | {metric_name: (.metric_name // .metric // .name // ""),
     value,
     timestamp: (.timestamp // null),
     tags: $tagged.tags,
     unit: (.unit // null)}
  | if .timestamp == null then .timestamp = $ask.end | .warnings = $tagged.warnings + ["no time was given: the end of the span is taken"]
    elif ($tagged.warnings | length) > 0 then .warnings = $tagged.warnings
    else . end]
end
