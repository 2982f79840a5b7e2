#!/usr/bin/env bats
# SPDX-License-Identifier: LGPL-2.1-or-later
# A full disk, an error of the disk, a kill at any step: the book is as before or as after, and the same command again
# succeeds (design.md, what holds always: atomic; faults.py). Also what else a system does to a program.

load small
bats_require_minimum_version 1.5.0

setup_file() { keep_book posted_book; }

setup() { use_book; }

# Each step of the cases, which fails in turn; under sanitizers every 47th
each_step() {
  local said
  said=$(FEE_FAULT_STRIDE=${FEE_SANITIZED:+47} python3 "$FEE_SOURCE/tests/faults.py" "$FEE_BUILD/tests/libfaults.so" "$@") || { echo "$said"; return 1; }
  echo "# $*: $said" >&3
}

@test "each step may fail: a book is made, imports, a batch is taken back" { each_step init import retract; }
@test "each step may fail: a run, a run taken back, steps of reminders, an upgrade" { each_step run withdraw record upgrade; }
@test "each step may fail: a disclosure that is kept" { each_step disclose; }
@test "each step may fail: files that are there are whole, old or new" { each_step text csv json html pdf index extract disclosure disclosure-html disclosure-pdf; }
@test "each step may fail: each file of a folder is whole, old or new" { each_step folder letters letters-html letters-pdf; }
@test "each step may fail: a backup, a bundle" { each_step backup bundle; }

@test "every step on disk is among those that failed" {
  [ -z "${FEE_SANITIZED-}" ] || return 0 # the same steps
  for words in 'fee-run -q --period 2024-03' 'fee-audit -q --period 2024-02 --bundle out.tar' 'fee-audit -q --backup copy.db' 'fee-statement --period 2024-02 --output out.txt'; do
    use_book
    rm -f copy.db
    # shellcheck disable=SC2086
    strace -f -qq -o .trace -e trace=file,desc,write $words
    steps=$(grep -cE ' (write|writev|pwrite64|pwritev|pwritev2|fsync|fdatasync|sync_file_range|ftruncate|truncate|fallocate|copy_file_range|sendfile|rename|renameat|renameat2|unlink|unlinkat|link|linkat|symlink|symlinkat|mkdir|mkdirat)\(|O_CREAT|O_TMPFILE' .trace)
    use_book
    rm -f copy.db
    # shellcheck disable=SC2086
    LD_PRELOAD=$FEE_BUILD/tests/libfaults.so FEE_STEPS=.steps $words
    [ "$steps" -eq "$(cat .steps)" ] || { echo "$words: $steps, of which $(cat .steps)"; return 1; }
  done
}

# A disk that takes so many bytes of a file and no more: what is written is cut short, and then refused
@test "a file that may not grow is an error, whatever the size" {
  before=$(sha256sum book.db)
  size=$(stat -c %s book.db)
  printf 'doc,date,category,amount\n' >large.csv
  for ((i = 0; i < 3000; i++)); do echo "D$i,2024-03-31,greening,$RANDOM.$((RANDOM % 90 + 10))"; done >>large.csv
  for limit in 0 1000 $((size + 100)) $((size + 12000)); do
    run prlimit --fsize=$limit fee-import -q costs large.csv
    echo "$limit: $status $output"
    [ "$status" -eq 74 ]
    [[ "$output" == 'fee-import: book.db: '* ]] && [ "${#lines[@]}" -eq 1 ]
    [ "$(sha256sum book.db)" = "$before" ]
    run prlimit --fsize=$((limit / 100)) fee-statement --period 2024-02 --output out.txt
    [ "$status $output" = '74 fee-statement: out.txt: File too large' ]
    [ "$(echo out.txt*)" = 'out.txt*' ]
  done
  fee-import -q costs large.csv
}

# ---- Output that can't be written

# The command with a pipe that nobody reads
to_nobody() {
  python3 -c 'import os, subprocess, sys
reading, writing = os.pipe()
os.close(reading)
sys.exit(subprocess.run(sys.argv[1:], stdout=writing).returncode)' "$@"
}

full() { # message's tool, command...
  refuses 74 "$1: standard output: No space left on device" bash -c '"$@" >/dev/full' - "${@:2}"
  refuses 74 "$1: standard output: Broken pipe" to_nobody "${@:2}"
}

@test "standard output that is full or closed is an error: batches" { full fee-import fee-import --list; }
@test "standard output that is full or closed is an error: a file" { full fee-import fee-import --extract 5; }
@test "standard output that is full or closed is an error: runs" { full fee-run fee-run --list; }
@test "standard output that is full or closed is an error: stages" { full fee-explain fee-explain --period 2024-01; }
@test "standard output that is full or closed is an error: bills" {
  full fee-statement fee-statement --period 2024-01
  full fee-statement fee-statement --period 2024-01 --format json
}
@test "standard output that is full or closed is an error: the ledger" { full fee-ledger fee-ledger --format csv; }

@test "standard output that is full is an error of help and versions too" {
  for words in fee 'fee --help' 'fee --version' 'fee-run --version' 'fee-run --help'; do
    run bash -c "$words >/dev/full"
    [ "$status" -eq 74 ] || { echo "$words: $status"; return 1; }
  done
}

@test "a reader that stops early is an error" {
  fee-statement --period 2024-02 --format json >all.json
  # larger than a pipe holds
  {
    echo unit,area,lift
    for ((i = 0; i < 1000; i++)); do echo "U$i,1,1"; done
  } >u.csv
  fee-import -q units u.csv
  fee-run -q --period 2024-03
  status=0
  { fee-statement --period 2024-03 || echo $? >status; } 2>err | head -c 1 >/dev/null
  [ "$(cat status)" -eq 74 ]
  [ "$(cat err)" = 'fee-statement: standard output: Broken pipe' ]
}

@test "a device that is full is an error" {
  refuses 74 'fee-statement: /dev/full: No space left on device' fee-statement --period 2024-02 --output /dev/full
  [ -c /dev/full ]
}

@test "a month is posted though its row can't be written, and is posted once" {
  run fee-run --period 2024-03 --output /dev/full
  [ "$status" -eq 74 ]
  [ "$(fee-run -q --period 2024-03 --format csv | tail -n 1 | cut -d, -f1-3)" = 2024-03,3,already-posted ]
}

@test "closed standard streams never end up in the book" {
  before=$(sha256sum book.db)
  for stream in '>&-' '2>&-' '<&-' '<&- >&- 2>&-'; do
    for words in 'fee-run --list' 'fee-statement --period 2024-02' 'fee-import costs none.csv' "fee-import units $small/units.csv" 'fee-run --period 2024-01'; do
      eval "$words $stream" >.out 2>.err || true
      [ "$(sha256sum book.db)" = "$before" ] || { echo "$words $stream"; return 1; }
    done
  done
  run ! eval 'fee-run --list >&-'
  [ "$(eval 'fee-run --list >&- 2>/dev/null; echo $? >&3' 3>&1)" = 74 ]
}

# ---- Folders and books

unprivileged() { # command... as nobody, for whom permissions hold
  if [ "$(id -u)" -eq 0 ]; then
    setpriv --reuid 65534 --regid 65534 --clear-groups "$@"
  else
    "$@"
  fi
}

@test "a folder that can't be written is an error, and the book in it can be read" {
  folder=$(mktemp -d)
  cp book.db "$small/policy.ini" "$folder" # the clone may be where nobody else may look
  [ "$(id -u)" -ne 0 ] || chown -R 65534:65534 "$folder"
  printf 'unit\nX\n' >x.csv
  chmod 500 "$folder"
  chmod 400 "$folder/book.db"
  before=$(sha256sum "$folder/book.db")
  tools=$(dirname "$(command -v fee-run)")
  status=0
  unprivileged "$tools/fee-run" --book "$folder/book.db" --list --format csv >out 2>err || status=$?
  echo "read: $status"; cat err
  [ "$status" -eq 0 ]
  [ "$(wc -l <out)" -eq 3 ]
  for words in "fee-run --period 2024-03" "fee-import units x.csv" "fee-import --retract 7 --reason x"; do
    status=0
    # shellcheck disable=SC2086
    unprivileged "$tools"/$words --book "$folder/book.db" >out 2>err || status=$?
    echo "$words: $status"; cat err
    [ "$status" -eq 74 ]
    [ "$(wc -l <err)" -eq 1 ]
  done
  status=0
  unprivileged "$tools/fee-init" --book "$folder/new.db" "$folder/policy.ini" >out 2>err || status=$?
  echo "fee-init: $status"; cat err
  [ "$status" -eq 74 ]
  [ "$(cat err)" = "fee-init: $folder/new.db: Permission denied" ]
  status=0
  unprivileged "$tools/fee-statement" --book "$folder/book.db" --period 2024-02 --output "$folder/x.txt" >out 2>err || status=$?
  [ "$status" -eq 74 ]
  [ "$(cat err)" = "fee-statement: $folder/x.txt: Permission denied" ]
  [ "$(sha256sum "$folder/book.db")" = "$before" ]
  chmod 700 "$folder"
  rm -r "$folder"
}

# Another program holds the book with that statement while the command runs: statement, command...
held() {
  python3 -c 'import sqlite3, subprocess, sys
book = sqlite3.connect("book.db", isolation_level=None)
book.execute(sys.argv[1])
status = subprocess.run(sys.argv[2:]).returncode
book.execute("ROLLBACK")
sys.exit(status)' "$@"
}

@test "a book that is busy is said so, after --wait" {
  busy='book.db: another program is using the book'
  refuses 75 "fee-import: $busy" held 'BEGIN IMMEDIATE' fee-import --wait 0 units "$small/units.csv"
  refuses 75 "fee-run: $busy" held 'BEGIN IMMEDIATE' fee-run --wait 0 --period 2024-03
  SECONDS=0
  refuses 75 "fee-run: $busy" held 'BEGIN IMMEDIATE' fee-run --wait 1 --period 2024-03
  [ $SECONDS -ge 1 ]
  refuses 75 "fee-ledger: $busy" held 'BEGIN EXCLUSIVE' fee-ledger --wait 0
  # who only reads is not in the way of who is about to write
  held 'BEGIN IMMEDIATE' fee-ledger --wait 0 >/dev/null
}

@test "a busy book is waited for" {
  mkfifo held
  python3 -c 'import sqlite3, time
book = sqlite3.connect("book.db", isolation_level=None)
book.execute("BEGIN IMMEDIATE")
open("held", "w").close()
time.sleep(1)
book.execute("ROLLBACK")' &
  cat held
  fee-run -q --period 2024-03 --wait 20
  wait
  [ "$(fee-run --list --format csv | tail -n 1 | cut -d, -f1-2)" = 3,2024-03 ]
}

@test "of two that make a book at once, one makes it, the other finds it" {
  rm book.db
  # found by a simulated life; leaks can't be looked for under strace
  ASAN_OPTIONS=${ASAN_OPTIONS-}:detect_leaks=0 strace -f -qq -o .trace -e trace=link -e inject=link:delay_enter=300000 fee-init "$small/policy.ini" 2>first &
  until [ -e book.db.??????  ]; do sleep 0.01; done 2>/dev/null
  fee-init -q "$small/policy.ini"
  wait $!
  [ "$(cat first)" = 'fee-init: book.db: the book is there already, with this policy' ]
  [ "$(ls)" = $'book.db\nfirst' ]
}

@test "two runs at once post a month once" {
  for _ in 1 2 3 4; do
    fee-run -q --period 2024-03 --wait 30 &
  done
  wait
  [ "$(fee-run --list --format csv | tail -n +2 | cut -d, -f1-2 | tr '\n' ' ')" = '1,2024-01 2,2024-02 3,2024-03 ' ]
}

@test "a file that is no book is said so" {
  damaged='the file is not a book, or is damaged'
  head -c 20000 /dev/urandom >garbage.db
  : >empty.db
  head -c 1000 book.db >short.db
  python3 -c 'import sqlite3; book = sqlite3.connect("other.db"); book.execute("CREATE TABLE t (x)"); book.commit()'
  for file in garbage empty short other; do
    refuses 74 "fee-run: $file.db: $damaged" fee-run --book $file.db --list
    refuses 74 "fee-import: $file.db: $damaged" fee-import --book $file.db units "$small/units.csv"
    refuses 74 "fee-init: $file.db: $damaged" fee-init --book $file.db "$small/policy.ini"
  done
  mkdir folder
  refuses 74 'fee-run: folder: unable to open database file' fee-run --book folder --list
}

@test "a book whose end was cut off is said so, whatever is asked" {
  truncate -s -16384 book.db
  truncate -s 40000 book.db
  for words in 'fee-run --list' 'fee-import --list' 'fee-statement --period 2024-02' 'fee-explain --period 2024-02' fee-ledger 'fee-run --period 2024-03' \
    "fee-import units $small/units.csv"; do
    # shellcheck disable=SC2086
    run $words
    [ "$status" -eq 74 ] || { echo "$words: $status $output"; return 1; }
  done
}

@test "bytes that were changed in a book never crash a tool" {
  cp book.db whole.db
  python3 -c 'import random
random.seed(7)
data = open("whole.db", "rb").read()
for n in range(12):
    broken = bytearray(data)
    for _ in range(40):
        broken[random.randrange(100, len(broken))] = random.randrange(256)
    open("broken-%d.db" % n, "wb").write(broken)'
  for file in broken-*.db; do
    for words in 'fee-run --list' 'fee-statement --period 2024-02' 'fee-explain --period 2024-01 --unit 301 --trace' fee-ledger 'fee-run --period 2024-03' 'fee-import --extract 4'; do
      status=0
      # shellcheck disable=SC2086
      $words --book $file >.out 2>.err || status=$?
      [[ " 0 65 70 74 78 " == *" $status "* ]] || { echo "$file $words: $status"; cat .err; return 1; }
    done
  done
}

@test "a kept file that was changed is not given out" {
  python3 -c 'import sqlite3
book = sqlite3.connect("book.db", isolation_level=None)
(piece,) = book.execute("SELECT bytes FROM piece WHERE batch = 5").fetchone()
book.execute("UPDATE piece SET bytes = ? WHERE batch = 5", (piece[:-1] + bytes([piece[-1] ^ 1]),))'
  run fee-import --extract 5
  echo "$output"
  [ "$status" -eq 74 ]
}

@test "a book of a newer program is refused" {
  python3 -c 'import sqlite3; book = sqlite3.connect("book.db"); book.execute("PRAGMA user_version = 99"); book.commit()'
  for words in 'fee-run --list' 'fee-run --period 2024-03' fee-ledger "fee-import units $small/units.csv" "fee-init $small/policy.ini"; do
    # shellcheck disable=SC2086
    run $words
    [ "$status" -eq 78 ]
    [[ "$output" == "${words%% *}: book.db: the book was written by a newer program (schema 99, this one knows "* ]]
  done
}

@test "a run of newer rules is refused" {
  python3 -c 'import sqlite3; book = sqlite3.connect("book.db", isolation_level=None); book.execute("UPDATE run SET rules = 99 WHERE run = 2")'
  refuses 78 'fee-run: book.db: run 2 was made by rules 99, which this program does not know' fee-run --period 2024-03
}
