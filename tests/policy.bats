#!/usr/bin/env bats
# SPDX-License-Identifier: LGPL-2.1-or-later
# fee-init: a policy with a slip makes no book, and the slip is said with its line (interface.md section 4).

load small

setup() { cd "$BATS_TEST_TMPDIR"; }

# The policy of data/small after a sed script is refused: script, message after `x.ini`
slip() {
  sed "$1" "$small/policy.ini" >x.ini
  refuses 78 "fee-init: x.ini$2" fee-init x.ini
  [ ! -e book.db ]
}

# The same of a policy from nothing: text as printf has it, message
whole() {
  write x.ini "$1"
  refuses 78 "fee-init: x.ini$2" fee-init x.ini
  [ ! -e book.db ]
}

# That line of the policy after the script: the place that a message names
line() { sed "$1" "$small/policy.ini" | grep -n -m 1 "$2" | cut -d: -f1; }

# A slip in a line that matches a pattern: script, pattern of the line as it is then, message after its number
at() { slip "$1" ":$(line "$1" "$2"): $3"; }

@test "a misspelt key is refused" { at 's/^support=/suport=/' ^suport '[book] has no key "suport"'; }
@test "a misspelt group is refused" { at 's/^\[attribute area\]/[atribute area]/' '^\[atribute' 'there is no group [atribute area] in a policy'; }
@test "a misspelt required key is missed, and named" {
  slip 's/^due_days=/due_day=/' ":$(line '' '^\[billing\]'): [billing] needs \"due_days\"
fee-init: x.ini:$(line '' ^due_days): [billing] has no key \"due_day\""
}
@test "a policy needs a start" { at 's/^start=.*//' '^\[book\]' '[book] needs "start"'; }
@test "a policy needs days until bills are due" { at 's/^due_days=.*//' '^\[billing\]' '[billing] needs "due_days"'; }
@test "an empty policy lacks what is required" { whole '' ':1: the policy needs [book] with "start"
fee-init: x.ini:1: the policy needs [billing] with "due_days"'; }
@test "a 13th month is refused" { at 's/^start=.*/start=2024-13/' ^start= 'start "2024-13" is not a month such as 2026-01'; }
@test "days must be a number" { at 's/^due_days=.*/due_days=x/' ^due_days 'due_days "x" is not a whole number from 0 to 3650'; }
@test "days may not be negative" { at 's/^due_days=.*/due_days=-1/' ^due_days 'due_days "-1" is not a whole number from 0 to 3650'; }
@test "a currency has three letters" { at 's/^currency=.*/currency=¥/' ^currency 'currency "¥" is not a currency such as CNY'; }
@test "a method of support must be known" { at 's/=reciprocal/=iterative/' ^support 'support "iterative" is not one of: direct, step, reciprocal'; }
@test "a kind of driver must be known" { at 's/^kind=flow/kind=stock/' ^kind=stock 'kind "stock" is not one of: level, flow'; }
@test "a kind of centre must be known" { at 's/^kind=support/kind=secondary/' ^kind=secondary 'kind "secondary" is not one of: primary, support'; }
@test "the payer is owner or occupant" { at '0,/^payer=occupant/s//payer=guest/' ^payer=guest 'payer "guest" is not one of: owner, occupant'; }
@test "only one mode is known so far" { at 's/^due_days=.*/&\nmode=fixed/' ^mode 'mode "fixed" is not one of: cost'; }
@test "a condition needs a comparison" { at 's/^scope=.*/scope=kind/' ^scope '[centre lifts]: condition "kind" needs one of = != < <= > >='; }
@test "a condition needs a value" { at 's/^scope=.*/scope=floor>=2;kind=/' ^scope '[centre lifts]: condition "kind=" needs a value, or several with a comma between'; }
@test "a comparison needs a number" { at 's/^scope=.*/scope=floor>x/' ^scope '[centre lifts]: condition "floor>x" compares with one number, such as 2 or 0.5'; }
@test "a category has a driver or a centre, not both" { at 's/^driver=power/&\ncentre=guard/' '^centre=guard' '[category electricity] has a driver and a centre: only one of the two'; }
@test "a category's centre must be there" { at 's/^centre=grounds/centre=garden/' '^centre=garden' '[category greening]: there is no centre "garden"'; }
@test "a centre may not have a category's id" { at 's/^\[centre guard\]/[centre electricity]/' '^\[centre electricity' '[centre electricity]: a category has this id'; }
@test "a centre may not have a built-in category's id" { at 's/^\[centre guard\]/[centre insurance]/' '^\[centre insurance' '[centre insurance]: a category has this id'; }
@test "a support centre has no scope" { at 's/^driver=desk-work/&\nscope=kind=flat/' '^scope=' '[centre desk] is a support centre: it serves centres, and has no scope'; }
@test "major repair is no category" { at 's/^\[billing\]/[category major-repair]\ncentre=guard\n&/' '^\[category major' '[category major-repair]: large and medium repair and renewal are paid by the maintenance fund; the law does not let them be booked as a cost of service'; }
@test "a key may be there once" { at 's/^due_days=20/&\ndue_days=30/' ^due_days=30 "key \"due_days\" is there twice in [billing] (first in line $(line '' ^due_days))"; }
@test "a group may be there once" {
  sed '$a [billing]' "$small/policy.ini" >x.ini
  refuses 78 "fee-init: x.ini:$(wc -l <x.ini): group [billing] is there twice (first in line $(line '' '^\[billing\]'))" fee-init x.ini
}

@test "a line is a group, a key with a value, or a comment" { at 's/^due_days=.*/&\nissue/' '^issue$' '"issue" is neither a group nor key=value, and a comment begins with #'; }
@test "a key needs a group" { whole 'start=2024-01\n[billing]\ndue_days=1\n[book]\nstart=2024-01\n' ':1: a key before the first group'; }
@test "a group that needs an id has one" { at 's/^\[attribute area\]/[attribute]/' '^\[attribute' '[attribute] needs an id, as in [attribute x]'; }
@test "a product is of two attributes" { at 's/^driver=area\*lift/&*lift/' 'lift\*lift' '[centre lifts]: driver "area*lift*lift" is not a product of two attributes, such as area*lift'; }
@test "a product is of two names" { at 's/^driver=area\*lift/driver=area*/' '^driver=area\*' '[centre lifts]: driver "area*" is not a product of two attributes, such as area*lift'; }
@test "a category is not shared by a product" { at 's/^driver=power/driver=area*lift/' '^driver=area\*lift' '[category electricity]: driver "area*lift" shares among centres, where a product has no meaning'; }
@test "a total is a number" { at 's/^total=100/total=x/' ^total 'total "x" is not a number above 0'; }
@test "a flow has no total" { at 's/^kind=flow/&\ntotal=5/' ^total=5 'total is for a driver of kind level, [driver power] is a flow'; }
@test "a category that is expected must be there" { at 's/^due_days=.*/&\nexpect=personnel;nothing/' ^expect 'expect: there is no category "nothing"'; }
@test "header names are of a kind of file" { at '$a [columns nothing]\nx=y' '^\[columns' '[columns nothing]: there is no such kind of file'; }
@test "header names are of a column" { at '$a [columns costs]\nfoo=bar' ^foo '[columns costs]: costs have no column "foo"'; }
@test "the least amount is an amount" { at '$a [reminders]\nminimum=1.005' ^minimum 'minimum "1.005" is not an amount of CNY with at most 2 decimals'; }
@test "a percentage is up to 100" { at '$a [income]\ncost=120' ^cost 'cost "120" is not a percentage from 0 to 100'; }
@test "a step's type must be known" { at '$a [reminder x]\nafter=10\ntype=sms' ^type=sms 'type "sms" is not one of: notice, letter, visit, demand, internal'; }
@test "a step that threatens is refused with the reason" { at '$a [reminder cut]\nname=Cut water\nafter=10' '^name=Cut' 'name says "Cut water": the law does not let anyone press for payment by threats, by cutting water, power, heat or gas, by closing lifts, gates or parking, or by publishing names'; }
@test "a step that threatens in Chinese is refused too" {
  sed '$a [reminder cut]\nname=Last call\nname[zh_CN]=停水停电\nafter=10' "$small/policy.ini" >x.ini
  run fee-init x.ini
  [ "$status" -eq 78 ]
  [[ "$output" == *'name[zh_CN] says "停水": the law'* ]]
  [ ! -e book.db ]
}
@test "the first policy holds from the start" { slip 's/^start=.*/&\nfrom=2024-02/' ': the first policy of a book holds from its start on'; }
@test "a value may not be empty" { at 's/^unsold=.*/unsold=/' ^unsold 'unsold has no value'; }
@test "a policy is UTF-8" { whole '[book]\nname=\377\nstart=2024-01\n[billing]\ndue_days=1\n' ':2: not valid UTF-8 at byte 6 of the line'; }
@test "a policy has no NUL" { whole '[book]\nname=a\000b\nstart=2024-01\n[billing]\ndue_days=1\n' ':2: a NUL byte'; }
@test "a policy has no open escape" { at 's/^code=.*/code=a\\qb/' ^code 'code "a\qb" has a backslash that is not part of \s, \n, \t, \r or \\'; }

@test "several slips are listed" {
  slip 's/^support=/suport=/; s/^kind=flow/kind=stock/' ":$(line '' ^support): [book] has no key \"suport\"
fee-init: x.ini:$(line '' ^kind=flow): kind \"stock\" is not one of: level, flow"
}

# ---- What is taken

@test "a policy with a byte order mark and Windows' line ends is taken" {
  write x.ini '\357\273\277[book]\r\nstart=2024-01\r\n[billing]\r\ndue_days=1\r\n'
  gives 0 '' 'fee-init: book.db: a new book with the policy x.ini' fee-init x.ini
}

@test "the same policy again is already done, another is refused" {
  gives 0 '' 'fee-init: book.db: a new book with the policy policy.ini' fee-init "$small/policy.ini"
  refuses 0 'fee-init: book.db: the book is there already, with this policy' fee-init "$small/policy.ini"
  sed 's/^due_days=.*/due_days=21/' "$small/policy.ini" >x.ini
  refuses 65 'fee-init: book.db: there is a book already, which began with another policy' fee-init x.ini
}

@test "a new book is only its owner's, whatever the umask" {
  (umask 000; fee-init -q "$small/policy.ini")
  [ "$(stat -c %a book.db)" = 600 ]
  [ "$(echo *)" = book.db ]
}

@test "a book is named by --book, else by FEE_BOOK, else book.db" {
  (unset FEE_BOOK; fee-init -q "$small/policy.ini"; [ -e book.db ])
  FEE_BOOK=b.db fee-init -q "$small/policy.ini"
  FEE_BOOK=b.db fee-init -q --book c.db "$small/policy.ini"
  [ "$(echo *)" = 'b.db book.db c.db' ]
}

@test "the policies of the examples are taken" {
  for policy in "$FEE_SOURCE"/examples/*/policy.ini; do
    rm -f book.db
    fee-init -q "$policy"
  done
}

@test "wrong usage says so" {
  refuses 64 'fee-init: too few arguments: fee-init POLICY; --help says more' fee-init
  refuses 64 'fee-init: too many arguments: "b"; --help says more' fee-init a b
  refuses 74 'fee-init: none.ini: No such file or directory' fee-init none.ini
  refuses 74 'fee-init: nowhere/b.db: No such file or directory' fee-init --book nowhere/b.db "$small/policy.ini"
  echo hello >text.db
  refuses 74 'fee-init: text.db: the file is not a book, or is damaged' fee-init --book text.db "$small/policy.ini"
}
