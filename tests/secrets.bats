#!/usr/bin/env bats
# SPDX-License-Identifier: LGPL-2.1-or-later
# Personal data: in files that only their owner reads, whatever the umask, never in the folder of all temporary files, never through a link.
# That a disclosure names nobody is in disclose.bats.

load small
bats_require_minimum_version 1.5.0

setup_file() { keep_book posted_book; }

# Files of tests are not what is looked at: those that tools make stand in work
setup() {
  cd "$BATS_TEST_TMPDIR"
  mkdir work tmp home
  chmod 700 work tmp home
  cp "$BATS_FILE_TMPDIR/book.db" work
  cp "$FEE_TEST_DATA/books/schema-1.db" work/old.db
  chmod 600 work/*
  export FEE_BOOK=work/book.db TMPDIR=$PWD/tmp HOME=$PWD/home XDG_CACHE_HOME=$PWD/home
  printf 'doc,date,category,amount\nX,2024-03-31,greening,99.99\n' >costs.csv
  printf 'receipt,date,unit,amount,party\nR4,2024-03-05,301,210.08,O3\n' >march.csv
  # what a bundle of 200 kB and more puts aside
  { echo doc,date,category,amount,memo; for ((i = 0; i < 200; i++)); do echo "L$i,2024-03-31,greening,1.00,$(printf 'x%.0s' {1..1000})"; done; } >long.csv
}

# Every tool that makes a file, each line a command
commands="fee-init -q --book work/new.db $FEE_TEST_DATA/small/policy.ini
fee-import -q costs costs.csv
fee-import -q costs long.csv
fee-import -q receipts --through 2024-03-15 march.csv
fee-import -q --extract 6 --output work/extract.csv
fee-import --list --output work/batches.txt
fee-import -q --retract 8 --reason wrong
fee-run -q --period 2024-03 --output work/run.csv --format csv
fee-run -q --book work/old.db --period 2024-01
fee-statement --period 2024-02 --output work/bills.txt
fee-statement --period 2024-02 --output work/bills.csv --format csv
fee-statement --period 2024-02 --output work/bills.json --format json
fee-statement --period 2024-02 --output work/bills.html
fee-statement --period 2024-02 --output work/bills.pdf
fee-statement --period 2024-02 --output work/each
fee-statement --period 2024-02 --bills --output work/rows.csv --format csv
fee-ledger --as-of 2024-03-31 --output work/ledger.csv --format csv
fee-ledger --as-of 2024-03-31 --balances --output work/balances.txt
fee-explain --period 2024-02 --unit 201 --trace --output work/trace.txt
fee-disclose -q --period 2024-02 --as-of 2024-02-29 --output work/disclosure.pdf
fee-disclose -q --period 2024-02 --as-of 2024-02-29 --record --posted 2024-03-05..2024-03-20 --output work/disclosure.html
fee-remind -q --as-of 2024-03-20 --record --letters work/letters --output work/list.csv --format csv
fee-remind -q --as-of 2024-03-20 --letters work/pdf --letter-format pdf --output work/list.txt
fee-audit --period 2024-03 --bundle work/bundle.tar --with-contacts --output work/head.txt
fee-audit --backup work/copy.db"

@test "what a tool makes only its owner reads, whatever the umask, and no folder of all has it at any moment" {
  [ -z "${FEE_SANITIZED-}" ] || return 0 # not under strace
  umask 000
  while read -r words; do
    # shellcheck disable=SC2086
    strace -f -qq -o trace -e trace=open,openat,creat,mkdir,mkdirat,mknod,mknodat,chmod,fchmod,fchmodat,link,linkat,symlink,symlinkat $words >out || { echo "$words"; return 1; }
    # modes as they are asked for: files 0600, folders 0700. (SQLite copies a book into a file that is made before, with 0600)
    grep -E 'O_CREAT|O_TMPFILE|mkdir|mknod|chmod|creat\(' trace | grep -vE 'home/fontconfig| = -1 |\.[A-Z0-9]{6}", O_RDWR\|O_CREAT\|O_NOFOLLOW' | grep -vE 'O_CREAT.*, 0600\)|mkdir.*, 0700\)' && { echo "$words"; return 1; }
    grep -E 'O_WRONLY|O_RDWR|O_CREAT|O_TMPFILE|mkdir' trace | grep -E '"(/tmp|/var/tmp|/dev/shm|tmp)?/|etilqs' | grep -vE "\"$PWD/(work|home)/|\"/dev/null\"| = -1 " \
      && { echo "$words"; return 1; }
    [ -z "$(ls tmp)" ] || { echo "$words"; ls tmp; return 1; }
  done <<<"$commands"
  # and as they are in the end
  [ -z "$(find work -type f ! -perm 600)" ] || { find work -type f ! -perm 600 -ls; return 1; }
  [ -z "$(find work -type d ! -perm 700)" ] || { find work -type d ! -perm 700 -ls; return 1; }
  [ "$(find work -type f | wc -l)" -ge 30 ]
}

@test "a bundle is run again in a folder of its own, which nobody else can enter and which is gone after it" {
  fee-audit -q --period 2024-02 --bundle work/bundle.tar
  [ -z "${FEE_SANITIZED-}" ] || return 0
  umask 000
  strace -f -qq -o trace -e trace=openat,mkdir,unlink,rmdir fee-audit -q --verify work/bundle.tar
  grep 'mkdir("[^"]*/tmp/fee-verify-' trace | grep -v ', 0700) = 0' && return 1
  grep -E 'O_CREAT' trace | grep -v '/tmp/fee-verify-.*, 0600)' && return 1
  grep -q 'O_CREAT' trace
  [ -z "$(ls tmp)" ]
}

@test "a link in the place of a file is replaced, and never followed" {
  local words file
  echo mine >victim
  umask 000
  while read -r words; do
    file=$(grep -oE '(--output|--bundle|--book) work/[a-z]+\.(txt|csv|json|html|pdf|tar)' <<<"$words" | tail -n 1 | cut -d' ' -f2)
    [ -z "$file" ] || ln -s "$PWD/victim" "$file"
    # shellcheck disable=SC2086
    $words >out || { echo "$words"; return 1; }
    [ -z "$file" ] || [ ! -L "$file" ] || { echo "$words: a link"; return 1; }
    [ "$(cat victim)" = mine ] || { echo "$words: followed"; return 1; }
  done <<<"$commands"
  # files in folders too
  rm -r work/each work/letters
  mkdir work/each work/letters
  ln -s "$PWD/victim" work/each/202402-0000001.txt
  fee-statement --period 2024-02 --output work/each
  [ "$(cat victim)" = mine ] && [ ! -L work/each/202402-0000001.txt ]
}

@test "a new book, a copy, or a book before its upgrade never goes where a link points" {
  umask 000
  local name
  for name in new.db copy.db old.db.schema-1; do ln -s "$PWD/nowhere" work/$name; done
  run fee-init --book work/new.db "$small/policy.ini"
  [ "$status" -eq 65 ]
  run fee-audit --backup work/copy.db
  [ "$status" -eq 65 ]
  run fee-run --book work/old.db --period 2024-01
  [ "$status" -eq 74 ]
  [ ! -e nowhere ]
  # nor does the journal
  ln -s "$PWD/nowhere" work/book.db-journal
  run fee-import costs costs.csv
  [ "$status" -eq 74 ]
  [ ! -e nowhere ]
}
