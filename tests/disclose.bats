#!/usr/bin/env bats
# SPDX-License-Identifier: LGPL-2.1-or-later
# fee-disclose: the public disclosure. In the book of Heyuan its sums are those of ledger, statements and stages; in the small book what is rare.

load small
bats_require_minimum_version 1.5.0

columns=section,item,name,amount,budget,previous,note,driver,driver_total,unit_cost,rate,received,before,support,fund

# Once for all tests: the small book; Heyuan as the quickstart leaves it, with what the tools print of it
setup_file() {
  keep_book posted_book
  cd "$BATS_FILE_TMPDIR"
  "$FEE_SOURCE/examples/quickstart.sh" --tools "$(dirname "$(command -v fee-run)")" demo >/dev/null
  cd demo
  export FEE_BOOK=$PWD/book.db
  local month period
  for month in 2026-0{1,2,3,4,5,6}; do
    fee-statement --period $month --format csv --output lines-$month.csv
    fee-statement --period $month --bills --format csv --output bills-$month.csv
    fee-explain --period $month --format csv --output stages-$month.csv
  done
  for period in 2026-0{1,2,3,4,5,6} 2026-Q1 2026-Q2; do fee-disclose --period $period --format csv --output d-$period.csv; done
  fee-ledger --totals --as-of 2026-07-20 --format csv --output totals.csv
  fee-ledger --balances --as-of 2026-07-20 --format csv --output balances.csv
  fee-run --list --format csv --output runs.csv
}

setup() { use_book; }

# A file of that kind into the book: kind, rows as printf has them, option...
take() {
  write x.csv "$2"
  fee-import -q "$1" x.csv "${@:3}"
}

# Rows of a disclosure of the small book: section, option...
section() { fee-disclose -q --format csv "${@:2}" | grep "^$1,"; }

heyuan() { cd "$BATS_FILE_TMPDIR/demo"; export FEE_BOOK=$PWD/book.db; }
agrees() { heyuan; python3 "$FEE_SOURCE/tests/check-disclosure.py" "$@"; }

@test "sections are in their order, and each sum is its item total" { agrees sums; }
@test "what is billed and received is as in the ledger, and by building as in the bills" { agrees income; }
@test "receivables are the sums of the balances that day" { agrees receivables; }
@test "costs are what the runs recognised, and by centre as in stages and statements" { agrees costs; }
@test "a quarter is its months, and what was before is what was disclosed before" { agrees periods; }

@test "a document that names its centre is disclosed under its own category" {
  [ "$(section category --period 2024-01 | cut -d, -f2-4)" = 'personnel,Staff,1000.00
greening,Greening,100.00
insurance,Insurance,100.00
electricity,Shared electricity,400.00
total,Total,1600.00' ]
  # also what was taken back
  take costs 'doc,date,category,amount,centre\nX1,2024-03-31,cleaning,30.00,guard\n'
  fee-run -q --period 2024-03
  fee-import -q --retract 8 --reason twice
  fee-run -q --period 2024-04
  [ "$(section category --period 2024-03 | grep cleaning | cut -d, -f4)" = 30.00 ]
  [ "$(section category --period 2024-04 | grep cleaning | cut -d, -f4,6)" = -30.00,30.00 ]
  [ "$(section late --period 2024-04 | cut -d, -f2,4,7)" = '2024-03,-30.00,Cleaning -30.00
total,-30.00,' ]
  # and what has another category since: what runs took of it before stays where it was
  take costs 'doc,date,category,amount,centre\nX2,2024-05-31,cleaning,60.00,guard\n'
  fee-run -q --period 2024-05
  take costs 'doc,date,category,amount,centre\nX2,2024-05-31,office,90.00,guard\n' --amend
  fee-run -q --period 2024-06
  [ "$(section category --period 2024-05 | grep -E 'cleaning|office' | cut -d, -f2,4)" = cleaning,60.00 ]
  [ "$(section category --period 2024-06 | grep -E 'cleaning|office' | cut -d, -f2,4,6)" = 'cleaning,0.00,60.00
office,30.00,0.00' ]
}

@test "the price of a unit of a driver times what an owner has is what the owner pays" {
  agrees prices
  # 89.50 x 0.4790 = 42.87
  [ "$(grep ^centre,lifts d-2026-06.csv | cut -d, -f8-10)" = 'Floor area × Floor weight,12690.32,0.4790' ]
  grep -q '^2026-06,[^,]*,1-1-0501,.*,lifts,2026-06,.*,42.87,' lines-2026-06.csv
}

@test "no name, contact, party, unit or supplier is in it, in any form" {
  heyuan
  local lang format
  for lang in en zh_CN; do
    for format in text csv json; do fee-disclose --period 2026-Q2 --lang $lang --format $format --output all-$lang.$format; done
  done
  agrees private "$FEE_SOURCE/examples/heyuan"
}

@test "no name, contact, party or unit is in the bytes of any form" {
  printf 'unit,area,kind,from\nQX7-4711,90,flat,2024-03-01\n' >units.csv
  printf 'unit,role,party,name,contact,from\nQX7-4711,owner,PTY-0815,Zebulon Quux,zeb@quux.example,2024-03-01\n' >parties.csv
  fee-import -q units units.csv
  fee-import -q parties parties.csv
  take costs 'doc,date,category,amount,supplier,memo\nX1,2024-03-31,greening,900.00,Supplix,Zebulon Quux asked\n'
  fee-run -q --period 2024-03
  fee-statement --period 2024-03 | grep -q 'QX7-4711'
  for format in text csv json html pdf; do fee-disclose -q --period 2024-03 --as-of 2024-03-31 --format $format --output d.$format; done
  fee-disclose -q --period 2024-03 --as-of 2024-03-31 --record --posted 2024-04-05..2024-04-20 --format json --output kept.json
  fee-disclose --extract 1 >back.json
  pdftotext d.pdf pdf.txt
  # a PDF hides nothing beside its text either: all its streams
  python3 -c 'import re, zlib
data = open("d.pdf", "rb").read()
with open("streams", "wb") as out:
    for stream in re.findall(rb"stream\r?\n(.*?)endstream", data, re.S):
        try:
            out.write(zlib.decompressobj().decompress(stream))
        except zlib.error:
            out.write(stream)'
  grep -qi 'Small Court' pdf.txt && [ -s streams ]
  for file in d.* kept.json back.json pdf.txt streams; do
    ! strings -n 3 "$file" | grep -iE 'QX7|4711|PTY-|0815|Zebulon|Quux|Supplix' || { echo "$file"; return 1; }
    for name in Ann Cy Ed; do ! strings -n 2 "$file" | grep -E "^$name|[^a-zA-Z0-9]$name[^a-zA-Z0-9]" || { echo "$file: $name"; return 1; }; done
  done
}

@test "the notice board reads it in English and Chinese, and its last line is the code on the bills" {
  heyuan
  fee-disclose --period 2026-06 >en
  fee-disclose --period 2026-06 --lang zh_CN >zh
  [ "$(head -n 1 en)" = 'Heyuan Court  Disclosure of property fees 2026-06' ]
  [ "$(head -n 1 zh)" = '和苑小区  物业服务收支公示 2026-06' ]
  digest=$(fee-run --list --format csv | tail -n 1 | cut -d, -f10)
  [ "$(tail -n 1 en)" = "Check code of the accounts: 6:$digest" ]
  [ "$(tail -n 1 zh)" = "账目校验码：6:$digest" ]
  fee-statement --period 2026-06 --unit 1-1-0501 --lang zh_CN | grep -q "账目校验码：$digest"
  grep -qx 'Lifts: shared by Floor area × Floor weight; among: kind flat; building 1 or 2; floor from 2 up; borne by the occupant (by the owner on days without one)' en
  grep -qx 'Garage: shared equally; among: kind bay; borne by the occupant (by the owner on days without one)' en
  grep -qx '地下车库：每户一份分摊；受益范围：物业类型为车位；由使用人承担（空置期间由业主承担）' zh
  grep -qx 'Lifts  *7,011.65  *933.01  Floor area × Floor weight  12,690.32  *0.4790  *6,090.00  *5,964.77' en
  grep -qx '本期净收益5,488.00，其中归入专项维修资金3,292.80。' zh
  grep -q '^Building 2   91.97 %  #*$' en
  # of each yuan of a bill in the middle: whole fen, 1.00 in all
  [ "$(sed -n '/^Where each/,/^$/p' en | grep -o '0\.[0-9][0-9]' | awk -F. '{ fen += $2 } END { print fen }')" = 100 ]
}

@test "a budget of a year is spread by its months, and is that of categories before support" {
  heyuan
  cells() { grep -h "^$1," "${@:3}" | cut -d, -f"$2"; }
  [ "$(cells category,insurance 5 d-2026-0[123].csv | paste -sd' ')" = '608.33 608.34 608.33' ]
  [ "$(cells category,insurance 5 d-2026-Q1.csv)" = 1825.00 ]
  [ "$(cells category,personnel 4,5 d-2026-02.csv)" = 39030.00,38420.00 ] # of three categories
  [ "$(cells category,security 4-6 d-2026-06.csv)" = 0.00,100.00,286.00 ]
  [ "$(cells centre,lifts 4,5 d-2026-02.csv)" = 6041.75,5990.00 ]
}

@test "months before the book were never to be disclosed: they are said, and nobody must look" {
  sed 's/^start=.*/start=2024-02/' "$small/policy.ini" >later.ini
  export FEE_BOOK=later.db
  fee-init -q later.ini
  fee-import -q units "$small/units.csv"
  fee-import -q parties "$small/parties.csv"
  fee-import -q quantities "$small/quantities.csv"
  fee-run -q --period 2024-02
  fee-run -q --period 2024-03
  run --separate-stderr fee-disclose --period 2024-Q1 --format csv
  [ "$status" -eq 0 ]
  [ "${stderr_lines[-1]}" = 'fee-disclose: the book begins with 2024-02' ]
  [[ "$output" == *'head,missing,Before the book,,,,2024-01,'* ]]
}

@test "a year that is not over is disclosed in part, which is said; of no month it is refused" {
  run --separate-stderr fee-disclose --period 2024-Q1 --format csv
  [ "$status" -eq 1 ]
  [ "$stderr" = 'fee-disclose: 2024-Q1 is disclosed in part: only 2024-01 to 2024-02 are posted' ]
  [[ "$output" == *'head,missing,Not yet billed,,,,2024-03,'* ]]
  grep -q '^category,total,Total,3150.00,' <<<"$output"
  refuses 65 'fee-disclose: book.db: 2024-03 is not posted' fee-disclose --period 2024-03
  refuses 65 'fee-disclose: book.db: no month of 2023-Q4 is posted' fee-disclose --period 2023-Q4
  fee-run -q --period 2024-02 --withdraw --reason early
  refuses 65 'fee-disclose: book.db: 2024-02 is withdrawn, and has not run again' fee-disclose --period 2024-02
}

@test "the day is that up to which receipts are complete, else said" {
  [ "$(section head --period 2024-01 | grep as_of)" = 'head,as_of,Receipts and receivables as of,,,,2024-02-15,,,,,,,,' ]
  run --separate-stderr fee-disclose --period 2024-01 --as-of 2024-03-01 --format csv
  [ "$status" -eq 0 ]
  [ "$stderr" = 'fee-disclose: receipts are complete up to 2024-02-15 only: as of 2024-03-01, what came since then counts as open' ]
  # bills of February are issued on 2024-03-01: they are billed, and nothing of them is received yet
  [ "$(section income --period 2024-02 | grep total | cut -d, -f4,11,12)" = 1550.00,0.00,0.00 ]
  fee-import -q --retract 7 --reason wrong
  run --separate-stderr fee-disclose --period 2024-02 --format csv
  [ "$stderr" = 'fee-disclose: there are no receipts: receivables are as of 2024-03-01' ]
}

# An estate whose only cost is for all by area: name of the building, then its units, 50 m² each
estate() {
  printf '[book]\ncurrency=CNY\nstart=2024-01\n[billing]\ndue_days=20\n[category greening]\ncentre=grounds\n[centre grounds]\ndriver=area\n' >estate.ini
  new_book estate.ini
  printf 'unit,building,area\n' >units.csv
  printf 'unit,role,party,name\n' >parties.csv
  local building unit
  for building in "$@"; do
    for unit in ${building#*:}; do
      echo "$unit,${building%%:*},50" >>units.csv
      echo "$unit,owner,o$unit,N$unit" >>parties.csv
    done
  done
  fee-import -q units units.csv
  fee-import -q parties parties.csv
  take costs "doc,date,category,amount\nV1,2024-01-10,greening,$(($(wc -l <units.csv) * 10 - 10)).00\n"
  fee-run -q --period 2024-01
}

@test "a building of a single shop joins the smallest other, which is said" {
  estate 'A:A1 A2 A3 A4 A5 A6' 'B:B1 B2 B3 B4 B5' 'Kiosk:K1'
  [ "$(section income --period 2024-01 | cut -d, -f2-)" = 'A,Building A,60.00,,,,,,,0.00,0.00,,,
B+Kiosk,"Buildings B, Kiosk",60.00,,,"buildings B, Kiosk merged: one of them has fewer than five payers",,,,0.00,0.00,,,
total,Total,120.00,,,,,,,0.00,0.00,,,' ]
  fee-disclose -q --period 2024-01 --lang zh_CN >zh
  grep -qx '楼栋 B、Kiosk：楼栋B、Kiosk合并公示：其中有缴费人不足五人' zh
  ! grep -E '[No][ABK][0-9]' zh
  # one owner of B buys a second flat there: four payers in February, and the quarter shows what both months can
  take parties 'unit,role,party,name,from\nB5,owner,oB4,NB4,2024-02-01\n'
  take costs 'doc,date,category,amount\nV2,2024-02-10,greening,120.00\n'
  take units 'unit,building,area,from\nK1,A,50,2024-02-01\n'
  fee-run -q --period 2024-02
  items() { section income "$@" | cut -d, -f2 | paste -sd' '; }
  [ "$(items --period 2024-02)" = 'A+B total' ]
  [ "$(items --period 2024-01)" = 'A B+Kiosk total' ]
  [ "$(items --period 2024-Q1)" = 'A+B+Kiosk total' ]
}

@test "an estate of fewer than five payers is one row, and no bill stands for others" {
  estate A:A1 B:B1 'K:K1 K2'
  [ "$(section income --period 2024-01 | cut -d, -f2 | paste -sd' ')" = 'A+B+K total' ]
  ! fee-disclose -q --period 2024-01 | grep -q 'Where each 1.00'
}

@test "units that a scope names are counted, not named" {
  sed 's/^scope=kind=flat$/scope=unit=101,301;floor>=1/' "$small/policy.ini" >policy.ini
  fee-import -q policy policy.ini
  fee-disclose --period 2024-02 --format csv >d.csv
  grep -q '^rules,lifts,Lifts,,,,shared by Floor area × lift; among: 2 named units; floor from 1 up; borne by the occupant' d.csv
  ! grep -qw 301 d.csv
}

@test "common-area income is opening, income less agreed cost, and each spending with its purpose" {
  sed '$a [income]\ncost=20\nfund=60' "$small/policy.ini" >policy.ini
  fee-import -q policy policy.ini
  take income 'doc,date,kind,amount,from,to,cost,memo\nG1,2024-01-01,opening,1000.00,,,,\nG2,2024-01-05,advertising,300.00,2024-01-01,2024-03-31,,\nG3,2024-01-20,rent,100.01,,,10.00,\nG4,2024-02-10,spending,250.00,,,,Benches in the yard\n'
  [ "$(section common --period 2024-01 | cut -d, -f2-4,7-)" = 'opening,Opening balance,1000.00,,,,,,,,,
advertising,Advertising,100.00,,,,,,,,,
rent,Rent of common places,100.01,,,,,,,,,
cost,Agreed cost of earning it,-30.00,,,,,,,,,
total,Closing balance,1170.01,"Net of the period 170.01, of it 102.01 for the maintenance fund.",,,,,,,,102.01' ]
  [ "$(section common --period 2024-02 | cut -d, -f2-4,6,7)" = 'opening,Opening balance,1170.01,1000.00,
advertising,Advertising,100.00,100.00,
rent,Rent of common places,0.00,100.01,
cost,Agreed cost of earning it,-20.00,-30.00,
spending G4,Benches in the yard,-250.00,,2024-02-10
total,Closing balance,1000.01,1170.01,"Net of the period 80.00' ]
  # months make the year
  [ "$(section common --period 2024 | grep ,total, | grep -o '[0-9.]*$')" = 150.01 ]
}

@test "a month that restates another shows whole costs, moved between centres" {
  take quantities 'driver,target,quantity,from,to\npower,lifts,100,2024-01-01,2024-01-31\n' --amend
  fee-run -q --period 2024-03 --restate 2024-01
  fee-explain --period 2024-03 --format csv | grep -q ^restate
  # by centre, as the bills have it
  by_centre() { awk -F, '{ sum[$'"$1"'] += $'"$2"' } END { for (i in sum) printf "%s %.2f\n", i, sum[i] }' | sort; }
  [ "$(section centre --period 2024-03 | grep -vE ',total,|,0.00,,500.00,' | by_centre 2 4)" = "$(fee-statement --period 2024-03 --format csv | tail -n +2 | by_centre 6 13)" ]
  [ "$(section centre --period 2024-03 | grep ,total, | cut -d, -f4,13)" = 100.00,0.00 ]
}

@test "what is published is kept, byte for byte, once, and comes back" {
  run --separate-stderr fee-disclose --period 2024-01 --record --posted 2024-02-20..2024-03-21 --lang zh_CN
  [ "$status" -eq 0 ]
  [ "$stderr" = 'fee-disclose: recorded (disclosure 1)' ]
  [[ "$output" == *'公示期：2024-02-20..2024-03-21'* ]]
  printf '%s\n' "$output" >published
  fee-disclose --extract 1 --output back
  cmp published back
  gives 0 "$(cat published)" 'fee-disclose: already recorded (disclosure 1)' fee-disclose --period 2024-01 --record --posted 2024-02-20..2024-03-21 --lang zh_CN
  fee-disclose -q --period 2024-01 --record --posted 2024-04-01..2024-04-30 --format csv --by Lin --output second.csv
  [ "$(fee-disclose --list --format csv | cut -d, -f1-7,9,11)" = "number,period,format,lang,as_of,posted_from,posted_to,sha256,made_by
1,2024-01,text,zh_CN,2024-02-15,2024-02-20,2024-03-21,$(sha256sum <published | cut -d' ' -f1),tester
2,2024-01,csv,en,2024-02-15,2024-04-01,2024-04-30,$(sha256sum <second.csv | cut -d' ' -f1),Lin" ]
  [ "$(fee-disclose --list --format json | python3 -c 'import json, sys; print (json.load (sys.stdin)[0]["head"].split (":")[0])')" = 1 ]
  refuses 65 'fee-disclose: book.db: there is no disclosure 3' fee-disclose --extract 3
  fee-audit -q
}

@test "as PDF it has every word and figure of the text, the same bytes each time, and is kept too" {
  fee-disclose --period 2024-02 --lang zh_CN >text
  fee-disclose -q --period 2024-02 --lang zh_CN --output d.pdf
  pdftotext d.pdf pdf.txt
  python3 -c 'import sys
text, pdf = (open (path, encoding="utf-8").read () for path in sys.argv[1:])
lacks = [word for word in text.split () if word.strip ("#") and word not in "".join (pdf.split ())]
assert len (text.split ()) > 150 and not lacks, lacks' text pdf.txt
  fee-disclose -q --period 2024-02 --lang zh_CN --format pdf | cmp - d.pdf
  fee-disclose -q --period 2024-02 --lang zh_CN --record --posted 2024-03-10..2024-04-09 --output put-up.pdf
  fee-disclose --extract 1 | cmp - put-up.pdf
  [ "$(fee-disclose --list --format csv | cut -d, -f1-4 | tail -n 1)" = 1,2024-02,pdf,zh_CN ]
}

@test "options that do not go together, or say nothing, are refused" {
  refuses 64 'fee-disclose: --period P is needed' fee-disclose
  refuses 64 'fee-disclose: --record goes with --posted FROM..TO' fee-disclose --period 2024-01 --record
  for period in 2024-Q5 2024-q1 2024-1 24 2024-13 2024-Q1x x; do
    refuses 64 "fee-disclose: --period \"$period\" is no month (2026-03), quarter (2026-Q1) or year (2026)" fee-disclose --period $period
  done
  for posted in 2024-01-01 2024-02-30..2024-03-01 2024-03-02..2024-03-01 ..; do
    refuses 64 "fee-disclose: --posted \"$posted\" is not YYYY-MM-DD..YYYY-MM-DD, the first day and the last" fee-disclose --period 2024-01 --posted $posted
  done
  alone='--period with --as-of, --posted and --record; --list; --extract: one of them at a time'
  refuses 64 "fee-disclose: $alone" fee-disclose --list --period 2024-01
  refuses 64 "fee-disclose: $alone" fee-disclose --list --extract 1
  refuses 64 "fee-disclose: $alone" fee-disclose --list --as-of 2024-01-01
  refuses 64 'fee-disclose: --list goes with --format text, csv or json' fee-disclose --list --format html
  refuses 64 'fee-disclose: --output x.html: its ending is not that of --format csv' fee-disclose --period 2024-01 --format csv --output x.html
  refuses 64 'fee-disclose: --extract "0" is not the number of a disclosure' fee-disclose --extract 0
  refuses 64 'fee-disclose: --as-of "x" is not a day (YYYY-MM-DD)' fee-disclose --period 2024-01 --as-of x
}
