#!/usr/bin/env bats
# SPDX-License-Identifier: LGPL-2.1-or-later
# The checks of the sources must be able to fail: each is shown a tree with one slip in it.

licence='/* SPDX-License-Identifier: LGPL-2.1-or-later */'

setup_file() { # not a shim that looks for it each time
  python=$(python3 -c 'import sys; print(sys.executable)')
  export python
}

# A small tree that keeps every rule
setup() {
  tree=$BATS_TEST_TMPDIR/tree
  mkdir -p "$tree"/libfee/{base,model,input,engine,ledger,report,store} "$tree"/cmd "$tree"/tests "$tree"/po
  for file in libfee/base/fee-a.c libfee/model/fee-b.c libfee/input/fee-csv.c libfee/input/fee-c.c libfee/engine/fee-d.c \
    libfee/ledger/fee-e.c libfee/report/fee-f.c libfee/store/fee-g.c cmd/fee-h.c; do
    echo "$licence" >"$tree/$file"
    echo '#include <glib.h>' >>"$tree/$file"
  done
  printf '%s\n' "$licence" '#pragma once' '#include <glib.h>' 'int fee_a (void);' >"$tree/libfee/base/fee-a.h"
  printf '%s\n' '#include "fee-a.h"' 'int fee_a (void) { return 1; }' >>"$tree/libfee/base/fee-a.c"
  printf '%s\n' "$licence" '#pragma once' '#include "base/fee-a.h"' >"$tree/libfee/fee.h"
  printf '%s\n' 'libfee_headers = [' "  'base/fee-a.h'," ']' >"$tree/libfee/meson.build"
  echo '#include <csv.h>' >>"$tree/libfee/input/fee-csv.c"
  printf '%s\n' '#include <sqlite3.h>' '#include <zstd.h>' '#include "../input/fee-c.h"' >>"$tree/libfee/store/fee-g.c"
  printf '%s\n' '#include <stdio.h>' 'void f (void) { printf (_("x")); time (NULL); getenv ("X"); }' >>"$tree/cmd/fee-h.c"
  printf '%s\n' 'static const int days[] = { 1, 2 };' 'static const char *const names[] = { "a" };' 'static inline int f (void);' \
    'static int g (int a) { return a = 1; }' '/* goto: float or double, printf ("x") */' \
    'static const char *const text = "goto /* time (0) float";' >>"$tree/libfee/engine/fee-d.c"
  echo cmd/fee-h.c >"$tree/po/POTFILES"
  : >"$tree/tests/meson.build"
}

floors() { # expected status
  run "$python" "$FEE_SOURCE/tests/check-floors.py" "$tree"
  echo "$output"
  [ "$status" -eq "$1" ]
}

# file, a line to put at its end, what the check must say: that one thing
slip() {
  printf '%s\n' "$2" >>"$tree/$1"
  floors 1
  [[ "$output" == "$1:"*"$3"* ]]
  [ "${#lines[@]}" -eq 1 ]
}

@test "a tree that keeps the rules is clean: slips in comments and texts are none, nor are constant tables" { floors 0; }
@test "a folder without sources is not clean" { rm -r "$tree/libfee"; floors 1; }

@test "the model may not include input" { slip libfee/model/fee-b.c '#include "../input/fee-csv.h"' 'model/ may not include'; }
@test "the engine may not include the store" { slip libfee/engine/fee-d.c '#include "../store/fee-book.h"' 'engine/ may not include'; }
@test "the ledger may not include the engine" { slip libfee/ledger/fee-e.c '#include "../engine/fee-stages.h"' 'ledger/ may not include'; }
@test "the library may not include a tool" { slip libfee/store/fee-g.c '#include "../../cmd/tool.h"' 'store/ may not include'; }
@test "a private header stays in its room" { slip cmd/fee-h.c '#include "../libfee/store/fee-book-private.h"' 'is private to its room'; }
@test "only one file may include libcsv" { slip libfee/input/fee-c.c '#include <csv.h>' 'may include csv.h'; }
@test "only the store may include SQLite" { slip cmd/fee-h.c '#include <sqlite3.h>' 'may include sqlite3.h'; }
@test "only the store may include zstd" { slip libfee/report/fee-f.c '#include <zstd.h>' 'may include zstd.h'; }
@test "the engine may not include stdio" { slip libfee/engine/fee-d.c '#include <stdio.h>' 'is pure'; }
@test "the library may not print" { slip libfee/report/fee-f.c 'void f (void) { printf ("x"); }' 'only cmd/ prints'; }
@test "the library may not read the clock" { slip libfee/store/fee-g.c 'void f (void) { time (NULL); }' 'only cmd/ reads the clock'; }
@test "the library may not read the environment" { slip libfee/input/fee-c.c 'void f (void) { g_getenv ("X"); }' 'only cmd/ reads environment'; }
@test "the library may not guess numbers" { slip libfee/input/fee-c.c 'int f (void) { return atoi ("1"); }' 'guesses'; }
@test "the engine may not open a file" { slip libfee/engine/fee-d.c 'void f (void) { open ("x", 0); }' 'is pure'; }
@test "the engine may not keep state" { slip libfee/engine/fee-d.c 'static int counter = 0;' 'keeps no state'; }
@test "a pointer to a constant is state" { slip libfee/ledger/fee-e.c 'static const char *last;' 'keeps no state'; }
@test "nothing may jump" { slip cmd/fee-h.c 'void f (void) { goto end; end:; }' 'never'; }
@test "no float in the library" { slip libfee/base/fee-a.c 'double rate;' 'integers'; }
@test "no float in a tool" { slip cmd/fee-h.c 'gfloat rate;' 'integers'; }

@test "a file without a licence is found" {
  echo 'int x;' >"$tree/cmd/other.c"
  floors 1
  [ "$output" = 'cmd/other.c:1: the first line is not the licence' ]
}

@test "a test that is not registered is found" {
  echo "$licence" >"$tree/tests/test-forgotten.c"
  floors 1
  [ "$output" = 'tests/test-forgotten.c:1: not in tests/meson.build' ]
}

@test "a file with messages that gettext does not know is found" {
  : >"$tree/po/POTFILES"
  floors 1
  [ "$output" = 'cmd/fee-h.c:1: has messages, and is not in po/POTFILES' ]
}

# what else is in the library, expected status
symbols() {
  printf '%s\n' "$1" >>"$tree/libfee/base/fee-a.c"
  # shellcheck disable=SC2046
  cc $(pkg-config --cflags glib-2.0) -shared -fPIC -o "$tree/libfee.so" "$tree/libfee/base/fee-a.c"
  cc -c -o "$tree/engine_fee-d.c.o" -x c - <<<"$3"
  ar rc "$tree/libfee.a" "$tree/engine_fee-d.c.o"
  run "$FEE_SOURCE/tests/check-symbols.sh" "$tree/libfee.so" "$tree/libfee.a" "$tree"
  echo "$output"
  [ "$status" -eq "$2" ]
}

@test "a library that exports what it declares is clean" { symbols '' 0 'const int fee_days[] = { 1, 2 }; const char *const fee_names[] = { "a" };'; }

@test "a symbol without the prefix is found" {
  symbols 'int stray (void); int stray (void) { return 1; }' 1
  [[ "$output" == *'exported without the prefix fee_:'*'  stray'* ]]
}

@test "an exported symbol that no header declares is found" {
  symbols 'int fee_stray (void); int fee_stray (void) { return 1; }' 1
  [[ "$output" == *'exported, but not declared in an installed header:'*'  fee_stray'* ]]
}

@test "a header that is not installed is found" {
  echo "$licence" >"$tree/libfee/base/fee-other.h"
  symbols '' 1
  [ "$output" = $'neither private nor in fee.h:\n  base/fee-other.h' ]
}

@test "a header that needs another is found" {
  sed -i '/#include <glib.h>/d; s/int fee_a/gint fee_a/' "$tree/libfee/base/fee-a.h"
  sed -i 's/"base/<glib.h>\n#include "base/' "$tree/libfee/fee.h"
  symbols '' 1
  [[ "$output" == 'base/fee-a.h does not compile alone:'* ]]
}

@test "a function that is declared and not there is found" {
  echo 'int fee_not_there (void);' >>"$tree/libfee/base/fee-a.h"
  symbols '' 1
  [ "$output" = $'declared in an installed header, but not exported:\n  fee_not_there' ]
}

@test "a variable of the engine is found in the archive" {
  symbols '' 1 'int fee_state = 1; static int last; int fee_next (void); int fee_next (void) { return last++; }'
  [[ "$output" == 'variables in a pure room:'*'engine_fee-d'* ]]
}

@test "a man page that is not clean is found" {
  mkdir "$BATS_TEST_TMPDIR/man"
  printf '%s\n' '.\" SPDX-License-Identifier: LGPL-2.1-or-later' '.Dd January 1, 2026' '.Dt X 1' '.Os' '.Sh NAME' '.Nm x' \
    '.Nd x' '.Xyz' >"$BATS_TEST_TMPDIR/man/x.1"
  run "$FEE_SOURCE/tests/check-man.sh" "$BATS_TEST_TMPDIR/man"
  [ "$status" -eq 1 ]
}

@test "a page without its Chinese is found" {
  mkdir -p "$BATS_TEST_TMPDIR/man/zh_CN"
  page=('.\" SPDX-License-Identifier: LGPL-2.1-or-later' '.Dd January 1, 2026' '.Dt X 1' '.Os' '.Sh NAME' '.Nm x' '.Nd x')
  printf '%s\n' "${page[@]}" | tee "$BATS_TEST_TMPDIR/man/x.1" "$BATS_TEST_TMPDIR/man/y.1" >"$BATS_TEST_TMPDIR/man/zh_CN/x.1"
  run "$FEE_SOURCE/tests/check-man.sh" "$BATS_TEST_TMPDIR/man"
  [ "$status" -eq 1 ]
  [ "$output" = "$BATS_TEST_TMPDIR/man/y.1: has no Chinese page" ]
}

@test "a folder without man pages is found" {
  run "$FEE_SOURCE/tests/check-man.sh" "$BATS_TEST_TMPDIR"
  [ "$status" -eq 1 ]
}

@test "an option that its page lacks is found" {
  mkdir "$BATS_TEST_TMPDIR/man"
  printf '%s\n' '#!/bin/sh' 'echo "  --old-way   x"; echo "  -n, --new=FILE   y"; echo "  --newer   z"' >"$BATS_TEST_TMPDIR/fee-x"
  chmod +x "$BATS_TEST_TMPDIR/fee-x"
  printf '%s\n' '.Dd January 1, 2026' '.Dt FEE-X 1' '.Os' '.Sh NAME' '.Nm fee-x' '.Nd x' '.Sh OPTIONS' '.Bl -tag' \
    '.It Fl -old-way' 'is old.' '.It Fl -newer' 'is newer.' '.El' >"$BATS_TEST_TMPDIR/man/fee-x.1"
  run "$FEE_SOURCE/tests/check-options.sh" "$BATS_TEST_TMPDIR/man" "$BATS_TEST_TMPDIR/fee-x"
  echo "$output"
  [ "$status" -eq 1 ]
  [ "$output" = "$BATS_TEST_TMPDIR/man/fee-x.1: no --new" ]
}

messages() { # the source of a message, its translation
  echo "$1" >>"$tree/cmd/fee-h.c"
  printf '%s\n' 'msgid ""' 'msgstr "Content-Type: text/plain; charset=UTF-8\nLanguage: zh_CN\nPlural-Forms: nplurals=1; plural=0;\n"' \
    "$2" >"$tree/po/zh_CN.po"
  run "$FEE_SOURCE/tests/check-messages.sh" "$tree"
  echo "$output"
}

@test "a message that is whole and has its translation is clean" {
  messages 'f (_("%s is a month"));' $'#, c-format\nmsgid "%s is a month"\nmsgstr "%s 是月份"\n\nmsgid "x"\nmsgstr "某"'
  [ "$status" -eq 0 ]
}

@test "a message without a translation is found" {
  messages 'f (_("%s is a month"));' $'msgid "x"\nmsgstr "某"'
  [ "$status" -eq 1 ]
  [[ "$output" == *$'po/zh_CN.po: without a translation:\nmsgid "%s is a month"' ]]
}

@test "a message that a macro cuts off is found" {
  messages 'f (_("%s: %" G_GUINT64_FORMAT " rows"));' ''
  [ "$status" -eq 1 ]
}

@test "a translation that lacks a place of its message is found" {
  messages 'f (_("%s is a month"));' $'#, c-format\nmsgid "%s is a month"\nmsgstr "是月份"'
  [ "$status" -eq 1 ]
}
