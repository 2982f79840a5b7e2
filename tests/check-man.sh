#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# check-man.sh FOLDER: every page is clean mdoc, and says its licence; so is its Chinese in zh_CN/, which only the library's page lacks.
set -u
bad=0 n=0
for page in "$1"/*.[1-9] "$1"/zh_CN/*.[1-9]; do
  [ -e "$page" ] || continue
  n=$((n + 1))
  mandoc -Tlint -W warning "$page" || bad=1
  head -n 1 "$page" | grep -q 'SPDX-License-Identifier: LGPL-2.1-or-later' || { echo "$page: the first line is not the licence"; bad=1; }
done
for page in "$1"/*.[15]; do
  [ -e "$1/zh_CN/$(basename "$page")" ] || { echo "$page: has no Chinese page"; bad=1; }
done
[ $n -gt 0 ] || { echo "$1: no pages"; bad=1; }
[ $bad -ne 0 ] || echo "$n pages are clean"
exit $bad
