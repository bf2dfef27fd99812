# Standard Webhooks: a type for the receiver's switch, the time of the change, and the data.
{
  type: ("alert." + .change.verdict),
  timestamp: .alert.last_received,
  data: {
    alert: .alert,
    incident: .incident,
    version: .change.version,
    destination: .destination.name,
    reason: .delivery.reason
  }
}
+ (if .report then {report: .report} else {} end)
