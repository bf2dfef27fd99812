# One event of Serai itself -> one alert for each destination that it is about.
[{
  title: (if .serai_event == "destination-refused" then "Destination \(.destination) refuses what Serai sends" else "\(.serai_event): \(.destination)" end),
  description: ("It \(.reason // "refuses")."
    + if .status == "resolved" then "" else " Its deliveries wait and are not lost. Put its credentials right and restart, or run ./serai replay --dead --destination \(.destination) to try now." end),
  status: .status,
  severity: .severity,
  service: "serai",
  source_id: "\(.serai_event)/\(.destination)",
  event_time: .at,
  starts_at: (if .status == "resolved" then null else .at end),
  ends_at: (if .status == "resolved" then .at else null end),
  labels: ({destination: .destination, notifier: .notifier} | with_entries(select(.value != null)))
} | with_entries(select(.value != null))]
