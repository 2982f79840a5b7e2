#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# From nothing to six billed months: installs what is missing, builds, makes the book of Heyuan Court (examples/heyuan), and shows
# a bill, a ledger, how a month came about, and whom to remind. Each command is printed before it runs, as you would type it.
#
#   examples/quickstart.sh [--tools FOLDER] [FOLDER]
#
# The book stays in FOLDER (default: heyuan-demo) to play with; an earlier book there is moved aside to book.db.before.
# --tools: use the programs of that folder and build nothing.
set -eu

usage() {
  echo "usage: examples/quickstart.sh [--tools FOLDER] [FOLDER]" >&2
  exit 64
}
tools=
if [ "${1-}" = --tools ]; then
  [ $# -ge 2 ] || usage
  tools=$(cd "$2" && pwd)
  shift 2
fi
[ $# -le 1 ] || usage
case "${1-}" in -*) usage ;; esac
folder=$(realpath -m "${1-heyuan-demo}")
cd "$(dirname "$0")/.."

say() {
  printf '\n== %s\n' "$1"
}
show() { # the command as one would type it
  printf '\n$'
  printf ' %s' "$@"
  printf '\n'
}
do_step() { # exit status 1: done, and a person must look at what was said
  local status=0
  show "$@"
  "$@" || status=$?
  [ "$status" -le 1 ] || { echo "quickstart: this failed with exit status $status" >&2; exit "$status"; }
}

# What all parties pay whose unit has no receipts of its own in examples/heyuan and who are no debtors: just their bills of the month
pay_bills() { # month, month of the receipts, file
  # shellcheck disable=SC2016
  fee-statement --period "$1" --bills --format csv | awk -F , -v month="$2" -v others="$(cut -d, -f3 examples/heyuan/receipts-*.csv | sort -u)" '
    BEGIN {
      print "receipt,date,unit,amount,party,bill,method"
      n = split (others " 2-1-1601 2-2-0501 3-3-0602 1-2-0901", units, /[ \n]+/)
      for (i = 1; i <= n; i++) pays_otherwise[units[i]] = 1
    }
    NR > 1 && !($2 in pays_otherwise) {
      total = $(NF - 2); payable = $(NF - 1) # counted from the end: a name may have a comma
      amount = payable + 0 < total + 0 ? payable : total
      if (amount + 0 > 0)
        printf "YH%s-%04d,%s-%02d,%s,%s,%s,%s,银行代收\n", substr (month, 3, 2) substr (month, 6), ++made, month, 1 + made % 20, $2, amount, $3, $1
    }' >"$3"
}

if [ -z "$tools" ]; then
  say 'Packages and programs'
  . tests/packages.sh
  install_missing "${build_packages[@]}"
  [ -f build/build.ninja ] || do_step meson setup build
  do_step ninja --quiet -C build
  tools=$PWD/build/cmd
fi

say 'A new book'
mkdir -p "$folder"
if [ -e "$folder/book.db" ]; then
  echo "An earlier book is there: it is now $folder/book.db.before"
  mv "$folder/book.db" "$folder/book.db.before"
fi
show export PATH="$tools:\$PATH" FEE_BOOK="$folder/book.db"
export PATH="$tools:$PATH" FEE_BOOK="$folder/book.db"
do_step fee-init examples/heyuan/policy.ini

say 'Units, owners and tenants, assets, drivers, and what was owed before'
for kind in units parties assets quantities budgets adjustments holds instalments; do
  do_step fee-import $kind examples/heyuan/$kind.csv
done

say 'The same units as the office has them: in GB18030, with its own headers for the columns of the policy'
do_step fee-import units examples/heyuan/units-gb18030.csv --column bills=计费户系数 --column class=秩序系数 --column cleanings=保洁次数 \
  --column lift=电梯系数 --column pump=加压供水 --column refuse=垃圾系数 --column note=备注

early=
if [ "$(date +%Y%m)" -lt 202607 ]; then
  early=--early
  say "By this machine's clock the months are not over, so fee-run gets --early"
fi
months=(2026-01 2026-02 2026-03 2026-04 2026-05 2026-06 2026-07)
for i in 0 1 2 3 4 5; do
  month=${months[i]}
  say "$month: what was measured, what it cost, the bills, and what owners paid when they had them"
  do_step fee-import quantities "examples/heyuan/quantities-$month.csv"
  # the file of April corrects a cost of March
  if [ "$month" = 2026-04 ]; then
    do_step fee-import costs --amend examples/heyuan/costs-2026-04.csv
  else
    do_step fee-import costs "examples/heyuan/costs-$month.csv"
  fi
  do_step fee-run --period "$month" $early
  do_step fee-import receipts "examples/heyuan/receipts-${months[i + 1]}.csv"
  pay_bills "$month" "${months[i + 1]}" "$folder/receipts-bank-${months[i + 1]}.csv"
  do_step fee-import receipts "$folder/receipts-bank-${months[i + 1]}.csv"
done
do_step fee-import income examples/heyuan/income.csv

say 'All runs; the same month again changes nothing'
do_step fee-run --period 2026-06 $early
do_step fee-run --list

say 'A bill, as its owner reads it'
do_step fee-statement --period 2026-06 --unit 1-1-0501 --lang zh_CN
do_step fee-statement --period 2026-06 --unit 1-1-0501 --lang en

say 'The ledger of a unit that was sold on 2026-03-11'
do_step fee-ledger --unit 1-1-0802

say 'How June came about: from cost documents to categories, centres and units, to the fen'
do_step fee-explain --period 2026-06

say 'What was collected of each month, on 2026-06-30'
do_step fee-ledger --totals --as-of 2026-06-30

say 'The public disclosure of June, for the notice board: no names, no units'
do_step fee-disclose --period 2026-06 --lang zh_CN

say 'The reminders of these months as the office noted them, and whom to remind on 2026-06-30, whom not, and why'
do_step fee-import notices examples/heyuan/notices.csv
do_step fee-remind --as-of 2026-06-30 --letters "$folder/letters"

say 'One of the letters'
do_step cat "$folder/letters/R20260630-0007.txt"

say 'Now yours'
cat <<END
The book is $FEE_BOOK. To play with it:

  export PATH="$tools:\$PATH" FEE_BOOK="$FEE_BOOK"
  fee                                                        the tools
  fee-explain --period 2026-06 --unit 1-1-0501 --trace       a unit's lines, back to the rows of files
  fee-statement --period 2026-06 --excel --output june.csv   every line of June, for a spreadsheet
  fee-disclose --period 2026-Q2 --output q2.html             what everybody may read of a quarter, for a browser
  fee-ledger --balances --as-of 2026-07-20                   who owes what, and for how long
  fee-remind --as-of 2026-07-10 --approved-by you            the reminder list of another day: examples/heyuan/README.md says what each row shows
END
