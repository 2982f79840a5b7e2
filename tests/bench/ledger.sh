#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# ledger.sh [OPTION...] [N...]: time and memory of balances and reminders of books of N units (100000 1000000), beside ledger(1) on
# the same entries.
#   --months M     of bills, each with 0.8 receipts a unit (1)
#   --build DIR    a build that is there already (else a release build in the temporary folder)
#   --keep DIR     work in DIR and leave the files and the books there; a book that is there already is taken
#   --repeat R     times each is measured (3); the shortest is shown
#   --ledger N     ledger(1) takes 5 KB an entry: it gets books of at most N entries (500000)
#   --seed S       of the generators (1)
# The exit status is not 0 where a step fails or where the balances do not add up to what ledger(1) says.
set -euo pipefail

source_root=$(cd "$(dirname "$0")/../.." && pwd)
build= keep= repeat=3 seed=1 months=1 ledger=500000
sizes=()
usage() { sed -n '3,10s/^# //p' "$0" >&2; exit 64; }
while [ $# -gt 0 ]; do
  case $1 in
  --months | --build | --keep | --repeat | --ledger | --seed)
    [ $# -ge 2 ] || usage
    declare "${1#--}=$2"
    shift ;;
  [1-9]*) sizes+=("$1") ;;
  *) usage ;;
  esac
  shift
done
[ ${#sizes[@]} -gt 0 ] || sizes=(100000 1000000)

# shellcheck source=tests/bench/bench.bash
. "$source_root/tests/bench/bench.bash"
begin_work
build_tools cmd/fee-{init,import,run,ledger,remind} tests/bench/{generate,entries,measure}

# A book with all months, then the receipts for its bills
make_book() {
  local n=$1 m
  mkdir -p "$data"
  "$build/tests/bench/generate" "$n" "$data" "$seed" "$months"
  step init "$build/cmd/fee-init" "$data/policy.ini"
  for kind in units parties quantities costs; do
    step "import $kind" "$build/cmd/fee-import" "$kind" "$data/$kind.csv"
  done
  step run "$build/cmd/fee-run" --catch-up --early --period "$last"
  "$build/cmd/fee-ledger" --format csv | "$build/tests/bench/entries" receipts "$data" "$seed"
  for ((m = 1; m <= months; m++)); do
    step "import receipts" "$build/cmd/fee-import" receipts "$data/receipts-$m.csv"
  done
  mv "$FEE_BOOK" "$FEE_BOOK.whole"
}

# shortest NAME COMMAND...: the line "wall cpu peak" of the shortest of the repeats; what it printed stays in $work/out
shortest() {
  for ((r = 1; r <= repeat; r++)); do
    step "$@"
  done
  tail -n "$repeat" "$steps" | awk '{ print $(NF - 2), $(NF - 1), $NF }' | sort -n | head -n 1
}

# row NAME ENTRIES "wall cpu peak"
row() {
  awk -v name="$1" -v n="$2" '{ printf "  %-24s %8.3f s %8.3f s %8.0f MB %8.2f us\n", name, $1 / 1e6, $2 / 1e6, $3 / 1024, $1 / n }' <<<"$3"
}

sum_of_balances() {
  awk -F, 'NR > 1 { gsub ("[.]", "", $3); sum += $3 } END { printf "%.0f\n", sum }' "$work/out"
}

# The same entries by ledger(1), as a list: its tree of accounts takes a time that grows with the square of the units. What it needs an entry goes to $theirs
beside() {
  local entries=$1 sum=$2 line total
  if ! command -v ledger >"$work/which"; then
    echo "  ledger(1) is not here: nothing to compare with (Debian: ledger)"
  elif [ "$entries" -gt "$ledger" ]; then
    echo "  ledger(1) is left out: more than $ledger entries"
  else
    "$build/cmd/fee-ledger" --format csv | "$build/tests/bench/entries" journal >"$work/journal"
    line=$(shortest "ledger bal" ledger -f "$work/journal" bal --flat Receivable)
    row "ledger bal --flat" "$entries" "$line"
    total=$(tail -n 1 "$work/out" | tr -d ' ')
    awk -v total="$total" -v sum="$sum" 'BEGIN { exit (total * 100 - sum) ^ 2 > 0.01 }' || fail "ledger says $total, the balances are $sum"
    theirs=$(awk -v n="$entries" '{ print $1 / n }' <<<"$line")
  fi
}

bench() {
  local n=$1 entries line sum ours
  data=$work/$n-$months
  export FEE_BOOK=$data.db
  steps=$work/steps
  last=2026-$(printf %02d "$months")
  [ -f "$FEE_BOOK.whole" ] || { rm -f "$FEE_BOOK"; make_book "$n"; }
  export FEE_BOOK=$FEE_BOOK.whole
  # a bill a unit and month; the receipts without their headers
  entries=$((n * months + $(cat "$data"/receipts-*.csv | wc -l) - months))
  printf '\n%s units, months: %s, entries: %s, best of %s\n' "$n" "$months" "$entries" "$repeat"
  printf '  %-24s %10s %10s %11s %11s\n' step wall cpu peak 'an entry'
  line=$(shortest balances "$build/cmd/fee-ledger" --balances --as-of 2027-06-30 --format csv)
  sum=$(sum_of_balances)
  row "fee-ledger --balances" "$entries" "$line"
  ours=$(awk -v n="$entries" '{ print $1 / n }' <<<"$line")
  line=$(shortest reminders "$build/cmd/fee-remind" -q --as-of "$last-28" --format csv)
  row fee-remind "$entries" "$line"
  beside "$entries" "$sum"
  [ -z "$theirs" ] || awk -v ours="$ours" -v theirs="$theirs" 'BEGIN { printf "  ledger(1) takes %.1f times as long an entry as fee-ledger --balances\n", theirs / ours }'
  [ -n "$keep" ] || rm -rf "$data" "$FEE_BOOK"
}

rm -f "$work/measured"
theirs=
say_machine
for n in "${sizes[@]}"; do
  bench "$n"
done
