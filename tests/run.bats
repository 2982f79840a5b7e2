#!/usr/bin/env bats
# SPDX-License-Identifier: LGPL-2.1-or-later
# fee-run and fee: a month is posted once, whole or not at all; what stops it is said (interface.md section 2, rules.md sections 5 to 8).

load small
bats_require_minimum_version 1.5.0

setup_file() { keep_book small_book; }
setup() { use_book; }

january=45bc4dd30aec29cbcc3208c536a17d889d8ed8255b0e4380ba40569137703e2a # the digest of data/small's first month
head=period,run,state,recognised,prior,lines,bills,total,differences,runs,digest
posted="2024-01,1,posted,1600.00,0.00,18,7,1600.00,0,1,$january"

# The book again with a policy changed by a sed script
with_policy() {
  sed "$1" "$small/policy.ini" >p.ini
  small_book p.ini
}

# A file of that kind into the book: kind, rows as printf has them, option...
take() {
  write x.csv "$2"
  fee-import -q "$1" x.csv "${@:3}"
}

runs() { fee-run --list --format csv | tail -n +2 | cut -d, -f1-7,9,10; }

# The run of that month stops with that status and these lines, and posts nothing: period, status, lines
stops() {
  refuses "$2" "$3" fee-run --period "$1"
}

# ---- What a run says

@test "a month is posted, and its head and seal are said" {
  run --separate-stderr fee-run --period 2024-01 --format csv
  [ "$status" -eq 0 ]
  [ "$output" = "$head
$posted" ]
  [[ "$stderr" =~ ^"fee-run: head 1:$january, seal 6:"[0-9a-f]{64}$ ]]
}

@test "the same book gives the same digest, in any zone, language, umask and folder" {
  for setting in TZ=Asia/Shanghai TZ=America/St_Johns LC_ALL=C LC_ALL=zh_CN.UTF-8 LANGUAGE=zh_CN FEE_USER=other; do
    cp book.db again.db
    [ "$(env "$setting" fee-run -q --book again.db --period 2024-01 --format csv)" = "$head
$posted" ]
  done
  cp book.db again.db
  [ "$(umask 077; cd /; fee-run -q --book "$OLDPWD/again.db" --period 2024-01 --format csv)" = "$head
$posted" ]
  cp book.db again.db
  env -i "$(command -v fee-run)" -q --book again.db --period 2024-01 --by x >out.csv
  [ "$(fee-run --book again.db --list --format csv | tail -n 1 | cut -d, -f10)" = $january ]
}

@test "the order of rows in files changes nothing" {
  new_book
  for file in units parties quantities costs-2024-01; do
    { head -n 1 "$small/$file.csv"; tail -n +2 "$small/$file.csv" | tac; } >$file.csv
    fee-import -q ${file%-2024-01} $file.csv
  done
  [ "$(fee-run -q --period 2024-01 --format csv | tail -n 1)" = "$posted" ]
}

@test "a month as JSON" {
  gives 0 "[
{\"period\":\"2024-01\",\"run\":1,\"state\":\"posted\",\"recognised\":\"1600.00\",\"prior\":\"0.00\",\"lines\":18,\"bills\":7,\"total\":\"1600.00\",\"differences\":0,\"runs\":1,\"digest\":\"$january\"}
]" '' fee-run --quiet --period 2024-01 --format json
}

@test "a month as text" {
  gives 0 "Period   Run  State   Recognised  Of earlier months  Lines  Bills    Billed  Differences  Runs  Digest
2024-01    1  posted    1,600.00               0.00     18      7  1,600.00            0     1  $january" '' fee-run --quiet --period 2024-01 --format text
}

@test "for cron: nothing to say when all is well" {
  gives 0 '' '' fee-run --quiet --period 2024-01
  gives 0 '' '' fee-run --quiet --period 2024-01
}

@test "a month already posted changes nothing" {
  fee-run -q --period 2024-01
  before=$(sha256sum book.db)
  gives 0 "$head
2024-01,1,already-posted,1600.00,0.00,18,7,1600.00,0,1,$january" 'fee-run: 2024-01: already posted' fee-run --period 2024-01 --format csv
  gives 0 "$head
2024-01,1,already-posted,1600.00,0.00,18,7,1600.00,0,1,$january" '' fee-run --quiet --dry-run --period 2024-01 --format csv
  [ "$(sha256sum book.db)" = "$before" ]
}

@test "a dry run posts nothing" {
  before=$(sha256sum book.db)
  gives 0 "$head
2024-01,,dry-run,1600.00,0.00,18,7,1600.00,0,0,$january" '' fee-run --dry-run --period 2024-01 --format csv
  [ "$(sha256sum book.db)" = "$before" ]
}

@test "a run posts what is expected" {
  [ "$(fee-run -q --period 2024-01 --expect $january --format csv | tail -n 1)" = "$posted" ]
}

@test "a run does not post what is not expected" {
  refuses 65 "fee-run: the digest is $january, not the one expected; nothing is posted" fee-run --period 2024-01 --expect "${january/4/5}"
  refuses 65 "fee-run: the digest is $january, not the one expected; nothing is posted" fee-run --period 2024-01 --expect ''
}

@test "a file after the dry run changes the digest, so that nothing is posted" {
  take costs 'doc,date,category,amount\nV9,2024-01-31,personnel,0.01\n'
  run ! fee-run -q --period 2024-01 --expect $january
  [ -z "$(runs)" ]
}

@test "runs are listed" {
  fee-run -q --by clerk --period 2024-01
  fee-import -q costs "$small/costs-2024-02.csv"
  fee-run -q --period 2024-02
  [ "$(fee-run --list --format csv | head -n 1)" = run,period,kind,recognised,total,bills,batches,made_at,made_by,digest ]
  second=78b73abacd7d3ee6758c63c8aacb64cc6728e7b9330e0b71638845e4beaf9e58
  [ "$(runs)" = "1,2024-01,run,1600.00,1600.00,7,5,clerk,$january
2,2024-02,run,1550.00,1550.00,7,6,tester,$second" ]
}

# ---- Which months

@test "a gap is refused" { refuses 65 "fee-run: 2024-02 can't be billed before 2024-01 is; --catch-up bills every month that is missing" fee-run --period 2024-02; }
@test "a month before the book is refused" { refuses 65 'fee-run: 2023-12 is before this book, which begins in 2024-01' fee-run --period 2023-12; }
@test "a month that is a path is refused" { refuses 64 'fee-run: --period "2026-1/../x" is not a month (YYYY-MM)' fee-run --period 2026-1/../x; }
@test "a 13th month is refused" { refuses 64 'fee-run: --period "2024-13" is not a month (YYYY-MM)' fee-run --period 2024-13; }
@test "an empty month is refused" { refuses 64 'fee-run: --period "" is not a month (YYYY-MM)' fee-run --period ''; }

@test "missing months are caught up" {
  gives 0 "$head
$posted
2024-02,2,posted,100.00,0.00,5,5,100.00,0,2,$(cp book.db again.db; fee-run -q --book again.db --period 2024-01; fee-run -q --book again.db --period 2024-02 --format csv | tail -n 1 | cut -d, -f11)" \
    '' fee-run --quiet --period 2024-02 --catch-up --format csv
}

@test "a dry run shows the first month that is missing only" {
  gives 0 "$head
2024-01,,dry-run,1600.00,0.00,18,7,1600.00,0,0,$january" 'fee-run: a dry run shows the first month only: the next ones need it posted' \
    fee-run --dry-run --period 2024-02 --catch-up --format csv
}

@test "months before one that stops are posted, and said" {
  fee-import -q costs "$small/costs-2024-02.csv"
  take costs 'doc,date,category,amount\nV9,2024-03-31,electricity,5\n'
  run --separate-stderr fee-run --quiet --period 2024-04 --catch-up --format csv
  [ "$status" -eq 65 ]
  [ "$stderr" = 'fee-run: 2024-03: pool electricity cannot be shared: the quantities of driver power add up to 0' ]
  [ "${#lines[@]}" -eq 3 ]
  [ "$(runs | cut -d, -f1-2)" = '1,2024-01
2,2024-02' ]
}

@test "a month that is not over is refused" {
  sed 's/^start=.*/start=2099-01/; /^total=/d' "$small/policy.ini" >p.ini
  new_book p.ini
  refuses 65 'fee-run: 2099-01 is not over; --early bills it all the same' fee-run --period 2099-01
  refuses 65 'fee-run: 2099-01 is not over; --early bills it all the same' fee-run --dry-run --period 2099-01
  gives 0 '' '' fee-run --quiet --early --period 2099-01
  [ "$(runs | cut -d, -f1-6)" = 1,2099-01,run,0.00,0.00,0 ]
}

@test "a month that is not over is refused before those that are missing are posted" {
  refuses 65 'fee-run: 2099-01 is not over; --early bills it all the same' fee-run --period 2099-01 --catch-up
}

@test "a month billed in advance need not be over" {
  sed 's/^start=.*/start=2099-01/; /^total=/d; s/^issue=.*/issue=before/' "$small/policy.ini" >p.ini
  new_book p.ini
  gives 0 '' '' fee-run --quiet --period 2099-01
}

@test "without --period every month that has ended is billed" {
  last=$(date -d "$(date +%Y-%m-15) -1 month" +%Y-%m)
  before=$(date -d "$(date +%Y-%m-15) -2 month" +%Y-%m)
  sed "s/^start=.*/start=$before/; /^total=/d" "$small/policy.ini" >p.ini
  new_book p.ini
  gives 0 '' '' fee-run --quiet
  [ "$(runs | cut -d, -f1-2)" = "1,$before
2,$last" ]
  gives 0 "$head" 'fee-run: every month that has ended is posted' fee-run --format csv
  gives 0 '' '' fee-run --quiet
}

@test "without --period a book of the future has nothing to bill" {
  sed 's/^start=.*/start=2099-01/; /^total=/d' "$small/policy.ini" >p.ini
  new_book p.ini
  gives 0 '' '' fee-run --quiet
  [ -z "$(runs)" ]
}

# ---- Days, and other months

@test "a late run may be issued later" {
  refuses 65 'fee-run: bills of this month are issued on 2024-02-01 at the earliest' fee-run --period 2024-01 --issue-date 2024-01-31
  gives 0 '' '' fee-run --quiet --period 2024-01 --issue-date 2024-02-05
  [ "$(fee-ledger --format csv --unit 101 | tail -n 1)" = 2024-02-05,bill,202401-0000001,101,O1,2024-02-25,240.00,240.00, ]
  [ "$(fee-run --list --format csv | tail -n 1 | cut -d, -f10)" != $january ]
}

@test "an issue day must be a day" { refuses 64 'fee-run: --issue-date "2024-02-30" is not a day (YYYY-MM-DD)' fee-run --period 2024-01 --issue-date 2024-02-30; }

@test "a month beside another" {
  fee-run -q --period 2024-01
  fee-import -q costs "$small/costs-2024-02.csv"
  rows='unit,party,before,now,difference,percent
101,O1,240.00,220.00,-20.00,-8.33
201,O2,173.45,100.00,-73.45,-42.35
201,T1,133.22,195.00,61.78,46.37
301,O3,210.08,6.05,-204.03,-97.12
301,O4,224.09,426.45,202.36,90.3
302,developer,434.16,432.50,-1.66,-0.38
S1,O2,185.00,170.00,-15.00,-8.11'
  gives 0 "$rows" '' fee-run --quiet --dry-run --period 2024-02 --against 2024-01 --format csv
  [ "$(runs | wc -l)" -eq 1 ]
  gives 0 "$rows" '' fee-run --quiet --period 2024-02 --against 2024-01 --format csv
  gives 0 "$rows" '' fee-run --quiet --period 2024-02 --against 2024-01 --format csv
}

@test "beside a month that is not posted nothing is posted" {
  refuses 65 'fee-run: book.db: 2024-09 is not posted' fee-run --period 2024-01 --against 2024-09
}

@test "a month with nothing to recognise is posted with no lines" {
  sed '/^total=/d' "$small/policy.ini" >p.ini
  new_book p.ini
  run fee-run -q --period 2024-01 --format csv
  [[ "${lines[1]}" == 2024-01,1,posted,0.00,0.00,0,0,0.00,0,1,* ]]
}

@test "what was left out of a scope is said" {
  with_policy 's/^driver=one/driver=trips\nscope=kind=flat/; s/^\[driver desk-work\]/[driver trips]\nkind=flow\n&/'
  take quantities 'driver,target,quantity,from,to\ntrips,101,1,2024-01-01,2024-01-31\ntrips,S1,7.5,2024-01-01,2024-01-31\n'
  run --separate-stderr fee-run --dry-run --period 2024-01 --format csv
  [ "$status" -eq 0 ]
  [ "$stderr" = 'fee-run: 2024-01: centre guard: a quantity of 7.5 of driver trips belongs to units outside its scope and was not used' ]
}

@test "a posted month that later files may have changed is counted and named" {
  fee-run -q --period 2024-01
  take units 'unit,area\n101,90\n' --amend
  run --separate-stderr fee-run --dry-run --period 2024-02 --format csv
  [ "$status" -eq 0 ]
  [ "$stderr" = 'fee-run: files imported since may have changed posted months: 2024-01' ]
  [ "$(cut -d, -f9 <<<"${lines[1]}")" = 1 ]
}

# ---- What stops a run: the list of causes, nothing posted

@test "a pool that nobody takes stops the run" {
  take units 'unit,lift\n201,0\n301,0\n302,0\n' --amend
  stops 2024-01 65 'fee-run: 2024-01: pool lifts cannot be shared: the quantities of driver area*lift add up to 0'
}

@test "a scope that no unit meets stops the run where there is money to share" {
  with_policy 's/^scope=.*/scope=kind=villa/'
  stops 2024-01 65 'fee-run: 2024-01: pool lifts cannot be shared: the quantities of driver area*lift add up to 0'
}

@test "categories without a driver or a centre stop the run" {
  take costs 'doc,date,category,amount\nX1,2024-01-31,cleaning,5\nX2,2024-01-31,other,5\n'
  stops 2024-01 78 'fee-run: 2024-01: category cleaning has money, but the policy gives it neither a driver nor a centre
fee-run: 2024-01: category other has money, but the policy gives it neither a driver nor a centre'
}

@test "a centre without a driver stops the run" {
  with_policy '/^driver=one/d'
  stops 2024-01 78 'fee-run: 2024-01: centre guard has money, but the policy gives it no driver'
}

@test "attributes that are missing or negative stop the run" {
  take units 'unit,lift,area\n201,,-5\n301,,100\n302,x,100\n' --amend
  stops 2024-01 65 'fee-run: 2024-01: centre grounds: unit 201 has a negative quantity for driver area
fee-run: 2024-01: centre lifts: unit 201 has a negative quantity for driver area*lift
fee-run: 2024-01: centre lifts: unit 301 has no number for driver area*lift
fee-run: 2024-01: centre lifts: unit 302 has no number for driver area*lift'
}

@test "up to 20 causes are listed, then how many more" {
  { echo unit,kind,area,lift; for ((i = 100; i < 125; i++)); do echo "Z$i,flat,,1"; done; } >x.csv
  fee-import -q units x.csv
  run fee-run --period 2024-01
  [ "$status" -eq 65 ]
  [ "${#lines[@]}" -eq 21 ]
  [ "${lines[0]}" = 'fee-run: 2024-01: centre grounds: unit Z100 has no number for driver area' ]
  [ "${lines[20]}" = 'fee-run: ... and 30 more' ]
  [ -z "$(runs)" ]
}

@test "days without an owner stop the run where nobody has the unsold units" {
  with_policy '/^unsold=/d'
  stops 2024-01 65 'fee-run: unit 302 has no owner on 2024-01-01..2024-01-31, and the policy names no unsold party'
  take parties 'unit,role,party,name,from,to\n302,owner,O7,Flo,2024-01-05,2024-01-20\n302,owner,O8,Gus,2024-01-25,\n'
  stops 2024-01 65 'fee-run: unit 302 has no owner on 2024-01-01..2024-01-04, 2024-01-21..2024-01-24, and the policy names no unsold party'
}

@test "a cost that is expected stops the run until it is there" {
  with_policy 's/^due_days=.*/&\nexpect=electricity;security/'
  stops 2024-01 65 'fee-run: 2024-01: there is no cost of category security yet, which the policy expects every month'
  take costs 'doc,date,category,amount,centre\nX1,2024-01-31,security,5,guard\n'
  gives 0 '' '' fee-run --quiet --period 2024-01
}

@test "quantities that do not add up stop the run" {
  take quantities 'driver,target,quantity,from,to\nstaff-time,guard,24,2024-01-10,2024-01-12\nstaff-time,guard,25,2024-01-13,\n'
  run fee-run --period 2024-01
  [ "$status" -eq 65 ]
  [[ "${lines[0]}" == 'fee-run: driver staff-time: its quantities add up to 99 on 2024-01-10'*', not to 100' ]]
  [ -z "$(runs)" ]
}

@test "quantities that were there the month before stop the run until they are there" {
  with_policy 's/^unit=kWh/&\ncomplete=yes/'
  fee-run -q --period 2024-01
  fee-run -q --period 2024-02
  stops 2024-03 65 'fee-run: 2024-03: driver power has no quantity for guard, which had one in the month before
fee-run: 2024-03: driver power has no quantity for lifts, which had one in the month before'
  take quantities 'driver,target,quantity,from,to\npower,guard,0,2024-03-01,2024-03-31\npower,lifts,0,2024-03-01,2024-03-31\n'
  gives 0 '' '' fee-run --quiet --period 2024-03
}

@test "support centres that serve only each other stop the run" {
  with_policy 's/^\[centre lifts\]/[centre store]\nkind=support\ndriver=store-work\n&/'
  take quantities 'driver,target,quantity\nstore-work,desk,1\n'
  take quantities 'driver,target,quantity\ndesk-work,grounds,0\ndesk-work,lifts,0\ndesk-work,guard,0\ndesk-work,store,1\n' --amend
  stops 2024-01 65 'fee-run: 2024-01: these support centres serve only each other: desk, store'
}

@test "a month may run once its cause is gone" {
  take units 'unit,lift\n301,\n' --amend
  stops 2024-01 65 'fee-run: 2024-01: centre lifts: unit 301 has no number for driver area*lift'
  take units 'unit,lift\n301,1\n' --amend
  [ "$(fee-run -q --period 2024-01 --format csv | tail -n 1)" = "$posted" ]
}

# ---- Usage

@test "wrong usage says so" {
  refuses 64 'fee-run: --catch-up goes with --period' fee-run --catch-up
  refuses 64 'fee-run: --against goes with --period, for one month' fee-run --against 2024-01
  refuses 64 'fee-run: --expect goes with --period, for one month' fee-run --expect x
  refuses 64 'fee-run: --expect goes with --period, for one month' fee-run --period 2024-02 --catch-up --expect x
  refuses 64 'fee-run: too many arguments: "2024-01"; --help says more' fee-run 2024-01
  refuses 64 'fee-run: --format xml: text, csv or json' fee-run --format xml
  refuses 64 'fee-run: --excel goes with --format csv' fee-run --excel --format json
  refuses 64 'fee-run: --lang fr: en or zh_CN' fee-run --lang fr
  refuses 64 'fee-run: Unknown option --periode' fee-run --periode 2024-01
  refuses 74 'fee-run: none.db: there is no book here; fee-init makes one' fee-run --book none.db
  refuses 65 'fee-run: book.db: the book is "SM", not "HY"' fee-run --expect-book HY --period 2024-01
}

# ---- fee

tools='init       create a book with a policy
import     read files of one kind into the book
run        bill a month
explain    explain how the amounts of a month came about
statement  print the bills of a month
ledger     print the fee ledger and balances
remind     list whom to remind of what is overdue, and whom not
disclose   print the public disclosure of a month, quarter or year
audit      check a book, run a month again, bundle a month, copy the book
each       run a tool on several books: fee each BOOK... -- TOOL ...'

@test "fee alone lists the tools" { gives 0 "$tools" '' fee; }
@test "fee --help lists the tools" { gives 0 "$tools" '' fee --help; }
@test "every tool has help and a version" {
  version=$(fee --version)
  [[ "$version" == 'fee '[0-9]* ]]
  for tool in init import run explain statement ledger; do
    gives 0 "fee-$tool ${version#fee }" '' fee $tool --version
    fee $tool --help | grep -q -- '--book=FILE'
  done
}
@test "fee runs a tool" { gives 0 "$head
$posted" '' fee run -q --period 2024-01 --format csv; }
@test "fee gives a tool's status back" { refuses 64 'fee-run: --period "x" is not a month (YYYY-MM)' fee run --period x; }
@test "fee does not run what is no tool" {
  refuses 64 'fee: there is no tool "runn"; fee alone lists them' fee runn
  refuses 64 'fee: there is no tool "../../bin/ls"; fee alone lists them' fee ../../bin/ls
  refuses 64 'fee: there is no tool "--nonsense"; fee alone lists them' fee --nonsense
}

@test "fee each runs a tool on several books, and exits with the worst status" {
  cp book.db other.db
  gives 0 "$head
$posted
$head
$posted" 'book.db: exit status 0
other.db: exit status 0' fee each book.db other.db -- run -q --period 2024-01 --format csv
  gives 74 '' 'book.db: exit status 0
fee-run: none.db: there is no book here; fee-init makes one
none.db: exit status 74
other.db: exit status 0' fee each book.db none.db other.db -- run -q --period 2024-01
}

@test "fee each says how it is used" {
  for words in '' book.db '-- run' 'book.db --'; do
    # shellcheck disable=SC2086
    refuses 64 'fee: write fee each BOOK... -- TOOL ...' fee each $words
  done
  refuses 64 'fee: there is no tool "runn"; fee alone lists them' fee each book.db -- runn
}
