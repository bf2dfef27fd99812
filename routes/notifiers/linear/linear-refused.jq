# How GraphQL refuses, whatever the HTTP status: "errors", in the words of Linear's API and of Apollo, whose codes and types say
# the same in different letters; or a success that is none.

def letters: ascii_downcase | [match("[a-z ]+"; "g").string] | join("");

([.errors[0]? | if . == null or type == "object" then . else {} end] | .[0]) as $error
| if $error != null then
    ([$error.extensions.type?, $error.extensions.code?] | map(. // "" | tostring) | join(" ") | letters) as $kind
    | ($error.message // "" | tostring | ascii_downcase) as $message
    | if $kind | contains("ratelimit") then {step: "refused", status: 429, reason: "answered: rate limited"}
      elif $kind | contains("authenticat") then {step: "refused", status: 401, reason: "answered: not authenticated"}
      elif $kind | contains("forbidden") then {step: "refused", status: 403, reason: "answered: forbidden"}
      elif $kind | (contains("internal") or contains("network") or contains("lock timeout")) then {step: "refused", status: 503, reason: "answered: internal error"}
      elif $message | (contains("already exists") or contains("duplicate") or contains("unique")) then
        {step: "retry", status: 409, reason: "somebody else made it at the same time"}
      else {step: "dead", status: 400, reason: "the request was refused as invalid"} end
  elif ([.data[]? | objects | select(has("success") and .success != true)] | length) > 0 then
    {step: "dead", reason: "the system did not do it, without a reason"}
  else null end
