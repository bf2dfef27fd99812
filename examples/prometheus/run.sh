#!/bin/sh
# Fires and resolves one alert through Prometheus, Alertmanager and Serai, and shows what Slack and mail were told. While it
# fires Alertmanager is polled too, with POLL=prometheus Prometheus itself: nobody is told twice.
# Everything runs on loopback, on free ports, and is stopped at the end.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)

missing=
for tool in prometheus prometheus-alertmanager; do
    command -v "$tool" >/dev/null || missing="$missing $tool"
done
if [ -n "$missing" ]; then
    echo "Not installed:$missing. On Debian: apt-get install --no-install-recommends prometheus prometheus-alertmanager" >&2
    exit 69
fi

work=$(mktemp -d "${TMPDIR:-/tmp}/serai-prometheus.XXXXXX")
pids=
stop() {
    status=$?
    for pid in $pids; do kill "$pid" 2>/dev/null || true; done
    for pid in $pids; do wait "$pid" 2>/dev/null || true; done
    if [ "$status" -eq 0 ]; then rm -rf "$work"; else echo "Logs are in $work" >&2; fi
    exit "$status"
}
trap stop EXIT
trap 'exit 130' INT TERM

# start NAME COMMAND...: in the background, output to a log of that name.
start() {
    name=$1
    shift
    "$@" >"$work/$name.log" 2>&1 &
    pids="$! $pids"
}

# until_true SECONDS WHAT COMMAND...
until_true() {
    left=$(($1 * 5))
    what=$2
    shift 2
    until "$@" >/dev/null 2>&1; do
        left=$((left - 1))
        if [ "$left" -le 0 ]; then
            echo "Waited in vain: $what" >&2
            exit 1
        fi
        sleep 0.2
    done
}

lines() { [ -f "$1" ] && [ "$(wc -l <"$1")" -ge "$2" ]; }
mails() { [ -f "$work/mail" ] && [ "$(grep -c '^=====$' "$work/mail")" -ge "$1" ]; }

echo 200 >"$work/oven"
start world java "$here/World.java" "$work"
until_true 30 "the exporter, Slack and mail stubs" test -f "$work/ports"
. "$work/ports"

sed "s/:9093/:$ALERTMANAGER/; s/:9100/:$WORLD/" "$here/prometheus.yml" >"$work/prometheus.yml"
sed "s/:8080/:$SERAI/" "$here/alertmanager.yml" >"$work/alertmanager.yml"
sed "s/:9100/:$WORLD/; s/=2525/=$SMTP/" "$here/serai.properties" >"$work/serai.properties"
poll=${POLL:-alertmanager}
if [ "$poll" = prometheus ]; then api=$PROMETHEUS; else api=$ALERTMANAGER; fi
{
    echo "serai.management-port=$MANAGEMENT"
    echo "serai.provider.prometheus.api=$poll"
    echo "serai.provider.prometheus.api-url=http://127.0.0.1:$api"
    # Once a year: this example polls when it wants to.
    echo "serai.provider.prometheus.poll=0 0 0 1 1 ?"
} >>"$work/serai.properties"
cp "$here/rules.yml" "$work/"

"$root/serai" keys create --scope 'ingest:prometheus' --json --data "$work/data" |
    sed 's/.*"key" *: *"\([^"]*\)".*/\1/' | tr -d '\n' >"$work/serai.key"
start serai "$root/serai" run --port "$SERAI" --data "$work/data" --config "$work/serai.properties"
until_true 60 "Serai" curl -fs "http://127.0.0.1:$SERAI/health"
start alertmanager prometheus-alertmanager --config.file="$work/alertmanager.yml" --storage.path="$work/alertmanager" \
    --web.listen-address="127.0.0.1:$ALERTMANAGER" --cluster.listen-address=
until_true 20 "Alertmanager" curl -fs "http://127.0.0.1:$ALERTMANAGER/-/ready"
start prometheus prometheus --config.file="$work/prometheus.yml" --storage.tsdb.path="$work/prometheus" \
    --web.listen-address="127.0.0.1:$PROMETHEUS"
until_true 20 "Prometheus" curl -fs "http://127.0.0.1:$PROMETHEUS/-/ready"

echo "The oven gets hot."
echo 300 >"$work/oven"
until_true 60 "Slack told that the alert fires" lines "$work/slack" 1
until_true 60 "mail told that the alert fires" mails 1
echo "Serai polls $poll:"
"$root/serai" pull prometheus --url "http://127.0.0.1:$SERAI" --data "$work/data" --json
"$root/serai" alerts --data "$work/data"
echo "The oven cools down."
echo 200 >"$work/oven"
until_true 60 "Slack told that the alert is resolved" lines "$work/slack" 2
until_true 60 "mail told that the alert is resolved" mails 2

echo
echo "Slack got, in this order:"
cat "$work/slack"
echo
echo "Mail got, in this order:"
grep -E '^(Subject|Message-ID|In-Reply-To|References):|^=====' "$work/mail"

if lines "$work/slack" 3 || mails 3; then
    echo "More than one firing and one resolved message were told." >&2
    exit 1
fi
if sed -n 1p "$work/slack" | grep -qi resolved || ! sed -n 2p "$work/slack" | grep -qi resolved; then
    echo "Slack was not told first that it fires and then that it is resolved." >&2
    exit 1
fi
if [ "$(grep -i '^Subject:' "$work/mail" | grep -nic resolved)" -ne 1 ] ||
    grep -i '^Subject:' "$work/mail" | head -1 | grep -qi resolved; then
    echo "Mail was not told first that it fires and then that it is resolved." >&2
    exit 1
fi
echo
echo "One firing and one resolved message each, in order."
