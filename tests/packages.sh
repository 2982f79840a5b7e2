# SPDX-License-Identifier: LGPL-2.1-or-later
# Sourced by examples/quickstart.sh and tests/run.sh: installs Debian packages that are missing, and only those.
# shellcheck shell=bash

build_packages=(meson ninja-build gcc libc6-dev pkg-config libglib2.0-dev libcsv-dev libsqlite3-dev libgmp-dev libjansson-dev
  libzstd-dev libarchive-dev nettle-dev libpango1.0-dev libcairo2-dev fonts-wqy-microhei gettext python3)
# shellcheck disable=SC2034 # of tests/run.sh
test_packages=(libcmocka-dev bats mandoc binutils strace locales zstd openssh-client chromium poppler-utils)
# shellcheck disable=SC2034
fuzz_packages=(clang-14 libclang-rt-14-dev)

install_missing() { # package...
  local package missing=() root=()
  if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
    echo "No apt-get here: what this needs are, by their Debian names, $*" >&2
    return 0 # the build says what it misses
  fi
  for package in "$@"; do
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing+=("$package")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  if [ "$(id -u)" -ne 0 ]; then
    if ! command -v sudo >/dev/null; then
      echo "Missing packages, and neither root nor sudo to install them. As root: apt-get install ${missing[*]}" >&2
      return 1
    fi
    root=(sudo)
  fi
  echo "Installing what is missing: ${missing[*]}"
  "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq update </dev/null \
    && "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends "${missing[@]}" </dev/null >/dev/null
}
