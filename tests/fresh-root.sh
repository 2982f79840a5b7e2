#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# Proves the README's two commands on a machine that has nothing: makes a minimal Debian 12 with debootstrap, clones the project
# into it and runs them there. As root, on demand: it takes several minutes and the network.
#
#   tests/fresh-root.sh [--worktree] [--keep] [COMMAND...]
#
# --worktree: the files as they are here, not what is committed. --keep: leave the root there, and say where.
# COMMAND: run these instead, each one argument.
set -eu

worktree='' keep=''
while :; do
  case "${1-}" in
    --worktree) worktree=1 ;;
    --keep) keep=1 ;;
    -*) echo "usage: tests/fresh-root.sh [--worktree] [--keep] [COMMAND...]" >&2; exit 64 ;;
    *) break ;;
  esac
  shift
done
[ "$(id -u)" -eq 0 ] || { echo 'fresh-root: only root can make a root' >&2; exit 64; }
command -v debootstrap >/dev/null || { echo 'fresh-root: needs debootstrap (apt-get install debootstrap)' >&2; exit 69; }
# in a mount namespace of its own: whatever happens, its mounts end with it
if [ -z "${FEE_FRESH_ROOT-}" ]; then
  FEE_FRESH_ROOT=1 exec unshare --mount --propagation private "$0" ${worktree:+--worktree} ${keep:+--keep} "$@"
fi

source=$(cd "$(dirname "$0")/.." && pwd)
commands=(examples/quickstart.sh tests/run.sh)
if [ $# -gt 0 ]; then
  commands=("$@")
elif [ -e "$source/README.md" ]; then
  for command in "${commands[@]}"; do
    grep -qE "^ +$command( |\$)" "$source/README.md" || { echo "fresh-root: README.md does not say '$command'" >&2; exit 1; }
  done
fi

# this machine's own mirror for the main archive, in either form of apt's lists
mirror() {
  cat /etc/apt/sources.list /etc/apt/sources.list.d/*.list 2>/dev/null \
    | sed -nE 's/^deb[[:space:]]+(\[[^]]*\][[:space:]]+)?([^[:space:]]+)[[:space:]]+(bookworm|stable)[[:space:]].*\<main\>.*/\2/p'
  cat /etc/apt/sources.list.d/*.sources 2>/dev/null | awk -v RS= '
    { types = uris = suites = components = ""
      n = split($0, lines, "\n")
      for (i = 1; i <= n; i++) {
        value = lines[i]; sub(/^[^:]*:[ \t]*/, "", value)
        if (lines[i] ~ /^URIs:/) uris = value
        if (lines[i] ~ /^Suites:/) suites = value
        if (lines[i] ~ /^Components:/) components = value
      }
      if ((" " suites " ") ~ / bookworm / && (" " components " ") ~ / main /) { split(uris, uri, " "); print uri[1] } }'
}
mirror=$(mirror | head -n 1)
[ -n "$mirror" ] || { echo 'fresh-root: no mirror for bookworm in /etc/apt' >&2; exit 69; }

top=$(mktemp -d /var/tmp/fresh-root.XXXXXX)
root=$top/root
job=
# in a process group of its own, so that an interrupt need not wait for it
run_job() {
  local status=0
  set -m
  "$@" </dev/null &
  job=$!
  set +m
  wait "$job" || status=$?
  job=
  return $status
}
clean_up() {
  if [ -n "$job" ]; then
    kill -TERM -- "-$job" 2>/dev/null || true
    sleep 1
    kill -KILL -- "-$job" 2>/dev/null || true
    wait "$job" 2>/dev/null || true
  fi
  for mount in dev/shm dev/pts dev proc; do
    ! mountpoint -q "$root/$mount" || umount "$root/$mount" || umount -l "$root/$mount"
  done
  if [ -n "$keep" ]; then
    echo "The root is $root"
  elif mount | grep -qF " on $root/"; then
    echo "fresh-root: something is still mounted in $root: it is left there" >&2
  else
    rm -rf --one-file-system "$top"
  fi
}
trap clean_up EXIT
trap 'exit 130' INT TERM HUP

echo "== a minimal Debian 12 from $mirror"
run_job debootstrap --variant=minbase --include=ca-certificates bookworm "$root" "$mirror" >"$top/debootstrap.log" 2>&1 \
  || { tail -n 20 "$top/debootstrap.log" >&2; exit 1; }
cp /etc/resolv.conf "$root/etc/resolv.conf"
cp /etc/hosts "$root/etc/hosts"
grep -lhi -r proxy /etc/apt/apt.conf.d 2>/dev/null | while read -r file; do cp "$file" "$root/etc/apt/apt.conf.d/"; done || true
mount -t proc proc "$root/proc"
mount -t tmpfs -o mode=755 tmpfs "$root/dev"
mkdir "$root/dev/pts" "$root/dev/shm"
mount -t tmpfs tmpfs "$root/dev/shm"
mount -t devpts -o newinstance,ptmxmode=0666 devpts "$root/dev/pts"
ln -s pts/ptmx "$root/dev/ptmx"
ln -s /proc/self/fd "$root/dev/fd"
for stream in stdin:0 stdout:1 stderr:2; do ln -s "/proc/self/fd/${stream#*:}" "$root/dev/${stream%:*}"; done
for device in null:3 zero:5 full:7 random:8 urandom:9; do
  mknod -m 666 "$root/dev/${device%:*}" c 1 "${device#*:}"
done

if [ -n "$worktree" ]; then
  echo '== the files as they are here'
  mkdir -p "$root/root/fee"
  (cd "$source" && git ls-files -co --exclude-standard -z | while IFS= read -r -d '' file; do [ ! -e "$file" ] || printf '%s\0' "$file"; done \
    | tar -c --null -T - -f -) | tar -x -C "$root/root/fee"
else
  echo "== a clone of $(git -C "$source" log -1 --format='%h %s')"
  git clone -q --no-hardlinks "$source" "$root/root/fee"
fi

for command in "${commands[@]}"; do
  printf '\n== in the fresh root: %s\n' "$command"
  seconds=$SECONDS
  run_job chroot "$root" /usr/bin/env -i HOME=/root TERM=dumb PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin CI="${CI-}" \
    bash -c "cd /root/fee && $command"
  echo "== that took $((SECONDS - seconds)) s"
done
