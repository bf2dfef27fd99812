# What the API lists of objects -> what the mapping reads. A check's command line may hold passwords; it is not kept.
[.results[]
  | {type, name, attrs: (.attrs | .last_check_result |= if type == "object" then {output, state, execution_end, check_source} else null end)}]
