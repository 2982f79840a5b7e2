#!/usr/bin/env bats
# SPDX-License-Identifier: LGPL-2.1-or-later
# Bills and letters in HTML, and what a real browser makes of them: one start of Chromium measures all documents at the width of a phone and of a
# screen, one prints. check-html.py says what is asked.

load small
bats_require_minimum_version 1.5.0

setup_file() {
  keep_book letters_book
  cd "$BATS_FILE_TMPDIR"
  look
  long_bills
  browser --print-to-pdf=long.pdf --no-pdf-header-footer "file://$PWD/long.html" >/dev/null
  pdftotext -layout long.pdf long.txt
}

setup() { cd "$BATS_FILE_TMPDIR"; }

day=2024-05-10

ask() { python3 "$FEE_SOURCE/tests/check-html.py" "$@"; }

browser() {
  HOME=$PWD timeout 100 chromium --headless --no-sandbox --disable-gpu --user-data-dir="$PWD/chromium" --enable-logging=stderr "$@" 2>browser.log
}

# Bills in two languages, a letter in both, and a document of all that there is, with the style of the others
look() {
  fee-statement --period 2024-02 --output bills-en.html --lang en
  fee-statement --period 2024-02 --output bills-zh.html --lang zh_CN
  fee-disclose --period 2024-02 --output disclosure-en.html --lang en
  fee-disclose --period 2024-Q1 --output disclosure-zh.html --lang zh_CN || [ $? -eq 1 ] # March is not posted
  fee-statement --period 2024-02 --format csv --output lines.csv
  fee-statement --period 2024-02 --format csv --bills --output bills.csv
  fee-remind --as-of $day --approved-by 'Manager Sun' --letters letters --letter-format html -q >/dev/null
  python3 - bills-en.html "$FEE_TEST_DATA/document.html" >document.html <<'PYTHON'
import re, sys
styled, document = (open(path, encoding='utf-8').read() for path in sys.argv[1:])
style, allowed = re.search(r'<style>.*</style>', styled, re.S).group(), re.search(r"'sha256-[^']*'", styled).group()
print(document.replace('<style></style>', style).replace("'sha256-'", allowed), end='')
PYTHON
  ask harness bills-en=bills-en.html bills-zh=bills-zh.html disclosure-en=disclosure-en.html disclosure-zh=disclosure-zh.html letter=letters/R20240510-0006.html document=document.html >harness.html
  browser --dump-dom "file://$PWD/harness.html" >dump.html
  grep CONSOLE browser.log >console.log || true
}

# Two bills of 70 lines
long_bills() {
  local n
  mkdir long
  { printf '[book]\nname=Long Court\nstart=2024-01\n[billing]\ndue_days=20\n'
    for n in {101..170}; do printf '[centre c%s]\nname=Service number %s of the estate\ndriver=one\n' $n $n; done
  } >long/policy.ini
  printf 'unit\nU1\nU2\n' >long/units.csv
  printf 'unit,role,name\nU1,owner,Ann\nU2,owner,Bo\n' >long/parties.csv
  { echo doc,date,category,centre,amount; for n in {101..170}; do echo D$n,2024-01-31,other,c$n,$((n * 2)).00; done; } >long/costs.csv
  for n in {101..170}; do echo "Service number $n of the estate|$n.00"; done >rows.txt
  export FEE_BOOK=long/book.db
  fee-init -q long/policy.ini
  fee-import -q units long/units.csv
  fee-import -q parties long/parties.csv
  fee-import -q costs long/costs.csv
  fee-run -q --period 2024-01
  fee-statement --period 2024-01 --output long.html
  export FEE_BOOK=book.db
}

# ---- In the browser

@test "a browser shows every document without a word on its console" {
  run cat console.log
  [ "${#lines[@]}" -eq 1 ] # what the harness says, which shows that it would be heard
  [[ ${lines[0]} == *'measured 13'* ]]
}

@test "nothing is wider than a phone of 360 pixels or a screen; wide tables are blocks on the phone only" { ask fits dump.html; }

@test "text stands out from its ground, the style is applied, headings leave no level out, contents lead to their parts" { ask reads dump.html; }

@test "colours stand out from both grounds, light and dark" { ask contrast "$FEE_SOURCE/libfee/report/fee-document.css"; }

@test "every bill shows every figure of its lines and of its account, in both languages" {
  for bills in bills-en bills-zh; do
    ask figures dump.html $bills lines.csv
    ask figures dump.html $bills bills.csv
  done
}

@test "a bill has all that a fee notice must have" {
  ask texts dump.html bills-zh >texts.txt
  bill=$(grep 202402-0000004 texts.txt)
  for part in 小院 缴费通知单 2024-03-21 '建筑面积100 m²' 'D*（业主）' 全小区（元） 按什么分 '补收2024-01' 15/31 大写：贰佰壹拾陆元壹角叁分 '收款截至2024-03-01' \
    '上月 210.08，本月 6.05，相差 -204.03' RF632024020000004 '小院银行 6222' '物业服务中心 010-1234' 7日内答复 请到物业服务中心办理 大门公示栏 零头由各户轮流承担 账目校验码 ; do
    grep -qF -- "$(tr -d ' ' <<<"$part")" <<<"$(tr -d ' ' <<<"$bill")" || { echo "no $part in $bill"; return 1; }
  done
  ! grep -qE '\<(Di|Ed|Ann|Bo|Cy)\>|example' texts.txt # names are masked, contacts left out
}

@test "a disclosure shows every figure and every text of its table, and charts of them" {
  fee-disclose --period 2024-02 --format csv --lang en --output en.csv
  fee-disclose --period 2024-Q1 --format csv --lang zh_CN --output zh.csv || [ $? -eq 1 ]
  ask cells dump.html disclosure-en en.csv
  ask cells dump.html disclosure-zh zh.csv
  [ "$(grep -o '<svg' disclosure-en.html | wc -l)" -ge 2 ]
  ! grep -qE '\<(Di|Ed|Ann|Bo|Cy|O[1-4]|T1|301|S1)\>|example' disclosure-*.html
}

@test "a letter in HTML has each language on a sheet of its own, with the words of its text" {
  fee-remind --as-of $day --approved-by 'Manager Sun' --letters texts -q >/dev/null
  ask texts dump.html letter >letter.txt
  [ "$(wc -l <letter.txt)" -eq 2 ]
  grep -c . texts/R20240510-0006.txt
  tr -d ' \n' <letter.txt >html-signs.txt
  grep -v '^---' texts/R20240510-0006.txt | while read -r line; do
    for word in $line; do
      grep -qF -- "$word" html-signs.txt || { echo "no $word"; return 1; }
    done
  done
  grep -oE 'RF[0-9]{15}' letter.txt | sort -u >references.txt
  grep -oE 'Bill [0-9]{6}-[0-9]{7}' texts/R20240510-0006.txt | sort -u | wc -l
  [ "$(wc -l <references.txt)" -ge 1 ]
  while read -r reference; do grep -q "^[^,]*,301,.*$reference" bills.csv <(fee-statement --period 2024-01 --format csv --bills); done <references.txt
}

# ---- On paper

@test "printed on A4, rows are whole, each page repeats the headings, each bill begins on a page" {
  run ask pages long.txt rows.txt 'Whole estate'
  [ "$status" -eq 0 ]
  [ "$output" -ge 4 ]
  [ "$(tr '\f' '\n' <long.txt | grep -c 'Fee notice')" -eq 2 ]
  python3 - <<'PYTHON'
pages = [page for page in open('long.txt', encoding='utf-8').read().split('\f') if page.strip()]
begun = [i for i, page in enumerate(pages) if 'Fee notice' in page]
assert begun == [0, len(pages) // 2], begun
PYTHON
  pdfinfo long.pdf | grep -q '^Page size: .*A4'
}

# ---- The files

@test "tags are closed in their order" { ask well-formed bills-en.html bills-zh.html disclosure-en.html disclosure-zh.html document.html long.html letters/*.html; }

@test "one file a bill is the bill of the whole, and its mode is private" {
  fee-statement --period 2024-02 --format html --output one --lang en
  [ "$(ls one | wc -l)" -eq "$(($(wc -l <bills.csv) - 1))" ]
  [ "$(stat -c %a one one/202402-0000004.html bills-en.html letters/R20240510-0006.html | tr '\n' ' ')" = '700 600 600 600 ' ]
  diff <(sed -n '/^<article/,/^<.article/p' one/*.html) <(sed -n '/^<article/,/^<.article/p' bills-en.html)
  fee-statement --period 2024-02 --format html --lang en --unit 301 | grep -c '^<article' | grep -qx 2
  fee-statement --period 2024-02 --format html --lang en | cmp - bills-en.html
}

@test "letters in HTML are as many as in text, one file each" {
  fee-remind --as-of $day --approved-by 'Manager Sun' --letters texts -q >/dev/null
  diff <(cd letters && ls | sed 's/html$/txt/') <(ls texts)
  fee-remind --as-of $day --letters en --letter-format html --lang en --unit 101 -q >/dev/null
  [ "$(grep -c '^<article' en/*.html)" -eq 1 ]
  grep -q '^<html lang="en">' en/*.html
  grep -q '^<html lang="zh-CN">' letters/R20240510-0002.html
  grep -q '^<article class="sheet" lang="en">' letters/R20240510-0002.html
}

@test "a hostile unit id and name are shown, not obeyed" {
  grep -qF '<br>Unit ../../x   Payer \x1b*' letters/*.html
  ! grep -q $'\033' letters/*.html
  ! ls letters | grep -v '^R20240510-000[1-7]\.html$'
}

# ---- What is refused

@test "what does not go together is refused" {
  gives 64 '' 'fee-statement: --output x.html: its ending is not that of --format csv' fee-statement --period 2024-02 --output x.html --format csv
  gives 64 '' 'fee-statement: --output x.html: its ending is not that of --format csv' fee-statement --period 2024-02 --output x.html --excel
  gives 64 '' 'fee-statement: --bills goes with --format text, csv or json' fee-statement --period 2024-02 --bills --output x.html
  gives 64 '' 'fee-statement: --format docx: text, csv, json, html or pdf' fee-statement --period 2024-02 --format docx
  gives 64 '' 'fee-ledger: --format html: text, csv or json' fee-ledger --format html
  gives 64 '' 'fee-remind: --format html: text, csv or json' fee-remind --format html
  gives 64 '' 'fee-remind: --letter-format docx: text, html or pdf' fee-remind --letters l --letter-format docx
  gives 64 '' 'fee-remind: --letter-format goes with --letters' fee-remind --letter-format html
}

@test "a full disk leaves no file, and says so" {
  gives 74 '' 'fee-statement: /dev/full: No space left on device' fee-statement --period 2024-02 --format html --output /dev/full
}
