#!/usr/bin/env bats
# SPDX-License-Identifier: LGPL-2.1-or-later
# Lives of random communities, by the tools and by the model beside them (tests/model/life.py): what design.md promises
# holds after each step. More of them, and longer ones, by hand: HACKING.md.

@test "what holds always holds in lives of communities, with kills, two at once, late and amended records, missed runs" {
  # sanitized tools are ten times slower, and a preloaded clock is not for them
  lives=(--seeds 1..20 --checks 4)
  [ -z "$FEE_SANITIZED" ] || lives=(--seeds 3..3 --months 3 --checks 3 --no-clock)
  run python3 "$FEE_SOURCE/tests/model/life.py" "${lives[@]}" --bindir "$FEE_BUILD/cmd" --keep "$BATS_TEST_TMPDIR"
  echo "$output"
  [ "$status" -eq 0 ]
}
