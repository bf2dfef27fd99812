# One event of Serai itself -> one alert for each destination, each node's configuration, or each poll or topology that it is about.
(.status == "resolved") as $over
| if .serai_event == "configuration-refused" then {
  title: (if $over then "The configuration of \(.node) is in force" else "The edit \(.edit) of the configuration of \(.node) is refused" end),
  description: (if $over then "What lies on the disk runs."
    else "\(.reason // "It is not good.") What ran before runs on; ./serai status names all that is to mend." end),
  source_id: "\(.serai_event)/\(.node)",
  labels: {node: .node}
} elif .serai_event == "topology-failed" then {
  title: (if $over then "The topology of \(.provider)/\(.instance) is read again" else "The topology of \(.provider)/\(.instance) cannot be read" end),
  description: (if $over then "What the enrichment looks up is fresh."
    else "\(.reason // "The reading failed"). What was read before is used on; ./serai provider topology \(.provider) reads it now." end),
  source_id: "\(.serai_event)/\(.provider)/\(.instance)",
  labels: {provider: .provider, instance: .instance}
} elif .serai_event == "poll-failed" then {
  title: (if $over then "\(.provider)/\(.instance) is polled again" else "\(.provider)/\(.instance) cannot be polled" end),
  description: (if $over then "What it said meanwhile is read now, as far back as it lists."
    else "\(.reason // "The poll failed"). Its polls go on failing, so nothing new of that system is known; ./serai provider check \(.provider) says more." end),
  source_id: "\(.serai_event)/\(.provider)/\(.instance)",
  labels: {provider: .provider, instance: .instance}
} else {
  title: (if .serai_event == "destination-refused" then "Destination \(.destination) refuses what Serai sends" else "\(.serai_event): \(.destination)" end),
  description: ("It \(.reason // "refuses")."
    + if $over then "" else " Its deliveries wait and are not lost. Put its credentials right, or run ./serai replay --dead --destination \(.destination) to try now." end),
  source_id: "\(.serai_event)/\(.destination)",
  labels: ({destination: .destination, notifier: .notifier} | with_entries(select(.value != null)))
} end
+ {
  status: .status,
  severity: .severity,
  service: "serai",
  event_time: .at,
  starts_at: (if $over then null else .at end),
  ends_at: (if $over then .at else null end)
}
| [with_entries(select(.value != null))]
