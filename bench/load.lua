-- wrk script: SHAPE (webhook | alertmanager | bare), ALERTS a request, BODIES (unique | repeat), KEY, RUN (a word that makes this
-- sample's alerts differ from every other sample's).
local shape, alerts = os.getenv("SHAPE"), tonumber(os.getenv("ALERTS"))
local unique, run = os.getenv("BODIES") == "unique", os.getenv("RUN")

local labels = '"labels":{"alertname":"TidalGateStuck","severity":"warning","job":"harbour","instance":"gate-7.harbour.example.org:9100","lock":"%s","cluster":"estuary","team":"waterways"}'
local rest = '"annotations":{"summary":"Tidal gate has not moved for ten minutes","description":"The gate was told to open and its position has not changed since; the next tide is near.","runbook_url":"https://runbooks.example.org/tidal-gate"},"startsAt":"2026-11-20T06:14:31.402Z",'
local webhook = '{"status":"firing",' .. labels .. ',' .. rest
  .. '"endsAt":"0001-01-01T00:00:00Z","generatorURL":"http://prometheus.example.org:9090/graph?g0.expr=gate_position+%%3D%%3D+0\\u0026g0.tab=1","fingerprint":"7c1f0a93be5d2e46"}'
local head = '{"receiver":"serai","status":"firing","alerts":['
local tail = '],"groupLabels":{"alertname":"TidalGateStuck"},"commonLabels":{"alertname":"TidalGateStuck","job":"harbour","severity":"warning"},'
  .. '"commonAnnotations":{"summary":"Tidal gate has not moved for ten minutes"},"externalURL":"http://alertmanager.example.org:9093","version":"4","groupKey":"{}:{alertname=\\"TidalGateStuck\\"}","truncatedAlerts":0}'
local own = '{' .. labels .. ',' .. rest .. '"generatorURL":"http://prometheus.example.org:9090/graph?g0.expr=gate_position+%%3D%%3D+0\\u0026g0.tab=1"}'

local member = shape == "alertmanager" and own or webhook
local count = 0

local function body()
  local members = {}
  for i = 1, alerts do
    count = count + 1
    members[i] = string.format(member, unique and (run .. "-" .. count) or ("lock-" .. i))
  end
  local list = table.concat(members, ",")
  if shape == "alertmanager" then return "[" .. list .. "]" end
  return head .. list .. tail
end

local constant

function init()
  wrk.method = "POST"
  wrk.headers["Content-Type"] = "application/json"
  if os.getenv("KEY") then wrk.headers["X-API-KEY"] = os.getenv("KEY") end
  if not unique then constant = wrk.format(nil, nil, nil, body()) end
end

function request()
  return constant or wrk.format(nil, nil, nil, body())
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format("RESULT requests=%d seconds=%.3f bad=%d broken=%d p50=%.2f p99=%.2f\n",
    summary.requests, summary.duration / 1e6, errors.status, errors.connect + errors.read + errors.write + errors.timeout,
    latency:percentile(50) / 1000, latency:percentile(99) / 1000))
end
