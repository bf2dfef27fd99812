# Lines to {timestamp, level, message, service, host, attributes} (O24). Levels are 1 to 5 or words; without one it is INFO (O26).
def level: (if . == null then "" else tostring | ascii_upcase end) as $word
  | {"1": "DEBUG", "2": "INFO", "3": "WARNING", "4": "ERROR", "5": "CRITICAL", "WARN": "WARNING", "FATAL": "CRITICAL"} as $known
  | if $known[$word] != null then $known[$word]
    elif any("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"; . == $word) then $word
    else "INFO" end;
if (.logs | type) != "array" then null
else [.logs[]
  | {timestamp: (.timestamp // null),
     level: (.level | level),
     message: (.message // ""),
     service: (.service // null),
     host: (.host // null),
     attributes: (.attributes // {})}]
end
