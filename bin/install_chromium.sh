#!/bin/sh
# Installs Debian's Chromium where that is possible. Never fails: without it the walks are skipped, loudly.
command -v chromium >/dev/null && exit 0
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
	echo "NO CHROMIUM: the walks through the pages will be skipped. Install it as root: apt-get install chromium" >&2
	exit 0
fi
echo "Installing chromium for the walks through the pages …"
export DEBIAN_FRONTEND=noninteractive
log=$(mktemp)
{ apt-get update -q && apt-get install -yq --no-install-recommends chromium; } </dev/null >"$log" 2>&1 ||
	{ tail -5 "$log" >&2; echo "NO CHROMIUM: it could not be installed; the walks will be skipped." >&2; }
rm -f "$log"
