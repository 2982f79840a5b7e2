#!/usr/bin/env bats
# SPDX-License-Identifier: LGPL-2.1-or-later
# Both ways through a month, and from one month to another: fee-explain --doc, --change, --open (interface.md section 5).

load small
bats_require_minimum_version 1.5.0

setup_file() { keep_book posted_book; }

setup() { use_book; }

# March of the small book, its costs and perhaps more in files given before: policy and units as they stand
march() {
  write q.csv 'driver,target,quantity,from,to\npower,lifts,300,2024-03-01,2024-03-31\npower,guard,100,2024-03-01,2024-03-31\n'
  write c.csv 'doc,date,category,amount,centre\nV8,2024-03-31,personnel,1000.00,\nV9,2024-03-31,electricity,400.00,\n'
  fee-import -q quantities q.csv
  fee-import -q costs c.csv
  fee-run -q --period 2024-03 --early
}

# ---- --doc

# 350.00 for the grounds and 250.00 for the guard by staff time, 400.00 for the desk, which gives 100.00, 100.00 and 200.00
@test "who bore a document, through its category, support and centres" {
  gives 0 'period,origin,doc,centre,unit,party,amount
2024-01,2024-01,V1,grounds,101,O1,90.00
2024-01,2024-01,V1,grounds,201,O2,90.00
2024-01,2024-01,V1,grounds,301,O3,54.43
2024-01,2024-01,V1,grounds,301,O4,58.07
2024-01,2024-01,V1,grounds,302,developer,112.50
2024-01,2024-01,V1,grounds,S1,O2,45.00
2024-01,2024-01,V1,lifts,201,O2,5.38
2024-01,2024-01,V1,lifts,201,T1,11.29
2024-01,2024-01,V1,lifts,301,O3,20.16
2024-01,2024-01,V1,lifts,301,O4,21.51
2024-01,2024-01,V1,lifts,302,developer,41.66
2024-01,2024-01,V1,guard,101,O1,90.00
2024-01,2024-01,V1,guard,201,O2,29.04
2024-01,2024-01,V1,guard,201,T1,60.96
2024-01,2024-01,V1,guard,301,O3,43.54
2024-01,2024-01,V1,guard,301,O4,46.46
2024-01,2024-01,V1,guard,302,developer,90.00
2024-01,2024-01,V1,guard,S1,O2,90.00' '' fee-explain --period 2024-01 --doc V1 --format csv
}

@test "a document is named with its line, or without for all lines" {
  wanted='period,origin,doc,centre,unit,party,amount
2024-02,2024-02,V4#1,guard,101,O1,20.00
2024-02,2024-02,V4#1,guard,201,T1,20.00
2024-02,2024-02,V4#1,guard,301,O4,20.00
2024-02,2024-02,V4#1,guard,302,developer,20.00
2024-02,2024-02,V4#1,guard,S1,O2,20.00'
  gives 0 "$wanted" '' fee-explain --period 2024-02 --doc V4 --format csv
  gives 0 "$wanted" '' fee-explain --period 2024-02 --doc 'V4#1' --format csv
  refuses 65 'fee-explain: book.db: nothing of document "V4#2" was recognised in 2024-02' fee-explain --period 2024-02 --doc 'V4#2'
}

@test "a late document is borne by the parties of its month" {
  gives 0 'Period   Origin   Document  Centre   Unit  Party      Amount
2024-02  2024-01  V7        grounds  101   O1          10.00
2024-02  2024-01  V7        grounds  201   O2          10.00
2024-02  2024-01  V7        grounds  301   O3           6.05
2024-02  2024-01  V7        grounds  301   O4           6.45
2024-02  2024-01  V7        grounds  302   developer   12.50
2024-02  2024-01  V7        grounds  S1    O2           5.00' '' fee-explain --period 2024-02 --doc V7
}

@test "what met as much of the other sign is borne by nobody" {
  write x.csv 'doc,date,category,amount,centre\nV20,2024-03-31,greening,0.30,\nV21,2024-03-31,greening,-0.30,\nV22,2024-03-31,other,-0.07,guard\n'
  fee-import -q costs x.csv
  march
  # the guard's 649.93 is 129.99 for three units and 129.98 for 301 and S1; -0.07 x 129.99/649.93 is -0.014
  gives 0 'period,origin,doc,centre,unit,party,amount
2024-03,2024-03,V22,guard,101,O1,-0.01
2024-03,2024-03,V22,guard,201,T1,-0.01
2024-03,2024-03,V22,guard,301,O4,-0.02
2024-03,2024-03,V22,guard,302,developer,-0.01
2024-03,2024-03,V22,guard,S1,O2,-0.02' '' fee-explain --period 2024-03 --doc V22 --format csv
  write y.csv 'doc,date,category,amount\nV23,2024-04-30,greening,0.30\nV24,2024-04-30,greening,-0.30\n'
  fee-import -q costs y.csv
  fee-run -q --period 2024-04 --early
  gives 0 'period,origin,doc,centre,unit,party,amount
2024-04,2024-04,V23,,,,0.30' '' fee-explain --period 2024-04 --doc V23 --format csv
  gives 0 'period,origin,doc,centre,unit,party,amount
2024-04,2024-04,V24,,,,-0.30' '' fee-explain --period 2024-04 --doc V24 --format csv
}

@test "who bore an asset" {
  write a.csv 'asset,name,cost,residual,life,in_service,centre\nA1,camera,1200.00,0,12,2024-02-10,guard\n'
  fee-import -q assets a.csv
  march
  gives 0 '[
{"period":"2024-03","origin":"2024-03","doc":"A1","centre":"guard","unit":"101","party":"O1","amount":"20.00"},
{"period":"2024-03","origin":"2024-03","doc":"A1","centre":"guard","unit":"201","party":"T1","amount":"20.00"},
{"period":"2024-03","origin":"2024-03","doc":"A1","centre":"guard","unit":"301","party":"O4","amount":"20.00"},
{"period":"2024-03","origin":"2024-03","doc":"A1","centre":"guard","unit":"302","party":"developer","amount":"20.00"},
{"period":"2024-03","origin":"2024-03","doc":"A1","centre":"guard","unit":"S1","party":"O2","amount":"20.00"}
]' '' fee-explain --period 2024-03 --doc A1 --format json
}

@test "documents and traces give the same amounts, by line and by document" {
  for month in 2024-01 2024-02; do
    for doc in V1 V2 V3 V4 V5 V6 V7; do
      fee-explain --period $month --doc $doc --format csv 2>/dev/null | tail -n +2 || [ "$?" -eq 65 ]
    done | awk -F, '{ print $5, $6, $4, $2, $3, $7 }' | LC_ALL=C sort >documents
    for unit in 101 201 301 302 S1; do
      fee-explain --period $month --unit $unit --trace --format csv | tail -n +2
    done | awk -F, '$7 != "0.00" { print $2, $3, $4, $5, $6, $7 }' | LC_ALL=C sort | diff documents -
    [ -s documents ]
  done
}

# ---- --change

@test "why a unit's total is another one" {
  gives 0 'period,against,unit,item,cause,before,now,amount
2024-02,2024-01,301,grounds,cost,550.00,450.00,-25.00
2024-02,2024-01,301,grounds,correction,0.00,12.50,12.50
2024-02,2024-01,301,lifts,cost,400.00,450.00,20.83
2024-02,2024-01,301,guard,cost,650.00,600.00,-10.00
2024-02,2024-01,301,total,,434.17,432.50,-1.67' '' fee-explain --period 2024-02 --unit 301 --change 2024-01 --format csv
  # and back
  gives 0 'period,against,unit,item,cause,before,now,amount
2024-01,2024-02,301,grounds,cost,450.00,550.00,25.00
2024-01,2024-02,301,grounds,correction,12.50,0.00,-12.50
2024-01,2024-02,301,lifts,cost,450.00,400.00,-20.83
2024-01,2024-02,301,guard,cost,600.00,650.00,10.00
2024-01,2024-02,301,total,,432.50,434.17,1.67' '' fee-explain --period 2024-01 --unit 301 --change 2024-02 --format csv
  gives 0 'Period   Against  Unit  Item   Cause  Before     Now  Amount
2024-01  2024-01  301   total         434.17  434.17    0.00' '' fee-explain --period 2024-01 --unit 301 --change 2024-01
}

# 101 grows from 80 to 100 m² of 420, and a unit of 20 m² comes
@test "the unit's own quantity and that of all are told apart" {
  write u.csv 'unit,building,entrance,floor,kind,area,lift,from\n101,A,1,1,flat,100,0,2024-03-01\n401,A,1,4,store,20,0,2024-03-01\n'
  fee-import -q units u.csv
  march
  # grounds: 450.00, by 400 m² and then 440: 450.00 x 20/400; 450.00 x 100 x (1/440 - 1/400). guard: 650.00 by 6 instead of 600.00 by 5
  gives 0 '[
{"period":"2024-03","against":"2024-02","unit":"101","item":"grounds","cause":"own","before":"80","now":"100","amount":"22.50"},
{"period":"2024-03","against":"2024-02","unit":"101","item":"grounds","cause":"denominator","before":"400","now":"440","amount":"-10.23"},
{"period":"2024-03","against":"2024-02","unit":"101","item":"grounds","cause":"correction","before":"10.00","now":"0.00","amount":"-10.00"},
{"period":"2024-03","against":"2024-02","unit":"101","item":"guard","cause":"cost","before":"600.00","now":"650.00","amount":"10.00"},
{"period":"2024-03","against":"2024-02","unit":"101","item":"guard","cause":"denominator","before":"5","now":"6","amount":"-21.67"},
{"period":"2024-03","against":"2024-02","unit":"101","item":"guard","cause":"rounding","before":null,"now":null,"amount":"0.01"},
{"period":"2024-03","against":"2024-02","unit":"101","item":"total","cause":null,"before":"220.00","now":"210.61","amount":"-9.39"}
]' '' fee-explain --period 2024-03 --unit 101 --change 2024-02 --format json
  # a unit that has no bill in one of the months
  gives 0 'period,against,unit,item,cause,before,now,amount
2024-03,2024-02,401,grounds,own,0,20,22.50
2024-03,2024-02,401,grounds,denominator,400,440,-2.05
2024-03,2024-02,401,grounds,rounding,,,0.01
2024-03,2024-02,401,guard,own,0,1,130.00
2024-03,2024-02,401,guard,denominator,5,6,-21.67
2024-03,2024-02,401,total,,0.00,128.79,128.79' '' fee-explain --period 2024-03 --unit 401 --change 2024-02 --format csv
}

@test "another driver or scope is policy, and nothing else of that item" {
  sed 's/^code=.*/&\nfrom=2024-03/; s/^driver=area$/driver=one/; s/^scope=kind=flat/&;floor>1/' "$small/policy.ini" >p.ini
  fee-import -q policy p.ini
  march
  gives 0 'period,against,unit,item,cause,before,now,amount
2024-03,2024-02,301,grounds,policy,112.50,90.00,-22.50
2024-03,2024-02,301,grounds,correction,12.50,0.00,-12.50
2024-03,2024-02,301,lifts,policy,187.50,166.66,-20.84
2024-03,2024-02,301,guard,cost,600.00,650.00,10.00
2024-03,2024-02,301,total,,432.50,386.66,-45.84' '' fee-explain --period 2024-03 --unit 301 --change 2024-02 --format csv
}

@test "a centre that shared nothing in one month is all cost" {
  fee-run -q --period 2024-03 --early
  gives 0 'period,against,unit,item,cause,before,now,amount
2024-03,2024-02,S1,grounds,cost,450.00,0.00,-45.00
2024-03,2024-02,S1,grounds,correction,5.00,0.00,-5.00
2024-03,2024-02,S1,guard,cost,600.00,100.00,-100.00
2024-03,2024-02,S1,total,,170.00,20.00,-150.00' '' fee-explain --period 2024-03 --unit S1 --change 2024-02 --format csv
}

# ---- --open

@test "what is open at the end of a month" {
  write a.csv 'asset,name,cost,residual,life,in_service,disposed,centre,opening\nA1,camera,1200.00,0,12,2024-02-10,,guard,\nA2,desk,900.00,90.00,27,2023-10-05,,,60.00\nA3,gone,500.00,0,10,2023-10-05,2024-03-15,,\nA4,later,500.00,0,10,2024-04-01,,,\n'
  write x.csv 'doc,line,date,category,amount,from,to,centre\nV30,,2024-04-05,water,90.00,2024-03-01,2024-05-31,guard\nV31,2,2024-03-05,insurance,-300.00,2023-12-01,2024-05-31,guard\nV32,,2024-05-01,other,80.00,2024-05-01,2024-05-31,guard\n'
  sed 's/^\[driver staff-time\]/[category depreciation]\ncentre=guard\n[category water]\ncentre=guard\n&/' "$small/policy.ini" >p.ini
  fee-import -q policy p.ini
  fee-import -q assets a.csv
  fee-import -q costs x.csv
  march
  # A2 goes on from 60.00 with 24 months left; V31 served 50.00 before the book; V32 is for later; A3 is gone, A4 is not there yet
  gives 0 'period,kind,source,target,amount,before,recognised,open
2024-03,prepaid,V31#2,guard,-300.00,-50.00,-150.00,-100.00
2024-03,prepaid,V4#1,guard,1200.00,0.00,300.00,900.00
2024-03,prepaid,total,,900.00,-50.00,150.00,800.00
2024-03,accrued,V30,guard,90.00,0.00,30.00,30.00
2024-03,accrued,total,,90.00,0.00,30.00,30.00
2024-03,asset,A1,guard,1200.00,0.00,100.00,1100.00
2024-03,asset,A2,depreciation,900.00,60.00,90.00,750.00
2024-03,asset,total,,2100.00,60.00,190.00,1850.00' '' fee-explain --period 2024-03 --open --format csv
  # months before did not know them, and stay as they were
  gives 0 'Period   Kind     Source  Target    Amount  Before the book  Recognised      Open
2024-02  prepaid  V4#1    guard   1,200.00             0.00      200.00  1,000.00
2024-02  prepaid  total           1,200.00             0.00      200.00  1,000.00
2024-02  accrued  total               0.00             0.00        0.00      0.00
2024-02  asset    total               0.00             0.00        0.00      0.00' '' fee-explain --period 2024-02 --open
  fee-run -q --period 2024-04 --early
  # its invoice is there now
  [ "$(fee-explain --period 2024-04 --open --format csv | grep V30)" = '2024-04,prepaid,V30,guard,90.00,0.00,60.00,30.00' ]
  write y.csv 'doc,date,category,amount,from,to,centre\nV30,2024-04-05,water,60.00,2024-03-01,2024-05-31,guard\n'
  fee-import -q --amend costs y.csv
  [ "$(fee-explain --period 2024-04 --open --format csv | grep V30)" = '2024-04,prepaid,V30,guard,90.00,0.00,60.00,30.00' ]
}

@test "tables for Excel have Chinese headings" {
  excel() { fee-explain --period 2024-02 --excel --lang zh_CN "$@" | tail -c +4; }
  excel --open | head -n 2 | diff - <(printf '%s\r\n' 期间,种类,来源,去向,金额,建账前,已确认,余额 '2024-02,prepaid,V4#1,guard,1200.00,0.00,200.00,1000.00')
  excel --doc V7 | head -n 1 | diff - <(printf '%s\r\n' 期间,所属期,凭证号,作业中心,房号,业主/使用人,金额)
  excel --unit 101 --change 2024-01 | head -n 1 | diff - <(printf '%s\r\n' 期间,对比期,房号,项目,原因,上期,本期,金额)
}

# ---- Usage

@test "what can't be explained says so" {
  refuses 65 'fee-explain: book.db: nothing of document "V1" was recognised in 2024-02' fee-explain --period 2024-02 --doc V1
  refuses 65 'fee-explain: book.db: unit "999" has no bill in 2024-02' fee-explain --period 2024-02 --unit 999 --change 2024-01
  refuses 65 'fee-explain: book.db: unit "999" has no bill in 2024-02' fee-explain --period 2024-02 --unit 999 --trace
  refuses 65 'fee-explain: book.db: 2023-12 is not posted' fee-explain --period 2024-02 --unit 101 --change 2023-12
  refuses 65 'fee-explain: book.db: 2024-03 is not posted' fee-explain --period 2024-03 --open
  refuses 64 'fee-explain: --change "x" is not a month (YYYY-MM)' fee-explain --period 2024-02 --unit 101 --change x
  refuses 64 'fee-explain: --change goes with --unit' fee-explain --period 2024-02 --change 2024-01
  one='fee-explain: --unit with --trace or --change, --doc, --open: one of them at a time'
  refuses 64 "$one" fee-explain --period 2024-02 --unit 101 --trace --change 2024-01
  refuses 64 "$one" fee-explain --period 2024-02 --unit 101 --doc V1
  refuses 64 "$one" fee-explain --period 2024-02 --unit 101 --open
  refuses 64 "$one" fee-explain --period 2024-02 --doc V1 --open
  refuses 64 'fee-explain: --period P is needed' fee-explain --doc V1
  refuses 64 'fee-explain: an option is not valid UTF-8' fee-explain --period 2024-02 --doc $'\377'
}
