#!/bin/sh
# Lets a real Nagios find a service critical, acknowledges it, lets it recover, and the same for its host; shows that
# Serai has each. Everything runs on loopback and is stopped at the end. NAGIOS names another nagios binary.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
name=nagios
packages="nagios4-core curl"
nagios=${NAGIOS:-nagios4}
. "$here/../loopback.sh"
needs "$nagios" curl java

start_serai
mkdir "$work/results"
: >"$work/resource.cfg"
echo "0 TEMP OK: 210" >"$work/service"
echo "0 PING OK" >"$work/host"
for file in nagios.cfg objects.cfg; do
    sed "s|@WORK@|$work|g; s|@HERE@|$here|g; s|@URL@|$serai/api/alerts/event/nagios|g
         s|@USER@|$(id -un)|; s|@GROUP@|$(id -gn)|" "$here/$file" >"$work/$file"
done
start nagios "$nagios" "$work/nagios.cfg"
until_true 30 "Nagios has checked" grep -q "current_state=0" "$work/status.dat"
until_true 30 "Nagios takes commands" test -p "$work/nagios.cmd"

echo "The oven gets too hot."
echo "2 TEMP CRITICAL: 310 & rising" >"$work/service"
told "oven-1:Core temperature" firing
echo "[$(date +%s)] ACKNOWLEDGE_SVC_PROBLEM;oven-1;Core temperature;1;1;0;bea;turning it down" >"$work/nagios.cmd"
told "oven-1:Core temperature" acknowledged
echo "0 TEMP OK: 205" >"$work/service"
told "oven-1:Core temperature" resolved
echo "The oven goes off."
echo "2 PING CRITICAL - Packet loss = 100%" >"$work/host"
echo "[$(date +%s)] SCHEDULE_FORCED_HOST_CHECK;oven-1;$(date +%s)" >"$work/nagios.cmd"
told oven-1 firing
echo "0 PING OK" >"$work/host"
told oven-1 resolved

echo
alerts
