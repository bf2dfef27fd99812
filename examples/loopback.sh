# Read by the examples' run.sh, which has set $name to its own name. Gives $work, a folder that is thrown away, and a
# Serai on a free loopback port, $serai, with a sender's key in $key and in the header file
# $work/serai.header. What was
# started is stopped by its process id.

root=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d "${TMPDIR:-/tmp}/serai-$name.XXXXXX")
pids=

stop() {
    status=$?
    # The newest first, and gone before the next: Zabbix leaves processes behind when its database goes before it.
    for pid in $pids; do
        kill "$pid" 2>/dev/null || true
        wait "$pid" 2>/dev/null || true
    done
    if [ "$status" -eq 0 ] && [ -z "${KEEP:-}" ]; then rm -rf "$work"; else echo "Logs are in $work" >&2; fi
    exit "$status"
}
trap stop EXIT
trap 'exit 130' INT TERM

# needs PROGRAM... : each must be there; the Debian packages are named in $packages.
needs() {
    missing=
    for tool in "$@"; do
        command -v "$tool" >/dev/null || missing="$missing $tool"
    done
    if [ -n "$missing" ]; then
        echo "Not installed:$missing. On Debian: apt-get install --no-install-recommends $packages" >&2
        exit 69
    fi
}

# start LOG COMMAND... : in the background.
start() {
    log=$1
    shift
    "$@" >"$work/$log.log" 2>&1 &
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

start_serai() {
    ports=$(java "$root/examples/FreePorts.java" 2)
    serai=http://127.0.0.1:$(echo "$ports" | sed -n 1p)
    key=$("$root/serai" keys create --scope "ingest:$name" --json --data "$work/data" |
        sed 's/.*"key" *: *"\([^"]*\)".*/\1/' | tr -d '\n')
    printf 'X-API-KEY: %s' "$key" >"$work/serai.header"
    # Settings of an example that polls come from its own file.
    : >"$work/serai.properties"
    if [ -f "$work/settings" ]; then cat "$work/settings" >"$work/serai.properties"; fi
    echo "serai.management-port=$(echo "$ports" | sed -n 2p)" >>"$work/serai.properties"
    start serai "$root/serai" run --port "${serai##*:}" --data "$work/data" --config "$work/serai.properties"
    until_true 60 "Serai" curl -fs "$serai/health"
}

# alert SOURCE_ID STATUS: Serai has that alert in that status.
alert() {
    alerts | grep -F "\"source_id\":\"$1\"" | grep -qF "\"status\":\"$2\""
}

# Every alert on a line of its own.
alerts() {
    printf 'X-API-KEY: %s' "$(cat "$work/data/cli.key")" >"$work/read.header"
    curl -fs -H @"$work/read.header" "$serai/api/alerts?provider=$name" | tr -d '\n' | sed 's/{"id"/\n&/g'
}

# told SOURCE_ID STATUS: waits for it, and says so.
told() {
    until_true 60 "$1 is $2 in Serai" alert "$1" "$2"
    echo "Serai has $1 as $2."
}
