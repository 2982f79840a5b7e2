#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# check-messages.sh SOURCE: every message can be taken from the sources whole (a macro such as PRId64 cuts it off), and every
# translation has the places of its message; every message is translated.
set -u
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
LC_ALL=C.UTF-8
export LC_ALL
bad=0
cd "$1" || exit 1
grep -v '^#' po/POTFILES >"$tmp/files"
xgettext --files-from="$tmp/files" --from-code=UTF-8 --keyword=_ --keyword=N_ --keyword=g_dngettext:2,3 --add-location -o "$tmp/fee.pot" || bad=1
msgcat --no-wrap "$tmp/fee.pot" | grep -B 3 -E '^(msgid )?".*[^%]%"$' >"$tmp/cut" && { echo 'cut off within a %:'; cat "$tmp/cut"; bad=1; }
for po in po/*.po; do
  msgfmt --check --output-file=/dev/null "$po" || bad=1
  msgmerge --quiet --no-fuzzy-matching "$po" "$tmp/fee.pot" -o "$tmp/merged.po" || bad=1
  waiting=$(msgattrib --untranslated --no-obsolete --no-wrap "$tmp/merged.po" | grep '^msgid ' | tail -n +2) # without the head
  [ -z "$waiting" ] || { echo "$po: without a translation:"; echo "$waiting"; bad=1; }
done
exit $bad
