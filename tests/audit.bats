#!/usr/bin/env bats
# SPDX-License-Identifier: LGPL-2.1-or-later
# fee-audit as an auditor runs it, on the fixture book of schema 2 (make-book.sh): what is sound is said to be, what was changed is found.

load small

fixture=$FEE_TEST_DATA/books/schema-2.db
head=3:d199af65ea1c3fdf5a2cab97788e0d2ed0fa5be37b4955ca1f5cb987d9998c5e
seal=26:0dfeecc4a53c48d45a4d919d4858810cd2f4ab2bcbf44a56e6434df6f8e946f8
clean="No findings: batches 21, runs 3, bills 20, disclosures 2
head $head, seal $seal"

setup() {
  cd "$BATS_TEST_TMPDIR"
  install -m 600 "$fixture" book.db
}

# SQL on the book, by another program
sql() {
  python3 -c 'import sqlite3, sys
sqlite3.connect(sys.argv[1], isolation_level=None).executescript(sys.argv[2])' "${2-book.db}" "$1"
}

# The kept file of a batch, edited by sed, in the book: batch, script
retype() {
  fee-import --extract "$1" | sed "$2" | zstd -q -1 >new.zst
  python3 -c 'import sqlite3, sys
with sqlite3.connect("book.db") as db:
    db.execute("UPDATE piece SET bytes = ? WHERE batch = ?", (open("new.zst", "rb").read(), int(sys.argv[1])))' "$1"
  rm new.zst
}

# ---- What is sound

@test 'a sound book is said to be, with head and seal' {
  gives 0 "$clean" '' fee-audit
  gives 0 "未发现问题：批次 21，计费 3，账单 20，公示 2
head $head, seal $seal" '' fee-audit --lang zh_CN
  gives 0 'place,what' "fee-audit: no findings; head $head, seal $seal" fee-audit --format csv
  gives 0 '[
]' '' fee-audit --format json --quiet
  gives 0 '' '' fee-audit --quiet
  gives 0 '' '' fee-audit --output said.txt
  [ "$(cat said.txt)" = "$clean" ]
  [ "$(stat -c %a said.txt)" = 600 ]
}

@test 'an audit changes nothing, and needs no leave to write' {
  local before
  before=$(sha256sum book.db)
  chmod 400 book.db
  gives 0 "$clean" '' fee-audit
  gives 0 '' '' fee-audit --period 2024-02 --quiet
  [ "$(sha256sum book.db)" = "$before" ]
  [ "$(ls)" = 'book.db' ]
}

@test 'a book without a run is sound too' {
  rm book.db
  new_book
  fee-audit >said
  grep -qx 'No findings: batches 1, runs 0, bills 0' said
  grep -qE '^head 0:0{64}, seal 1:[0-9a-f]{64}$' said
}

@test 'reciprocal support centres that cancel out, and so reach nobody, are sound' {
  # found by a simulated life: a cost that was amended from one support centre to another that serves the same
  { cat "$small/policy.ini"; printf '\n[centre spare]\nkind=support\ndriver=desk-work\n'; } >two.ini
  new_book two.ini
  for kind in units parties quantities; do fee-import -q $kind "$small/$kind.csv"; done
  write x.csv 'doc,date,category,amount,centre\nX1,2024-01-31,personnel,100,desk\nX2,2024-01-31,personnel,-100,spare\n'
  fee-import -q costs x.csv
  fee-run -q --period 2024-01
  fee-audit -q
  fee-audit -q --period 2024-01
}

@test 'the book of schema 2 is run again to the digests that it was posted with' {
  gives 0 '2024-01 is identical when run again
head 1:81bf8e4594d6554b9aadd015d90c3f782658e2284399bc596e3a2a172d74d3a7' '' fee-audit --period 2024-01
  gives 0 '2024-02 is identical when run again
head 2:f4f8ac2fc1cc14d38d8cf83ce53b9dd3f41c0eee4213275572fa5ac375257935' '' fee-audit --period 2024-02
  gives 0 "2024-03 is identical when run again
head $head" '' fee-audit --period 2024-03
  gives 0 "2024-03 重算结果一致
head $head" '' fee-audit --period 2024-03 --lang zh_CN
  gives 0 'period,unit,party,item,origin,posted,recomputed,difference,cause' \
    "fee-audit: 2024-03 is identical when run again: $head" fee-audit --period 2024-03 --format csv
}

@test 'what is learned later changes no month of before, and the book stays sound' {
  write late.csv 'doc,date,category,amount\nV20,2024-01-15,personnel,500.00\n'
  fee-import -q costs late.csv || [ $? -eq 1 ]
  write area.csv 'unit,area\n101,90\n'
  fee-import -q units area.csv --amend
  for month in 2024-01 2024-02 2024-03; do
    gives 0 '' '' fee-audit --period $month --quiet
  done
  gives 0 '' '' fee-audit --quiet --head $head --seal $seal
}

# ---- What is not

@test 'a row of a file that was changed shows in the month that read it' {
  retype 11 's/,400.00,/,410.00,/'
  gives 1 'place,what
batch 11,"sha256 is ""16f3aecfb89ad11c4cfc687329caf6b96051f213bad61b2d925b5213c455b849"", not ""'"$(fee-import --extract 11 | sha256sum | cut -d' ' -f1)"'"""' \
    "fee-audit: findings: 1; head $head, seal $seal" fee-audit --format csv
  fee-audit --period 2024-02 --format csv >.rows 2>.said && status=0 || status=$?
  [ "$status" -eq 1 ]
  # the document, its pool, what comes of it, and who bears it
  grep -qx '2024-02,,,V6 > electricity,2024-02,400.00,410.00,10.00,accrue' .rows
  grep -qx '2024-02,,,run,,1636.68,1646.68,10.00,recognised' .rows
  grep -qE '^2024-02,101,O1,[a-z]+,2024-02,' .rows
  [ "$(cat .said)" = "fee-audit: 2024-02: differences: $(($(wc -l <.rows) - 1))" ]
  # the month before did not read it
  gives 0 '' '' fee-audit --period 2024-01 --quiet
}

@test 'a month that the records of then do not allow any more says why' {
  retype 4 '/desk-work/d; /staff-time/d'
  gives 1 'period,unit,party,item,origin,posted,recomputed,difference,cause
2024-01,,,run,,,,,"not recomputed: driver staff-time: its quantities add up to 0 on 2024-01-01, not to 100"' \
    'fee-audit: 2024-01: differences: 1' fee-audit --period 2024-01 --format csv
}

@test 'each change by another program is found where it is' {
  run python3 "$FEE_SOURCE/tests/tamper.py" cases "$fixture" "$FEE_TEST_DATA/audit.txt"
  echo "$output"
  [ "$status" -eq 0 ]
  [ "$output" = "$(grep -vc '^#' "$FEE_TEST_DATA/audit.txt") changes are named" ]
}

@test 'a value changed in any column of any table is found and named with its place' {
  run python3 "$FEE_SOURCE/tests/tamper.py" values "$fixture" "$([ -n "$FEE_SANITIZED" ] && echo 1 || echo 2)" "$([ -n "$FEE_SANITIZED" ] && echo 1 || echo 4)"
  echo "$output"
  [ "$status" -eq 0 ]
}

@test 'a random byte that flips is refused, found, or changes no report' {
  run python3 "$FEE_SOURCE/tests/tamper.py" flips "$fixture" 4 "$([ -n "$FEE_SANITIZED" ] && echo 25 || echo 1000)"
  echo "$output"
  [ "$status" -eq 0 ]
}

@test 'a tail that was cut off is found by the head or seal of before, and by nothing else' {
  sql 'DELETE FROM disclosure WHERE disclosure = 2; DELETE FROM page WHERE run = 3; DELETE FROM run WHERE run = 3; DELETE FROM entry WHERE entry >= 25'
  local short='head 2:f4f8ac2fc1cc14d38d8cf83ce53b9dd3f41c0eee4213275572fa5ac375257935, seal 24:[0-9a-f]{64}'
  fee-audit | grep -qxE "$short"
  local now
  now=$(fee-audit | tail -n 1)
  gives 1 'place,what
run 3,"is missing: the book has 2 runs, so its tail was cut off"' "fee-audit: findings: 1; $now" fee-audit --head $head --format csv
  gives 1 'place,what
entry 26,"is missing: the book has 24 entries, so its tail was cut off"' "fee-audit: findings: 1; $now" fee-audit --seal $seal --format csv
  gives 1 '' "fee-audit: findings: 2; $now" fee-audit --seal $seal --head $head --output said.txt
  gives 0 '' '' fee-audit --quiet --head 2:f4f8ac2fc1cc14d38d8cf83ce53b9dd3f41c0eee4213275572fa5ac375257935
}

@test 'a book that somebody posted anew, chain and all, is found by the head of before' {
  rm book.db
  posted_book
  local mine other
  mine=$(fee-audit | sed -n 's/^head \([^,]*\),.*/\1/p')
  rm book.db
  small_book
  fee-run -q --period 2024-01
  write other.csv 'doc,date,category,amount\nV5,2024-02-29,personnel,1000.01\n'
  fee-import -q costs other.csv
  write more.csv 'driver,target,quantity,from,to\npower,lifts,300,2024-02-01,2024-02-29\n'
  fee-run -q --period 2024-02
  gives 0 '' '' fee-audit --quiet
  other=$(fee-audit | tail -n 1)
  gives 1 'place,what
run 2,"digest is ""'"$(echo "$other" | cut -c 8-71)"'"", not ""'"${mine#2:}"'"""' "fee-audit: findings: 1; $other" fee-audit --head "$mine" --format csv
}

@test 'a book that is no book, or of a newer program, is refused by name' {
  local tool
  sql 'PRAGMA user_version = 3'
  for tool in import\ --list run\ --list 'explain --period 2024-01' 'statement --period 2024-01' ledger audit 'audit --period 2024-01' \
    'audit --backup copy.db'; do
    # shellcheck disable=SC2086
    refuses 78 "fee-${tool%% *}: book.db: the book was written by a newer program (schema 3, this one knows 2)" fee-$tool
  done
  printf 'no book at all' >book.db
  refuses 74 'fee-audit: book.db: the file is not a book, or is damaged' fee-audit
  rm book.db
  refuses 74 'fee-audit: book.db: there is no book here; fee-init makes one' fee-audit
}

@test 'what is asked wrongly is refused' {
  refuses 65 'fee-audit: book.db: 2024-05 is not posted' fee-audit --period 2024-05
  refuses 65 'fee-audit: book.db: the book is "SM", not "HY"' fee-audit --expect-book HY
  refuses 64 'fee-audit: --head 1:aa: a number, a colon and 64 hexadecimal digits, as printed' fee-audit --head 1:aa
  refuses 64 "fee-audit: --seal ${head^^}: a number, a colon and 64 hexadecimal digits, as printed" fee-audit --seal "${head^^}"
}

# ---- Signing

@test 'a signed head and seal prove a book to whoever has the public key' {
  ssh-keygen -q -t ed25519 -N '' -C '' -f key
  echo "accountant@example.org $(cat key.pub)" >signers
  fee-audit --output 2024-03.head
  ssh-keygen -q -Y sign -f key -n fee-head 2024-03.head 2>/dev/null
  # as the page of fee-audit says
  check() {
    ssh-keygen -Y verify -f signers -I accountant@example.org -n fee-head -s 2024-03.head.sig <2024-03.head \
      && fee-audit --quiet --head "$(sed -n 's/^head \([^,]*\), seal .*/\1/p' 2024-03.head)" --seal "$(sed -n 's/^head .*, seal //p' 2024-03.head)"
  }
  check
  # what came since is no finding
  write late.csv 'receipt,date,unit,amount\nR9,2024-04-01,101,1.00\n'
  fee-import -q receipts late.csv
  check
  # another head is not what was signed
  sed -i 's/^head 3:d/head 3:e/' 2024-03.head
  run check
  [ "$status" -ne 0 ]
  # and a shorter book not what it was
  sed -i 's/^head 3:e/head 3:d/' 2024-03.head
  sql 'DELETE FROM disclosure WHERE disclosure = 2; DELETE FROM page WHERE run = 3; DELETE FROM run WHERE run = 3; DELETE FROM entry WHERE entry >= 25;
       DELETE FROM piece WHERE batch = 22; DELETE FROM batch WHERE batch = 22'
  fee-audit -q
  run check
  [ "$status" -eq 1 ]
  [[ "$output" == *'entry 26'*'run 3'* ]]
}

# ---- A copy

@test 'a backup is a whole book for its owner only, and says what it holds' {
  umask 022
  gives 0 "head $head, seal $seal" '' fee-audit --backup copy.db
  [ "$(stat -c %a copy.db)" = 600 ]
  [ "$(ls)" = $'book.db\ncopy.db' ]
  gives 0 "$clean" '' fee-audit --book copy.db --head $head --seal $seal
  gives 0 '' '' fee-audit --book copy.db --period 2024-02 --quiet
  gives 0 '' '' fee-audit --backup quiet.db --quiet
}

@test 'the same backup again changes nothing' {
  fee-audit -q --backup copy.db
  before=$(stat -c '%i %z' copy.db)
  gives 0 "head $head, seal $seal" '' fee-audit --backup copy.db
  [ "$(stat -c '%i %z' copy.db)" = "$before" ]
  [ "$(ls)" = $'book.db\ncopy.db' ]
}

@test 'a backup never takes the place of another file' {
  echo mine >copy.db
  refuses 65 'fee-audit: copy.db: there is a file of that name already' fee-audit --backup copy.db
  ln -s nowhere link.db
  gives 65 '' 'fee-audit: link.db: there is a file of that name already' fee-audit --backup link.db
  [ ! -e nowhere ]
  refuses 74 'fee-audit: no/copy.db: No such file or directory' fee-audit --backup no/copy.db
}

@test 'a book whose file is damaged is not copied as if it were whole' {
  python3 -c 'data = bytearray(open("book.db", "rb").read())
data[2048:2048 + 512] = b"\xff" * 512
open("book.db", "wb").write(data)'
  fee-audit --backup copy.db 2>.said && status=0 || status=$?
  cat .said
  [ "$status" -eq 74 ]
  [ ! -e copy.db ]
  rm -f .said
  [ "$(ls -A)" = 'book.db' ]
}
