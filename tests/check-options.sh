#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# check-options.sh MAN TOOL...: every long option that a tool's --help prints is in its man page; tools without a page are named.
set -u
man=$1
shift
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
LC_ALL=C.UTF-8
export LC_ALL
bad=0 n=0
for tool in "$@"; do
  name=$(basename "$tool")
  page=$man/$name.1
  "$tool" --help >"$tmp/help" 2>&1 || { echo "$name: --help fails"; bad=1; }
  [ -e "$page" ] || { echo "$name: no page yet"; continue; }
  # printed as a reader sees it, without overstrikes
  mandoc -Tascii -O width=500 "$page" | sed 's/.\x08//g' >"$tmp/page"
  grep -oE -e '(^|[ ,=|[])--[a-z][a-z-]*' "$tmp/help" | grep -oE -e '--.*' | sort -u >"$tmp/options"
  while read -r option; do
    n=$((n + 1))
    grep -qE -e "(^|[^a-z-])$option([^a-z-]|\$)" "$tmp/page" || { echo "$page: no $option"; bad=1; }
  done <"$tmp/options"
done
[ $bad -ne 0 ] || echo "$n options are in their pages"
exit $bad
