#!/bin/sh
# Lets Microsoft's Adaptive Cards library read every card that the tests hold our Teams messages to.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
command -v npm >/dev/null || { echo "Not installed: npm. On Debian: apt-get install --no-install-recommends npm" >&2; exit 69; }
work=$(mktemp -d "${TMPDIR:-/tmp}/serai-teams.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

cp "$here/cards.cjs" "$work"
npm install --prefix "$work" --no-audit --no-fund --silent adaptivecards@3.0.6
node "$work/cards.cjs" "$here/../../routes/notifiers/teams/expected"
