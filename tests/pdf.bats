#!/usr/bin/env bats
# SPDX-License-Identifier: LGPL-2.1-or-later
# Bills and letters in PDF, as other programs read them: text by pdftotext, pages as pictures by pdftoppm.

load small
bats_require_minimum_version 1.5.0

setup_file() {
  keep_book letters_book
  cd "$BATS_FILE_TMPDIR"
  local lang
  for lang in en zh_CN; do
    fee-statement --period 2024-02 --lang $lang --output bills-$lang.pdf
    fee-statement --period 2024-02 --lang $lang --output bills-$lang.txt
  done
  fee-disclose --period 2024-02 --lang zh_CN -q --output notice.pdf
  fee-remind --as-of 2024-05-10 --approved-by 'Manager Sun' --letters letters --letter-format pdf -q >/dev/null
}

setup() { cd "$BATS_FILE_TMPDIR"; }

# Whatever is in the pages of a text, page by page, is in those of a PDF: a bill a page, blanks and line ends aside
same_text() { # TEXT PDF
  pdftotext "$2" pages.txt
  python3 - "$1" pages.txt <<'PYTHON'
import sys
bills, pages = (open(path, encoding='utf-8').read().split('\f') for path in sys.argv[1:])
assert len(bills) == 7 and len(pages) == 8, (len(bills), len(pages))
for bill, page in zip(bills, pages):
    there = ''.join(page.split())
    lacks = [word for word in bill.split() if word not in there]
    assert len(bill.split()) > 30 and not lacks, (lacks, page)
PYTHON
}

@test "every word and figure of a bill is in its page, and can be copied" {
  same_text bills-en.txt bills-en.pdf
  same_text bills-zh_CN.txt bills-zh_CN.pdf
  pdftotext bills-zh_CN.pdf - | grep -qx '大写：陆佰伍拾元零伍角肆分'
  [ "$(pdftotext bills-en.pdf - | grep -cx 1/1)" -eq 7 ]
}

@test "the same bill is the same bytes at another time, place and in another language of the machine" {
  mkdir elsewhere
  sleep 1
  (cd elsewhere && TZ=Asia/Shanghai LC_ALL=C LANGUAGE=zh_CN HOME=/nonexistent fee-statement --book ../book.db --period 2024-02 --lang zh_CN --output bills-zh_CN.pdf)
  cmp elsewhere/bills-zh_CN.pdf bills-zh_CN.pdf
  cmp elsewhere/bills-zh_CN.index.csv bills-zh_CN.index.csv
  pdfinfo bills-zh_CN.pdf | grep -qx 'Title: *缴费通知单 2024-02'
  run ! grep -aq CreationDate bills-zh_CN.pdf
}

@test "an index says on which page each bill is" {
  gives 0 'bill,unit,party,file,page,pages
202402-0000001,101,O1,bills-en.pdf,1,1
202402-0000002,201,O2,bills-en.pdf,2,1
202402-0000003,201,T1,bills-en.pdf,3,1
202402-0000004,301,O3,bills-en.pdf,4,1
202402-0000005,301,O4,bills-en.pdf,5,1
202402-0000006,302,developer,bills-en.pdf,6,1
202402-0000007,S1,O2,bills-en.pdf,7,1' '' cat bills-en.index.csv
  gives 0 $'600\n600' '' stat -c %a bills-en.pdf bills-en.index.csv
  fee-statement --period 2024-02 --order floor,unit --output round.pdf
  gives 0 "$(pdftotext round.pdf - | grep -o '202402-000000.')" '' eval "tail -n +2 round.index.csv | cut -d, -f1"
}

@test "a folder has a PDF a bill, and the index; one unit has no index" {
  fee-statement --period 2024-02 --format pdf --output folder
  gives 0 "$(printf '202402-%07d.pdf\n' {1..7})"$'\nindex.csv' '' ls folder
  gives 0 202402-0000005,301,O4,202402-0000005.pdf,1,1 '' grep O4 folder/index.csv
  gives 0 'Title:           Fee notice 202402-0000005' '' eval 'pdfinfo folder/202402-0000005.pdf | grep Title'
  fee-statement --period 2024-02 --unit 301 --output unit.pdf
  gives 0 unit.pdf '' eval 'ls unit*'
}

@test "a PDF goes to a pipe, but not to a terminal" {
  fee-statement --period 2024-02 --lang en --format pdf | cmp - bills-en.pdf
  run script -qec 'fee-statement --period 2024-02 --format pdf' /dev/null
  [ "$status" -eq 64 ]
  [[ "$output" == 'fee-statement: a PDF is nothing for a terminal: --output FILE.pdf'* ]]
}

@test "without a font of its own, and on a full disk, there is no PDF" {
  mkdir bare
  echo '<fontconfig/>' >bare/fonts.conf
  cd bare
  refuses 74 'fee-statement: a PDF needs the font WenQuanYi Micro Hei (Debian: fonts-wqy-microhei) or Noto Sans CJK SC, which this machine has not' \
    env FEE_BOOK=../book.db FONTCONFIG_FILE="$PWD/fonts.conf" fee-statement --period 2024-02 --output bills.pdf
  refuses 74 'fee-statement: /dev/full: No space left on device' env FEE_BOOK=../book.db fee-statement --period 2024-02 --format pdf --output /dev/full
}

# A kept picture is made by: tests/compare-pages.py --keep tests/data/pages/NAME.pgm.gz NAME.pgm
looks_as_kept() { # NAME PDF PAGE
  pdftoppm -gray -r 45 -f "$3" -l "$3" -singlefile "$2" "$1"
  python3 "$FEE_SOURCE/tests/compare-pages.py" "$FEE_TEST_DATA/pages/$1.pgm.gz" "$1.pgm"
}

@test "pages look as those that are kept" {
  looks_as_kept statement-en bills-en.pdf 5
  looks_as_kept statement-zh_CN bills-zh_CN.pdf 5
  looks_as_kept letter letters/R20240510-0004.pdf 1
  looks_as_kept disclosure notice.pdf 1
  # and would not if a figure were another
  run python3 "$FEE_SOURCE/tests/compare-pages.py" "$FEE_TEST_DATA/pages/statement-en.pgm.gz" statement-zh_CN.pgm
  [ "$status" -eq 1 ]
  pdftoppm -gray -r 45 -f 4 -l 4 -singlefile bills-en.pdf other
  run python3 "$FEE_SOURCE/tests/compare-pages.py" "$FEE_TEST_DATA/pages/statement-en.pgm.gz" other.pgm
  [ "$status" -eq 1 ]
}

@test "tools that make no documents do not load what makes PDF" {
  local tool
  for tool in fee fee-import fee-run fee-ledger; do
    run ldd "$(command -v $tool)"
    [[ "$output" != *pango* && "$output" != *cairo* ]]
  done
  ldd "$(command -v fee-statement)" | grep -q libpangocairo
}
