#!/usr/bin/env bats
# SPDX-License-Identifier: LGPL-2.1-or-later
# fee-remind --letters: what is in the letters of a small book, for whom they are, and what is refused (fee-letter(5)).

load small
bats_require_minimum_version 1.5.0

setup_file() { keep_book letters_book; }

setup() { use_book; }

expected=$small/expected/letters
day=2024-05-10
threat='the law does not let anyone press for payment by threats, by cutting water, power, heat or gas, by closing lifts, gates or parking, or by publishing names'
names='a form is called STEP.LANG.txt, TYPE.LANG.txt or assist.LANG.txt: STEP as in the policy, but not an internal one, TYPE notice, letter, visit or demand, LANG en or zh_CN'

letters() { fee-remind --as-of $day --approved-by 'Manager Sun' --letters letters -q "$@" >list.txt; }

# A form in the folder forms: file, text
form() {
  mkdir -p forms
  write "forms/$1" "$2"
}

# A form that is refused: file, text, message after its name
bad_form() {
  form "$1" "$2"
  refuses 78 "fee-remind: forms/$1$3" fee-remind --as-of $day --letters letters --forms forms
  [ ! -e letters ]
}

@test "letters of every step, of help, and of nobody else, to the byte" {
  letters
  diff -r "$expected" letters
  [ "$(cut -c 1-15 list.txt | tail -n +2)" = "$(fee-remind --as-of $day --approved-by 'Manager Sun' | cut -c 1-15 | tail -n +2)" ]
}

@test "the number of letters and their folder are said" {
  fee-remind --as-of $day --letters letters --unit 101 2>said >list.txt
  [ "$(cat said)" = 'fee-remind: 1 letter in letters' ]
  fee-remind --as-of $day --letters letters --approved-by S 2>said >list.txt
  [ "$(cat said)" = 'fee-remind: 7 letters in letters' ]
}

@test "letters are for their reader only: folder 0700, files 0600, whatever the umask" {
  (umask 000; letters)
  [ "$(stat -c %a letters)" = 700 ]
  [ "$(stat -c %a letters/* | sort -u)" = 600 ]
}

@test "a unit's id never becomes a path, nor does a name reach the terminal" {
  mkdir -p deep/er
  cd deep/er
  FEE_BOOK=../../book.db letters --unit ../../x
  [ "$(ls -A letters)" = R20240510-0001.txt ]
  [ "$(cd ../..; find . -type f | sort)" = "$(printf './book.db\n./deep/er/letters/R20240510-0001.txt\n./deep/er/list.txt')" ]
  ! grep -q "$(printf '\033')" letters/*
  grep -qxF 'Unit ../../x   Payer \x1b* (owner)' letters/*
}

@test "letters of a unit have the numbers of the whole list" {
  letters --unit 201
  [ "$(ls letters | tr '\n' ' ')" = 'R20240510-0003.txt R20240510-0004.txt ' ]
  diff letters/R20240510-0003.txt "$expected/R20240510-0003.txt"
}

@test "with --lang a letter is in that language only" {
  letters --unit 101 --lang en
  diff <(sed '1,/^---/d' "$expected/R20240510-0002.txt" | tail -n +2) letters/R20240510-0002.txt
  letters --unit 101 --lang zh_CN
  diff <(sed '/^---/,$d' "$expected/R20240510-0002.txt" | head -n -1) letters/R20240510-0002.txt
}

@test "the language of letters is not that of messages" {
  LC_ALL=zh_CN.UTF-8 LANGUAGE=zh_CN letters
  diff -r "$expected" letters
}

@test "a letter explains every line as the statement does, from the second step on" {
  letters --lang en
  fee-statement --period 2024-02 --unit 301 --lang en | sed -n '/^Borne\|^Service/,/^Sum of the month/p' | sed 1,/^Sum/d >lines.txt
  [ -s lines.txt ]
  [ "$(grep -cFf lines.txt letters/R20240510-0006.txt)" -ge "$(wc -l <lines.txt)" ]
  ! grep -q 'Whole estate' letters/R20240510-000[127].txt
  grep -q 'Whole estate' letters/R20240510-000[346].txt
}

@test "late costs are explained with their documents" {
  letters --lang en --unit 201
  grep -qxF 'Late costs of 2024-01: Greening (1/1-1/31, invoice of 2/10)' letters/R20240510-0003.txt
}

@test "the demand says so, by whom it was approved and what its period is; without approval there is none" {
  letters --lang en
  grep -qxF 'Approved by: Manager Sun' letters/R20240510-0006.txt
  grep -qF 'within 15 days of receiving this letter' letters/R20240510-0006.txt
  ! grep -rqi 'demand\|approved' letters --exclude=R20240510-0006.txt
  rm -r letters
  fee-remind --as-of $day --letters letters -q >list.txt
  [ ! -e letters/R20240510-0006.txt ]
}

@test "an older letter is replaced whole, a link is not followed" {
  mkdir letters
  echo secret >other
  ln -s ../other letters/R20240510-0002.txt
  letters
  diff -r "$expected" letters
  [ ! -L letters/R20240510-0002.txt ]
  [ "$(cat other)" = secret ]
}

# ---- With --record

@test "letters and their record agree: what is recorded had its letter, and has none the next time" {
  letters --record --channel letter
  diff -r "$expected" letters
  [ "$(fee-remind --as-of $day --approved-by S --format csv | cut -d, -f1,2 | sort | uniq -c | tr '\n' ' ' | tr -s ' ')" \
    = ' 1 action,reason 1 assist,hardship 7 skip,recorded ' ]
  rm -r letters
  letters
  [ "$(ls letters)" = R20240510-0005.txt ]
}

@test "nothing is recorded where the letters can't be written" {
  write letters 'a file'
  refuses 74 'fee-remind: letters/x: Not a directory' fee-remind --as-of $day --letters letters/x --record
  refuses 74 'fee-remind: letters: Not a directory' fee-remind --as-of $day --letters letters --record
}

# ---- Forms of the user's own

@test "a form of the user's own: of the step, of the type, for help" {
  form friendly.en.txt 'Friendly {number} for {unit}\n'
  form letter.en.txt 'Letter {number} for {unit}\n'
  form assist.en.txt 'Help {number} for {unit}\n'
  letters --forms forms --lang en
  [ "$(cat letters/R20240510-000[357].txt)" = "$(printf 'Letter R20240510-0003 for 201\nHelp R20240510-0005 for 301\nFriendly R20240510-0007 for 302')" ]
  diff <(sed '1,/^---/d' "$expected/R20240510-0002.txt" | tail -n +2) letters/R20240510-0002.txt
}

@test "the examples are forms as they stand" {
  letters --forms "$FEE_SOURCE/examples/letters"
  diff -r "$expected" letters
}

@test "the policy may name folders of forms, seen from the folder of the book" {
  { cat "$small/policy.ini"; printf '[notice]\ntemplates=forms\ntemplates[zh_CN]=forms-zh\n'; } >p.ini
  posted_book p.ini
  write none.csv 'receipt,date,unit,amount\n'
  fee-import -q receipts none.csv --through $day
  refuses 74 'fee-remind: forms: No such file or directory' fee-remind --as-of $day --letters letters
  form notice.en.txt 'Notice {number}\n'
  refuses 74 'fee-remind: forms-zh: No such file or directory' fee-remind --as-of $day --letters letters
  mkdir forms-zh
  write forms-zh/notice.zh_CN.txt '通知{number}\n'
  mkdir office
  cd office
  export FEE_BOOK=../book.db
  letters --unit 101
  [ "$(tr '\n' ' ' <letters/R20240510-0001.txt)" = "通知R20240510-0001  ----------------------------------------  Notice R20240510-0001 " ]
  rm -r ../forms-zh
  refuses 74 'fee-remind: ../forms-zh: No such file or directory' fee-remind --as-of $day --letters letters
}

@test "--forms goes before the folder of the policy" {
  { cat "$small/policy.ini"; printf '[notice]\ntemplates=nowhere\n'; } >p.ini
  posted_book p.ini
  write none.csv 'receipt,date,unit,amount\n'
  fee-import -q receipts none.csv --through $day
  form notice.en.txt 'Notice {number}\n'
  letters --unit 101 --lang en --forms forms
  [ "$(cat letters/*)" = 'Notice R20240510-0001' ]
}

@test "a hidden file is no form" {
  form .notes 'anything {x}\n'
  letters --forms forms
  diff -r "$expected" letters
}

@test "a form that threatens is refused with file, line and word" {
  bad_form second.en.txt 'Dear owner,\npay, or we cut off your water.\n' ":2: the form says \"cut off your water\": $threat"
}

@test "a form that threatens in Chinese is refused, also over a line's end" {
  bad_form second.zh_CN.txt '您好\n逾期将公示姓\n名\n' ":3: the form says \"公示姓名\": $threat"
}

@test "a threat is refused in a form that no letter of the list needs" {
  bad_form visit.en.txt 'we will disable your lift card\n' ":1: the form says \"disable your lift\": $threat"
}

@test "an unknown placeholder is refused" { bad_form second.en.txt 'Dear {payer},\n\npay {amount}\n' ':3: unknown placeholder "{amount}"'; }
@test "a brace without an end is refused" { bad_form second.en.txt '{payer\n' ':1: unknown placeholder "{payer"'; }
@test "a form that is not UTF-8 is refused" { bad_form second.zh_CN.txt 'ok\n\304\343\272\303\n' ':2: the form is not valid UTF-8'; }
@test "a control character in a form is refused" { bad_form second.en.txt 'ok\n\033[1m\n' ':2: the form has a control character'; }
@test "a demand without its period is refused" { bad_form demand.en.txt 'Pay.\n' ': the form of a demand does not set its period: {period_days} is missing'; }
@test "a form by another name is refused" { bad_form readme.txt 'ok\n' ": $names"; }
@test "a form of an internal step is refused" { bad_form legal.en.txt 'ok\n' ": $names"; }

@test "a form over 64 KiB is refused" {
  form second.en.txt '%65537s'
  refuses 78 'fee-remind: forms/second.en.txt: the form is longer than 64 KiB' fee-remind --as-of $day --letters letters --forms forms
}

@test "a folder of forms that is not there, or is none, is an error" {
  refuses 74 'fee-remind: forms: No such file or directory' fee-remind --as-of $day --letters letters --forms forms
  write forms ''
  refuses 74 'fee-remind: forms: Not a directory' fee-remind --as-of $day --letters letters --forms forms
  rm forms
  mkdir -p forms/second.en.txt
  refuses 74 'fee-remind: forms/second.en.txt: is a folder' fee-remind --as-of $day --letters letters --forms forms
}

@test "--forms without --letters is refused" {
  refuses 64 'fee-remind: --forms goes with --letters' fee-remind --as-of $day --forms forms
}
