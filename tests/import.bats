#!/usr/bin/env bats
# SPDX-License-Identifier: LGPL-2.1-or-later
# fee-import: what it takes, what it refuses and how it says so (interface.md section 3).

load small

setup_file() { keep_book posted_book; }
setup() { use_book; }

costs='doc,date,category,amount'
units='unit,area,from,to'
parties='unit,role,party,name,from,to'
assets='asset,name,cost,residual,life,in_service,disposed,method,centre,opening,units'
quantities='driver,target,quantity,from,to'
receipts='receipt,date,unit,amount,party,bill,reverses'
adjustments='adjustment,date,unit,party,kind,amount,due,bill,reason,approved_by'
holds='hold,unit,party,kind,from,to,bill,plan,reason'
notices='notice,date,unit,party,step,result'

# a file of that kind with these rows is refused with this message: kind, rows as printf has them, message after `x.csv`, option...
no() {
  write x.csv "$2"
  refuses 65 "fee-import: x.csv$3" fee-import "$1" x.csv "${@:4}"
}

# a file of that kind is taken: kind, rows as printf has them, what is said after `SM x.csv: `, option...
yes() {
  write x.csv "$2"
  gives 0 '' "fee-import: SM x.csv: $3" fee-import "$1" x.csv "${@:4}"
}

one='1 rows: 1 new, 0 changed, 0 unchanged (batch 8)'
january=', serving 2024-01 to 2024-01'

# a cost of that amount, or of that day, is refused with that reason: text, reason, option...
no_amount() { no costs "doc;date;category;amount\nX1;2024-01-31;personnel;$1\n" ":2: amount \"$1\" $2" "${@:3}"; }
no_date() { no costs "$costs\nX1,$1,personnel,1.00\n" ":2: date \"$1\" $2" "${@:3}"; }
amounts() { yes costs "doc;date;category;amount\nX1;2024-01-31;personnel;$1\n" "$one, sum $2$january" "${@:3}"; }
dated() { yes costs "$costs\nX1,$1,personnel,1.00\n" "$one, sum 1.00, serving ${2%-*} to ${2%-*}" "${@:3}"; }

# ---- Amounts and dates

@test "an amount may be plain" { amounts 1234.5 1,234.50; }
@test "an amount may be grouped" { amounts '1,234.50' 1,234.50; }
@test "an amount may have the sign of the currency" { amounts '¥1,234.50' 1,234.50; }
@test "an amount may be in wide digits" { amounts １２３．５ 123.50; }
@test "an amount may be negative" { amounts -45.00 -45.00; }
@test "an amount may be negative in brackets" { amounts '(45.00)' -45.00; }
@test "an amount may be guarded by a quote mark" { amounts "'-45.00" -45.00; }
@test "the largest amount is taken" { amounts 92233720368547758.07 92,233,720,368,547,758.07; }
@test "a fen more is refused" { no_amount 92233720368547758.08 'is too large'; }
@test "a comma marks decimals where the call says so" { amounts '1.234,50' 1,234.50 --decimal ,; }
@test "a comma marks no decimals else" { no_amount '1.234,50' 'has a comma after a point; if commas mark its decimals, use --decimal ,'; }
@test "a comma groups by three" { no_amount '1,23' 'has a comma that does not group by three digits'; }
@test "three decimals are refused, not rounded" { no_amount 1.005 'has more decimals than the currency'; }
@test "an exponent is no amount" { no_amount 1e3 'is not a number'; }
@test "two signs are no amount" { no_amount --5 'is not a number'; }
@test "NaN is no amount" { no_amount NaN 'is not a number'; }
@test "a dash is no amount" { no_amount — 'is not a number'; }
@test "an O is no zero" { no_amount '12.5O' 'is not a number'; }
@test "an empty amount is refused" { no_amount '' 'is empty'; }

@test "a day may be 2024-01-31" { dated 2024-01-31 2024-01-31; }
@test "a day may be 2024/2/1" { dated 2024/2/1 2024-02-01; }
@test "a day may be 2024.2.1" { dated 2024.2.1 2024-02-01; }
@test "a day may be 20240201" { dated 20240201 2024-02-01; }
@test "a day may be 2024年2月1日" { dated 2024年2月1日 2024-02-01; }
@test "the day goes first where the call says so" { dated 03/02/2024 2024-02-03 --date-format dmy; }
@test "the month goes first where the call says so" { dated 03/02/2024 2024-03-02 --date-format mdy; }
@test "Excel's days are counted where the call says so" { dated 45322 2024-01-31 --date-format excel; }
@test "the year last is refused" { no_date 03/04/2026 'has the year last; say in which order with --date-format dmy or mdy'; }
@test "a bare number is refused" { no_date 45000 'is a bare number; if it counts days as Excel does, use --date-format excel'; }
@test "29 February is no day of 2026" { no_date 2026-02-29 'is not a day of the calendar'; }
@test "a day before 1990 is refused" { no_date 1989-12-31 'is outside the years 1990 to 2100'; }
@test "a day after 2100 is refused" { no_date 2101-01-01 'is outside the years 1990 to 2100'; }
@test "a time is no day" { no_date '2024-01-01 00:00' 'has a time; only a day may stand there'; }
@test "an empty day is refused" { no_date '' 'is empty'; }

# ---- The form of a file

@test "an empty file is refused" { no costs '' ': the file is empty'; }
@test "a header alone is no rows" { yes costs "$costs\n" '0 rows: 0 new, 0 changed, 0 unchanged (batch 8), sum 0.00'; }
@test "a row with fewer fields is refused" { no costs "$costs\nX1,2024-01-31,personnel\n" ':2: 3 fields, but the header has 4'; }
@test "a row with more fields is refused" { no costs "$costs\nX1,2024-01-31,personnel,1,2\n" ':2: 5 fields, but the header has 4'; }

@test "blank lines are left out, and counted" {
  no costs "$costs\n\nX1,2024-01-31,personnel,1\n\n\nX2,2024-01-31\n" ':6: 2 fields, but the header has 4'
  yes costs "$costs\n\nX1,2024-01-31,personnel,1\n\n" "$one, sum 1.00$january"
}

@test "an open quote is named by the line where it opened" {
  no costs "$costs,memo\nX1,2024-01-31,personnel,1,\"a\nb\"\nX2,2024-01-31,personnel,1,\"c\nX3,2024-01-31,personnel,1,d\n" \
    ':4: a quote opens here and is never closed'
}

@test "a quoted field may have line breaks, commas and quotes" {
  yes costs "$costs,memo\r\nX1,2024-01-31,personnel,1,\"a\r\n\"\"b\"\", c\"\r\n" "$one, sum 1.00$january"
}

@test "text after a closing quote is refused" { no costs "$costs\n\"X\"1,2024-01-31,personnel,1\n" ':2: text after the closing quote of a field'; }
@test "NUL is refused" { no costs "$costs\nX\\000,2024-01-31,personnel,1\n" ':2: byte 2: a NUL byte; if the text is UTF-16, name it with --encoding UTF-16LE or UTF-16BE'; }

@test "bytes that are neither UTF-8 nor GB18030 are refused with line and byte" {
  no costs "$costs\nX\\377\\376,2024-01-31,personnel,1\n" ':2: byte 2: not valid UTF-8, nor is the file GB18030 (2: byte 2: not valid GB18030)'
}

@test "a field of 2 MB is refused" {
  { echo "$costs,memo"; printf 'X,2024-01-31,personnel,1,'; head -c 2000000 /dev/zero | tr '\0' a; echo; } >x.csv
  refuses 65 'fee-import: x.csv:2: a field is over 64 KiB' fee-import costs x.csv
  { echo "$costs,memo"; printf 'X,2024-01-31,personnel,1,"'; head -c 2000000 /dev/zero | tr '\0' a; echo '"'; } >x.csv
  refuses 65 'fee-import: x.csv:2: a quoted field is over 64 KiB; is its quote closed?' fee-import costs x.csv
  head -c 2000000 /dev/zero | tr '\0' a >x.csv
  refuses 65 'fee-import: x.csv:1: a field is over 64 KiB' fee-import costs x.csv
}

@test "a required column that is missing is refused" { no costs 'doc,date,amount\nX,2024-01-31,1\n' ':1: the required column "category" is missing'; }
@test "a column that is there twice by its other name is refused" { no costs "$costs,凭证号\nX,2024-01-31,personnel,1,Y\n" ':1: the column "doc" is there twice'; }
@test "a column that is there twice by case is refused" { no costs "$costs,DOC\nX,2024-01-31,personnel,1,Y\n" ':1: the column "doc" is there twice'; }
@test "an attribute that is there twice by case is refused" { no units 'unit,Lift,LIFT\nX,1,1\n' ':1: the column "LIFT" is there twice'; }
@test "a column that is not known is refused twice too" { no costs "$costs,foo,FOO\nX,2024-01-31,personnel,1,2,3\n" ':1: the column "FOO" is there twice'; }

@test "a column that is not known is named and left out" {
  write x.csv "$costs,colour\nX,2024-01-31,personnel,1,red\n"
  gives 0 '' "fee-import: x.csv: the column \"colour\" is not known and is left out
fee-import: SM x.csv: $one, sum 1.00$january" fee-import costs x.csv
}

@test "up to 20 refusals are printed, then how many more" {
  lines() { # refused rows, lines printed
    { echo "$costs"; for ((i = 0; i < $1; i++)); do echo "X$i,2024-01-31,personnel,x$i"; done; } >x.csv
    for ((i = 0; i < $2; i++)); do echo "fee-import: x.csv:$((i + 2)): amount \"x$i\" is not a number"; done
  }
  wanted=$(lines 20 20)
  lines 20 20 >/dev/null
  refuses 65 "$wanted" fee-import costs x.csv
  lines 25 20 >/dev/null
  refuses 65 "$wanted
fee-import: ... and 5 more" fee-import costs x.csv
}

# ---- Encodings, delimiters, headers

rows='凭证号,日期,费用类别,金额,摘要\nX1,2024年1月31日,personnel,"1,000.00",物业\nX2,2024-01-31,personnel,-1,\n'
two="2 rows: 2 new, 0 changed, 0 unchanged (batch 8), sum 999.00$january"

encoded() { # encoding of iconv, BOM as printf has it, what is said before, option...
  printf "$rows" | iconv -t "$1" >body.csv
  { printf "$2"; cat body.csv; } >x.csv
  gives 0 '' "${3:+fee-import: x.csv: read as $3
}fee-import: SM x.csv: $two" fee-import costs x.csv "${@:4}"
  fee-import --extract 8 | cmp - x.csv
}

@test "UTF-8 with Chinese headers is read" { encoded UTF-8 '' ''; }
@test "a byte order mark is no part of the first header" { encoded UTF-8 '\357\273\277' ''; }
@test "UTF-16LE with its mark is read" { encoded UTF-16LE '\377\376' UTF-16LE; }
@test "UTF-16BE with its mark is read" { encoded UTF-16BE '\376\377' UTF-16BE; }
@test "UTF-16 without a mark is read where the call says so" { encoded UTF-16LE '' '' --encoding UTF-16LE; }
@test "GB18030 is found out, and said" { encoded GB18030 '' GB18030; }
@test "GBK is read where the call says so" { encoded GBK '' '' --encoding GBK; }

@test "an encoding that is not known is refused" {
  write x.csv "$costs\n"
  refuses 64 'fee-import: the encoding "KLINGON" is not known' fee-import costs x.csv --encoding KLINGON
}

delimited() { # delimiter, option...
  write x.csv "doc$1date$1category$1amount$1memo\nX1$1\"2024-01-31\"$1personnel$11000.00$1a\nX2${1}2024-01-31$1personnel$1-1$1\n"
  gives 0 '' "fee-import: SM x.csv: $two" fee-import costs x.csv "${@:2}"
}
@test "a comma parts fields" { delimited ,; }
@test "a semicolon parts fields" { delimited ';'; }
@test "a tab parts fields" { delimited '\t'; }
@test "a bar parts fields where the call says so" { delimited '|' --delimiter '|'; }

@test "headers may be in any case and order" { yes costs 'AMOUNT,Category,DATE,Doc\n1,personnel,2024-01-31,X\n' "$one, sum 1.00$january"; }
@test "a header may be mapped" { yes costs '编号,日期,类别,价税合计\nX,2024-01-31,personnel,1\n' "$one, sum 1.00$january" --column doc=编号 --column category=类别 --column amount=价税合计; }
@test "a mapped header must be there" { no costs "$costs\nX,2024-01-31,personnel,1\n" ':1: there is no column "价税合计"' --column memo=价税合计; }

@test "a column that the kind does not have can't be mapped" {
  write x.csv "$costs\n"
  refuses 64 'fee-import: --column foo=bar: costs have no column "foo"' fee-import costs x.csv --column foo=bar
  refuses 64 'fee-import: --column foo: write FIELD=HEADER' fee-import costs x.csv --column foo
}

@test "the policy names headers too" {
  { cat "$small/policy.ini"; printf '\n[columns units]\nlift=电梯系数;电梯权重\n'; } >p.ini
  new_book p.ini
  write x.csv '房号,电梯权重\n101,0.5\n'
  gives 0 '' 'fee-import: SM x.csv: 1 rows: 1 new, 0 changed, 0 unchanged (batch 2)' fee-import units x.csv
  write y.csv 'unit,lift\n101,0.5\n'
  gives 0 '' 'fee-import: SM y.csv: 1 rows: 0 new, 0 changed, 1 unchanged (batch 3)' fee-import units y.csv
}

# ---- Text is text

@test "007, 7 and 219E01 are three units" {
  yes units 'unit\n007\n7\n219E01\n' '3 rows: 3 new, 0 changed, 0 unchanged (batch 8)'
  write y.csv 'unit\n7.0\n21900\n'
  gives 0 '' 'fee-import: SM y.csv: 2 rows: 2 new, 0 changed, 0 unchanged (batch 9)' fee-import units y.csv
}

@test "ids may look like paths and formulas; a quote mark before a formula is taken off" {
  yes units "unit\n../../x\n'=1+1\n'+2\n'O'Neil\n" '4 rows: 4 new, 0 changed, 0 unchanged (batch 8)'
  write y.csv "unit,role,party,name,from\n../../x,owner,A,A,2024-01-01\n=1+1,owner,'-3,B,2024-01-01\n+2,owner,A,A,2024-01-01\n'O'Neil,owner,'@x,A,2024-01-01\n"
  gives 0 '' 'fee-import: SM y.csv: 4 rows: 4 new, 0 changed, 0 unchanged (batch 9)' fee-import parties y.csv
  write z.csv "receipt,date,unit,amount,party\nR9,2024-02-01,=1+1,1,-3\n"
  gives 0 '' 'fee-import: SM z.csv: 1 rows: 1 new, 0 changed, 0 unchanged (batch 10), sum 1.00' fee-import receipts z.csv
  fee-ledger --format csv --unit =1+1 | grep -qx "2024-02-01,receipt,R9,'=1+1,'-3,,-1.00,-1.00,"
  fee-ledger --format csv --raw --unit =1+1 | grep -qx '2024-02-01,receipt,R9,=1+1,-3,,-1.00,-1.00,'
}

# ---- Keys and references

@test "a key may be in a file once" { no costs "$costs\nX,2024-01-31,personnel,1\nY,2024-01-31,personnel,1\nX,2024-01-31,personnel,1\n" ':4: doc X is in the file twice (first in line 2)'; }
@test "a key may have a second part" { yes costs "$costs,line\nX,2024-01-31,personnel,1,1\nX,2024-01-31,personnel,1,2\n" "2 rows: 2 new, 0 changed, 0 unchanged (batch 8), sum 2.00$january"; }
@test "a category must be in the policy" { no costs "$costs\nX,2024-01-31,personell,1\n" ':2: category "personell" is not a category of the policy'; }
@test "a built-in category needs no policy" { yes costs "$costs\nX,2024-01-31,other,1\n" "$one, sum 1.00$january"; }
@test "a centre must be in the policy" { no costs "$costs,centre\nX,2024-01-31,personnel,1,nowhere\n" ':2: centre "nowhere" is not a centre of the policy'; }
@test "major repair is no cost" { no costs "$costs\nX,2024-01-31,major-repair,1\n" ':2: category "major-repair" belongs to the maintenance fund, not to the service cost'; }
@test "a service may not end before it begins" { no costs "$costs,from,to\nX,2024-01-31,personnel,1,2024-03-01,2024-02-01\n" ':2: to "2024-02-01" makes the service end before it begins'; }
@test "a spread is by months or by days" { yes costs "$costs,spread\nX,2024-01-31,personnel,1,按月\nY,2024-01-31,personnel,1,days\n" "2 rows: 2 new, 0 changed, 0 unchanged (batch 8), sum 2.00$january"; }
@test "another spread is refused" { no costs "$costs,spread\nX,2024-01-31,personnel,1,weekly\n" ':2: spread "weekly" is not one of the words for this column'; }

@test "rows of a unit may not overlap" { no units "$units\nX,1,2024-01-01,2024-02-01\nX,2,2024-02-01,\n" ':3: the days of unit X from 2024-02-01 overlap those of unit X from 2024-01-01 (x.csv:2)'; }
@test "a row without an end lasts until the next" { yes units "$units\nX,1,2024-01-01,\nX,2,2024-02-01,\n" '2 rows: 2 new, 0 changed, 0 unchanged (batch 8)'; }
@test "a unit may not leave before it comes" { no units "$units\nX,1,2024-02-01,2024-01-01\n" ':2: to "2024-01-01" is before the first day'; }
@test "? is no unit" { no units 'unit\n?\n' ':2: unit "?" stands for an unknown unit'; }

@test "a party needs a unit of the book" { no parties "$parties\nX,owner,O9,Zed,2024-01-01,\n" ':2: unit "X" is not a unit of the book'; }
@test "a party is owner or occupant" { no parties "$parties\n101,tenant,O9,Zed,2024-01-01,\n" ':2: role "tenant" is not one of the words for this column'; }
@test "a party has a name" { no parties "$parties\n302,owner,O9,,2024-01-01,\n" ':2: name "" is empty'; }
@test "two owners on one day are refused" { no parties "$parties\n302,owner,A,Zed,2024-03-01,2024-03-31\n302,业主,B,Zoe,2024-03-31,\n" ':3: the days of unit 302 role owner from 2024-03-31 overlap those of unit 302 role owner from 2024-03-01 (x.csv:2)'; }
@test "a party without an id gets one" {
  yes parties "$parties\n302,owner,,Zed,2024-03-01,\n" "$one"
  write y.csv "$receipts\nR9,2024-03-02,302,1,302:owner:2024-03-01,,\n"
  gives 0 '' 'fee-import: SM y.csv: 1 rows: 1 new, 0 changed, 0 unchanged (batch 9), sum 1.00' fee-import receipts y.csv
}

@test "a straight-line asset is taken" { yes assets "$assets\nA1,Pump,100,5,12,2024-01-01,,直线法,guard,,\n" "$one"; }
@test "what is left of an asset is not above its cost" { no assets "$assets\nA1,Pump,100,105,12,2024-01-01,,,,,\n" ':2: residual "105.00" is not between 0 and the cost'; }
@test "an asset needs a life" { no assets "$assets\nA1,Pump,100,0,,2024-01-01,,,,,\n" ':2: life "" is empty; this method needs a life in months'; }
@test "a life has a month at least" { no assets "$assets\nA1,Pump,100,0,0,2024-01-01,,,,,\n" ':2: life "0" is not between 1 and 1200 months'; }
@test "a life by years is of whole years" { no assets "$assets\nA1,Pump,100,0,13,2024-01-01,,sum-of-years,,,\n" ':2: life "13" is not a multiple of 12, which this method needs'; }
@test "a method must be known" { no assets "$assets\nA1,Pump,100,0,12,2024-01-01,,magic,,,\n" ':2: method "magic" is not one of the words for this column'; }
@test "an asset is not disposed of before its service" { no assets "$assets\nA1,Pump,100,0,12,2024-01-01,2023-12-31,,,,\n" ':2: disposed "2023-12-31" is before the day it was put in service'; }
@test "units of output need a total" { no assets "$assets\nA1,Pump,100,0,,2024-01-01,,工作量法,,,\n" ':2: units "" is not a total of units that the asset will make'; }
@test "an asset of the book's time has no opening" { no assets "$assets\nA1,Pump,100,0,12,2024-01-01,,,,1.00,\n" ':2: opening "1.00" is not what the method gives by then: 0.00'; }
@test "an opening by years is the method's own" { no assets "$assets\nA1,Pump,100,0,12,2023-01-01,,sum-of-years,,1.00,\n" ':2: opening "1.00" is not what the method gives by then: 91.67'; }
@test "an opening straight by line may differ" { yes assets "$assets\nA1,Pump,100,0,12,2023-01-01,,,,1.00,\n" "$one"; }

@test "a driver must be in the policy" { no quantities "$quantities\nwater,guard,1,2024-03-01,2024-03-31\n" ':2: driver "water" is not a driver of the policy'; }
@test "a target must be in the book" { no quantities "$quantities\npower,nobody,1,2024-03-01,2024-03-31\n" ':2: target "nobody" is neither a centre nor a unit of the book'; }
@test "a flow needs both days" { no quantities "$quantities\npower,guard,1,2024-03-01,\n" ':2: to "" is empty; a flow needs both days'; }
@test "a quantity has six decimals at most" { no quantities "$quantities\npower,guard,1.1234567,2024-03-01,2024-03-31\n" ':2: quantity "1.1234567" has more than six decimals'; }
@test "rows of a quantity may not overlap those of another file" { no quantities "$quantities\npower,guard,1,2024-02-15,2024-03-31\n" ':2: the days of driver power target guard from 2024-02-15 overlap those of driver power target guard from 2024-02-01 (quantities.csv:11)'; }
@test "output is of an asset" { no quantities "$quantities\nunits-of-output,A9,1,2024-02-15,2024-03-31\n" ':2: target "A9" is not an asset of the book'; }

@test "a receipt needs a unit of the book" { no receipts "$receipts\nR9,2024-02-20,999,1,,,\n" ':2: unit "999" is not a unit of the book'; }
@test "a receipt may wait for its unit" { yes receipts "$receipts\nR9,2024-02-20,?,1,,,\n" "$one, sum 1.00"; }
@test "a party that was amended away, with an id of its own or not, stays one of the book" {
  # found by a simulated life: the audit no longer knew the one whose id is made of unit, role and day
  write x.csv 'unit,role,party,name,from\nS1,occupant,,Kim,2024-02-01\n'
  fee-import -q parties x.csv
  write y.csv 'notice,date,unit,party,step\nN1,2024-02-20,S1,S1:occupant:2024-02-01,friendly\n'
  fee-import -q notices y.csv
  write x.csv 'unit,role,party,name,from\nS1,occupant,T9,Kim,2024-02-01\n'
  fee-import -q --amend parties x.csv
  fee-audit -q
  write y.csv 'notice,date,unit,party,step\nN2,2024-02-21,S1,S1:occupant:2024-02-01,friendly\n'
  gives 0 '' 'fee-import: SM y.csv: 1 rows: 1 new, 0 changed, 0 unchanged (batch 11)' fee-import notices y.csv
}
@test "the payer must be in the book" { no receipts "$receipts\nR9,2024-02-20,101,1,O9,,\n" ':2: party "O9" is not a party of the book'; }
@test "the unsold party needs no row" { yes receipts "$receipts\nR9,2024-02-20,302,1,developer,,\n" "$one, sum 1.00"; }
@test "a bill must be in the book" { no receipts "$receipts\nR9,2024-02-20,101,1,,202401-0000009,\n" ':2: bill "202401-0000009" is not a bill of the book'; }
@test "a bill must be of the unit" { no receipts "$receipts\nR9,2024-02-20,101,1,,202401-0000002,\n" ':2: bill "202401-0000002" is a bill of another unit'; }
@test "a bill must be of the party" { no receipts "$receipts\nR9,2024-02-20,201,1,T1,202401-0000002,\n" ':2: bill "202401-0000002" is a bill of another party'; }
@test "a payment reference that is mistyped is refused" { no receipts "$receipts\nR9,2024-02-20,101,1,,RF56 2024 0100 0000 1,\nR8,2024-02-20,101,1,,RF56,\n" ':2: bill "RF56 2024 0100 0000 1" has check digits that do not fit: a digit is wrong, or two are in each other'"'"'s place
fee-import: x.csv:3: bill "RF56" is not a payment reference: RF, two check digits, and a bill number without its hyphen'; }
@test "a payment reference must be of a bill in the book, and of the unit" {
  no receipts 'receipt,date,unit,amount,bill\nR9,2024-02-20,,1,RF252024020000009\nR8,2024-02-20,201,1,RF62 2024 0100 0000 1\n' ':2: bill "202402-0000009" is not a bill of the book
fee-import: x.csv:3: bill "202401-0000001" is a bill of another unit'
}
@test "a receipt has a unit or a bill" {
  no receipts 'receipt,date,unit,amount,bill\nR9,2024-02-20,,1,\n' ':2: unit "" is empty; a receipt needs its unit or its bill'
  no receipts 'receipt,date,amount,bill\nR9,2024-02-20,1,\n' ':2: bill "" is empty; a receipt needs its unit or its bill'
  no receipts 'receipt,date,unit,amount\nR9,2024-02-20,,1\n' ':2: unit "" is empty; a receipt needs its unit or its bill'
  no receipts 'receipt,date,amount\nR9,2024-02-20,1\n' ':1: the required column "unit" is missing'
}
@test "a receipt does not wait for its unit if it has a bill" { no receipts "$receipts\nR9,2024-02-20,?,1,,202401-0000001,\n" ':2: unit "?" is for a receipt whose bill is not known either; leave the cell empty to take the unit of the bill'; }
@test "the bank brings payment references back: each receipt is of the unit of its bill, and pays it" {
  bills=$(fee-statement --period 2024-02 --bills --format csv)
  totals=$(fee-ledger --totals --as-of 2024-03-31 --format csv | grep -E '^2024-0[12]')
  { echo 收据号,收款日期,实收金额,附言
    echo "$bills" | awk -F, '$1 ~ /-000000[47]$/ { r = tolower ($13); print "B" $2 ",2024-03-05," $11 "," substr (r, 1, 4) " " substr (r, 5, 4) " " substr (r, 9, 4) " " substr (r, 13) }'
  } >bank.csv
  [ "$(tail -n 1 bank.csv)" = 'BS1,2024-03-05,170.00,rf79 2024 0200 00007' ]
  gives 0 '' 'fee-import: SM bank.csv: 2 rows: 2 new, 0 changed, 0 unchanged (batch 8), sum 176.05' fee-import receipts bank.csv --column bill=附言
  [ "$(fee-ledger --format csv --unit S1 | tail -n 1)" = '2024-03-05,receipt,BS1,S1,O2,,-170.00,185.00,' ]
  [ "$(fee-ledger --format csv --unit 301 | tail -n 1)" = '2024-03-05,receipt,B301,301,O3,,-6.05,210.08,' ]
  # the bills of February are paid, though those of January are older and open
  [ "$(fee-ledger --totals --as-of 2024-03-31 --format csv | grep ^2024-01)" = "$(echo "$totals" | head -n 1)" ]
  [ "$(echo "$totals" | tail -n 1)" = 2024-02,1550.00,0.00,1550.00,0.00 ]
  [ "$(fee-ledger --totals --as-of 2024-03-31 --format csv | grep ^2024-02)" = 2024-02,1550.00,176.05,1373.95,11.36 ]
  gives 0 '' 'fee-import: SM bank.csv: already imported (batch 8)' fee-import receipts bank.csv --column bill=附言
  refuses 65 "fee-run: 2024-02 can't be withdrawn:
fee-run: receipt B301 names bill 202402-0000004
fee-run: receipt BS1 names bill 202402-0000007" fee-run --period 2024-02 --withdraw --reason x
  fee-audit -q
}
@test "a reversal has the whole amount" { no receipts "$receipts\nR9,2024-02-20,101,-1,,,R1\n" ':2: amount "-1.00" is not minus the whole amount of the receipt that it reverses'; }
@test "a reversal is of a receipt" { no receipts "$receipts\nR9,2024-02-20,101,-240,,,R7\n" ':2: reverses "R7" is not another receipt of the book'; }
@test "a reversal is not before its receipt" { no receipts "$receipts\nR9,2024-02-09,101,-240,,,R1\n" ':2: date "2024-02-09" is before the day of the receipt that it reverses'; }
@test "a reversal is of the same unit" { no receipts "$receipts\nR9,2024-02-20,201,-240,,,R1\n" ':2: unit "201" is not the unit of the receipt that it reverses'; }
@test "a receipt is reversed once" { no receipts "$receipts\nR9,2024-02-20,101,-240,,,R1\nR10,2024-02-20,101,-240,,,R1\n" ':3: reverses "R1" is reversed already'; }
@test "a reversal is not reversed" { no receipts "$receipts\nR9,2024-02-20,101,-240,,,R1\nR10,2024-02-20,101,240,,,R9\n" ':3: reverses "R9" is itself a reversal'; }
@test "a receipt that was reversed does not change alone, but with its reversal" {
  write b.csv "$receipts\nR9,2024-02-20,?,-50,,,R3\n"
  fee-import -q receipts b.csv
  # found by a simulated life: taken, and then neither ledger nor audit could go on
  write x.csv 'receipt,date,unit,amount\nR3,2024-02-15,101,50.00\n'
  refuses 65 'fee-import: b.csv:2: unit "?" is not the unit of the receipt that it reverses' fee-import --amend receipts x.csv
  write x.csv 'receipt,date,unit,amount\nR3,2024-02-21,?,50.01\n'
  refuses 65 'fee-import: b.csv:2: amount "-50.00" is not minus the whole amount of the receipt that it reverses
fee-import: b.csv:2: date "2024-02-20" is before the day of the receipt that it reverses' fee-import --amend receipts x.csv
  write x.csv 'receipt,date,unit,amount\nR3,2024-02-15,101,50.00\nR9,2024-02-20,101,-50.00\n'
  gives 0 '' 'fee-import: SM x.csv: 2 rows: 0 new, 2 changed, 0 unchanged (batch 9), sum 0.00' fee-import --amend receipts x.csv
  fee-audit -q
}
@test "an adjustment that another settles does not change alone" {
  write b.csv "$adjustments\nA1,2024-02-20,101,O1,charge,10,,,x,\nA2,2024-02-20,101,O1,waiver,-3,,A1,x,y\n"
  fee-import -q adjustments b.csv
  write x.csv 'adjustment,date,unit,party,kind,amount,reason\nA1,2024-02-20,201,O2,charge,10,x\n'
  refuses 65 'fee-import: b.csv:3: bill "A1" is an adjustment of another unit or party' fee-import --amend adjustments x.csv
}
@test "a receipt may be refunded, and the refund reversed" { yes receipts "$receipts\nR9,2024-02-20,101,-5,,,\nR10,2024-02-20,101,5,,,R9\n" '2 rows: 2 new, 0 changed, 0 unchanged (batch 8), sum 0.00'; }

@test "a charge needs no approval" { yes adjustments "$adjustments\nJ1,2024-02-20,101,O1,其他应收,5,,,card,\n" "$one, sum 5.00"; }
@test "a waiver needs an approver" { no adjustments "$adjustments\nJ1,2024-02-20,101,O1,减免,-5,,,kind,\n" ':2: approved_by "" is empty; this kind of adjustment needs an approver'; }
@test "an adjustment's kind must be known" { no adjustments "$adjustments\nJ1,2024-02-20,101,O1,gift,-5,,,kind,B\n" ':2: kind "gift" is not one of the words for this column'; }
@test "an adjustment needs a party of the book" { no adjustments "$adjustments\nJ1,2024-02-20,101,X9,charge,5,,,kind,\n" ':2: party "X9" is not a party of the book'; }
@test "an adjustment needs a reason" { no adjustments "$adjustments\nJ1,2024-02-20,101,O1,charge,5,,,,\n" ':2: reason "" is empty'; }
@test "an adjustment does not settle itself" { no adjustments "$adjustments\nJ1,2024-02-20,101,O1,charge,5,,J1,card,\n" ':2: bill "J1" is the adjustment itself'; }
@test "an adjustment does not settle another's bill" { no adjustments "$adjustments\nJ1,2024-02-20,101,O1,correction,-5,,202401-0000002,r,B\n" ':2: bill "202401-0000002" is a bill of another unit'; }
@test "an adjustment needs a unit that is known" { no adjustments "$adjustments\nJ1,2024-02-20,?,O1,charge,5,,,card,\n" ':2: unit "?" is not a unit of the book'; }

@test "a hold is taken" { yes holds "$holds\nH1,101,,困难,2024-01-01,,,,ill\n" "$one"; }
@test "a hold's kind must be known" { no holds "$holds\nH1,101,,naughty,2024-01-01,,,,ill\n" ':2: kind "naughty" is not one of the words for this column'; }
@test "a hold of instalments names its plan" { no holds "$holds\nH1,101,,instalments,2024-01-01,,,,ill\n" ':2: plan "" is empty; a hold of kind instalments names its plan'; }
@test "a hold has a first day" { no holds "$holds\nH1,101,,hardship,,,,,ill\n" ':2: from "" is empty'; }
@test "instalments are taken" { yes instalments 'plan,unit,party,due,amount\nP1,101,O1,2024-03-01,10\nP1,101,O1,2024-04-01,10\n' '2 rows: 2 new, 0 changed, 0 unchanged (batch 8), sum 20.00'; }
@test "a plan has one instalment a day" { no instalments 'plan,unit,party,due,amount\nP1,101,O1,2024-03-01,10\nP1,101,O1,2024-03-01,10\n' ':3: plan P1 due 2024-03-01 is in the file twice (first in line 2)'; }
@test "a notice is taken" { yes notices "$notices\nN1,2024-03-01,101,O1,friendly,delivered\n" "$one"; }
@test "a notice's step must be in the ladder" { no notices "$notices\nN1,2024-03-01,101,O1,rude,delivered\n" ':2: step "rude" is not a reminder step of the policy'; }
@test "a notice was delivered or failed" { no notices "$notices\nN1,2024-03-01,101,O1,friendly,maybe\n" ':2: result "maybe" is not one of the words for this column'; }
@test "budgets of a year and of a month are taken" { yes budgets 'period,category,centre,amount\n2024,personnel,,12000\n2024-01,,grounds,5\n' '2 rows: 2 new, 0 changed, 0 unchanged (batch 8), sum 12,005.00'; }
@test "a budget is of a category or a centre" { no budgets 'period,category,centre,amount\n2024,personnel,grounds,1\n2024,,,1\n' ':2: a budget names a category or a centre, one of the two
fee-import: x.csv:3: a budget names a category or a centre, one of the two'; }
@test "a budget is of a month or a year" { no budgets 'period,category,centre,amount\n2024-13,personnel,,1\n' ':2: period "2024-13" is neither a month (2026-01) nor a year (2026)'; }
@test "income is taken" { yes income 'doc,date,kind,amount,cost\nI1,2024-01-15,广告,100,20\nI2,2024-01-16,spending,-5,\n' '2 rows: 2 new, 0 changed, 0 unchanged (batch 8), sum 95.00'; }
@test "income's kind must be known" { no income 'doc,date,kind,amount\nI1,2024-01-15,lottery,100\n' ':2: kind "lottery" is not one of the words for this column'; }

@test "an estate column must name the book" {
  yes units 'unit,estate\nX,SM\nY,小院\nZ,Small Court\n' '3 rows: 3 new, 0 changed, 0 unchanged (batch 8)'
  no units 'unit,小区\nV,SM\nW,HY\n' ':3: 小区 "HY" is not this book'\''s estate'
}

# ---- Batches

@test "a file is said and listed" {
  write x.csv "$costs\nX,2024-03-31,personnel,1.00\nY,2024-04-30,personnel,2.50\n"
  gives 0 '' 'fee-import: SM x.csv: 2 rows: 2 new, 0 changed, 0 unchanged (batch 8), sum 3.50, serving 2024-03 to 2024-04' \
    fee-import --by clerk costs x.csv
  gives 0 '1,policy,policy.ini,1,1,0,tester,
2,units,units.csv,5,5,0,tester,
3,parties,parties.csv,6,6,0,tester,
4,quantities,quantities.csv,10,10,0,tester,
5,costs,costs-2024-01.csv,4,4,0,tester,
6,costs,costs-2024-02.csv,3,3,0,tester,
7,receipts,receipts.csv,3,3,0,tester,
8,costs,x.csv,2,2,0,clerk,' '' batches
  [ "$(fee-import --list --format csv | head -n 1)" = batch,kind,file,rows,new,changed,sha256,made_at,made_by,retracted_by ]
  sum=$(sha256sum x.csv)
  [ "$(fee-import --list --format csv | tail -n 1 | cut -d, -f7)" = "${sum%% *}" ]
  fee-import --list --format csv | tail -n 1 | grep -qE ',20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9:]{8}Z,clerk,$'
  fee-import --list --format json | python3 -c 'import json, sys
rows = json.load(sys.stdin)
assert [row["batch"] for row in rows] == [1, 2, 3, 4, 5, 6, 7, 8], rows
assert list(rows[7]) == "batch kind file rows new changed sha256 made_at made_by retracted_by".split(), rows[7]
assert rows[7]["retracted_by"] is None and rows[7]["rows"] == 2, rows[7]'
}

@test "a dry run checks and counts only" {
  write x.csv "$costs\nX,2024-03-31,personnel,1.00\n"
  refuses 0 'fee-import: SM x.csv: 1 rows: 1 new, 0 changed, 0 unchanged (dry run), sum 1.00, serving 2024-03 to 2024-03' \
    fee-import --dry-run costs x.csv
  no costs "$costs\nX,2024-03-31,personnel,1.005\n" ':2: amount "1.005" has more decimals than the currency' --dry-run
}

@test "a quiet import says nothing" {
  write x.csv "$costs\nX,2024-03-31,personnel,1.00\n"
  gives 0 '' '' fee-import --quiet costs x.csv
}

@test "the same file again changes nothing" {
  refuses 0 'fee-import: SM costs-2024-02.csv: already imported (batch 6)' fee-import costs "$small/costs-2024-02.csv"
  cp "$small/costs-2024-02.csv" other-name.csv
  refuses 0 'fee-import: SM other-name.csv: already imported (batch 6)' fee-import costs other-name.csv
}

@test "the same retraction again changes nothing" {
  fee-import -q --retract 6 --reason 'wrong month'
  refuses 0 'fee-import: batch 6: already retracted (batch 8)' fee-import --retract 6 --reason 'wrong month'
}

@test "a retracted file may come again" {
  refuses 0 'fee-import: batch 6 can be retracted (dry run)' fee-import --retract 6 --reason 'wrong month' --dry-run
  gives 0 '' 'fee-import: batch 6 is retracted (batch 8)' fee-import --retract 6 --reason 'wrong month'
  refuses 65 'fee-import: batch 6 is retracted already' fee-import --retract 6 --reason again
  refuses 65 'fee-import: batch 8 is itself a retraction' fee-import --retract 8 --reason again
  gives 0 '' 'fee-import: SM costs-2024-02.csv: 3 rows: 3 new, 0 changed, 0 unchanged (batch 9), sum 1,450.00, serving 2024-01 to 2024-02' \
    fee-import costs "$small/costs-2024-02.csv"
  gives 0 '6,costs,costs-2024-02.csv,3,3,0,tester,8
7,receipts,receipts.csv,3,3,0,tester,
8,costs,retracts 6: wrong month,0,0,0,tester,
9,costs,costs-2024-02.csv,3,3,0,tester,' '' eval 'batches | tail -n 4'
}

@test "a retraction that leaves references to nothing is refused" {
  refuses 65 'fee-import: batch 2 can'\''t be retracted:
fee-import: parties.csv:2: unit "101" is not a unit of the book
fee-import: parties.csv:3: unit "201" is not a unit of the book
fee-import: parties.csv:4: unit "201" is not a unit of the book
fee-import: parties.csv:5: unit "301" is not a unit of the book
fee-import: parties.csv:6: unit "301" is not a unit of the book
fee-import: parties.csv:7: unit "S1" is not a unit of the book
fee-import: receipts.csv:2: unit "101" is not a unit of the book
fee-import: receipts.csv:3: unit "201" is not a unit of the book' fee-import --retract 2 --reason x
}

@test "a retraction that makes rows overlap is refused" {
  # two owners in turn; then the first row is cut short to let a third in, and that cut can't be taken back alone
  yes parties "$parties\n302,owner,A,Zed,2024-03-01,2024-03-31\n" "$one"
  write y.csv "$parties\n302,owner,A,Zed,2024-03-01,2024-03-15\n"
  gives 0 '' 'fee-import: SM y.csv: 1 rows: 0 new, 1 changed, 0 unchanged (batch 9)' fee-import parties --amend y.csv
  write z.csv "$parties\n302,owner,B,Zoe,2024-03-16,\n"
  gives 0 '' 'fee-import: SM z.csv: 1 rows: 1 new, 0 changed, 0 unchanged (batch 10)' fee-import parties z.csv
  refuses 65 "fee-import: batch 9 can't be retracted:
fee-import: z.csv:2: the days of unit 302 role owner from 2024-03-16 overlap those of unit 302 role owner from 2024-03-01 (x.csv:2)" \
    fee-import --retract 9 --reason x
}

@test "a retraction needs a batch and a reason" {
  refuses 64 'fee-import: --retract needs --reason TEXT' fee-import --retract 5
  refuses 64 'fee-import: --retract needs --reason TEXT' fee-import --retract 5 --reason ''
  refuses 65 'fee-import: batch 99 is not in the book' fee-import --retract 99 --reason x
  refuses 65 'fee-import: batch 0 is not in the book' fee-import --retract 0 --reason x
  refuses 65 'fee-import: batch -1 is not in the book' fee-import --retract -1 --reason x
  refuses 65 'fee-import: batch 1 is the policy that the book began with' fee-import --retract 1 --reason x
}

@test "files come back byte for byte" {
  n=1
  for file in policy.ini units.csv parties.csv quantities.csv costs-2024-01.csv costs-2024-02.csv receipts.csv; do
    fee-import --extract $n | cmp - "$small/$file"
    n=$((n + 1))
  done
  fee-import --extract 5 --output out.csv
  cmp out.csv "$small/costs-2024-01.csv"
  [ "$(stat -c %a out.csv)" = 600 ]
  refuses 65 'fee-import: book.db: there is no file of batch 99' fee-import --extract 99
  refuses 65 'fee-import: book.db: there is no file of batch 0' fee-import --extract 0
}

@test "large and odd files come back byte for byte" {
  { echo 'unit,note'; for ((i = 0; i < 3000; i++)); do echo "U$i,\"$RANDOM$RANDOM$RANDOM$RANDOM"; printf '\r\n\xf0\x9f\x8f\xa0"\r\n\n'; done; } >x.csv
  gives 0 '' 'fee-import: SM x.csv: 3000 rows: 3000 new, 0 changed, 0 unchanged (batch 8)' fee-import units x.csv
  fee-import --extract 8 | cmp - x.csv
}

@test "a known key with the same content is unchanged" {
  yes units 'unit,lift,area\n101,0,80\n' '1 rows: 0 new, 0 changed, 1 unchanged (batch 8)'
}

@test "a known key with new content is refused with the old and new values" {
  no units 'unit,area,floor\n101,81,2\n' ':2: unit 101 is known with other content (floor "1" -> "2", area "80" -> "81"); --amend lets it change'
  no costs "$costs\nV3,2024-01-20,greening,100.01\n" ':2: doc V3 is known with other content (amount "100.00" -> "100.01"); --amend lets it change'
  no costs 'doc,line,date,category,amount\nV4,1,2024-01-05,insurance,1\n' ':2: doc V4#1 is known with other content (amount "1200.00" -> "1.00"); --amend lets it change'
  no receipts 'receipt,date,unit,amount\nR3,2024-02-15,301,50\n' ':2: receipt R3 is known with other content (unit "?" -> "301"); --amend lets it change'
}

@test "with --amend a column that lacks keeps its value and an empty cell clears it" {
  yes parties 'unit,role,from,name\n101,owner,2020-01-01,Anne\n' '1 rows: 0 new, 1 changed, 0 unchanged (batch 8)' --amend
  no parties 'unit,role,party,name,contact,from\n101,owner,O1,Ann,,2020-01-01\n' \
    ':2: unit 101 role owner from 2020-01-01 is known with other content (name "Anne" -> "Ann", contact "a@example.org" -> ""); --amend lets it change'
  write y.csv 'unit,role,from,name,contact\n101,owner,2020-01-01,Anne,\n'
  gives 0 '' 'fee-import: SM y.csv: 1 rows: 0 new, 1 changed, 0 unchanged (batch 9)' fee-import --amend parties y.csv
  no parties 'unit,role,party,name,contact,from\n101,owner,O1,Anne,b@example.org,2020-01-01\n' \
    ':2: unit 101 role owner from 2020-01-01 is known with other content (contact "" -> "b@example.org"); --amend lets it change'
}

@test "a total that is right is taken" { yes costs "$costs\nX,2024-01-31,personnel,1.10\nY,2024-01-31,personnel,-0.60\n" "2 rows: 2 new, 0 changed, 0 unchanged (batch 8), sum 0.50$january" --total 0.5; }
@test "another total is refused" { no costs "$costs\nX,2024-01-31,personnel,1.10\n" ': its amounts add up to 1.10, not to 1000.00' --total 1,000; }
@test "a total of quantities has the decimals it needs" { no quantities "$quantities\npower,guard,1,2024-03-01,2024-03-31\n" ': its amounts add up to 1, not to 1.5' --total 1.5; }

@test "a total must be a number, of a kind that has amounts" {
  write x.csv "$costs\n"
  refuses 64 'fee-import: --total "1e1" is not a number' fee-import costs x.csv --total 1e1
  write x.csv 'unit\nX\n'
  refuses 64 'fee-import: --total: units have no amounts' fee-import units x.csv --total 1
}

@test "--whole names known keys that the file lacks" {
  write x.csv 'unit,area\n101,80\nS1,40\nX,1\n'
  gives 1 '' 'fee-import: SM x.csv: 3 rows: 1 new, 0 changed, 2 unchanged (batch 8)
fee-import: x.csv: unit 201 is known, but not in this file
fee-import: x.csv: unit 301 is known, but not in this file
fee-import: x.csv: unit 302 is known, but not in this file' fee-import --whole units x.csv
  { cat "$small/units.csv"; echo X,,,,,,,,; } >x.csv
  gives 0 '' 'fee-import: SM x.csv: 6 rows: 0 new, 1 changed, 5 unchanged (batch 9)' fee-import --whole --amend units x.csv
}

@test "receipts are complete through the day that the call says" {
  yes receipts "$receipts\nR9,2024-02-20,101,5,,,\n" "$one, sum 5.00" --through 2024-02-25
  refuses 0 'fee-import: SM x.csv: already imported (batch 8)' fee-import receipts x.csv --through 2024-02-25
  gives 0 '' 'fee-import: SM x.csv: 1 rows: 0 new, 0 changed, 1 unchanged (batch 9), sum 5.00' fee-import receipts x.csv --through 2024-02-29
  refuses 64 'fee-import: --through "2024-02-30" is not a day (YYYY-MM-DD)' fee-import receipts x.csv --through 2024-02-30
  refuses 64 'fee-import: --through goes with receipts' fee-import units x.csv --through 2024-02-28
}

@test "all files of a call are taken, or none" {
  write a.csv "$costs\nX,2024-03-31,personnel,1\n"
  write b.csv "$costs\nY,2024-03-31,personnel,x\n"
  refuses 65 'fee-import: b.csv:2: amount "x" is not a number' fee-import costs a.csv b.csv
  refuses 74 'fee-import: none.csv: No such file or directory' fee-import costs a.csv none.csv
  write b.csv "$costs\nX,2024-03-31,personnel,2\n"
  refuses 65 'fee-import: b.csv:2: doc X is known with other content (amount "1.00" -> "2.00"); --amend lets it change' fee-import costs a.csv b.csv
  write b.csv "$costs\nY,2024-03-31,personnel,2\n"
  gives 0 '' 'fee-import: SM a.csv: 1 rows: 1 new, 0 changed, 0 unchanged (batch 8), sum 1.00, serving 2024-03 to 2024-03
fee-import: SM b.csv: 1 rows: 1 new, 0 changed, 0 unchanged (batch 9), sum 2.00, serving 2024-03 to 2024-03' fee-import costs a.csv b.csv
}

# ---- Costs out of their time

look() { # rows, sum and months, what is named
  write x.csv "$1"
  gives 1 '' "fee-import: SM x.csv: $one, sum $2
fee-import: x.csv:2: $3" fee-import costs x.csv
}
@test "a cost before the book is named" { look "$costs\nX,2023-12-31,personnel,1\n" '1.00, serving 2023-12 to 2023-12' 'X serves 2023-12-01..2023-12-31, before this book'; }
@test "a cost over 12 months ahead is named" { look "$costs\nX,2025-03-01,personnel,1\n" '1.00, serving 2025-03 to 2025-03' 'X serves 2025-03-01..2025-03-31, more than 12 months after the last posted month'; }
@test "a cost 12 months ahead is not" { yes costs "$costs\nX,2025-02-28,personnel,1\n" "$one, sum 1.00, serving 2025-02 to 2025-02"; }
@test "a cost that reaches into the book is not" { yes costs "$costs,from,to\nX,2023-12-31,personnel,1,2023-12-01,2024-01-31\n" "$one, sum 1.00, serving 2023-12 to 2024-01"; }
@test "a cost like another is named" { look "$costs,supplier\nX,2024-01-31,electricity,400.00,City Power\n" '400.00, serving 2024-01 to 2024-01' 'X has the supplier, amount and date of V2'; }
@test "a cost like another without a supplier is not" { yes costs "$costs\nX,2024-01-31,personnel,1000.00\n" "$one, sum 1,000.00$january"; }

# ---- Policies

@test "a policy holds from its month on" {
  sed 's/^start=.*/&\nfrom=2024-03/; s/^due_days=.*/due_days=5/' "$small/policy.ini" >later.ini
  gives 0 '' 'fee-import: SM later.ini: 1 rows: 1 new, 0 changed, 0 unchanged (batch 8)' fee-import policy later.ini
  refuses 0 'fee-import: SM later.ini: already imported (batch 8)' fee-import policy later.ini
  fee-run -q --period 2024-03
  [ "$(fee-ledger --format csv --unit 101 | tail -n 1 | cut -d, -f1,3,6)" = 2024-04-01,202403-0000001,2024-04-06 ]
  [ "$(fee-ledger --format csv --unit 101 | grep 202402 | cut -d, -f6)" = 2024-03-21 ]
}

no_policy() { # status, reason, sed script
  sed "$3" "$small/policy.ini" >x.ini
  refuses "$1" "fee-import: x.ini$2" fee-import policy x.ini
}
@test "a policy may not change the start" { no_policy 78 ': the book starts in 2024-01; that never changes' 's/^start=.*/start=2024-02/'; }
@test "a policy may not change the currency" { no_policy 78 ': the book is kept in CNY; that never changes' 's/^currency=.*/currency=EUR/'; }
@test "a policy may not drop a category that runs used" { no_policy 78 ': it drops category electricity, which posted runs used' 's/^\[category electricity\]/[category current]/'; }
@test "a policy may not drop a centre that runs used" { no_policy 78 ': it drops centre lifts, which posted runs used' 's/^\[centre lifts\]/[centre elevators]/'; }
@test "a policy with a slip is refused" { no_policy 78 ':8: [book] has no key "suport"' 's/^support/suport/'; }
@test "a policy holds from a month of the book" { no_policy 78 ':8: from is before the start of the book' 's/^start=.*/&\nfrom=2023-12/'; }

# ---- Usage

@test "wrong usage says so" {
  write x.csv "$costs\n"
  kinds='policy, units, parties, costs, assets, quantities, receipts, adjustments, holds, instalments, notices, budgets, income'
  refuses 64 "fee-import: there is no kind of file \"cost\": $kinds" fee-import cost x.csv
  refuses 64 'fee-import: too few arguments: fee-import KIND FILE...; --help says more' fee-import
  refuses 64 'fee-import: too few arguments: fee-import KIND FILE...; --help says more' fee-import costs
  refuses 64 'fee-import: Unknown option --nonsense' fee-import costs x.csv --nonsense
  refuses 64 'fee-import: --list, --extract and --retract take no files' fee-import --list costs x.csv
  refuses 64 'fee-import: --delimiter: comma, semicolon, tab, or one ASCII character' fee-import costs x.csv --delimiter ''
  refuses 64 'fee-import: --decimal: . or ,' fee-import costs x.csv --decimal x
  refuses 64 'fee-import: --date-format: dmy, mdy or excel' fee-import costs x.csv --date-format iso
  refuses 64 'fee-import: --wait -1: seconds, 0 to 86400' fee-import costs x.csv --wait -1
  refuses 64 'fee-import: an argument is not valid UTF-8' fee-import costs $'a\xff.csv'
  refuses 64 'fee-import: an option is not valid UTF-8' fee-import costs x.csv --by $'a\xff'
}

@test "a file that can't be read is an error of input" {
  refuses 74 'fee-import: none.csv: No such file or directory' fee-import costs none.csv
  mkdir folder
  refuses 74 'fee-import: folder: is a folder' fee-import costs folder
}

@test "a book of another estate is refused" {
  write x.csv "$costs\nX,2024-01-31,personnel,1\n"
  refuses 65 'fee-import: book.db: the book is "SM", not "HY"' fee-import --expect-book HY costs x.csv
  gives 0 '' "fee-import: SM x.csv: $one, sum 1.00$january" fee-import --expect-book SM costs x.csv
}

@test "control characters of a file do not reach the terminal" {
  write x.csv "$costs\nX,2024-01-31,\\033[31mred\\342\\200\\256,1\n"
  refuses 65 'fee-import: x.csv:2: category "\x1b[31mred\u202e" is not a category of the policy' fee-import costs x.csv
}

@test "messages of the whole Heyuan Court: its file as an office has it is unchanged" {
  cd "$BATS_TEST_TMPDIR"
  new_book "$FEE_SOURCE/examples/heyuan/policy.ini"
  gives 0 '' 'fee-import: HY units.csv: 208 rows: 208 new, 0 changed, 0 unchanged (batch 2)' fee-import units "$FEE_SOURCE/examples/heyuan/units.csv"
  gives 0 '' 'fee-import: units-gb18030.csv: read as GB18030
fee-import: HY units-gb18030.csv: 208 rows: 0 new, 0 changed, 208 unchanged (batch 3)' \
    fee-import units "$FEE_SOURCE/examples/heyuan/units-gb18030.csv" --column bills=计费户系数 --column class=秩序系数 --column cleanings=保洁次数 \
    --column lift=电梯系数 --column pump=加压供水 --column refuse=垃圾系数 --column note=备注
}
