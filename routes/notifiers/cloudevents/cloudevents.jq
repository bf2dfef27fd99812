# One change of an alert -> a CloudEvents 1.0 event in structured mode. Only values of our own become attributes, so none
# holds a character that the specification forbids in them; everything that a sender wrote stays in data.
{
  specversion: "1.0",
  # source and id together are the event: the key is the same for every attempt and replay, so receivers drop repeats.
  id: .delivery.idempotency_key,
  source: .destination.source,
  type: (if .report then "io.serai.delivery.\(.report.state)" else "io.serai.alert.\(.change.verdict)" end),
  subject: .alert.fingerprint,
  time: .alert.last_received,
  datacontenttype: "application/json",
  provider: .alert.provider,
  severity: .alert.severity,
  status: .alert.status,
  version: .change.version,
  data: (if .report then {alert: .alert, report: .report} else .alert end)
}
