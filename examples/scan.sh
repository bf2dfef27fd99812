#!/bin/sh
# Points public scanners at a running Serai on this machine, a minute each. What is not installed is left out.
#   pip install schemathesis; apt-get install slowhttptest gobuster dirb wapiti
# Usage: KEY=<an operator's key> examples/scan.sh [port]
set -u
url=http://127.0.0.1:${1:-8080}
here=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd -P)
: "${KEY:?an operator\'s key}"

has() {
    command -v "$1" >/dev/null 2>&1 || { echo "scan: $1 is not installed, left out"; return 1; }
}

# Every path of the OpenAPI document with data that fits it and data that does not. No set-up of other systems.
has schemathesis && schemathesis run "$here/schema/openapi.yaml" -u "$url" -H "X-API-KEY: $KEY" \
    --phases coverage,fuzzing --max-examples 4 --max-time 60 --seed 1 --no-shrink --continue-on-failure \
    --exclude-path '/api/providers/{provider}/setup'

# Slow heads and slow bodies beside a probe that must be served all along.
has slowhttptest && for kind in -H -B; do
    slowhttptest $kind -c 200 -r 100 -i 5 -l 30 -p 3 -u "$url/api/alerts/event/generic"
done

# Paths that servers forget to close.
words=/usr/share/dirb/wordlists/common.txt
[ -f "$words" ] && has gobuster && gobuster dir -q -u "$url" -w "$words" -t 4 --no-error -s 200,204,301,302,307,401,403,405,500 -b ''

# Statements, programs, files and heads injected into each parameter of the lists. The modules that ask a server of others are left out.
has wapiti && {
    set --
    for list in 'deliveries?limit=5&state=dead&destination=x' 'receipts?limit=5&cursor=1' 'incidents?limit=1' 'audit?limit=2' \
        'quarantine?limit=2' 'alerts/event/generic?provider=x'; do
        set -- "$@" -s "$url/api/$list"
    done
    found=$(mktemp)
    wapiti -u "$url/api/alerts?limit=5&status=firing&provider=x" "$@" --scope domain -H "X-API-KEY: $KEY" --flush-session \
        -m backup,blindsql,crlf,csp,exec,file,htaccess,http_headers,methods,nikto,permanentxss,redirect,shellshock,sql,xss \
        --max-scan-time 2 --no-bugreport -f txt -o "$found" >/dev/null 2>&1
    cat "$found"
    rm -f "$found"
}
true
