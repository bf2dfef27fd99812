#!/bin/sh
# Lets a real Zabbix server find an oven too hot, acknowledges it, lets it recover, and shows that Serai has each.
# Everything runs on loopback and is stopped at the end. ZABBIX_SERVER, ZABBIX_SQL (folder with schema.sql, images.sql
# and data.sql, also gzipped) and PG_BIN name other places than Debian's.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
name=zabbix
packages="zabbix-server-pgsql postgresql curl"
server=${ZABBIX_SERVER:-zabbix_server}
sql=${ZABBIX_SQL:-/usr/share/zabbix-server-pgsql}
pg=${PG_BIN:-$(for each in /usr/lib/postgresql/*/bin; do echo "$each"; done | tail -n 1)}
. "$here/../loopback.sh"
needs "$server" "$pg/initdb" "$pg/postgres" psql curl java

start_serai
port=$(java "$root/examples/FreePorts.java" 1 20000)
mkdir "$work/pg" "$work/run"
# PostgreSQL does not run as root.

as=
if [ "$(id -u)" -eq 0 ]; then

    as="runuser -u postgres --"
    chmod 711 "$work"
    chown postgres "$work/pg"
fi
$as "$pg/initdb" -D "$work/pg/data" -U zabbix -A trust -E UTF8 --no-sync >"$work/initdb.log" 2>&1
start postgres $as "$pg/postgres" -D "$work/pg/data" -k "$work/pg" -h "" -c fsync=off
db() { psql -q -v ON_ERROR_STOP=1 -h "$work/pg" -U zabbix "$@"; }
until_true 60 "PostgreSQL" db -d postgres -c "select 1"
db -d postgres -c "create database zabbix"
for part in schema images data; do
    gzip -dcf "$sql/$part".sql* | db -d zabbix -o /dev/null
done
printf '%s' "\\set url '$serai/api/alerts/event/zabbix'
\\set key '$key'
\\set script \`cat $here/webhook.js\`
\\i $here/oven.sql
" | db -d zabbix

sed "s|@WORK@|$work|g; s|@PORT@|$port|; s|@PGUSER@|zabbix|" "$here/zabbix_server.conf" >"$work/zabbix_server.conf"
start zabbix "$server" -f -c "$work/zabbix_server.conf"
push() { java "$here/Push.java" "$port" oven-3 oven.temperature "$1"; }
until_true 60 "Zabbix takes values" push 210

echo "The oven gets too hot."
push 310 >/dev/null
told 900001 firing
db -d zabbix -f "$here/acknowledge.sql"
told 900001 acknowledged
push 205 >/dev/null
told 900001 resolved

echo
alerts
