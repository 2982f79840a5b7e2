#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Sets up, builds and runs all tests: as built for use, then under AddressSanitizer and UBSan, then by fuzzing. Ends with one line,
# `N passed, N failed, N skipped`, and fails where anything failed, was skipped unexpectedly, or did not run.
#
#   tests/run.sh [--quick]     --quick: without the sanitizers and fuzzing
set -u
source=$(cd "$(dirname "$0")/.." && pwd) || exit 1
cd "$source" || exit 1
. tests/packages.sh

passes=(normal sanitized fuzz)
case "${1-}" in
  '') ;;
  --quick) passes=(normal) fuzz_packages=() ;;
  *) echo "usage: tests/run.sh [--quick]" >&2; exit 64 ;;
esac

log=$(mktemp) || exit 1
scratch=
trap 'rm -rf "$log" ${scratch:+"$scratch"}' EXIT
passed=0 failed=0 skipped=0 unexpected=0
finish() {
  echo "$passed passed, $failed failed, $skipped skipped"
  [ "$failed" -eq 0 ] && [ "$unexpected" -eq 0 ] && [ "$passed" -gt 0 ]
  exit
}
give_up() { # what, and what was said of it last
  tail -n 60 "$log"
  echo "FAILED: $1"
  failed=$((failed + 1))
  finish
}
say() {
  printf '\n== %s (%ss)\n' "$1" "$SECONDS"
}

# whatever the caller's are; what tests want else they set themselves
export LC_ALL=C.UTF-8 TZ=UTC
unset FEE_BOOK FEE_USER LANGUAGE MAKEFLAGS DESTDIR
umask 022

# Thousands of books are made and synced: in memory, where there is enough of it
if [ "$(stat -f -c %T /dev/shm 2>/dev/null)" = tmpfs ] && [ "$(df -k --output=avail /dev/shm | tail -n 1)" -gt 4000000 ]; then
  scratch=$(mktemp -d /dev/shm/fee-tests.XXXXXX) && chmod 755 "$scratch" && export TMPDIR=$scratch
fi

say 'packages'
install_missing "${build_packages[@]}" "${test_packages[@]}" "${fuzz_packages[@]}" || give_up 'packages are missing'

configure() { # folder, option...
  local build=$1
  shift
  if [ -f "$build/build.ninja" ] && meson setup --reconfigure "$build" "$source" "$@" >"$log" 2>&1; then
    return
  fi
  rm -rf "$build"
  meson setup "$build" "$source" "$@" >"$log" 2>&1 || give_up "meson setup $build"
}

run_pass() { # pass, folder, suite...
  local pass=$1 build=$2 counts
  shift 2
  say "$pass: build"
  ninja -C "$build" "${targets[@]}" >"$log" 2>&1 || give_up "the build in $build"
  [ "$pass" != normal ] || meson install -C "$build" --no-rebuild --quiet >"$log" 2>&1 || give_up "meson install of $build"
  say "$pass: tests"
  rm -f "$build"/meson-logs/testlog*
  # they wait for the disk more than they compute
  meson test -C "$build" --no-rebuild --print-errorlogs --num-processes $(($(nproc) * 2)) --timeout-multiplier "$patience" "${@/#/--suite=}" </dev/null
  counts=$(python3 tests/count-results.py "$pass" "$build" tests/expected-skips.txt "$@") || give_up "counting in $build"
  set -- $counts
  [ $# -eq 4 ] && [ $(($1 + $2 + $3)) -gt 0 ] || give_up "no tests ran in $build"
  passed=$((passed + $1)) failed=$((failed + $2)) skipped=$((skipped + $3)) unexpected=$((unexpected + $4))
}

for pass in "${passes[@]}"; do
  build=$source/build-$pass
  options=(--prefix "$build/root" --libdir lib -Dtests=enabled)
  suites=(unit command source install browser)
  targets=()
  patience=2
  if [ "$pass" = sanitized ]; then
    options+=(-Db_sanitize=address,undefined -Db_lundef=false -Doptimization=1 -Ddebug=false -Dc_args=-g1) # which builds sooner
    suites=(unit command) # the others are about sources, what is installed and what a browser makes of it
    patience=6
    # 99 is no exit status of the tools
    export ASAN_OPTIONS=detect_leaks=1:exitcode=99:strict_string_checks=1:detect_stack_use_after_return=1
    export LSAN_OPTIONS=exitcode=99:suppressions=$source/tests/leaks.txt:print_suppressions=0 UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1:exitcode=99 G_SLICE=always-malloc
  fi
  if [ "$pass" = fuzz ]; then
    export CC=clang-14
    options=(-Dtests=disabled -Dfuzz=enabled -Db_sanitize=address,undefined -Db_lundef=false -Doptimization=1 -Ddebug=false -Dc_args=-gline-tables-only)
    suites=(fuzz)
    targets=(fuzz-programs)
  fi
  say "$pass: setup"
  configure "$build" "${options[@]}"
  run_pass "$pass" "$build" "${suites[@]}"
done
say 'done'
finish
