#!/usr/bin/env bats
# SPDX-License-Identifier: LGPL-2.1-or-later
# The README's first command, without its packages and its build.

quickstart() {
  run env LC_ALL=C.UTF-8 "$FEE_SOURCE/examples/quickstart.sh" --tools "$(dirname "$(command -v fee-run)")" "$1"
  echo "$output"
}

# Once for all tests: its book, and what it said
setup_file() {
  cd "$BATS_FILE_TMPDIR"
  quickstart demo >said
  echo "$status" >status
}

setup() { cd "$BATS_FILE_TMPDIR"; }

@test "the quickstart bills six months, and can be run again" {
  [ "$(cat status)" -eq 0 ]
  output=$(cat said)
  [[ "$output" == *'208 rows: 0 new, 0 changed, 208 unchanged'* ]]
  # recognised, of it for earlier months: as in examples/heyuan/README.md
  for sums in 54,145.66:0.00 57,479.20:1,949.34 57,237.80:1,315.43 55,067.50:1,297.97 56,322.10:1,431.53 57,516.50:1,848.00; do
    [[ "$output" =~ posted\ +${sums%:*}\ +${sums#*:}\  ]]
  done
  [[ "$output" == *'2026-06: already posted'* ]]
  [ "$(stat -c %a demo/book.db)" = 600 ]
  quickstart demo
  [ "$status" -eq 0 ]
  [ -e demo/book.db.before ]
  [ "$output" != "$(cat said)" ] # it says where the earlier book is
  cmp <(fee-run --book demo/book.db --list --format csv | cut -d, -f1-5,10) <(fee-run --book demo/book.db.before --list --format csv | cut -d, -f1-5,10)
}

@test "the quickstart refuses options that it does not know" {
  quickstart --fresh
  [ "$status" -eq 64 ]
}

@test "January and February are as an independent model has them" {
  for month in 2026-01 2026-02; do
    fee-statement --book demo/book.db --period $month --format csv >statement.csv
    python3 -c 'import csv, sys
for row in csv.reader(sys.stdin): csv.writer(sys.stdout, lineterminator="\n").writerow(row[:-3])' <statement.csv >cut.csv
    diff "$FEE_TEST_DATA/heyuan-expected/statement-$month.csv" cut.csv
    fee-explain --book demo/book.db --period $month --format csv >explain.csv
    diff "$FEE_TEST_DATA/heyuan-expected/explain-$month.csv" explain.csv
  done
}

# Rows of the table in examples/heyuan/README.md as unit,party,action,reason
readme_rows() {
  sed -n 's/^| \([^|]*\) | \([^|]*\) |.*/\1 \2/p' "$FEE_SOURCE/examples/heyuan/README.md" | grep -E ' (remind|hold|assist|skip) ' | tr -s ' ' ,
}

@test "the reminder list shows what the README of Heyuan says" {
  export FEE_BOOK=demo/book.db
  fee-remind --as-of 2026-06-30 --format csv | cut -d, -f1,2,4,5 | awk -F, -v OFS=, '{ print $3, $4, $1, $2 }' >list
  [ "$(readme_rows | wc -l)" = 19 ]
  readme_rows | grep -v ^P-17 | while read -r row; do grep -qx "$row" list || { echo "$row is not in the list"; exit 1; }; done
  [ "$(grep -c '^P-..,common,remind,due$' list)" = 8 ]
  [ "$(wc -l <list)" = 30 ]
  # a letter for each to remind but for internal steps, and for each to assist
  [ "$(ls demo/letters | wc -l)" = 12 ]
  grep -q '^房号 1-2-1202   缴费人 郑' demo/letters/R20260630-0007.txt
  reason() { fee-remind --as-of "$1" --unit "$2" --format csv | tail -n +2 | cut -d, -f1,2; }
  [ "$(reason 2026-02-05 2-2-0501)" = remind,limitation-180 ]
  [ "$(reason 2026-05-06 2-2-0501)" = remind,limitation-90 ]
  [ "$(reason 2026-05-06 2-1-1102)" = assist,hardship ]
  [ "$(reason 2026-07-09 3-1-0401)" = hold,instalments ]
  [ "$(reason 2026-07-10 3-1-0401)" = assist,hardship ]
  run fee-remind --as-of 2026-08-01 --format csv
  [ "$status" -eq 1 ]
  [[ "$output" != *remind,* ]]
}
