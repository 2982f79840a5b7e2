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
