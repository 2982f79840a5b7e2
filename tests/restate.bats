#!/usr/bin/env bats
# SPDX-License-Identifier: LGPL-2.1-or-later
# fee-audit --known now, --pending and fee-run --restate: what is learned later of a posted month, with its causes (rules.md section 10).

load small
bats_require_minimum_version 1.5.0

setup_file() { keep_book posted_book; }
setup() { use_book; }

columns=period,unit,party,item,origin,posted,recomputed,difference,cause
later='4:ab7d65b46d99b557a13a0daa93e4238112c96b0d1e67f44bbf55a4cec92a8b64, seal 29:e78e171506be6aa919d09e80bf09fc476059db4c845fe7f19e3c092cdde6f843' # head and seal of the fixture

take() {
  write x.csv "$2"
  fee-import -q "$1" x.csv "${@:3}"
}

# 201 has 120 m², and always had
larger() { take units 'unit,area\n201,120.00\n' --amend; }

# Rows of a month as known now, of a unit
now() { fee-audit --period "$1" --known now --format csv 2>/dev/null | tail -n +2 | grep "^$1,$2,"; }

@test "a month as it was posted is as known now, and nothing waits" {
  gives 0 '2024-01: what was posted for it is what is known now' '' fee-audit --period 2024-01 --known now
  gives 0 "$columns" 'fee-audit: 2024-01: what was posted for it is what is known now' fee-audit --period 2024-01 --known now --format csv
  gives 0 'Nothing waits to be restated' '' fee-audit --pending
  gives 0 '' '' fee-audit --quiet --pending
}

@test "an area that was wrong is a cause, to the fen" {
  larger
  [ "$(now 2024-02 201)" = '2024-02,201,O2,grounds,2024-02,90.00,122.73,32.73,batch 8 (changed area of unit 201): 32.73; rounding: 0.00
2024-02,201,T1,lifts,2024-02,75.00,103.84,28.84,batch 8 (changed area of unit 201): 28.84; rounding: 0.00' ]
  run --separate-stderr fee-audit --period 2024-02 --known now --format csv
  [ "$status" -eq 1 ]
  [ "$stderr" = "fee-audit: differences: $(($(wc -l <<<"$output") - 1))" ]
}

# What the desk did for the lifts: half as much as for all others in February, then nothing any more
ended='driver,target,quantity,from,to\ndesk-work,lifts,5,2024-02-01,2024-02-10\n'

# Support of a month by its reciprocal rows
served() { fee-explain --period "$1" --format csv | grep ^support, | cut -d, -f4,8 | paste -sd' '; }

@test "a level that ends stops what held without an end for all months to come, whichever came first" {
  # found by a simulated life: from April on the file was not read any more, and the row before held again
  for order in after before; do
    new_book
    for kind in units parties; do fee-import -q $kind "$small/$kind.csv"; done
    [ $order = after ] || take quantities "$ended"
    fee-import -q quantities "$small/quantities.csv"
    [ $order = before ] || take quantities "$ended"
    for month in 1 2 3 4 5; do
      take costs "doc,date,category,amount,centre\nD$month,2024-0$month-28,personnel,100,desk\n"
      fee-run -q --period 2024-0$month
    done
    [ "$(served 2024-03)" = 'grounds,33.33 guard,66.67' ]
    [ "$(served 2024-05)" = 'grounds,33.33 guard,66.67' ]
    gives 0 'Nothing waits to be restated' '' fee-audit --pending
    fee-audit -q
    # taken back, what held before holds on, in all months since
    fee-import -q --retract $([ $order = after ] && echo 5 || echo 4) --reason wrong
    [ "$(fee-audit --pending --format csv 2>/dev/null | grep ',lifts,' | cut -d, -f5,8 | paste -sd' ')" = '2024-02,-11.50 2024-03,25.00 2024-04,25.00 2024-05,25.00' ]
    [[ "$(now 2024-05 201 | grep lifts)" =~ ,4.16,batch\ [0-9]+:\ 4.16\;\ rounding:\ 0.00$ ]]
    fee-audit -q
  done
}

@test "a tenant who was there for some days ends the one before, in the months after them too" {
  # found by a simulated life: it was left to rounding
  take parties 'unit,role,party,name,from,to\n201,occupant,T9,Kim,2024-01-20,2024-01-25\n'
  [[ "$(now 2024-02 201 | grep O2,guard)" =~ ,batch\ 8.*\;\ rounding:\ 0.00$ ]]
  [ "$(fee-run --dry-run --early --period 2024-03 --format csv 2>/dev/null | tail -n 1 | cut -d, -f9)" = 2 ]
}

@test "an owner that was another is a cause" {
  take parties 'unit,role,party,name,from\n302,owner,O5,Fay,2024-02-10\n'
  [ "$(now 2024-02 302 | grep guard)" = '2024-02,302,O5,guard,2024-02,0.00,82.76,82.76,batch 8 (changed owner of unit 302): 82.76; rounding: 0.00
2024-02,302,developer,guard,2024-02,120.00,37.24,-82.76,batch 8 (changed owner of unit 302): -82.76; rounding: 0.00' ]
}

@test "late and amended costs are causes until they are caught up, then nothing differs" {
  take costs 'doc,date,category,amount\nL1,2024-02-29,greening,44.00\n'
  [ "$(now 2024-02 101)" = '2024-02,101,O1,grounds,2024-02,90.00,98.80,8.80,batch 8 (late cost L1): 8.80; rounding: 0.00' ]
  take costs 'doc,date,category,amount\nL1,2024-02-29,greening,55.00\n' --amend
  [ "$(now 2024-02 101)" = '2024-02,101,O1,grounds,2024-02,90.00,101.00,11.00,batch 8 (late cost L1): 8.80; batch 9 (amended cost L1): 2.20; rounding: 0.00' ]
  gives 0 'Nothing waits to be restated' '' fee-audit --pending
  fee-run -q --period 2024-03
  gives 0 '2024-02: what was posted for it is what is known now' '' fee-audit --period 2024-02 --known now
}

@test "what was caught up counts against the batch that brought it" {
  take costs 'doc,date,category,amount\nL1,2024-02-29,greening,44.00\n'
  fee-run -q --period 2024-03
  larger
  [ "$(now 2024-02 101)" = '2024-02,101,O1,grounds,2024-02,98.80,89.82,-8.98,batch 8 (late cost L1): 8.80; run 2024-03 (posted): -8.80; batch 9 (changed area of unit 201): -8.98; rounding: 0.00' ]
}

@test "a batch with which the month can't be computed is answered for by the next" {
  take units 'unit,area\n201,\n' --amend
  run --separate-stderr fee-audit --period 2024-02 --known now --format csv
  [ "$status" -eq 1 ]
  [ "$output" = "$columns
2024-02,,,run,,,,,not recomputed: 2024-02: centre grounds: unit 201 has no number for driver area
2024-02,,,run,,,,,not recomputed: 2024-02: centre lifts: unit 201 has no number for driver area*lift" ]
  take units 'unit,area\n201,120.00\n' --amend
  [ "$(now 2024-02 101)" = '2024-02,101,O1,grounds,2024-02,90.00,81.82,-8.18,"batch 8, 9 (changed area of unit 201): -8.18; rounding: 0.00"' ]
}

@test "more records than five are counted" {
  take quantities 'driver,target,quantity,from,to\nmeter,101,1,2024-02-01,2024-02-29\n' || true
  take units 'unit,area\n101,81\n201,81\n301,101\n302,101\nS1,41\n' --amend
  take costs 'doc,date,category,amount\nL1,2024-02-29,greening,1.00\nL2,2024-02-29,greening,1.00\nL3,2024-02-29,greening,1.00\nL4,2024-02-29,greening,1.00\nL5,2024-02-29,greening,1.00\nL6,2024-02-29,greening,1.00\nL7,2024-02-29,greening,1.00\n' --amend
  [[ "$(now 2024-02 101)" == *'(late cost L1, late cost L2, late cost L3, late cost L4, late cost L5 and 2 more): '* ]]
}

@test "what waits, by month and centre" {
  larger
  gives 1 "$columns
2024-01,,,grounds,2024-01,600.00,600.00,0.00,lines that differ: 6; more: 43.64; less: -43.64
2024-01,,,lifts,2024-01,400.00,400.00,0.00,lines that differ: 5; more: 25.64; less: -25.64
2024-02,,,grounds,2024-02,450.00,450.00,0.00,lines that differ: 5; more: 32.73; less: -32.73
2024-02,,,lifts,2024-02,450.00,450.00,0.00,lines that differ: 3; more: 28.84; less: -28.84" 'fee-audit: differences: 4' fee-audit --pending --format csv
}

@test "restating a month posts its differences, and makes it clean" {
  larger
  fee-run -q --period 2024-03 --restate 2024-02
  gives 0 '2024-02: what was posted for it is what is known now' '' fee-audit --period 2024-02 --known now
  [ "$(fee-explain --period 2024-03 --format csv)" = 'stage,origin,source,target,driver,weight,total_weight,amount
accrue,2024-03,V4#1,guard,,,,100.00
activity,2024-03,guard,units,one,155,155,100.00
restate,2024-02,grounds,units,area,12760,12760,450.00
restate,2024-02,lifts,units,area*lift,7540,7540,450.00' ]
  [ "$(fee-statement --period 2024-03 --unit 201 --format csv | tail -n +2 | cut -d, -f2-)" = '202403-0000002,201,O2,owner,grounds,2024-02,area,3480,12760,450.00,29,32.73,122.73,29,90.00
202403-0000003,201,T1,occupant,lifts,2024-02,area*lift,1740,7540,450.00,29,28.84,103.84,29,75.00
202403-0000003,201,T1,occupant,guard,2024-03,one,31,155,100.00,31,20.00,20.00,31,' ]
  fee-audit -q
  fee-audit -q --period 2024-03
  gives 0 '3 digests and the seal agree' '' python3 "$FEE_SOURCE/tests/model/digest.py" book.db
}

@test "the bill says what was shared again" {
  larger
  fee-run -q --period 2024-03 --restate 2024-02
  run fee-statement --period 2024-03 --unit 201
  [[ "$output" == *'
2024-02 shared again by what is known now; amounts are what is added to or taken off what was billed
Service  Whole estate  Shared by          Yours  Of all  Amount
Lifts          450.00  Floor area × lift     60     260   28.84
Sum 28.84
'* ]]
}

@test "no posted line changes, and a run without differences is as if not asked" {
  for month in 2024-01 2024-02; do fee-statement --period $month --format csv --output $month.csv; done
  fee-run -q --period 2024-03 --format csv >plain.csv
  fee-run -q --period 2024-03 --withdraw --reason test
  fee-run -q --period 2024-03 --restate 2024-01 --format csv >restated.csv
  [ "$(tail -n 1 plain.csv | cut -d, -f4-9)" = "$(tail -n 1 restated.csv | cut -d, -f4-9)" ]
  ! cmp -s plain.csv restated.csv # the digest says that it was looked at
  larger
  fee-run -q --period 2024-04 --early --restate 2024-01 --restate 2024-02 --restate 2024-03
  for month in 2024-01 2024-02; do fee-statement --period $month --format csv | cmp - $month.csv; done
  gives 0 'Nothing waits to be restated' '' fee-audit --pending
  fee-audit -q
}

@test "a month is restated again, from its last restatement on" {
  larger
  fee-run -q --period 2024-03 --restate 2024-02
  take units 'unit,area\n201,80.00\n' --amend
  [ "$(now 2024-02 201 | head -n 1)" = '2024-02,201,O2,grounds,2024-02,122.73,90.00,-32.73,batch 9 (changed area of unit 201): -32.73; rounding: 0.00' ]
  fee-run -q --period 2024-04 --early --restate 2024-02
  [ "$(fee-statement --period 2024-04 --unit 201 --format csv | grep ',grounds,2024-02,' | cut -d, -f13-16)" = '-32.73,90.00,29,122.73' ]
  gives 0 '2024-02: what was posted for it is what is known now' '' fee-audit --period 2024-02 --known now
  for month in 2024-03 2024-04; do fee-audit -q --period $month; done
}

@test "a unit that was none gets back what it bore" {
  take units 'unit,area\n303,100\n'
  fee-run -q --period 2024-03 --restate 2024-02
  fee-import -q --retract 8 --reason 'no such flat'
  [ "$(now 2024-02 303 | cut -d, -f3-8 | head -n 1)" = 'developer,grounds,2024-02,90.00,0.00,-90.00' ]
  fee-run -q --period 2024-04 --early --restate 2024-02 --restate 2024-03
  [ "$(fee-statement --period 2024-04 --unit 303 --format csv | grep ',grounds,2024-02,' | cut -d, -f5-)" = 'unsold,grounds,2024-02,area,0,11600,450.00,0,-90.00,0.00,0,90.00' ]
  gives 0 'Nothing waits to be restated' '' fee-audit --pending
  fee-audit -q
}

@test "only months that are posted before it, and not afterwards" {
  refuses 65 "fee-run: 2024-03 can't be restated in 2024-03: it is not a posted month before it" fee-run --period 2024-03 --restate 2024-03
  refuses 65 "fee-run: 2023-12 can't be restated in 2024-03: it is not a posted month before it" fee-run --period 2024-03 --restate 2023-12
  refuses 65 'fee-run: 2024-02 is posted, and does not restate 2024-01' fee-run --period 2024-02 --restate 2024-01
  refuses 64 'fee-run: --restate goes with --period, for one month' fee-run --restate 2024-01
  refuses 64 'fee-run: --restate goes with --period, for one month' fee-run --period 2024-03 --catch-up --restate 2024-01
  fee-run -q --period 2024-03 --restate 2024-01
  fee-run -q --period 2024-03 --restate 2024-01 # once more: already posted
}

@test "a book of this version, with a withdrawal and restated months, stays sound and runs again to the same digests" {
  cp "$FEE_TEST_DATA/books/schema-1-later.db" book.db
  gives 0 "No findings: batches 23, runs 4, bills 28
head $later" '' fee-audit
  for month in 2024-01 2024-02 2024-03 2024-04; do fee-audit -q --period $month; done
  gives 0 '5 digests and the seal agree' '' python3 "$FEE_SOURCE/tests/model/digest.py" book.db
  for month in 2024-01 2024-03; do fee-audit -q --period $month --known now; done
}

@test "the tools say which calls they do not know" {
  refuses 64 'fee-audit: --known now, or then, goes with --period' fee-audit --known now
  refuses 64 'fee-audit: --known now, or then, goes with --period' fee-audit --period 2024-01 --known later
  refuses 64 'fee-audit: --period, --pending, --backup, --verify, and --head or --seal are for calls of their own' fee-audit --period 2024-01 --pending
  refuses 65 'fee-audit: book.db: 2024-03 is not posted' fee-audit --period 2024-03 --known now
}

# Heyuan Court with its first three months posted, and April's costs known
heyuan_to_april() {
  local month
  rm -f book.db
  fee-init -q "$FEE_SOURCE/examples/heyuan/policy.ini"
  for kind in units parties assets quantities; do fee-import -q $kind "$FEE_SOURCE/examples/heyuan/$kind.csv"; done
  for month in 1 2 3; do
    fee-import -q quantities "$FEE_SOURCE/examples/heyuan/quantities-2026-0$month.csv"
    fee-import -q costs "$FEE_SOURCE/examples/heyuan/costs-2026-0$month.csv"
    fee-run -q --period 2026-0$month
  done
  fee-import -q --amend costs "$FEE_SOURCE/examples/heyuan/costs-2026-04.csv"
}

@test "Heyuan's late February invoice, its amended March document, an area and an occupant show with their cause" {
  heyuan_to_april
  [ "$(now 2026-02 1-1-0602)" = '2026-02,1-1-0602,O012,pumps,2026-02,16.38,28.50,12.12,batch 11 (late cost V2603-09): 1.80; run 2026-03 (posted): -1.79; batch 12 (late cost V2604-03): 12.11; rounding: 0.00' ]
  [ "$(now 2026-03 1-1-0102 | grep upkeep)" = '2026-03,1-1-0102,O002,upkeep,2026-03,27.19,27.30,0.11,"batch 12 (amended cost V2603-05, late cost R2604-01, late cost V2604-08): 0.11; rounding: 0.00"' ]
  take units 'unit,area\n1-1-0102,128.20\n' --amend
  take parties 'unit,role,name,from,to\n1-2-1101,occupant,杜某,2026-01-20,2026-03-15\n' --amend
  [ "$(now 2026-03 1-1-0102 | grep grounds)" = '2026-03,1-1-0102,O002,grounds,2026-03,37.41,40.55,3.14,batch 13 (changed area of unit 1-1-0102): 3.14; rounding: 0.00' ]
  [ "$(now 2026-03 1-2-1101 | grep order)" = '2026-03,1-2-1101,O057,order,2026-03,0.00,37.21,37.21,batch 14 (changed occupant of unit 1-2-1101): 37.21; rounding: 0.00
2026-03,1-2-1101,T07,order,2026-03,72.14,34.89,-37.25,batch 13 (changed area of unit 1-1-0102): -0.04; batch 14 (changed occupant of unit 1-2-1101): -37.21; rounding: 0.00' ]
  # each row's parts add up to its difference
  fee-audit --period 2026-03 --known now --format csv 2>/dev/null | python3 -c 'import csv, re, sys
rows = list(csv.DictReader(sys.stdin))
fen = lambda text: int(text.replace(".", ""))
for row in rows:
    assert sum(map(fen, re.findall(r": (-?\d+\.\d\d)(?:; |$)", row["cause"]))) == fen(row["difference"]), row
print(len(rows))' >rows
  [ "$(cat rows)" = 1099 ]
}
