#!/bin/bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# run.sh [OPTION...] [N...]: time and memory of init, each import and the run for books of N units (10000 100000 1000000).
#   --build DIR   a build that is there already (else a release build in the temporary folder)
#   --keep DIR    work in DIR and leave the files and the book of the last repeat there
#   --repeat R    times each book is made (3); the repeat with the shortest import and run is shown
#   --seed S      of the generator (1)
# The exit status is not 0 where a step fails, where repeats differ or where the lines are not about 10.6 a unit.
set -euo pipefail

source_root=$(cd "$(dirname "$0")/../.." && pwd)
build= keep= repeat=3 seed=1
sizes=()
usage() { sed -n '3,7s/^# //p' "$0" >&2; exit 64; }
while [ $# -gt 0 ]; do
  case $1 in
  --build | --keep | --repeat | --seed)
    [ $# -ge 2 ] || usage
    declare "${1#--}=$2"
    shift ;;
  [1-9]*) sizes+=("$1") ;;
  *) usage ;;
  esac
  shift
done
[ ${#sizes[@]} -gt 0 ] || sizes=(10000 100000 1000000)

# shellcheck source=tests/bench/bench.bash
. "$source_root/tests/bench/bench.bash"
begin_work
build_tools cmd/fee-init cmd/fee-import cmd/fee-run tests/bench/generate tests/bench/measure

# One book from nothing; what fee-run said goes to $work/said
make_book() {
  rm -f "$FEE_BOOK" "$steps"
  step init "$build/cmd/fee-init" "$data/policy.ini"
  for kind in units parties quantities costs; do
    step "import $kind" "$build/cmd/fee-import" "$kind" "$data/$kind.csv"
  done
  step run "$build/cmd/fee-run" --period 2026-01 --format csv
  # the digest must be the same each time; the rest of the row too
  tail -n 1 "$work/out" >"$work/said"
}

# Microseconds of the imports and the run
sum_wall() { awk '$1 != "init" { sum += $(NF - 2) } END { print sum }' "$1"; }

# A table from the lines "NAME wall cpu peak"; the last line of it goes to $work/summary as well
show() {
  awk -v n="$1" -v lines="$2" -v bytes="$3" -v summary="$work/summary" '
    { peak = $NF; cpu = $(NF - 1); wall = $(NF - 2); name = $1 == "import" ? $1 " " $2 : $1
      printf "  %-18s %9.3f s %9.3f s %8.0f MB %9.2f us\n", name, wall / 1e6, cpu / 1e6, peak / 1024, wall / n
      if (name != "init") { all += wall; all_cpu += cpu }
      if (peak > most) most = peak }
    END {
      name = "import + run"
      printf "  %-18s %9.3f s %9.3f s %8.0f MB %9.2f us\n", name, all / 1e6, all_cpu / 1e6, most / 1024, all / n
      printf "  %.0f lines, %.2f a unit; the book has %.1f MB\n", lines, lines / n, bytes / 1e6
      printf "%d %.3f %.3f\n", n, all / n, all_cpu / n >>summary }' "$4"
}

bench() {
  local n=$1 best= first= said=
  data=$work/$n
  export FEE_BOOK=$work/$n.db
  steps=$work/steps
  mkdir -p "$data"
  "$build/tests/bench/generate" "$n" "$data" "$seed"
  for ((r = 1; r <= repeat; r++)); do
    make_book
    said=$(cat "$work/said")
    [ -z "$first" ] || [ "$first" = "$said" ] || fail "runs on the same files differ: $first, $said"
    first=$said
    if [ -z "$best" ] || [ "$(sum_wall "$steps")" -lt "$best" ]; then
      best=$(sum_wall "$steps")
      cp "$steps" "$work/best"
    fi
  done
  local lines
  lines=$(cut -d, -f6 "$work/said")
  printf '\n%s units, %.1f MB of CSV, best of %s\n' "$n" "$(cat "$data"/*.csv | wc -c | awk '{ print $1 / 1e6 }')" "$repeat"
  printf '  %-18s %11s %11s %11s %12s\n' step wall cpu peak 'wall a unit'
  show "$n" "$lines" "$(stat -c %s "$FEE_BOOK")" "$work/best"
  if [ $((lines * 10)) -le $((n * 105)) ] || [ $((lines * 10)) -ge $((n * 107)) ]; then
    fail "$lines lines are not about 10.6 a unit"
  fi
  [ -n "$keep" ] || rm -rf "$data" "$FEE_BOOK"
}

rm -f "$work/measured" "$work/summary"
say_machine
for n in "${sizes[@]}"; do
  bench "$n"
done
awk 'NR == 1 || $2 < least { least = $2 } $2 > most { most = $2 }
     NR == 1 || $3 < least_cpu { least_cpu = $3 } $3 > most_cpu { most_cpu = $3 }
     END {
       if (NR < 2)
         exit
       printf "\ntime a unit, largest by smallest: %.2f (wall), %.2f (cpu)\n", most / least, most_cpu / least_cpu
     }' "$work/summary"
