#!/usr/bin/env bats
# SPDX-License-Identifier: LGPL-2.1-or-later
# Books of schema 1, made by the program of then (make-book.sh): read as they are, and upgraded by who writes. Also faults.bats, test-disclosures.c.

load small

books=$FEE_TEST_DATA/books
head=3:d199af65ea1c3fdf5a2cab97788e0d2ed0fa5be37b4955ca1f5cb987d9998c5e
seal=24:96fc2c6c2c6481e53428ea2fa064b68380b9678a45ea0a2e0302cf467039a201
clean="No findings: batches 21, runs 3, bills 20
head $head, seal $seal"
upgraded='book.db: the book is upgraded to the form of this program; as it was before, it is kept in book.db.schema-1'

setup() {
  cd "$BATS_TEST_TMPDIR"
  install -m 600 "$books/schema-1.db" book.db
}

schema() { python3 -c 'import sqlite3, sys; print(*sqlite3.connect(sys.argv[1]).execute("PRAGMA user_version").fetchone())' "$1"; }

# It runs every month again to the digest that it has, and an independent program finds digests and seal: book, months
sound() {
  local month
  fee-audit -q --book "$1"
  for month in "${@:2}"; do fee-audit -q --book "$1" --period "$month"; done
  python3 "$FEE_SOURCE/tests/model/digest.py" "$1"
}

@test 'whoever only reads a book of schema 1, or tries, leaves it as it is' {
  local words before
  cp "$books/schema-1-later.db" later.db
  before=$(sha256sum book.db later.db)
  gives 0 "$clean" '' fee-audit --head $head --seal $seal
  sound book.db 2024-01 2024-02 2024-03
  sound later.db 2024-01 2024-02 2024-03 2024-04
  for words in 'fee-run --list' 'fee-import --list' fee-ledger 'fee-statement --period 2024-02' 'fee-explain --period 2024-01' 'fee-audit --pending' \
    'fee-remind --as-of 2024-04-01' "fee-init $small/policy.ini" 'fee-run --period 2024-04 --dry-run' "fee-import costs $small/costs-2024-02.csv --dry-run"; do
    # shellcheck disable=SC2086
    $words >.out || [ $? -eq 1 ]
  done
  [ "$(sha256sum book.db later.db)" = "$before" ]
  [ "$(ls)" = $'book.db\nlater.db' ]
}

@test 'whoever writes upgrades it, and it is kept as it was' {
  gives 0 '' "fee-import: $upgraded
fee-import: SM costs-2024-02.csv: already imported (batch 11)" fee-import costs "$small/costs-2024-02.csv"
  [ "$(ls)" = $'book.db\nbook.db.schema-1' ]
  [ "$(stat -c %a book.db.schema-1)" = 600 ]
  [ "$(schema book.db) $(schema book.db.schema-1)" = '2 1' ]
  # what was there is there, to the seal, in both
  gives 0 "$clean" '' fee-audit --head $head --seal $seal
  gives 0 "$clean" '' fee-audit --book book.db.schema-1
  sound book.db 2024-01 2024-02 2024-03
  # and it goes on as any other, upgraded once
  gives 0 '' '' fee-run -q --period 2024-04
  fee-audit --quiet --head $head --seal $seal
  [ "$(ls)" = $'book.db\nbook.db.schema-1' ]
}

@test 'a run upgrades it too, and posts what it would have posted' {
  local dry
  dry=$(fee-run --period 2024-04 --dry-run --format csv 2>.err | tail -n 1 | sed 's/.*,//')
  fee-run --period 2024-04 --expect "$dry" 2>.err
  grep -qxF "fee-run: $upgraded" .err
  sound book.db 2024-01 2024-02 2024-03 2024-04
}

@test 'with --quiet nothing is said of it' {
  gives 0 '' '' fee-run --quiet --period 2024-01
  [ "$(schema book.db)" = 2 ]
}

@test 'of two programs at once one upgrades it, the other waits and goes on' {
  local n
  printf 'doc,date,category,amount\nX1,2024-04-30,greening,1.00\n' >1.csv
  printf 'doc,date,category,amount\nX2,2024-04-30,greening,2.00\n' >2.csv
  for n in 1 2; do
    fee-import costs $n.csv 2>.err$n &
    pids[n]=$!
  done
  for n in 1 2; do wait "${pids[n]}"; done
  [ "$(cat .err1 .err2 | grep -cF "$upgraded")" = 1 ]
  fee-audit | grep -q '^No findings: batches 23, '
  [ "$(fee-audit --book book.db.schema-1)" = "$clean" ]
}

@test 'another file in the place of the copy is never lost: the book stays as it is, and the way out is said' {
  echo mine >book.db.schema-1
  refuses 74 "fee-run: book.db.schema-1: the book as it is can't be kept here before its upgrade: there is another file of that name; move it away" \
    fee-run --period 2024-01
  mv book.db.schema-1 mine
  gives 0 '' '' fee-run -q --period 2024-01
  [ "$(cat mine)" = mine ]
}

@test 'a book of another estate, and one that another program holds, is not upgraded' {
  refuses 65 'fee-run: book.db: the book is "SM", not "HY"' fee-run --period 2024-01 --expect-book HY
  python3 -c 'import sqlite3, subprocess, sys
book = sqlite3.connect("book.db", isolation_level=None)
book.execute("BEGIN IMMEDIATE")
sys.exit(subprocess.run(["fee-run", "--wait", "0", "--period", "2024-01"], capture_output=True).returncode != 75)'
  [ "$(ls)" = book.db ]
  [ "$(schema book.db)" = 1 ]
}

@test 'disclosures go with a backup, and a bundle is the same without them' {
  install -m 600 "$books/schema-2.db" two.db
  fee-audit -q --book two.db --backup copy.db
  fee-audit --book copy.db | grep -q '^No findings: batches 21, runs 3, bills 20, disclosures 2$'
  fee-audit -q --period 2024-02 --bundle 1.tar
  fee-audit -q --book two.db --period 2024-02 --bundle 2.tar
  cmp <(tar -xOf 1.tar results/lines.csv) <(tar -xOf 2.tar results/lines.csv)
  fee-audit -q --verify 2.tar
}
