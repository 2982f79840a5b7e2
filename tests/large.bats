#!/usr/bin/env bats
# SPDX-License-Identifier: LGPL-2.1-or-later
# Much of something: bounded memory, and a clear error or the right answer (large.py). How long a thing takes is not of interest to sanitizers, nor
# what memory it needs.

much() {
  [ -z "${FEE_SANITIZED-}" ] || export FEE_LARGE_BOUND=100000
  local said
  said=$(python3 "$FEE_SOURCE/tests/large.py" "$@") || { echo "$said"; return 1; }
  echo "# $*: $said" >&3
}
not_sanitized() { [ -n "${FEE_SANITIZED-}" ] || much "$@"; }

@test "a line of a gibibyte is refused at once" { not_sanitized lines; }
@test "ten thousand columns" { much columns; }
@test "money at the edges of 64 bits" { much money; }
@test "two hundred thousand units in one scope" { not_sanitized units; }
@test "a thousand centres" { not_sanitized centres; }
@test "fifty support centres, each of which serves all others" { much support; }
@test "twenty years of months" { not_sanitized months; }

@test "a tool needs no more addresses than it uses, where they are limited" {
  [ -z "${FEE_SANITIZED-}" ] || return 0 # which needs terabytes of them
  cd "$BATS_TEST_TMPDIR"
  (ulimit -v 100000 && fee-init -q "$FEE_TEST_DATA/small/policy.ini" --book limited.db && fee-import -q units "$FEE_TEST_DATA/small/units.csv" --book limited.db)
  (ulimit -v 40000 && fee-import --list --book limited.db --format csv) | grep -q '^2,units,'
  (ulimit -d 8000 && fee-import --list --book limited.db --format csv) | grep -q '^2,units,'
}
