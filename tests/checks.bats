#!/usr/bin/env bats
# SPDX-License-Identifier: LGPL-2.1-or-later
# The checks of the sources must be able to fail: each is shown a tree with one slip in it.

setup() {
  tree=$BATS_TEST_TMPDIR/tree
  mkdir "$tree"
  cp -R "$FEE_SOURCE/libfee" "$FEE_SOURCE/cmd" "$FEE_SOURCE/po" "$FEE_SOURCE/tests" "$FEE_SOURCE/man" "$tree"
}

# file, a line to put at its end, what the check must say
slip() {
  printf '%s\n' "$2" >>"$tree/$1"
  run python3 "$tree/tests/check-floors.py" "$tree"
  echo "$output"
  [ "$status" -eq 1 ]
  [[ "$output" == *"$1:"*"$3"* ]]
  # one slip, one finding: nothing else is wrong with the tree
  [ "${#lines[@]}" -eq 1 ]
}

@test "the floors hold in the tree as it is" {
  run python3 "$FEE_SOURCE/tests/check-floors.py" "$FEE_SOURCE"
  echo "$output"
  [ "$status" -eq 0 ]
}

@test "the model may not include input" { slip libfee/model/fee-run.c '#include "../input/fee-csv.h"' 'model/ may not include'; }
@test "the engine may not include the store" { slip libfee/engine/fee-charge.c '#include "../store/fee-book.h"' 'engine/ may not include'; }
@test "the ledger may not include the engine" { slip libfee/ledger/fee-ledger.c '#include "../engine/fee-stages.h"' 'ledger/ may not include'; }
@test "the library may not include a tool" { slip libfee/store/fee-book.c '#include "../../cmd/tool.h"' 'store/ may not include'; }
@test "a private header stays in its room" { slip cmd/tool.c '#include "../libfee/store/fee-book-private.h"' 'is private to its room'; }
@test "only one file may include libcsv" { slip libfee/input/fee-cell.c '#include <csv.h>' 'may include csv.h'; }
@test "only the store may include SQLite" { slip cmd/tool.c '#include <sqlite3.h>' 'may include sqlite3.h'; }
@test "only the store may include zstd" { slip libfee/report/fee-show.c '#include <zstd.h>' 'may include zstd.h'; }
@test "the engine may not include stdio" { slip libfee/engine/fee-charge.c '#include <stdio.h>' 'is pure'; }
@test "the library may not print" { slip libfee/report/fee-show.c 'void f (void) { printf ("x"); }' 'only cmd/ prints'; }
@test "the library may not read the clock" { slip libfee/store/fee-book.c 'void f (void) { time (NULL); }' 'only cmd/ reads the clock'; }
@test "the library may not read the environment" { slip libfee/input/fee-csv.c 'void f (void) { g_getenv ("X"); }' 'only cmd/ reads environment'; }
@test "the library may not guess numbers" { slip libfee/input/fee-csv.c 'int f (void) { return atoi ("1"); }' 'guesses'; }
@test "the engine may not open a file" { slip libfee/engine/fee-charge.c 'void f (void) { open ("x", 0); }' 'is pure'; }
@test "the engine may not keep state" { slip libfee/engine/fee-charge.c 'static int counter = 0;' 'keeps no state'; }
@test "a pointer to a constant is state" { slip libfee/ledger/fee-settle.c 'static const char *last;' 'keeps no state'; }
@test "nothing may jump" { slip cmd/tool.c 'void f (void) { goto end; end:; }' 'never'; }
@test "no float in the library" { slip libfee/base/fee-money.c 'double rate;' 'integers'; }
@test "no float in a tool" { slip cmd/tool.c 'gfloat rate;' 'integers'; }

@test "a slip in a comment or in a text is none" {
  printf '%s\n' '/* goto: float or double, printf ("x") */' 'static const char *const text = "goto /* time (0) float";' \
    >>"$tree/libfee/engine/fee-charge.c"
  run python3 "$tree/tests/check-floors.py" "$tree"
  echo "$output"
  [ "$status" -eq 0 ]
}

@test "a constant table is no state" {
  printf '%s\n' 'static const int days[] = { 1, 2 };' 'static const char *const names[] = { "a" };' 'static inline int f (void);' \
    >>"$tree/libfee/engine/fee-charge.c"
  run python3 "$tree/tests/check-floors.py" "$tree"
  echo "$output"
  [ "$status" -eq 0 ]
}

@test "a file without a licence is found" {
  echo 'int x;' >"$tree/cmd/other.c"
  run python3 "$tree/tests/check-floors.py" "$tree"
  [ "$status" -eq 1 ]
  [[ "$output" == *'cmd/other.c:1: the first line is not the licence'* ]]
}

@test "a test that is not registered is found" {
  echo '/* SPDX-License-Identifier: LGPL-2.1-or-later */' >"$tree/tests/test-forgotten.c"
  run python3 "$tree/tests/check-floors.py" "$tree"
  [ "$status" -eq 1 ]
  [[ "$output" == *'tests/test-forgotten.c:1: not in tests/meson.build'* ]]
}

@test "a file with messages that gettext does not know is found" {
  sed -i '/fee-charge/d' "$tree/po/POTFILES"
  run python3 "$tree/tests/check-floors.py" "$tree"
  [ "$status" -eq 1 ]
  [[ "$output" == *'libfee/engine/fee-charge.c:1: has messages'* ]]
}

symbols() {
  run "$FEE_SOURCE/tests/check-symbols.sh" "$1" "$FEE_BUILD/libfee/libfee.a" "$tree"
  echo "$output"
  [ "$status" -eq 1 ]
}

@test "a symbol without the prefix is found" {
  echo 'int stray (void); int stray (void) { return 1; }' | cc -shared -fPIC -x c - -o "$BATS_TEST_TMPDIR/x.so"
  symbols "$BATS_TEST_TMPDIR/x.so"
  [[ "$output" == *'exported without the prefix fee_:'*'  stray'* ]]
}

@test "an exported symbol that no header declares is found" {
  echo 'int fee_stray (void); int fee_stray (void) { return 1; }' | cc -shared -fPIC -x c - -o "$BATS_TEST_TMPDIR/x.so"
  symbols "$BATS_TEST_TMPDIR/x.so"
  [[ "$output" == *'exported, but not declared in an installed header:'*'  fee_stray'* ]]
}

@test "a header that is not installed is found" {
  printf '%s\n' '/* SPDX-License-Identifier: LGPL-2.1-or-later */' >"$tree/libfee/base/fee-other.h"
  symbols "$FEE_BUILD/libfee/libfee.so"
  [[ "$output" == *'neither private nor in fee.h:'*'  base/fee-other.h'* ]]
}

@test "a header that needs another is found" {
  sed -i '/#include <glib.h>/d' "$tree/libfee/base/fee-hash.h"
  symbols "$FEE_BUILD/libfee/libfee.so"
  [[ "$output" == *'base/fee-hash.h does not compile alone:'* ]]
}

@test "a function that is declared and not there is found" {
  sed -i 's/^G_END_DECLS/int fee_not_there (void);\n&/' "$tree/libfee/base/fee-hash.h"
  symbols "$FEE_BUILD/libfee/libfee.so"
  [[ "$output" == *'declared in an installed header, but not exported:'*'  fee_not_there'* ]]
}

@test "a variable of the engine is found in the archive" {
  echo 'int fee_state = 1;' | cc -c -x c - -o "$BATS_TEST_TMPDIR/engine_fee-charge.c.o"
  ar rc "$BATS_TEST_TMPDIR/x.a" "$BATS_TEST_TMPDIR/engine_fee-charge.c.o"
  run "$FEE_SOURCE/tests/check-symbols.sh" "$FEE_BUILD/libfee/libfee.so" "$BATS_TEST_TMPDIR/x.a" "$FEE_SOURCE"
  echo "$output"
  [ "$status" -eq 1 ]
  [[ "$output" == *'variables in a pure room:'*'engine_fee-charge'* ]]
}

@test "a man page that is not clean is found" {
  mkdir "$BATS_TEST_TMPDIR/man"
  printf '%s\n' '.\" SPDX-License-Identifier: LGPL-2.1-or-later' '.Dd January 1, 2026' '.Dt X 1' '.Os' '.Sh NAME' '.Nm x' \
    '.Nd x' '.Xyz' >"$BATS_TEST_TMPDIR/man/x.1"
  run "$FEE_SOURCE/tests/check-man.sh" "$BATS_TEST_TMPDIR/man"
  [ "$status" -eq 1 ]
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
