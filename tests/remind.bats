#!/usr/bin/env bats
# SPDX-License-Identifier: LGPL-2.1-or-later
# The reminder list as whole commands: fee-remind, and fee-ledger --totals. What decides is in data/remind-cases.txt, line by line.

load small
bats_require_minimum_version 1.5.0

setup_file() { keep_book reminded_book; }

# Two months, receipts complete up to March, and something to hold
reminded_book() {
  posted_book
  printf 'receipt,date,unit,amount,party\nR4,2024-03-05,301,210.08,O3\n' >march.csv
  fee-import -q receipts --through 2024-03-15 march.csv
  printf 'hold,unit,party,kind,from,to,bill,plan,reason\nH1,301,O4,hardship,2024-03-01,,,,told us\nH2,201,T1,dispute,2024-02-25,,202401-0000003,,meter\nH3,S1,,legal,2024-03-01,2024-03-31,,,court\nH4,101,O1,instalments,2024-03-01,,,PL1,agreed\n' >holds.csv
  fee-import -q holds holds.csv
  printf 'plan,unit,party,due,amount\nPL1,101,O1,2024-04-10,220.00\n' >instalments.csv
  fee-import -q instalments instalments.csv
}

setup() { use_book; }

header=action,reason,step,unit,party,name,contact,oldest_due,days_overdue,overdue,held,balance,last_step,last_date,next_on,limitation,days_left
list='hold,instalments,,101,O1,Ann,a@example.org,2024-03-21,0,0.00,220.00,220.00,,,2024-04-20,2027-03-21,1096
remind,due,notice,201,O2,Bo,,2024-02-21,28,73.45,0.00,173.45,,,2024-03-20,2027-02-21,1068
remind,due,notice,201,T1,Cy,,2024-03-21,0,133.22,133.22,328.22,,,2024-03-20,2027-02-21,1068
remind,due,notice,301,O3,Di,,2024-03-21,0,0.00,0.00,6.05,,,2024-03-20,2027-03-21,1096
assist,hardship,,301,O4,Ed,,2024-02-21,28,224.09,650.54,650.54,,,,2027-02-21,1068
remind,due,notice,302,developer,,,2024-02-21,28,434.16,0.00,866.66,,,2024-03-20,2027-02-21,1068
hold,legal,,S1,O2,Bo,,2024-02-21,28,185.00,355.00,355.00,,,2024-04-01,2027-02-21,1068'

@test "the reminder list" {
  gives 0 "$header
$list" '' fee-remind --as-of 2024-03-20 --format csv
}

@test "the reminder list as text" {
  gives 0 'Action  Reason    Step    Unit  Party  Name  Contact  Oldest due  Days  Overdue    Held  Balance  Last step  On  Next on     Limitation  Days left
remind  due       notice  301   O3     Di             2024-03-21     0     0.00    0.00     6.05                 2024-03-20  2027-03-21       1096
assist  hardship          301   O4     Ed             2024-02-21    28   224.09  650.54   650.54                             2027-02-21       1068' '' \
    fee-remind --as-of 2024-03-20 --unit 301
}

@test "the reminder list in Chinese" {
  gives 0 '处理    原因      步骤    房号  业主/使用人  姓名  联系方式  最早到期日  逾期天数  逾期金额  暂缓金额    余额  上一步骤  日期  下次日期    时效届满日  剩余天数
remind  due       notice  301   O3           Di              2024-03-21         0      0.00      0.00    6.05                  2024-03-20  2027-03-21      1096
assist  hardship          301   O4           Ed              2024-02-21        28    224.09    650.54  650.54                              2027-02-21      1068' '' \
    fee-remind --as-of 2024-03-20 --unit 301 --lang zh_CN
}

@test "the reminder list as JSON" {
  gives 0 '[
{"action":"remind","reason":"due","step":"notice","unit":"301","party":"O3","name":"Di","contact":null,"oldest_due":"2024-03-21","days_overdue":0,"overdue":"0.00","held":"0.00","balance":"6.05","last_step":null,"last_date":null,"next_on":"2024-03-20","limitation":"2027-03-21","days_left":1096},
{"action":"assist","reason":"hardship","step":null,"unit":"301","party":"O4","name":"Ed","contact":null,"oldest_due":"2024-02-21","days_overdue":28,"overdue":"224.09","held":"650.54","balance":"650.54","last_step":null,"last_date":null,"next_on":null,"limitation":"2027-02-21","days_left":1068}
]' '' fee-remind --as-of 2024-03-20 --unit 301 --format json
}

@test "units may be named, more than one" {
  gives 0 "$header
$(grep -E ',(101|S1),' <<<"$list")" '' fee-remind --as-of 2024-03-20 --format csv --unit S1 --unit 101
}

@test "a list by old receipts is shown, with a warning and exit status 1" {
  gives 1 'action,reason,unit,party
hold,instalments,101,O1
skip,receipts-old,201,O2
skip,receipts-old,201,T1
skip,receipts-old,301,O3
assist,hardship,301,O4
skip,receipts-old,302,developer
hold,legal,S1,O2' 'fee-remind: receipts are complete up to 2024-03-15 only, 11 days ago (at most 10): nobody is reminded by this list' \
    short_list --as-of 2024-03-26
  rm book.db
  small_book
  fee-run -q --period 2024-01
  gives 1 "$header
skip,receipts-old,notice,101,O1,Ann,a@example.org,2024-02-21,0,0.00,0.00,240.00,,,,2027-02-21,1096" \
    'fee-remind: no receipts are imported: nobody is reminded by this list' fee-remind --as-of 2024-02-21 --unit 101 --format csv
}

# Four columns of the list
short_list() {
  local status=0
  fee-remind --format csv "$@" >.list || status=$?
  cut -d, -f1,2,4,5 .list
  return $status
}

@test "the policy's minimum, and its own ladder" {
  cp "$small/policy.ini" p.ini
  printf '[reminders]\nminimum=200.00\n[reminder sms]\ntype=notice\nafter=-40\n' >>p.ini
  sed 's/^currency=CNY/currency=CNY\nfrom=2024-03/' p.ini >q.ini
  fee-import -q policy q.ini
  fee-remind --as-of 2024-03-20 --format csv | cut -d, -f1-5 | diff - <(printf '%s\n' action,reason,step,unit,party \
    hold,instalments,,101,O1 skip,minimum,sms,201,O2 skip,minimum,sms,201,T1 skip,minimum,sms,301,O3 assist,hardship,,301,O4 \
    remind,due,sms,302,developer hold,legal,,S1,O2)
}

@test "steps that were recorded are not due again on that day, and the next waits" {
  gives 0 "$header
$(grep ^remind <<<"$list" | grep 201,)" 'fee-remind: 2 steps recorded as taken on 2024-03-20 (batch 11)' \
    fee-remind --as-of 2024-03-20 --record --channel bill --unit 201 --format csv
  [ "$(fee-import --extract 11)" = 'notice,date,unit,party,step,channel,result,proof,approved_by
2024-03-20:notice:201:O2,2024-03-20,201,O2,notice,bill,delivered,,
2024-03-20:notice:201:T1,2024-03-20,201,T1,notice,bill,delivered,,' ]
  [ "$(batches | tail -n 1)" = '11,notices,notices-2024-03-20.csv,2,2,0,tester,' ]
  fee-remind --as-of 2024-03-20 --unit 201 --format csv | cut -d, -f1-3,5,13- | diff - <(printf '%s\n' \
    action,reason,step,party,last_step,last_date,next_on,limitation,days_left \
    skip,recorded,friendly,O2,notice,2024-03-20,2024-03-21,2027-02-21,1068 \
    skip,recorded,friendly,T1,notice,2024-03-20,2024-03-28,2027-02-21,1068)
  gives 0 "$header
$(grep ^hold <<<"$list" | grep S1)" 'fee-remind: no step is due: nothing to record' \
    fee-remind --as-of 2024-03-20 --record --unit S1 --format csv
  run -0 --separate-stderr fee-remind --as-of 2024-03-20 --record --unit 201 --format csv
  [ "$stderr" = 'fee-remind: no step is due: nothing to record' ]
  # the others are due still, and the next day the next step of one
  [ "$(fee-remind --as-of 2024-03-20 --format csv | grep -c ^remind)" = 2 ]
  [ "$(fee-remind --as-of 2024-03-21 --unit 201 --format csv | grep -o ^remind,due,friendly,201,O2)" = remind,due,friendly,201,O2 ]
}

@test "steps are recorded when their list is written, and not where it can't be" {
  last=$(batches | tail -n 1)
  refuses 74 'fee-remind: standard output: No space left on device' bash -c 'fee-remind --as-of 2024-03-20 --record --unit 201 >/dev/full'
  refuses 74 'fee-remind: /dev/full: No space left on device' fee-remind --as-of 2024-03-20 --record --unit 201 --output /dev/full
  [ "$(batches | tail -n 1)" = "$last" ]
  # a reader of a pipe may let it wait, so the book is let go before
  { fee-remind --as-of 2024-03-20 --record --unit 201 2>&3 || echo $? >status; } 3>said | true
  grep -q 'recorded as taken' said
  [ "$(batches | tail -n 1)" != "$last" ]
}

@test "a long list is written once" {
  new_book
  { echo unit,area && seq -f '%.0f,80' 10000 16999; } >u.csv
  { echo unit,role,party,name,from && seq -f '%.0f,owner,,A name that fills a list a little and makes it long enough,2020-01-01' 10000 16999; } >p.csv
  printf 'doc,date,category,amount,centre\nV1,2024-01-31,other,70000.00,grounds\n' >c.csv
  printf 'receipt,date,unit,amount\n' >r.csv
  fee-import -q units u.csv
  fee-import -q parties p.csv
  fee-import -q quantities "$small/quantities.csv"
  fee-import -q costs c.csv
  fee-run -q --period 2024-01 >/dev/null
  fee-import -q receipts --through 2024-03-15 r.csv
  fee-remind -q --as-of 2024-03-20 --format csv --output list.csv
  [ "$(stat -c %s list.csv)" -gt 1048576 ] # more than is held in memory
  [ "$(wc -l <list.csv)" -eq 7001 ]
  fee-remind -q --as-of 2024-03-20 --format csv >plain.csv
  cmp list.csv plain.csv
  fee-remind -q --as-of 2024-03-20 --format csv | cmp list.csv
  fee-remind -q --as-of 2024-03-20 --format csv --record >recorded.csv
  cmp list.csv recorded.csv
}

@test "what came back undelivered is due again" {
  fee-remind -q --as-of 2024-03-20 --record --unit 302 --format csv
  printf 'notice,date,unit,party,step,result\n2024-03-20:notice:302:developer,2024-03-20,302,developer,notice,failed\n' >back.csv
  fee-import -q --amend notices back.csv
  fee-remind --as-of 2024-03-20 --unit 302 --format csv | tail -n 1 | diff - <(grep developer <<<"$list")
}

@test "a demand with proof starts the limitation anew, one without does not; it names who approved it" {
  printf 'notice,date,unit,party,step,result\nV1,2024-04-01,302,developer,visit,delivered\n' >n.csv
  fee-import -q notices n.csv
  printf 'receipt,date,unit,amount\nR9,2024-05-01,101,0.01\n' >r.csv
  fee-import -q receipts r.csv
  cp book.db before.db
  [ "$(fee-remind --as-of 2024-05-02 --unit 302 --format csv | tail -n 1 | cut -d, -f1-3)" = skip,approval,demand ]
  demand() { fee-remind -q --as-of 2024-05-02 --unit 302 --approved-by Li --record "$@" --format csv | tail -n 1 | cut -d, -f1-3; }
  [ "$(demand --channel registered --proof XA1)" = remind,due,demand ]
  [[ $(fee-import --extract "$(batches | tail -n 1 | cut -d, -f1)") == *'2024-05-02,302,developer,demand,registered,delivered,XA1,Li' ]]
  [ "$(fee-remind --as-of 2024-05-02 --unit 302 --format csv | tail -n 1 | cut -d, -f1-3,15-)" = skip,recorded,mediation,2024-05-17,2027-05-02,1095 ]
  cp before.db book.db
  [ "$(demand)" = remind,due,demand ]
  [ "$(fee-remind --as-of 2024-05-02 --unit 302 --format csv | tail -n 1 | cut -d, -f1-3,15-)" = skip,recorded,mediation,2024-05-17,2027-02-21,1025 ]
}

@test "a receipt of the due day that comes later takes the party off the list" {
  printf 'receipt,date,unit,amount,party\nR5,2024-02-21,302,434.16,developer\n' >late.csv
  fee-import -q receipts late.csv
  [ "$(fee-remind --as-of 2024-03-20 --unit 302 --format csv | tail -n 1 | cut -d, -f1-12)" = remind,due,notice,302,developer,,,2024-03-21,0,0.00,0.00,432.50 ]
}

@test "totals by month" {
  gives 0 'period,billed,received,outstanding,rate
2024-01,1600.00,550.08,1049.92,34.38
2024-02,1550.00,0.00,1550.00,0.00
other,0.00,0.00,0.00,
credit,,,-50.00,' '' fee-ledger --totals --as-of 2024-03-20 --format csv
  gives 0 'Period     Billed  Received  Outstanding  Rate %
2024-01  1,600.00      0.00     1,600.00    0.00
other        0.00      0.00         0.00
credit                              0.00' '' fee-ledger --totals --as-of 2024-02-01
}

@test "totals with adjustments, refunds and reversals" {
  printf 'adjustment,date,unit,party,kind,amount,due,bill,reason,approved_by\nJ1,2024-02-20,S1,O2,charge,5.50,2024-03-05,,card,\nJ2,2024-03-02,S1,O2,waiver,-15.00,,202402-0000007,noise,B\n' >j.csv
  printf 'receipt,date,unit,amount,party,bill,reverses\nR10,2024-03-06,S1,-1.00,,,\nR11,2024-03-07,301,-210.08,O3,,R4\n' >r.csv
  fee-import -q adjustments j.csv
  fee-import -q receipts r.csv
  gives 0 'period,billed,received,outstanding,rate
2024-01,1600.00,340.00,1260.00,21.25
2024-02,1550.00,15.00,1535.00,0.97
other,6.50,0.00,6.50,
credit,,,-50.00,' '' fee-ledger --totals --as-of 2024-03-20 --format csv
}

@test "wrong usage of the list says so" {
  refuses 65 'fee-remind: book.db: unit "999" is not in the book' fee-remind --as-of 2024-03-20 --unit 101 --unit 999
  refuses 65 'fee-remind: book.db: unit "../../x" is not in the book' fee-remind --as-of 2024-03-20 --unit ../../x
  refuses 64 'fee-remind: --as-of "2024-02-30" is not a day (YYYY-MM-DD)' fee-remind --as-of 2024-02-30
  refuses 64 'fee-remind: --channel and --proof go with --record' fee-remind --channel post
  refuses 64 'fee-remind: an option is not valid UTF-8' fee-remind --record --channel $'\xff'
  refuses 64 'fee-remind: an option is not valid UTF-8' fee-remind --unit $'\xff'
  refuses 64 'fee-remind: too many arguments: "201"; --help says more' fee-remind 201
  refuses 64 'fee-ledger: --totals is of the whole book: it goes with neither --balances nor --unit' fee-ledger --totals --unit 101
  refuses 64 'fee-ledger: --totals is of the whole book: it goes with neither --balances nor --unit' fee-ledger --totals --balances
}
