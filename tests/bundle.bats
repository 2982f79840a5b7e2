#!/usr/bin/env bats
# SPDX-License-Identifier: LGPL-2.1-or-later
# fee-audit --bundle and --verify: a month goes to another machine and is run again there.

load small

fixture=$FEE_TEST_DATA/books/schema-1.db
heads=(1:81bf8e4594d6554b9aadd015d90c3f782658e2284399bc596e3a2a172d74d3a7
  2:f4f8ac2fc1cc14d38d8cf83ce53b9dd3f41c0eee4213275572fa5ac375257935
  3:d199af65ea1c3fdf5a2cab97788e0d2ed0fa5be37b4955ca1f5cb987d9998c5e)

setup() {
  cd "$BATS_TEST_TMPDIR"
  install -m 600 "$fixture" book.db
  export TMPDIR=$BATS_TEST_TMPDIR/tmp
  mkdir "$TMPDIR"
}

# What was waiting in temporary files is gone
teardown() {
  [ -z "$(ls -A "$BATS_TEST_TMPDIR/tmp")" ]
}

# A bundle unpacked, edited by a command in it, its sums made anew, and packed again: from, to, command...
forge() {
  mkdir forged
  tar -xf "$1" -C forged
  (cd forged && "${@:3}" && find . -type f ! -name sha256sums -printf '%P\n' | LC_ALL=C sort | xargs sha256sum >sha256sums)
  (cd forged && find . -type f -printf '%P\n' | LC_ALL=C sort | tar --format=ustar --mtime=@0 --owner=0 --group=0 -cf ../forged.tar -T -)
  mv forged.tar "$2"
  rm -r forged
}

@test 'each month is run again from its bundle alone' {
  for n in 1 2 3; do
    gives 0 "head ${heads[n - 1]}" '' fee-audit --period 2024-0$n --bundle $n.tar
  done
  rm book.db
  for n in 1 2 3; do
    gives 0 "2024-0$n is identical when run again
head ${heads[n - 1]}" '' fee-audit --verify $n.tar
  done
  gives 0 "2024-02 重算结果一致
head ${heads[1]}" '' fee-audit --verify 2.tar --lang zh_CN
  gives 0 'place,what' "fee-audit: 2024-02 is identical when run again: ${heads[1]}" fee-audit --verify 2.tar --format csv
  gives 0 '' '' fee-audit --verify 2.tar --quiet
}

@test 'a bundle is the same bytes whoever writes it, where and when, and for its owner only' {
  umask 022
  gives 0 '' '' fee-audit --period 2024-02 --bundle a.tar --quiet
  # what came later is not in it
  write late.csv 'doc,date,category,amount\nV20,2024-01-15,personnel,500.00\n'
  fee-import -q costs late.csv || [ $? -eq 1 ]
  write area.csv 'unit,area\n101,90\n'
  fee-import -q units area.csv --amend
  mkdir other
  (cd other && umask 0 && TZ=Asia/Shanghai LC_ALL=C FEE_USER=nobody fee-audit --book ../book.db --period 2024-02 --bundle b.tar --lang zh_CN -q)
  cmp a.tar other/b.tar
  [ "$(stat -c %a a.tar other/b.tar)" = $'600\n600' ]
  [ "$(tar -tvf a.tar --numeric-owner --full-time | sed 's/  */ /g' | cut -d' ' -f1,2,4,5 | sort -u)" = '-rw------- 0/0 1970-01-01 00:00:00' ]
  [ "$(tar -tf a.tar)" = "$(tar -tf a.tar | LC_ALL=C sort)" ]
  [ "$(tar -tf a.tar | grep -v '^files/' | tr '\n' ' ')" = 'README batches.csv before/accruals.csv before/counts.csv explanations/documents.csv results/bills.csv results/lines.csv results/stages.csv run.csv sha256sums ' ]
}

@test 'what a bundle shows is what the other tools show' {
  fee-audit -q --period 2024-02 --bundle 2.tar
  mkdir open
  tar -xf 2.tar -C open
  (cd open && sha256sum --quiet -c sha256sums)
  cmp open/results/lines.csv <(fee-statement --period 2024-02 --format csv)
  cmp open/results/stages.csv <(fee-explain --period 2024-02 --format csv)
  cmp open/files/00000006.csv <(fee-import --extract 6)
  # the late invoice of January leads to its row
  grep -qx '2024-01,V7,greening,50.00,costs-2024-02.csv,4,11,16f3aecfb89ad11c4cfc687329caf6b96051f213bad61b2d925b5213c455b849' open/explanations/documents.csv
  # taken back since: no row any more
  grep -qx '2024-01,V9,personnel,-7.77,,,,' open/explanations/documents.csv
}

@test 'names and contacts are only in a bundle that was asked for them' {
  fee-audit -q --period 2024-01 --bundle without.tar
  fee-audit -q --period 2024-01 --bundle with.tar --with-contacts
  run grep -aoE 'a@example.org|Ann' without.tar
  [ "$status" -eq 1 ]
  run grep -aoE 'a@example.org|Ann' with.tar
  [ "$output" = $'Ann\na@example.org' ]
  tar -xOf without.tar files/00000003.csv | head -n 2 >rows
  [ "$(cat rows)" = '"unit","role","party","name","contact","from","to"
"101","owner","O1","A*","","2020-01-01",""' ]
  cmp <(tar -xOf with.tar files/00000003.csv) <(fee-import --extract 3)
  for tar in with without; do
    gives 0 "2024-01 is identical when run again
head ${heads[0]}" '' fee-audit --verify $tar.tar
  done
}

@test 'columns that a run does not read are not in it, and rows keep their lines' {
  rm book.db
  new_book
  printf '房号,kind,建筑面积,lift,业主电话,备注\r\n101,flat,80,1,13800000001,"two\r\nlines"\r\n\r\n102,flat,80,1,13800000002,=x\r\n' | iconv -t GB18030 >u.csv
  fee-import -q units u.csv
  printf '房号;角色;编号;姓名;联系方式;起;身份证\n101;业主;O1;"欧阳 ""小"" 明";13800000001;;110101\n102;业主;=O2;-李;13800000002;;"110102\n3"\n102;使用人;;张三;;2024-01-11;\n' >p.csv
  fee-import -q parties p.csv
  # a new contact is a new version; so is a new name
  printf 'unit,role,from,name,contact,party\n101,owner,,欧阳明,13900000009,O1\n' >q.csv
  fee-import -q parties q.csv --amend
  write m.csv 'driver,target,quantity,from\nstaff-time,guard,100,2024-01-01\ndesk-work,guard,1,\n'
  fee-import -q quantities m.csv
  write c.csv 'doc,date,category,amount,centre\nV1,2024-01-31,personnel,100.01,\n-V2,2024-01-31,other,33.34,lifts\n@,2024-01-31,greening,9.99,\n'
  fee-import -q costs c.csv
  fee-run -q --period 2024-01
  local head
  head=$(fee-audit | sed -n 's/^head \([^,]*\),.*/\1/p')
  fee-audit -q --period 2024-01 --bundle 1.tar
  run grep -aoE '1380000000|1390000000|11010|欧阳|张三|李' 1.tar
  echo "$output"
  [ "$status" -eq 1 ]
  [ "$(tar -xOf 1.tar files/00000002.csv)" = '"房号","kind","建筑面积","lift"
"101","flat","80","1"


"102","flat","80","1"' ]
  [ "$(tar -xOf 1.tar files/00000003.csv | tail -n 1)" = '"102","使用人","","张*","","2024-01-11"' ]
  [ "$(tar -xOf 1.tar files/00000003.csv | wc -l)" -eq 5 ]
  gives 0 "2024-01 is identical when run again
head $head" '' fee-audit --verify 1.tar
  # the next month, for which files and odd fen of before are needed
  fee-run -q --period 2024-02
  fee-audit -q --period 2024-02 --bundle 2.tar
  fee-audit -q --verify 2.tar
}

@test 'a bundle that was changed, sums and all, does not come out the same' {
  fee-audit -q --period 2024-02 --bundle 2.tar
  forge 2.tar cost.tar sed -i 's/,400.00,/,410.00,/' files/00000011.csv
  fee-audit --verify cost.tar --format csv >.rows 2>.said && status=0 || status=$?
  [ "$status" -eq 1 ]
  [ "$(cut -d, -f1 .rows | tr '\n' ' ')" = 'place files/00000011.csv run explanations/documents.csv results/bills.csv results/lines.csv results/stages.csv ' ]
  [ "$(cat .said)" = 'fee-audit: cost.tar: findings: 6' ]
  forge 2.tar line.tar sed -i 's/,O1,owner,/,O9,owner,/' results/lines.csv
  gives 1 'place,what
results/lines.csv,is not what the month gives when run again' 'fee-audit: line.tar: findings: 1' fee-audit --verify line.tar --format csv
  forge 2.tar count.tar sed -i '2s/"[0-9]*"$/"7"/' before/counts.csv
  run fee-audit --verify count.tar
  [ "$status" -eq 1 ]
  forge 2.tar digest.tar sed -i 's/"digest","f4f8/"digest","f4f9/' run.csv
  gives 1 'place,what
run,"the digest is '"${heads[1]#2:}"', not f4f9'"${heads[1]#2:f4f8}"'"' 'fee-audit: digest.tar: findings: 1' fee-audit --verify digest.tar --format csv
  forge 2.tar none.tar sed -i '/staff-time/d' files/00000004.csv
  run fee-audit --verify none.tar
  [ "$status" -eq 1 ]
  [[ "$output" == *'not run again: driver staff-time: its quantities add up to 0'* ]]
  forge 2.tar gone.tar rm results/bills.csv
  gives 1 'place,what
results/bills.csv,is missing' 'fee-audit: gone.tar: findings: 1' fee-audit --verify gone.tar --format csv
}

# A book whose April restates January and March, after a withdrawal: its bundle
restating() {
  install -m 600 "$FEE_TEST_DATA/books/schema-1-later.db" book.db
  fee-audit -q --period 2024-04 --bundle 4.tar
}

@test 'a month that restates others is run again from its bundle alone' {
  local head=4:ab7d65b46d99b557a13a0daa93e4238112c96b0d1e67f44bbf55a4cec92a8b64
  restating
  [ "$(tar -tf 4.tar | grep '^before/' | tr '\n' ' ')" = 'before/accruals.csv before/counts.csv before/restated-counts.csv before/restated-lines.csv before/restated-pools.csv ' ]
  [ "$(tar -xOf 4.tar README | grep -c '^before/restated-')" = 6 ]
  [ "$(tar -tf 4.tar)" = "$(tar -tf 4.tar | LC_ALL=C sort)" ]
  # what was posted of January, in its own month and later
  [ "$(tar -xOf 4.tar before/restated-pools.csv | grep -E 'origin|2024-01.*(guard|grounds)')" = '"origin","pool","centre","stage","total_weight","amount"
"2024-01","1","grounds","activity","12400","553.50"
"2024-01","3","guard","activity","155","653.49"
"2024-01","4","grounds","activity","12400","46.50"
"2024-01","6","guard","activity","155","7.62"' ]
  cmp <(tar -xOf 4.tar before/restated-lines.csv | grep '^"2024-01","[34]",' | cut -d, -f3,4,8 | tr -d '"' | sort) \
    <({ fee-statement --period 2024-01 --format csv | awk -F, '$6 == "guard"'; fee-statement --period 2024-02 --format csv | awk -F, '$6 == "grounds" && $7 == "2024-01"'; } | cut -d, -f3,4,13 | sort)
  # what comes later is not in it
  write late.csv 'unit,area\n101,90\n'
  fee-import -q units late.csv --amend
  write p.csv 'driver,target,quantity,from,to\npower,lifts,310,2024-05-01,2024-05-31\n'
  fee-run -q --period 2024-05 --restate 2024-01 --restate 2024-04
  fee-audit -q --period 2024-04 --bundle again.tar
  cmp 4.tar again.tar
  # restated before, and the month before the run
  fee-audit -q --period 2024-05 --bundle 5.tar
  tar -xOf 5.tar before/restated-pools.csv | grep -q '^"2024-01",.*,"restate",'
  rm book.db
  gives 0 "2024-04 is identical when run again
head $head" '' fee-audit --verify 4.tar
  fee-audit --verify 5.tar | grep -qx '2024-05 is identical when run again'
}

@test 'what was posted of a restated month is found where it was changed' {
  local name edit
  restating
  # a fen moved from one line of a pool to another
  forge 4.tar amount.tar sed -i '2s/"110.70"/"110.71"/; 4s/"110.70"/"110.69"/' before/restated-lines.csv
  fee-audit --verify amount.tar --format csv >.rows 2>.said && status=0 || status=$?
  [ "$status" -eq 1 ]
  grep -qE '^run,"the digest is [0-9a-f]{64}, not ab7d65b46d99b557a13a0daa93e4238112c96b0d1e67f44bbf55a4cec92a8b64' .rows
  grep -qx 'results/lines.csv,is not what the month gives when run again' .rows
  while IFS='|' read -r name edit; do
    forge 4.tar x.tar sed -i "$edit" "before/restated-$name.csv"
    run fee-audit --verify x.tar
    [ "$status" -eq 1 ] || { echo "$name $edit: $status $output"; return 1; }
  done <<'EDITS'
lines|2s/"110.70"/"110.71"/
lines|2d
lines|2s/"O1"/"O2"/
counts|5s/"2"$/"9"/
EDITS
  # what can't be is refused
  while IFS='|' read -r name edit; do
    forge 4.tar x.tar sed -i "$edit" "before/restated-$name.csv"
    refuses 74 "fee-audit: x.tar: the archive is damaged: before/restated-$name.csv" fee-audit --verify x.tar
  done <<'EDITS'
lines|2s/"2024-01"/"2024-02"/
lines|2s/"1"/"99"/
lines|2s/"owner"/"owned"/
lines|2s/"2480"/"2480.x"/
lines|2s/"31"/"32"/
lines|2s/"110.70"/"110.701"/
pools|2s/"1"/"2"/
pools|2s/"activity"/"support"/
counts|2s/"2024-03"/"2024-04"/
counts|3s/"201"/"101"/
EDITS
  # and so is a byte that does not agree with sha256sums, and a part that is not there
  mkdir open
  tar -xf 4.tar -C open
  sed -i '2s/110.70/110.71/' open/before/restated-lines.csv
  (cd open && find . -type f -printf '%P\n' | LC_ALL=C sort | tar --format=ustar -cf ../sum.tar -T -)
  refuses 74 'fee-audit: sum.tar: the archive is damaged: before/restated-lines.csv' fee-audit --verify sum.tar
  forge 4.tar none.tar rm before/restated-pools.csv
  refuses 74 'fee-audit: none.tar: the archive is damaged: before/restated-pools.csv' fee-audit --verify none.tar
  forge 4.tar form.tar sed -i 's/"bundle","2"/"bundle","1"/' run.csv
  refuses 74 'fee-audit: form.tar: the archive is damaged: run.csv' fee-audit --verify form.tar
}

@test 'a damaged archive is refused' {
  fee-audit -q --period 2024-02 --bundle 2.tar
  head -c 9000 2.tar >cut.tar
  run fee-audit --verify cut.tar
  [ "$status" -eq 74 ]
  [[ "$output" == 'fee-audit: cut.tar: the archive is damaged: '* ]]
  mkdir open
  tar -xf 2.tar -C open
  sed -i 's/,400.00,/,410.00,/' open/files/00000011.csv
  (cd open && find . -type f -printf '%P\n' | LC_ALL=C sort | tar --format=ustar -cf ../sum.tar -T -)
  refuses 74 'fee-audit: sum.tar: the archive is damaged: files/00000011.csv' fee-audit --verify sum.tar
  forge 2.tar file.tar rm files/00000011.csv
  refuses 74 'fee-audit: file.tar: the archive is damaged: files/00000011.csv' fee-audit --verify file.tar
  forge 2.tar run.tar rm run.csv
  refuses 74 'fee-audit: run.tar: the archive is damaged: run.csv' fee-audit --verify run.tar
  forge 2.tar row.tar sed -i '3d' batches.csv
  refuses 74 'fee-audit: row.tar: the archive is damaged: batches.csv' fee-audit --verify row.tar
  ln -s /etc/passwd link
  tar -cf link.tar link
  refuses 74 'fee-audit: link.tar: the archive is damaged: it holds what is no file' fee-audit --verify link.tar
  truncate -s 3G run.csv
  tar --sparse -cf sparse.tar run.csv
  rm run.csv
  refuses 74 'fee-audit: sparse.tar: the archive is damaged: it holds what is no file' fee-audit --verify sparse.tar
  echo 'no archive' >text.tar
  run fee-audit --verify text.tar
  [ "$status" -eq 74 ]
  refuses 74 'fee-audit: none.tar: No such file or directory' fee-audit --verify none.tar
}

@test 'random bytes of a bundle that flip are refused or change nothing' {
  fee-audit -q --period 2024-02 --bundle 2.tar
  python3 - "$([ -n "$FEE_SANITIZED" ] && echo 30 || echo 200)" <<'END'
import random, subprocess, sys
data, rng, refused = open('2.tar', 'rb').read(), random.Random(6), 0
wanted = subprocess.run(['fee-audit', '--verify', '2.tar'], capture_output=True).stdout
for _ in range(int(sys.argv[1])):
    at = rng.randrange(len(data))
    open('flip.tar', 'wb').write(data[:at] + bytes([data[at] ^ 1 << rng.randrange(8)]) + data[at + 1:])
    done = subprocess.run(['fee-audit', '--verify', 'flip.tar'], capture_output=True, timeout=120)
    refused += done.returncode == 74
    if not (done.returncode == 74 and done.stderr or (done.returncode, done.stdout) == (0, wanted)):
        sys.exit('byte %d: status %d %s' % (at, done.returncode, done.stderr))
if not refused:
    sys.exit('nothing was refused')
END
}

@test 'a bundle of a newer program is refused by name' {
  fee-audit -q --period 2024-02 --bundle 2.tar
  forge 2.tar form.tar sed -i 's/"bundle","1"/"bundle","3"/' run.csv
  refuses 78 'fee-audit: form.tar: the bundle was written by a newer program (form 3, rules 1)' fee-audit --verify form.tar
  forge 2.tar rules.tar sed -i 's/"rules","1"/"rules","2"/' run.csv
  refuses 78 'fee-audit: rules.tar: the bundle was written by a newer program (form 1, rules 2)' fee-audit --verify rules.tar
  forge 2.tar word.tar sed -i 's/"arguments",""/"arguments","--later"/' run.csv
  refuses 78 'fee-audit: run 2 was made with arguments that this program does not know: --later' fee-audit --verify word.tar
}

@test 'what is asked wrongly is refused' {
  refuses 65 'fee-audit: book.db: 2024-05 is not posted' fee-audit --period 2024-05 --bundle x.tar
  refuses 64 'fee-audit: --bundle goes with --period, as known then' fee-audit --bundle x.tar
  refuses 64 'fee-audit: --with-contacts goes with --bundle' fee-audit --period 2024-01 --with-contacts
  refuses 64 'fee-audit: --period, --pending, --backup, --verify, and --head or --seal are for calls of their own' fee-audit --verify x.tar --period 2024-01
  refuses 64 'fee-audit: --verify needs no book: --expect-book does not go with it' fee-audit --verify x.tar --expect-book SM
  refuses 74 'fee-audit: no/x.tar: No such file or directory' fee-audit --period 2024-01 --bundle no/x.tar
}

@test 'a full disk leaves no bundle' {
  refuses 74 'fee-audit: /dev/full: No space left on device' fee-audit --period 2024-01 --bundle /dev/full
}
