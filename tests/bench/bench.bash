# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash disable=SC2154
# Loaded by the scripts of this folder, after they have read their options (build, keep).

fail() { echo "${0##*/}: $*" >&2; exit 1; }

# The folder of work: $keep, or one that is gone in the end
begin_work() {
  if [ -n "$keep" ]; then
    mkdir -p "$keep"
    work=$(cd "$keep" && pwd)
  else
    work=$(mktemp -d "${TMPDIR:-/tmp}/fee-bench-XXXXXX")
    trap 'rm -rf "$work"' EXIT
  fi
}

# Builds these programs in $build, else in a release build in the folder of work
build_tools() {
  if [ -z "$build" ]; then
    build=$work/build
    [ -f "$build/build.ninja" ] || meson setup --buildtype=release "$build" "$source_root" >"$work/build.log" 2>&1 \
      || fail "meson setup failed, see $work/build.log: $(tail -n 3 "$work/build.log")"
  fi
  build=$(cd "$build" && pwd)
  ninja -C "$build" "$@" >"$work/build.log" 2>&1 || fail "the build failed: $(tail -n 20 "$work/build.log")"
}

# step NAME COMMAND...: runs it, measured; a line "NAME wall cpu peak" goes to $steps
step() {
  local name=$1 status=0
  shift
  "$build/tests/bench/measure" "$work/measured" "$@" >"$work/out" 2>"$work/err" || status=$?
  [ $status -eq 0 ] || fail "$name ended with status $status: $(tail -n 3 "$work/err")"
  echo "$name $(tail -n 1 "$work/measured")" >>"$steps"
}

# others at work on the machine make wall and cpu time longer: the load says how far to trust them
say_machine() {
  local model
  model=$(awk -F': ' '/^model name/ { print $2; exit }' /proc/cpuinfo)
  echo "$(nproc) processors, ${model:-unknown}, load $(cut -d' ' -f1 /proc/loadavg)"
}
