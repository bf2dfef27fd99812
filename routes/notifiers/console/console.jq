# time  SEVERITY status (verdict)  title  [where]  provider #id
def word($value): if ($value // "") == "" then empty else $value end;
[
  .alert.last_received,
  ((.alert.severity // "") | ascii_upcase),
  "\(.alert.status) (\(.change.verdict))",
  .alert.title,
  ([word(.alert.service), word(.alert.environment)] | if length > 0 then "[" + join(", ") + "]" else empty end),
  "\(.alert.provider) #\(.alert.id)",
  (if .report then "\(.report.destination): \(.report.state), \(.report.message)" else empty end)
]
| map(select(. != null and . != ""))
| join("  ")
