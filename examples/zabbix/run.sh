#!/bin/sh
# Lets a real Zabbix server find an oven too hot, acknowledges it, lets it recover, and shows that Serai has each.
# Where the console is there, polls it too. Everything runs on loopback and is stopped at the end. ZABBIX_SERVER,
# ZABBIX_CONSOLE, ZABBIX_SQL (folder with schema.sql, images.sql and data.sql, also gzipped) and PG_BIN name other places
# than Debian's.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
name=zabbix
packages="zabbix-server-pgsql postgresql curl"
server=${ZABBIX_SERVER:-zabbix_server}
sql=${ZABBIX_SQL:-/usr/share/zabbix-server-pgsql}
pg=${PG_BIN:-$(for each in /usr/lib/postgresql/*/bin; do echo "$each"; done | tail -n 1)}
. "$here/../loopback.sh"
needs "$server" "$pg/initdb" "$pg/postgres" psql curl java

console=${ZABBIX_CONSOLE:-/usr/share/zabbix}
php=
if [ -f "$console/api_jsonrpc.php" ] && command -v php >/dev/null && php -m | grep -q pgsql; then
    php=$(java "$root/examples/FreePorts.java" 1)
    token=$(od -An -N32 -tx1 /dev/urandom | tr -d ' \n')
    cat >"$work/settings" <<END
serai.provider.zabbix.api-url=http://127.0.0.1:$php
serai.provider.zabbix.api-token=$token
serai.provider.zabbix.api-auth=body
END
fi
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
open_problem() { db -d zabbix -Atc "select count(*) from problem where objectid = 900001 and r_eventid is null" | grep -qx 1; }
no_problem() { ! open_problem; }

echo "The oven gets too hot."
push 310 >/dev/null
told 900001 firing
db -d zabbix -f "$here/acknowledge.sql"
told 900001 acknowledged
push 205 >/dev/null
told 900001 resolved

if [ -z "$php" ]; then
    echo "Nothing is polled: no console with PHP. On Debian: apt-get install --no-install-recommends zabbix-frontend-php php-cli php-pgsql"
else
    cp -RL "$console" "$work/console"
    sed "s|@WORK@|$work|" "$here/zabbix.conf.php" >"$work/console/conf/zabbix.conf.php"
    # Debian's console looks for it in /etc.
    sed -i "s|'/etc/zabbix/zabbix.conf.php'|'$work/console/conf/zabbix.conf.php'|" "$work/console/include/classes/core/CConfigFile.php"
    echo "insert into token (tokenid, name, userid, token) values (900001, 'Serai', 1, encode(sha512('$token'), 'hex'));" | db -d zabbix
    start console php -S "127.0.0.1:$php" -t "$work/console"
    until_true 30 "the console" curl -fs -H 'Content-Type: application/json-rpc' -d '{"jsonrpc": "2.0", "method": "apiinfo.version", "params": [], "id": 1}' "http://127.0.0.1:$php/api_jsonrpc.php"
    pull() { "$root/serai" pull zabbix --since hour --data "$work/data" --url "$serai"; }
    echo "What Zabbix told is read again by a poll:"
    pull
    echo "Serai's media is switched off, and the oven gets too hot again."
    db -d zabbix -c "update media set active = 1 where mediaid = 900001"
    push 320 >/dev/null
    until_true 30 "Zabbix sees it" open_problem
    pull
    told 900001 firing
    push 200 >/dev/null
    until_true 30 "Zabbix sees it" no_problem
    pull
    told 900001 resolved
fi

echo
alerts
