#!/bin/sh
# Lets a real Icinga 2 find a service critical, acknowledges it, lets it recover, and the same for its host; shows that
# Serai has each; then polls it. Everything runs on loopback and is stopped at the end. ICINGA2 names another binary.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
name=icinga2
packages="icinga2-bin curl"
icinga2=${ICINGA2:-icinga2}
. "$here/../loopback.sh"
needs "$icinga2" curl java

api=$(java "$root/examples/FreePorts.java" 1)
password=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
for file in service host polled; do echo "0 OK" >"$work/$file"; done
mkdir -p "$work/var/certs" "$work/log" "$work/cache" "$work/run" "$work/spool"

# icinga ARGUMENT... : with folders of our own.
icinga() {
    for folder in DataDir=var LogDir=log CacheDir=cache SpoolDir=spool InitRunDir=run PidPath=run/icinga2.pid \
        StatePath=var/icinga2.state ModAttrPath=var/modified-attributes.conf ObjectsPath=cache/objects VarsPath=cache/vars; do
        set -- "$@" "-DConfiguration.${folder%%=*}=$work/${folder#*=}"
    done
    exec "$icinga2" "$@" "-DConfiguration.RunAsUser=$(id -un)" "-DConfiguration.RunAsGroup=$(id -gn)"
}
(icinga pki new-ca) >"$work/pki.log" 2>&1
(icinga pki new-cert --cn localhost --key "$work/var/certs/localhost.key" --csr "$work/localhost.csr") >>"$work/pki.log" 2>&1
(icinga pki sign-csr --csr "$work/localhost.csr" --cert "$work/var/certs/localhost.crt") >>"$work/pki.log" 2>&1
cp "$work/var/ca/ca.crt" "$work/var/certs/ca.crt"

# The same Icinga is polled too: its own authority is all that Serai trusts there.
cat >"$work/settings" <<END
serai.provider.icinga2.api-url=https://localhost:$api
serai.provider.icinga2.api-user=serai
serai.provider.icinga2.api-password=$password
serai.provider.icinga2.ca-file=$work/var/certs/ca.crt
END
start_serai
icinga daemon -DNodeName=localhost -DWork="$work" -DHere="$here" -DUrl="$serai/api/alerts/event/icinga2" -DApiPort="$api" \
    -DApiPassword="$password" -c "$here/icinga2.conf" >"$work/icinga2.log" 2>&1 &
pids="$! $pids"

# ask PATH ARGUMENT... : Icinga's API.
ask() {
    path=$1
    shift
    printf 'user = "serai:%s"\n' "$password" |
        curl -fsS --max-time 5 --cacert "$work/var/certs/ca.crt" -K - \
            -H 'Accept: application/json' "https://localhost:$api$path" "$@"
}
# hard STATE: the polled service has settled in that state.
hard() {
    ask "/v1/objects/services/oven-2!humidity?attrs=state&attrs=state_type" | grep -q "\"state\":$1.*\"state_type\":1"
}
checked() { ask /v1/objects/services | grep -q '"last_check_result":{'; }
until_true 60 "Icinga has checked" checked

echo "The oven gets too hot."
echo '2 TEMP CRITICAL: "310" & rising' >"$work/service"
told icinga/oven-2/temperature firing
ask /v1/actions/acknowledge-problem -o /dev/null -d '{"type": "Service", "filter": "service.name == \"temperature\"",
    "author": "bea", "comment": "turning it down", "notify": true}'
told icinga/oven-2/temperature acknowledged
echo "0 TEMP OK: 205" >"$work/service"
told icinga/oven-2/temperature resolved
echo "The oven goes off."
echo "2 PING CRITICAL - Packet loss = 100%" >"$work/host"
told icinga/oven-2 firing
echo "0 PING OK" >"$work/host"
told icinga/oven-2 resolved

"$root/serai" provider check icinga2 --data "$work/data" --url "$serai"
pull() { "$root/serai" pull icinga2 --since hour --data "$work/data" --url "$serai"; }
echo "What Icinga notified is read again by a poll:"
pull
echo "A service that notifies nobody goes critical."
echo "2 HUMIDITY CRITICAL: 99%" >"$work/polled"
until_true 30 "Icinga sees it" hard 2
pull
told icinga/oven-2/humidity firing
echo "0 HUMIDITY OK: 40%" >"$work/polled"
until_true 30 "Icinga sees it" hard 0
pull
told icinga/oven-2/humidity resolved

echo
alerts
