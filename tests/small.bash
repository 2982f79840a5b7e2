# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
# Loaded by the tests of whole commands: the book of data/small, and what they say of a command.

export LC_ALL=C.UTF-8 TZ=UTC FEE_USER=tester FEE_BOOK=book.db
unset LANGUAGE
small=$FEE_TEST_DATA/small

# A book in the folder of the test. Argument: the policy, else that of data/small
new_book() {
  cd "$BATS_TEST_TMPDIR"
  rm -f book.db
  fee-init -q "${1-$small/policy.ini}"
}

# The small book with its units, parties, quantities and January's costs: batches 2 to 5
small_book() {
  new_book "$@"
  local kind
  for kind in units parties quantities; do
    fee-import -q $kind "$small/$kind.csv"
  done
  fee-import -q costs "$small/costs-2024-01.csv"
}

# The small book with January and February posted, February's costs and three receipts: batches 6 and 7
posted_book() {
  small_book "$@"
  fee-run -q --period 2024-01
  fee-import -q costs "$small/costs-2024-02.csv"
  fee-import -q receipts "$small/receipts.csv"
  fee-run -q --period 2024-02
}

# A function above, once for all tests of a file, and its book for each: setup_file calls keep_book FUNCTION, setup use_book
keep_book() {
  BATS_TEST_TMPDIR=$BATS_FILE_TMPDIR "$@"
}

use_book() {
  cd "$BATS_TEST_TMPDIR"
  cp "$BATS_FILE_TMPDIR/book.db" .
}

# Text as printf has it in a file: file, text
write() {
  # shellcheck disable=SC2059
  printf "$2" >"$1"
}

# What a command gives, to the byte: status, standard output, standard error (each without the newline at its end), command...
gives() {
  local status=0 out err
  "${@:4}" >.out 2>.err || status=$?
  IFS= read -r -d '' out <.out || true
  IFS= read -r -d '' err <.err || true
  [ "$status" -eq "$1" ] && [ "$out" = "$2${2:+$'\n'}" ] && [ "$err" = "$3${3:+$'\n'}" ] && return
  echo "status $status, wanted $1"
  diff <(printf '%s' "$2${2:+$'\n'}") .out
  diff <(printf '%s' "$3${3:+$'\n'}") .err
  return 1
}

# The same, of a command that may not change the book or leave a file: status, standard error, command...
refuses() {
  local before after
  before=$(sha256sum -- * 2>&1 || true)
  gives "$1" '' "$2" "${@:3}"
  after=$(sha256sum -- * 2>&1 || true)
  [ "$before" = "$after" ] || { diff <(echo "$before") <(echo "$after"); return 1; }
}

# The list of batches or runs, without times and digests
batches() {
  fee-import --list --format csv | cut -d, -f1-6,9,10 | tail -n +2
}
