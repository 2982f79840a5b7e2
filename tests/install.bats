#!/usr/bin/env bats
# SPDX-License-Identifier: LGPL-2.1-or-later
# What `meson install` put under the prefix of tests/run.sh, as a program and a user find it.

setup() {
  root=$FEE_BUILD/root
  [ -d "$root" ] || skip 'not installed: tests/run.sh installs first'
  PATH=$root/bin:$PATH
  export PKG_CONFIG_PATH=$root/lib/pkgconfig LD_LIBRARY_PATH=$root/lib
}

@test "tools, libraries, headers and pages are installed" {
  for tool in fee fee-init fee-import fee-run fee-explain fee-statement fee-ledger; do
    [ "$(command -v $tool)" = "$root/bin/$tool" ]
    run $tool --version
    [ "$status" -eq 0 ]
  done
  for file in lib/libfee.so lib/libfee.a lib/pkgconfig/libfee.pc include/fee/fee.h share/locale/zh_CN/LC_MESSAGES/fee.mo; do
    [ -e "$root/$file" ]
  done
  for page in "$FEE_SOURCE"/man/*.[1-9]; do
    [ -e "$root/share/man/man${page##*.}/${page##*/}" ]
  done
}

# A program outside: writes what 大写 makes of an amount. Arguments: flags that link it
program() {
  cat >"$BATS_TEST_TMPDIR/program.c" <<'C'
#include <fee/fee.h>
#include <stdio.h>

int
main (void)
{
  g_autofree char *words = fee_words_money (140950, 2);
  return puts (words) < 0;
}
C
  # shellcheck disable=SC2046
  cc -std=gnu11 -Wall -Wextra -Werror $(pkg-config --cflags libfee) -o "$BATS_TEST_TMPDIR/program" "$BATS_TEST_TMPDIR/program.c" "$@"
  run "$BATS_TEST_TMPDIR/program"
  echo "$output"
  [ "$status" -eq 0 ]
  [ "$output" = 壹仟肆佰零玖元伍角 ]
}

@test "a program outside links with the shared library" {
  # shellcheck disable=SC2046
  program $(pkg-config --libs libfee)
  ldd "$BATS_TEST_TMPDIR/program" | grep -q "$root/lib/libfee.so.0 "
}

@test "a program outside links with the static library" {
  # shellcheck disable=SC2046
  program $(pkg-config --static --libs libfee | sed 's/-lfee /-l:libfee.a /')
  run ldd "$BATS_TEST_TMPDIR/program"
  [[ "$output" != *libfee* ]]
}

@test "messages come in Chinese where the locale is" {
  mkdir "$BATS_TEST_TMPDIR/locales"
  localedef -c -i zh_CN -f UTF-8 "$BATS_TEST_TMPDIR/locales/zh_CN.UTF-8" || true
  export LOCPATH=$BATS_TEST_TMPDIR/locales
  # passes falsely where the locale can't be set
  [ "$(LC_ALL=zh_CN.UTF-8 locale charmap)" = UTF-8 ]
  [ "$(LC_ALL=zh_CN.UTF-8 locale date_fmt)" != "$(LC_ALL=C locale date_fmt)" ]
  run env LC_ALL=zh_CN.UTF-8 fee-run --book "$BATS_TEST_TMPDIR/none.db" --period 2026-13
  echo "$output"
  [ "$status" -eq 64 ]
  [[ "$output" == *'2026-13'*'不是月份'* ]]
  run env LC_ALL=C.UTF-8 fee-run --book "$BATS_TEST_TMPDIR/none.db" --period 2026-13
  [[ "$output" == *'2026-13'*'is not a month'* ]]
}
