#!/usr/bin/env bats
# SPDX-License-Identifier: LGPL-2.1-or-later
# fee-run --withdraw: the last run is taken back while nothing names its bills; both stay to be seen, and it counts for nothing (rules.md section 10).

load small
bats_require_minimum_version 1.5.0

setup_file() { keep_book posted_book; }
setup() { use_book; }

january=45bc4dd30aec29cbcc3208c536a17d889d8ed8255b0e4380ba40569137703e2a # digests of the small book
february=78b73abacd7d3ee6758c63c8aacb64cc6728e7b9330e0b71638845e4beaf9e58
head=period,run,state,recognised,prior,lines,bills,total,differences,runs,digest

take_back() {
  fee-run "${@:2}" --period "$1" --withdraw --reason 'too early'
}

# A file of that kind into the book: kind, rows as printf has them, option...
take() {
  write x.csv "$2"
  fee-import -q "$1" x.csv "${@:3}"
}

listed() { fee-run --list --format csv | tail -n +2 | cut -d, -f1-7,9,10; }

@test "the last run is taken back, and its head and seal are said" {
  run --separate-stderr take_back 2024-02 --format csv
  [ "$status" -eq 0 ]
  [ "$output" = "$head
2024-02,2,withdrawn,1550.00,50.00,19,7,1550.00,0,1,$january" ]
  [[ "$stderr" =~ ^"fee-run: head 1:$january, seal 10:"[0-9a-f]{64}$ ]]
}

@test "run and withdrawal stay in the list, and their amounts add up" {
  take_back 2024-02 -q
  fee-run -q --period 2024-02
  [ "$(listed)" = "1,2024-01,run,1600.00,1600.00,7,5,tester,$january
2,2024-02,run,1550.00,1550.00,7,7,tester,$february
2,2024-02,withdrawal,-1550.00,-1550.00,-7,7,tester,$january
3,2024-02,run,1550.00,1550.00,7,7,tester,$february" ]
}

@test "the month that runs again has the digest that it would have had, also with what came meanwhile" {
  cp "$BATS_FILE_TMPDIR/book.db" plain.db
  take_back 2024-02 -q
  for book in book.db plain.db; do
    take costs 'doc,date,category,amount\nV20,2024-02-29,greening,33.00\n' --book $book
  done
  take_back 2024-02 -q --book plain.db
  fee-run -q --period 2024-02
  fee-run -q --period 2024-02 --book plain.db
  [ "$(listed | tail -n 1 | cut -d, -f9)" = "$(fee-run --list --format csv --book plain.db | tail -n 1 | cut -d, -f10)" ]
  take_back 2024-02 -q
  fee-import -q --retract 8 --reason 'not ours'
  fee-run -q --period 2024-02
  [ "$(listed | tail -n 1 | cut -d, -f9)" = $february ]
}

@test "one run after the other is taken back, down to none" {
  take_back 2024-02 -q
  run --separate-stderr take_back 2024-01 --format csv
  [ "$output" = "$head
2024-01,1,withdrawn,1600.00,0.00,18,7,1600.00,0,0,$(printf '%064d' 0)" ]
  gives 0 "No findings: batches 7, runs 0, bills 0
head 0:$(printf '%064d' 0), seal $(fee-audit --format csv 2>&1 >/dev/null | sed 's/.*seal //')" '' fee-audit
  fee-run -q --period 2024-02 --catch-up
  fee-audit -q
  fee-audit -q --period 2024-01
}

@test "asked for twice, it is done once" {
  take_back 2024-02 -q
  cp book.db before.db
  gives 0 "$head
2024-02,2,already-withdrawn,1550.00,50.00,19,7,1550.00,0,1,$january" 'fee-run: 2024-02: already withdrawn' take_back 2024-02 --format csv
  cmp book.db before.db
}

@test "its bills count for no day, and each stands in the ledger beside its withdrawal" {
  before=$(fee-ledger --format csv)
  balances=$(fee-ledger --balances --as-of 2024-12-31 --format csv)
  take_back 2024-02 -q
  [ "$(fee-ledger --format csv --unit 101)" = "date,kind,ref,unit,party,due,amount,balance,memo
2024-02-01,bill,202401-0000001,101,O1,2024-02-21,240.00,240.00,
2024-02-10,receipt,R1,101,O1,,-240.00,0.00,
2024-03-01,bill,202402-0000001,101,O1,2024-03-21,220.00,220.00,
2024-03-01,withdrawal,202402-0000001,101,O1,,-220.00,0.00,too early" ]
  [ "$(fee-ledger --balances --as-of 2024-12-31 --format csv --unit 101 | tail -n 1)" = '101,O1,0.00,0.00,0.00,0.00,0.00,0.00,0.00,0.00,0.00' ]
  [ "$(fee-ledger --totals --as-of 2024-12-31 --format csv | cut -d, -f1 | tr '\n' ' ')" = 'period 2024-01 other credit ' ]
  fee-run -q --period 2024-02
  [ "$(fee-ledger --balances --as-of 2024-12-31 --format csv)" = "$balances" ]
  # without each withdrawal and the bill before it, it is the ledger of before
  [ "$(fee-ledger --format csv | awk -F, '{ if ($2 == "withdrawal") line = ""; else { if (NR > 1 && line != "") print line; line = $0 } } END { print line }')" = "$before" ]
}

@test "a receipt neither pays nor names a bill that was withdrawn" {
  take_back 2024-02 -q
  write x.csv 'receipt,date,unit,amount,bill\nR9,2024-03-05,101,10.00,202402-0000001\n'
  refuses 65 'fee-import: x.csv:2: bill "202402-0000001" is not a bill of the book' fee-import receipts x.csv
  take receipts 'receipt,date,unit,amount\nR9,2024-03-05,101,10.00\n'
  [ "$(fee-ledger --balances --as-of 2024-03-31 --format csv --unit 101 | tail -n 1)" = '101,O1,-10.00,0.00,0.00,0.00,0.00,0.00,0.00,0.00,10.00' ]
}

@test "what names one of its bills forbids it: receipts, adjustments, holds" {
  take receipts 'receipt,date,unit,amount,bill\nR9,2024-03-05,101,10.00,202402-0000001\n'
  take adjustments 'adjustment,date,unit,party,kind,amount,bill,reason,approved_by\nX1,2024-03-05,101,O1,waiver,-1.00,202402-0000001,kind,Zhou\n'
  take holds 'hold,unit,party,kind,from,bill,reason\nH1,101,O1,dispute,2024-03-05,202402-0000001,asked\nH2,101,O1,dispute,2024-03-05,202401-0000001,asked\n'
  refuses 65 "fee-run: 2024-02 can't be withdrawn:
fee-run: receipt R9 names bill 202402-0000001
fee-run: adjustment X1 names bill 202402-0000001
fee-run: hold H1 names bill 202402-0000001" take_back 2024-02
  for batch in 8 9 10; do fee-import -q --retract $batch --reason 'not so'; done
  take_back 2024-02 -q
}

@test "only the last run, and only one that is there" {
  refuses 65 "fee-run: 2024-01 can't be withdrawn: the last run is that of 2024-02" take_back 2024-01
  refuses 65 'fee-run: 2024-03 is not posted' take_back 2024-03
}

@test "it needs a month and a reason, and goes with nothing else" {
  refuses 64 'fee-run: --withdraw needs --period P and --reason TEXT' fee-run --withdraw --reason x
  refuses 64 'fee-run: --withdraw needs --period P and --reason TEXT' fee-run --withdraw --period 2024-02
  refuses 64 'fee-run: --withdraw needs --period P and --reason TEXT' fee-run --withdraw --period 2024-02 --reason ''
  refuses 64 'fee-run: --withdraw goes with --period and --reason only' take_back 2024-02 --dry-run
  refuses 64 'fee-run: --withdraw goes with --period and --reason only' take_back 2024-02 --restate 2024-01
  refuses 64 'fee-run: --reason goes with --withdraw' fee-run --period 2024-02 --reason x
}

@test "a withdrawn month is neither shown nor run again as it was known then" {
  take_back 2024-02 -q
  refuses 65 'fee-statement: book.db: 2024-02 is withdrawn, and has not run again' fee-statement --period 2024-02
  refuses 65 'fee-explain: book.db: 2024-02 is withdrawn, and has not run again' fee-explain --period 2024-02
  refuses 65 'fee-audit: book.db: 2024-02 is withdrawn, and has not run again' fee-audit --period 2024-02
  fee-run -q --period 2024-02
  fee-statement -q --period 2024-02 --output s.txt
  gives 0 "2024-02 is identical when run again
head 2:$february" '' fee-audit --period 2024-02
}

@test "a head that was printed for a run that is withdrawn is found, one that stands is not" {
  take_back 2024-02 -q
  take costs 'doc,date,category,amount\nV20,2024-02-29,greening,33.00\n'
  fee-run -q --period 2024-02
  run --separate-stderr fee-audit --head "2:$february" --format csv
  [ "$status" -eq 1 ]
  [ "$output" = 'place,what
run 2,is withdrawn: the head that was printed is that of run 2 of the list' ]
  fee-audit -q --head "1:$january"
}

@test "digests and seal are what fee-digest(5) says, withdrawn or not" {
  take_back 2024-02 -q
  fee-run -q --period 2024-02
  take_back 2024-02 -q
  take_back 2024-01 -q
  take costs 'doc,date,category,amount\nV20,2024-02-29,greening,33.00\n'
  fee-run -q --period 2024-02 --catch-up
  gives 0 '5 digests and the seal agree' '' python3 "$FEE_SOURCE/tests/model/digest.py" book.db
  fee-audit -q
}

@test "a changed reason is found" {
  take_back 2024-02 -q
  python3 -c 'import sqlite3; db = sqlite3.connect ("book.db"); db.execute ("UPDATE withdrawal SET reason = ?", ("x",)); db.commit ()'
  run --separate-stderr fee-audit --format csv
  [ "$status" -eq 1 ]
  [[ "$output" == *$'\n''withdrawal 1,"is not as it was sealed: the seal of entry 10 is '* ]]
}
