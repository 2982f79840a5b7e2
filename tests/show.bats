#!/usr/bin/env bats
# SPDX-License-Identifier: LGPL-2.1-or-later
# What is shown of posted months: fee-explain, fee-statement, fee-ledger (interface.md section 5), and six months of Heyuan Court.

load small
bats_require_minimum_version 1.5.0

setup_file() {
  keep_book posted_book
  heyuan
}

setup() { use_book; }

expected=$small/expected

# Heyuan Court with its six months, in the folder of the file
heyuan() {
  local month kind amend
  export FEE_BOOK=$BATS_FILE_TMPDIR/heyuan.db
  cd "$FEE_SOURCE/examples/heyuan"
  fee-init -q policy.ini
  for kind in units parties assets quantities budgets adjustments holds instalments income; do
    fee-import -q $kind $kind.csv
  done
  for month in 1 2 3 4 5 6; do
    amend=()
    [ $month != 4 ] || amend=(--amend)
    fee-import -q quantities quantities-2026-0$month.csv
    fee-import -q "${amend[@]}" costs costs-2026-0$month.csv || [ $? -eq 1 ]
    fee-run -q --period 2026-0$month
    fee-import -q receipts receipts-2026-0$((month + 1)).csv
  done
}

use_heyuan() { export FEE_BOOK=$BATS_FILE_TMPDIR/heyuan.db; }

# The columns of a CSV file by name: column...
columns() {
  python3 -c 'import csv, sys
out = csv.writer(sys.stdout, lineterminator="\n")
for row in csv.DictReader(sys.stdin):
    out.writerow([row[name] for name in sys.argv[1:]])' "$@"
}

# The sum of a column, in fen, of the rows where another has a value: column, other, value
sum() {
  python3 -c 'import csv, sys
name, other, value = sys.argv[1:]
print(sum(int(row[name].replace(".", "")) for row in csv.DictReader(sys.stdin) if row[other] == value))' "$@"
}

# ---- fee-explain

@test "the stages of a month" {
  fee-explain --period 2024-01 --format csv | diff "$expected/explain-2024-01.csv" -
  fee-explain --period 2024-02 --format csv | diff "$expected/explain-2024-02.csv" -
}

@test "the stages of a month as JSON" {
  fee-explain --period 2024-01 --format json | python3 -c 'import json, sys
rows = json.load(sys.stdin)
assert list(rows[0]) == "stage origin source target driver weight total_weight amount".split(), rows[0]
assert rows[0] == {"stage": "accrue", "origin": "2024-01", "source": "V1", "target": "personnel", "driver": None, "weight": None,
                   "total_weight": None, "amount": "1000.00"}, rows[0]
assert len(rows) == 16, len(rows)'
}

@test "the lines of a unit are those of its statement" {
  for unit in 101 201 301 302 S1; do
    fee-explain --period 2024-02 --unit $unit --format csv | diff <(head -n 1 "$expected/statement-2024-02.csv"; grep ",$unit," "$expected/statement-2024-02.csv") -
  done
}

@test "the lines of a unit are traced to the rows of files" {
  gives 0 "period,unit,party,item,origin,doc,amount,file,row,batch,sha256
2024-02,101,O1,grounds,2024-01,V7,10.00,costs-2024-02.csv,4,6,$(sha costs-2024-02.csv)
2024-02,101,O1,grounds,2024-02,V5,90.00,costs-2024-02.csv,2,6,$(sha costs-2024-02.csv)
2024-02,101,O1,guard,2024-02,V4#1,20.00,costs-2024-01.csv,5,5,$(sha costs-2024-01.csv)
2024-02,101,O1,guard,2024-02,V5,90.00,costs-2024-02.csv,2,6,$(sha costs-2024-02.csv)
2024-02,101,O1,guard,2024-02,V6,10.00,costs-2024-02.csv,3,6,$(sha costs-2024-02.csv)" '' fee-explain --period 2024-02 --unit 101 --trace --format csv
}

sha() { sha256sum "$small/$1" | cut -d' ' -f1; }

@test "a trace stays when a document is amended later" {
  fee-explain --period 2024-01 --unit 101 --trace --format csv >before
  write x.csv 'doc,line,date,category,amount\nV1,,2024-01-31,personnel,2000\n'
  fee-import -q --amend costs x.csv
  fee-explain --period 2024-01 --unit 101 --trace --format csv | diff before -
}

@test "what was not posted can't be explained" {
  refuses 65 'fee-explain: book.db: 2024-03 is not posted' fee-explain --period 2024-03
  refuses 65 'fee-explain: book.db: unit "999" has no bill in 2024-01' fee-explain --period 2024-01 --unit 999
  refuses 64 'fee-explain: --period P is needed' fee-explain
  refuses 64 'fee-explain: --trace goes with --unit' fee-explain --period 2024-01 --trace
  refuses 64 'fee-explain: --period "2024-01/../x" is not a month (YYYY-MM)' fee-explain --period 2024-01/../x
}

# ---- fee-statement

@test "bills as CSV" {
  fee-statement --period 2024-01 --format csv | diff "$expected/statement-2024-01.csv" -
  fee-statement --period 2024-02 --format csv | diff "$expected/statement-2024-02.csv" -
}

@test "a bill in English" { fee-statement --period 2024-02 --unit 301 | diff "$expected/statement-301.en.txt" -; }
@test "a bill in Chinese, whatever the locale" { LC_ALL=C fee-statement --period 2024-02 --unit 301 --lang zh_CN | diff "$expected/statement-301.zh_CN.txt" -; }

@test "all bills, a page each" {
  fee-statement --period 2024-02 >all.txt
  [ "$(grep -c '^Number 202402-000000' all.txt)" -eq 7 ]
  [ "$(grep -c $'\f' all.txt)" -eq 6 ]
}

@test "the language of the book is the default" {
  sed 's/^code=.*/&\nlang=zh_CN/' "$small/policy.ini" >p.ini
  posted_book p.ini
  fee-statement --period 2024-02 --unit 301 | diff "$expected/statement-301.zh_CN.txt" -
  fee-statement --period 2024-02 --unit 301 --lang en | diff "$expected/statement-301.en.txt" -
}

@test "bills as JSON" {
  gives 0 '[
{"period":"2024-02","bill":"202402-0000007","unit":"S1","party":"O2","role":"owner","item":"grounds","origin":"2024-01","driver":"area","weight":"1240","total_weight":"12400","pool":"50.00","days":31,"amount":"5.00","unit_amount":"5.00","unit_days":31,"posted":null},
{"period":"2024-02","bill":"202402-0000007","unit":"S1","party":"O2","role":"owner","item":"grounds","origin":"2024-02","driver":"area","weight":"1160","total_weight":"11600","pool":"450.00","days":29,"amount":"45.00","unit_amount":"45.00","unit_days":29,"posted":null},
{"period":"2024-02","bill":"202402-0000007","unit":"S1","party":"O2","role":"owner","item":"guard","origin":"2024-02","driver":"one","weight":"29","total_weight":"145","pool":"600.00","days":29,"amount":"120.00","unit_amount":"120.00","unit_days":29,"posted":null}
]' '' fee-statement --period 2024-02 --unit S1 --format json
}

@test "bills for Excel" {
  fee-statement --period 2024-02 --excel --lang zh_CN >excel.csv
  head -c 3 excel.csv | cmp - <(printf '\357\273\277')
  [ "$(head -n 1 excel.csv | tail -c +4)" = $'期间,账单号,房号,业主/使用人,角色,项目,所属期,动因,权重,总权重,作业中心成本,天数,金额,本户金额,本户天数,原已入账\r' ]
  diff <(tail -n +2 excel.csv) <(tail -n +2 "$expected/statement-2024-02.csv" | sed 's/$/\r/')
  [ "$(fee-statement --period 2024-02 --excel --format csv --lang en | head -n 1 | tail -c +4 | cut -d, -f1)" = Period ]
}

@test "one row a bill" {
  gives 0 'bill,unit,party,name,contact,issue,due,brought_forward,received,credit,total,payable,reference
202402-0000001,101,O1,Ann,a@example.org,2024-03-01,2024-03-21,240.00,240.00,0.00,220.00,220.00,RF472024020000001
202402-0000002,201,O2,Bo,,2024-03-01,2024-03-21,173.45,100.00,0.00,100.00,173.45,RF202024020000002
202402-0000003,201,T1,Cy,,2024-03-01,2024-03-21,133.22,0.00,0.00,195.00,328.22,RF902024020000003
202402-0000004,301,O3,Di,,2024-03-01,2024-03-21,210.08,0.00,0.00,6.05,216.13,RF632024020000004
202402-0000005,301,O4,Ed,,2024-03-01,2024-03-21,224.09,0.00,0.00,426.45,650.54,RF362024020000005
202402-0000006,302,developer,,,2024-03-01,2024-03-21,434.16,0.00,0.00,432.50,866.66,RF092024020000006
202402-0000007,S1,O2,Bo,,2024-03-01,2024-03-21,185.00,0.00,0.00,170.00,355.00,RF792024020000007' '' \
    fee-statement --period 2024-02 --bills --format csv
}

@test "a credit is shown and taken off" {
  write x.csv 'receipt,date,unit,amount\nR9,2024-02-20,101,1000\n'
  fee-import -q receipts x.csv
  # 240.00 owed, 240.00 and 1,000.00 received, 220.00 billed: nothing to pay
  [ "$(fee-statement --period 2024-02 --bills --format csv --unit 101 | columns brought_forward received credit total payable)" = 240.00,1240.00,0.00,220.00,0.00 ]
  [ "$(fee-ledger --balances --as-of 2024-03-01 --unit 101 --format csv | columns balance credit)" = -780.00,780.00 ]
}

@test "an account before the bill's issue does not have the bill in it" {
  # 101 has paid January by then: nothing is brought forward but what it owed, and there is no credit
  row=$(fee-statement --period 2024-02 --bills --format csv --unit 201 --as-of 2024-02-29 | columns party brought_forward received credit total payable)
  [ "$row" = 'O2,173.45,100.00,0.00,100.00,173.45
T1,133.22,0.00,0.00,195.00,328.22' ] || {
    echo "$row"
    false
  }
}

@test "bills go into a folder, one file each, named by number" {
  write x.csv 'unit,floor,area,lift\n../../x,10,0,0\n=1+1,2,0,0\n/etc/passwd,,0,0\n..,,0,0\n'
  fee-import -q units x.csv
  fee-run -q --period 2024-03
  mkdir -p a/b
  gives 0 '' '' fee-statement --period 2024-03 --output a/b/bills
  [ "$(ls a/b/bills)" = "$(printf '202403-%07d.txt\n' 1 2 3 4 5 6 7 8 9)" ]
  [ "$(find a -newer x.csv -type f | wc -l)" -eq 9 ]
  [ "$(stat -c %a a/b/bills/202403-0000001.txt)" = 600 ]
  [ "$(stat -c %a a/b/bills)" = 700 ]
  fee-statement --period 2024-03 --unit ../../x --format csv --output a/b/one
  [ "$(cat a/b/one/202403-*.csv | columns unit)" = ../../x ]
  fee-statement --period 2024-03 --unit ../../x | diff - a/b/bills/202403-0000002.txt
}

@test "bills go into a folder as JSON too, and again" {
  for _ in 1 2; do
    gives 0 '' '' fee-statement --period 2024-02 --format json --output bills/
    [ "$(ls bills)" = "$(printf '202402-%07d.json\n' 1 2 3 4 5 6 7)" ]
  done
  diff bills/202402-0000007.json <(fee-statement --period 2024-02 --unit S1 --format json)
}

@test "bills may be ordered by columns of the units" {
  write x.csv 'unit,building,floor,area,lift\nX,B,10,0,0\nY,B,9,0,0\n'
  fee-import -q units x.csv
  fee-run -q --period 2024-03
  order() { fee-statement --period 2024-03 --format csv --order "$1" | columns unit | uniq | tr '\n' ' '; }
  [ "$(order building,floor,unit)" = '101 S1 201 301 302 Y X ' ]
  [ "$(order floor,building)" = '101 S1 201 301 302 Y X ' ]
  [ "$(order unit)" = '101 201 301 302 S1 X Y ' ]
  refuses 64 'fee-statement: --order: units have no column "nix"' fee-statement --period 2024-02 --order nix
}

@test "a file is replaced whole, with mode 0600" {
  echo old >out.csv
  chmod 644 out.csv
  gives 0 '' '' fee-statement --period 2024-02 --format csv --output out.csv
  diff out.csv "$expected/statement-2024-02.csv"
  [ "$(stat -c %a out.csv)" = 600 ]
  [ "$(find . -name 'out.csv*' | wc -l)" -eq 1 ]
}

@test "/dev/stdout is written, not replaced" {
  fee-statement --period 2024-02 --format csv --output /dev/stdout >real.csv
  [ -L /dev/stdout ]
  diff real.csv "$expected/statement-2024-02.csv"
}

# ---- On a terminal

on_terminal() { # columns, command...
  python3 "$FEE_SOURCE/tests/terminal.py" "$@"
}

# The width of the widest line in cells, Chinese as two
widest() {
  python3 -c 'import sys, unicodedata
print(max(sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line.rstrip("\n")) for line in sys.stdin))'
}

@test "tables fit the terminal: texts are cut, and what is too wide for that is shown a cell a line" {
  export NO_COLOR=1
  on_terminal 200 fee-ledger --lang zh_CN >wide.txt
  fee-ledger --lang zh_CN | diff - wide.txt
  on_terminal 100 fee-ledger --unit 301 --lang zh_CN >narrow.txt
  [ "$(widest <narrow.txt)" -le 100 ]
  [ "$(wc -l <narrow.txt)" -eq "$(fee-ledger --unit 301 | wc -l)" ]
  on_terminal 40 fee-statement --bills --period 2024-02 --unit 301 >down.txt
  [ "$(widest <down.txt)" -le 40 ]
  [ "$(grep -c '^Reference        RF' down.txt)" -eq 2 ]
}

@test "colour is for terminals, never with NO_COLOR, never in a file" {
  escape=$(printf '\033')
  TERM=xterm on_terminal 80 fee-run --list | grep -q "$escape\[1mRun"
  ! TERM=xterm NO_COLOR=1 on_terminal 80 fee-run --list | grep "$escape" || false
  ! TERM=dumb on_terminal 80 fee-run --list | grep "$escape" || false
  ! TERM=xterm on_terminal 80 fee-run --list --output list.txt | grep "$escape" || false
  ! grep "$escape" list.txt || false
}

@test "/dev/shm is a folder as others: a file in it appears whole, mode 0600" {
  folder=$(mktemp -d /dev/shm/fee-XXXXXX)
  fee-statement --period 2024-02 --format csv --output "$folder/out.csv"
  diff "$folder/out.csv" "$expected/statement-2024-02.csv"
  [ "$(stat -c %a "$folder/out.csv")" = 600 ]
  rm -r "$folder"
}

@test "a link is replaced, not followed: what it names stays" {
  echo old >real.csv
  ln -s real.csv link.csv
  fee-statement --period 2024-02 --format csv --output link.csv
  [ ! -L link.csv ]
  diff link.csv "$expected/statement-2024-02.csv"
  [ "$(cat real.csv)" = old ]
}

@test "what is not posted has no bills" {
  refuses 65 'fee-statement: book.db: 2024-03 is not posted' fee-statement --period 2024-03
  refuses 65 'fee-statement: book.db: unit "999" has no bill in 2024-02' fee-statement --period 2024-02 --unit 999
  refuses 64 'fee-statement: --period P is needed' fee-statement
  refuses 64 'fee-statement: --bills writes one table: --output names a file' fee-statement --period 2024-02 --bills --output folder
  refuses 74 'fee-statement: nowhere/x.csv: No such file or directory' fee-statement --period 2024-02 --output nowhere/x.csv
}

@test "control characters and directions of writing are escaped in text" {
  write x.csv 'unit,area,lift\nX\033[31m\342\200\256Y,0,0\n'
  fee-import -q units x.csv
  fee-run -q --period 2024-03
  fee-statement --period 2024-03 --unit $'X\e[31m\u202eY' >text
  grep -qF 'Unit X\x1b[31m\u202eY' text
  run ! grep -q $'\e' text
}

@test "a month that recognises late costs only says what they are" {
  rm book.db
  new_book
  for kind in units parties quantities; do
    fee-import -q $kind "$small/$kind.csv"
  done
  write one.csv 'doc,date,category,amount\nV1,2024-01-10,greening,100.00\n'
  write late.csv 'doc,date,category,amount,from,to\nV2,2024-02-10,greening,50.00,2024-01-01,2024-01-31\n'
  fee-import -q costs one.csv
  fee-run -q --period 2024-01
  fee-import -q costs late.csv
  fee-run -q --period 2024-02
  fee-statement --period 2024-02 --unit 101 | grep -qxF 'Late costs of 2024-01: Greening (1/1-1/31, invoice of 2/10)'
}

# ---- fee-ledger

@test "the ledger" {
  gives 0 'date,kind,ref,unit,party,due,amount,balance,memo
2024-02-01,bill,202401-0000001,101,O1,2024-02-21,240.00,240.00,
2024-02-01,bill,202401-0000002,201,O2,2024-02-21,173.45,173.45,
2024-02-01,bill,202401-0000003,201,T1,2024-02-21,133.22,133.22,
2024-02-01,bill,202401-0000004,301,O3,2024-02-21,210.08,210.08,
2024-02-01,bill,202401-0000005,301,O4,2024-02-21,224.09,224.09,
2024-02-01,bill,202401-0000006,302,developer,2024-02-21,434.16,434.16,
2024-02-01,bill,202401-0000007,S1,O2,2024-02-21,185.00,185.00,
2024-02-10,receipt,R1,101,O1,,-240.00,0.00,
2024-02-12,receipt,R2,201,O2,,-100.00,73.45,
2024-02-15,receipt,R3,?,,,-50.00,-50.00,who?
2024-03-01,bill,202402-0000001,101,O1,2024-03-21,220.00,220.00,
2024-03-01,bill,202402-0000002,201,O2,2024-03-21,100.00,173.45,
2024-03-01,bill,202402-0000003,201,T1,2024-03-21,195.00,328.22,
2024-03-01,bill,202402-0000004,301,O3,2024-03-21,6.05,216.13,
2024-03-01,bill,202402-0000005,301,O4,2024-03-21,426.45,650.54,
2024-03-01,bill,202402-0000006,302,developer,2024-03-21,432.50,866.66,
2024-03-01,bill,202402-0000007,S1,O2,2024-03-21,170.00,355.00,' '' fee-ledger --format csv
}

@test "the ledger of a unit, up to a day" {
  gives 0 'date,kind,ref,unit,party,due,amount,balance,memo
2024-02-01,bill,202401-0000002,201,O2,2024-02-21,173.45,173.45,
2024-02-01,bill,202401-0000003,201,T1,2024-02-21,133.22,133.22,
2024-02-12,receipt,R2,201,O2,,-100.00,73.45,' '' fee-ledger --unit 201 --as-of 2024-02-29 --format csv
  gives 0 'date,kind,ref,unit,party,due,amount,balance,memo' '' fee-ledger --as-of 2024-01-31 --format csv
}

@test "a receipt that waits for its unit is found under ?, and moves when it is amended" {
  gives 0 'date,kind,ref,unit,party,due,amount,balance,memo
2024-02-15,receipt,R3,?,,,-50.00,-50.00,who?' '' fee-ledger --unit '?' --format csv
  write x.csv 'receipt,date,unit,amount\nR3,2024-02-15,S1,50\n'
  fee-import -q --amend receipts x.csv
  gives 0 'date,kind,ref,unit,party,due,amount,balance,memo
2024-02-01,bill,202401-0000007,S1,O2,2024-02-21,185.00,185.00,
2024-02-15,receipt,R3,S1,O2,,-50.00,135.00,who?
2024-03-01,bill,202402-0000007,S1,O2,2024-03-21,170.00,305.00,' '' fee-ledger --unit S1 --format csv
}

@test "balances with aging" {
  gives 0 'unit,party,balance,not_due,d1_30,d31_60,d61_90,d91_180,d181_365,d366,credit
101,O1,0.00,0.00,0.00,0.00,0.00,0.00,0.00,0.00,0.00
201,O2,73.45,73.45,0.00,0.00,0.00,0.00,0.00,0.00,0.00
201,T1,133.22,133.22,0.00,0.00,0.00,0.00,0.00,0.00,0.00
301,O3,210.08,210.08,0.00,0.00,0.00,0.00,0.00,0.00,0.00
301,O4,224.09,224.09,0.00,0.00,0.00,0.00,0.00,0.00,0.00
302,developer,434.16,434.16,0.00,0.00,0.00,0.00,0.00,0.00,0.00
?,,-50.00,0.00,0.00,0.00,0.00,0.00,0.00,0.00,50.00
S1,O2,185.00,185.00,0.00,0.00,0.00,0.00,0.00,0.00,0.00' '' fee-ledger --balances --as-of 2024-02-21 --format csv
}

@test "an item moves through the buckets by the days since its due day" {
  bucket() { fee-ledger --balances --unit 201 --as-of "$1" --format csv | grep ,T1, | cut -d, -f4-10; }
  zero() { printf '0.00,%.0s' $(seq "$1"); }
  [ "$(bucket 2024-02-21)" = 133.22,0.00,0.00,0.00,0.00,0.00,0.00 ]
  [ "$(bucket 2024-02-22)" = 0.00,133.22,0.00,0.00,0.00,0.00,0.00 ]
  # with February's bill of 195.00, due on 2024-03-21
  [ "$(bucket 2024-03-22)" = 0.00,328.22,0.00,0.00,0.00,0.00,0.00 ]
  [ "$(bucket 2024-03-23)" = 0.00,195.00,133.22,0.00,0.00,0.00,0.00 ]
  [ "$(bucket 2024-04-21)" = 0.00,0.00,328.22,0.00,0.00,0.00,0.00 ]
  [ "$(bucket 2024-04-22)" = 0.00,0.00,195.00,133.22,0.00,0.00,0.00 ]
  [ "$(bucket 2025-02-21)" = 0.00,0.00,0.00,0.00,0.00,195.00,133.22 ]
}

@test "adjustments, reversals and refunds are in the ledger" {
  write j.csv 'adjustment,date,unit,party,kind,amount,due,bill,reason,approved_by\nJ1,2024-02-20,S1,O2,charge,5.50,2024-03-05,,card,\nJ2,2024-03-02,S1,O2,waiver,-15.00,,202402-0000007,noise,B\n'
  write r.csv 'receipt,date,unit,amount,party,bill,reverses\nR8,2024-02-25,S1,200,,202401-0000007,\nR9,2024-02-26,S1,-200,,,R8\nR10,2024-03-05,S1,-1.00,,,\n'
  fee-import -q adjustments j.csv
  fee-import -q receipts r.csv
  fee-ledger --unit S1 --format csv | columns date kind ref due amount balance | diff - <(printf '%s\n' \
    2024-02-01,bill,202401-0000007,2024-02-21,185.00,185.00 \
    2024-02-20,charge,J1,2024-03-05,5.50,190.50 \
    2024-02-25,receipt,R8,,-200.00,-9.50 \
    2024-02-26,reversal,R9,,200.00,190.50 \
    2024-03-01,bill,202402-0000007,2024-03-21,170.00,360.50 \
    2024-03-02,waiver,J2,,-15.00,345.50 \
    2024-03-05,refund,R10,2024-03-05,1.00,346.50)
}

@test "wrong usage of the ledger says so" {
  refuses 65 'fee-ledger: book.db: unit "999" is not in the book' fee-ledger --unit 999
  refuses 64 'fee-ledger: --as-of "2024-02-30" is not a day (YYYY-MM-DD)' fee-ledger --as-of 2024-02-30
  refuses 64 'fee-ledger: too many arguments: "201"; --help says more' fee-ledger 201
}

# ---- Heyuan Court

@test "six months of Heyuan recognise what its README says" {
  use_heyuan
  for wanted in 01,54145.66,0.00 02,57479.20,1949.34 03,57237.80,1315.43 04,55067.50,1297.97 05,56322.10,1431.53 06,57516.50,1848.00; do
    [ "$(fee-run -q --period "2026-${wanted%%,*}" --format csv | columns recognised prior)" = "${wanted#*,}" ]
    # to the fen: accruals, activities, lines, bills
    for stage in accrue activity; do
      [ "$(fee-explain --period "2026-${wanted%%,*}" --format csv | sum amount stage $stage)" = "$(cut -d, -f2 <<<"$wanted" | tr -d .)" ]
    done
    [ "$(fee-statement --period "2026-${wanted%%,*}" --format csv | sum amount period "2026-${wanted%%,*}")" = "$(cut -d, -f2 <<<"$wanted" | tr -d .)" ]
    [ "$(fee-ledger --format csv | grep ",20260${wanted:1:1}-" | cut -d, -f7 | python3 -c 'import sys; print(sum(int(x.replace(".", "")) for x in sys.stdin))')" \
      = "$(cut -d, -f2 <<<"$wanted" | tr -d .)" ]
  done
}

@test "June's own pools of Heyuan are what its README says" {
  use_heyuan
  [ "$(fee-explain --period 2026-06 --format csv | grep ^activity,2026-06, | columns_of_activity)" = 'service 7975.87
order 13880.04
indoor 6883.52
grounds 4682.17
lifts 6078.64
pumps 1769.37
lighting 4601.14
garage 4276.11
upkeep 3871.64
refuse 1650.00' ]
}

columns_of_activity() { awk -F, '{ print $3, $8 }'; }

@test "January and February of Heyuan are as an independent model has them" {
  use_heyuan
  for month in 2026-01 2026-02; do
    fee-statement --period $month --format csv >statement.csv
    # shellcheck disable=SC2046
    diff <(tail -n +2 "$FEE_TEST_DATA/heyuan-expected/statement-$month.csv") \
      <(columns $(head -n 1 "$FEE_TEST_DATA/heyuan-expected/statement-$month.csv" | tr , ' ') <statement.csv)
    [ "$(head -n 1 statement.csv)" = "$(head -n 1 "$FEE_TEST_DATA/heyuan-expected/statement-$month.csv"),unit_amount,unit_days,posted" ]
    fee-explain --period $month --format csv | diff "$FEE_TEST_DATA/heyuan-expected/explain-$month.csv" -
  done
}

@test "what is shown of Heyuan is the same in any zone, language, umask and folder" {
  use_heyuan
  show() {
    fee-run --list --format csv | columns run period recognised total bills digest
    fee-statement --period 2026-06 --lang zh_CN
    fee-statement --period 2026-06 --format json
    fee-explain --period 2026-06 --format csv
    fee-ledger --format csv
    fee-ledger --balances --as-of 2026-06-30 --format csv
  }
  show | sha256sum >first
  for setting in TZ=Asia/Shanghai TZ=America/St_Johns LC_ALL=C LC_ALL=zh_CN.UTF-8; do
    (export "${setting?}"; show) | sha256sum | diff first -
  done
  (umask 0; cd /; show) | sha256sum | diff first -
}

@test "a ledger of Heyuan adds up: buckets less credits are balances, balances are the ledger" {
  use_heyuan
  for day in 2026-03-31 2026-06-30 2026-12-31; do
    fee-ledger --balances --as-of $day --format csv >balances.csv
    fee-ledger --as-of $day --format csv >ledger.csv
    python3 -c 'import csv
fen = lambda text: int(text.replace(".", ""))
balances = list(csv.DictReader(open("balances.csv")))
names = [name for name in balances[0] if name == "not_due" or name[0] == "d"]
assert len(names) == 7, names
for row in balances:
    assert fen(row["balance"]) == sum(fen(row[name]) for name in names) - fen(row["credit"]), row
totals = {}
for row in csv.DictReader(open("ledger.csv")):
    key = row["unit"], row["party"]
    totals[key] = totals.get(key, 0) + fen(row["amount"])
    assert totals[key] == fen(row["balance"]), row
assert totals == {(row["unit"], row["party"]): fen(row["balance"]) for row in balances}'
  done
}
