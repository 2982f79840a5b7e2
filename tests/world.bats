#!/usr/bin/env bats
# SPDX-License-Identifier: LGPL-2.1-or-later
# What a computer is like where nobody looks: cron, locales, time zones, clocks, folders (world.py).

load small

setup_file() {
  [ -z "${FEE_SANITIZED-}" ] || return 0
  local locale
  mkdir "$BATS_FILE_TMPDIR/locales"
  for locale in de_DE,ISO-8859-1,de_DE tr_TR,ISO-8859-9,tr_TR zh_CN,GB18030,zh_CN.GB18030; do
    IFS=, read -r language charmap name <<<"$locale"
    # the first two take no time, the last six seconds
    localedef -i "$language" -f "$charmap" "$BATS_FILE_TMPDIR/locales/$name" || return 1
  done
}

@test "the same bytes under cron, in any zone, locale and folder, by any clock" {
  [ -z "${FEE_SANITIZED-}" ] || return 0 # bytes are the same there
  local said
  said=$(python3 "$FEE_SOURCE/tests/world.py" "$FEE_BUILD/tests/libfaults.so" "$BATS_FILE_TMPDIR/locales") || { echo "$said"; return 1; }
  echo "# $said" >&3
}

@test "a month that cron missed is posted by the next call, as if in time" {
  cd "$BATS_TEST_TMPDIR"
  small_book
  fee-import -q costs "$small/costs-2024-02.csv"
  cp book.db late.db
  export LD_PRELOAD=$FEE_BUILD/tests/libfaults.so ASAN_OPTIONS=${ASAN_OPTIONS-}:verify_asan_link_order=0
  FEE_CLOCK=1706832000 fee-run -q # 2024-02-02
  FEE_CLOCK=1706918400 fee-run -q # the next day nothing is left to do
  FEE_CLOCK=1709337600 fee-run -q # 2024-03-02
  FEE_CLOCK=1709337600 fee-run -q --book late.db
  [ "$(fee-run --list --format csv | cut -d, -f1-7,10)" = "$(fee-run --list --book late.db --format csv | cut -d, -f1-7,10)" ]
  [ "$(fee-run --list --format csv | wc -l)" -eq 3 ]
  # a clock that goes back takes nothing back, and posts nothing
  FEE_CLOCK=1706832000 fee-run -q
  [ "$(fee-run --list --format csv | wc -l)" -eq 3 ]
}
