#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later
# check-symbols.sh LIBFEE.so LIBFEE.a SOURCE: what the shared library exports is what its installed headers declare, every
# header that is not private is installed and stands alone, and the pure rooms have no variables.
set -u
LC_ALL=C
export LC_ALL
shared=$1 archive=$2 source=$3
tmp=$(mktemp -d) || exit 1
trap 'rm -rf "$tmp"' EXIT
bad=0
complain() {
  echo "$1"
  sed 's/^/  /'
  bad=1
}
expect_none() { # message, file of findings
  [ ! -s "$2" ] || complain "$1" <"$2"
}

# fee.h names the public headers: what a program outside sees
sed -n 's/^#include "\(.*\)"$/\1/p' "$source/libfee/fee.h" | sort >"$tmp/public"
(cd "$source/libfee" && ls ./*/*.h) | sed 's/^..//' | grep -v -e '-private\.h$' | sort >"$tmp/there"
comm -13 "$tmp/public" "$tmp/there" >"$tmp/missing"
expect_none 'neither private nor in fee.h:' "$tmp/missing"
comm -23 "$tmp/public" "$tmp/there" >"$tmp/missing"
expect_none 'in fee.h, but not there:' "$tmp/missing"
sed -n "/^libfee_headers = \[/,/^\]/p" "$source/libfee/meson.build" | grep -o "'[^']*\.h'" | tr -d "'" | sort >"$tmp/installed"
comm -3 "$tmp/public" "$tmp/installed" >"$tmp/missing"
expect_none 'not in both fee.h and libfee_headers of libfee/meson.build:' "$tmp/missing"

nm -D --defined-only "$shared" | awk '$2 != "A" { print $3 }' | sort -u >"$tmp/exported"
[ -s "$tmp/exported" ] || echo "$shared" | complain 'exports nothing:'
grep -v '^fee_' "$tmp/exported" >"$tmp/missing"
expect_none 'exported without the prefix fee_:' "$tmp/missing"

# As the compiler sees them: functions that fee.h declares
flags=$(pkg-config --cflags glib-2.0) || exit 1
# shellcheck disable=SC2086
echo '#include "fee.h"' | gcc -std=gnu11 -I "$source/libfee" $flags -aux-info "$tmp/functions" -fsyntax-only -x c - || exit 1
grep -v '\*/ static ' "$tmp/functions" | grep -o '\<fee_[a-z0-9_]* (' | tr -d ' (' | sort -u >"$tmp/declared"
comm -23 "$tmp/exported" "$tmp/declared" >"$tmp/missing"
expect_none 'exported, but not declared in an installed header:' "$tmp/missing"
comm -13 "$tmp/exported" "$tmp/declared" >"$tmp/missing"
expect_none 'declared in an installed header, but not exported:' "$tmp/missing"

while read -r header; do
  # shellcheck disable=SC2086
  echo "#include \"$header\"" | gcc -std=gnu11 -Wall -Wextra -Werror -fsyntax-only -I "$source/libfee" $flags -x c - >"$tmp/missing" 2>&1 \
    || complain "$header does not compile alone:" <"$tmp/missing"
done <"$tmp/public"

# .data.rel.ro holds constant tables of addresses
nm -f sysv -A "$archive" 2>/dev/null | awk -F'|' '/fee-/ && ($7 ~ /^\.(data|bss)(\..*)?$/) && $7 !~ /^\.data\.rel\.ro/ { print $1 }' \
  | grep -E ':(engine|ledger)_' >"$tmp/missing"
expect_none 'variables in a pure room:' "$tmp/missing"

[ $bad -ne 0 ] || echo "$(wc -l <"$tmp/exported") symbols, all declared"
exit $bad
