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

# The small book on 2024-05-10, when somebody stands at every step: 101 and ../../x at the notice, 302 (not sold) at the friendly reminder, 201 O2 at the
# second with a disputed bill, 201 T1 at the visit, 301 O4 at the demand, S1 at an internal one; 301 O3 has a hardship
letters_book() {
  cd "$BATS_TEST_TMPDIR"
  { cat "$small/policy.ini"
    printf '[notice]\npay=Bank of Small Court, 6222\npay[zh_CN]=小院银行 6222\nask=Office, 010-1234\nask[zh_CN]=物业服务中心 010-1234\n'
    printf 'answer_days=7\nhelp=Come to the office.\nhelp[zh_CN]=请到物业服务中心办理。\naccounts=Board at the gate\naccounts[zh_CN]=大门公示栏\n'
  } >letters.ini
  posted_book letters.ini
  write units.csv 'unit,kind,area,lift,from\n../../x,shop,10,0,2024-03-01\n'
  write parties.csv 'unit,role,name,from\n../../x,owner,\033[2JEve,2024-03-01\n'
  write adjustments.csv 'adjustment,date,unit,party,kind,amount,reason\nA1,2024-03-05,../../x,../../x:owner:2024-03-01,charge,30.00,key\n'
  write none.csv 'receipt,date,unit,amount\n'
  write holds.csv 'hold,unit,party,kind,from,to,bill,reason\nH1,201,O2,dispute,2024-05-06,,202401-0000002,lift\nH2,301,O3,hardship,2024-03-01,,,seen\n'
  { echo notice,date,unit,party,step,result
    notices 201 O2 notice 03-01 friendly 03-05
    notices 201 T1 notice 03-01 friendly 03-05 second 03-20
    notices 301 O4 notice 03-01 friendly 03-05 second 03-20 visit 04-01
    notices 302 developer notice 03-01
    notices S1 O2 notice 03-01 friendly 03-05 second 03-20 visit 04-01 demand 04-22
  } >notices.csv
  fee-import -q units units.csv
  fee-import -q parties parties.csv
  fee-import -q adjustments adjustments.csv
  fee-import -q receipts none.csv --through 2024-05-10
  fee-import -q holds holds.csv
  fee-import -q notices notices.csv
  rm -- *.csv letters.ini
}

# Rows of the file of notices: unit, party, then step and day...
notices() {
  local unit=$1 party=$2
  shift 2
  while [ $# -gt 0 ]; do
    echo "N$unit$party$1,2024-$2,$unit,$party,$1,delivered"
    shift 2
  done
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
