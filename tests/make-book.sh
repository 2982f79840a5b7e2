#!/usr/bin/env bash
# SPDX-License-Identifier: LGPL-2.1-or-later
# make-book.sh FILE [later]: a book with a little of everything, made by the tools in PATH, and tests/add-disclosure of $FEE_BUILD, from data/small. tests/data/books/ keeps one for each
# schema and rules version that was released, made by the program of then: later programs must open it, find it sound, and re-run every
# month of it to the same digest. Made once a version; the tests never call it.
# later: also a run taken back, what was learned later, and months restated.
set -euo pipefail
target=$(realpath "$1")
small=$(cd "$(dirname "$0")/data/small" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
export LC_ALL=C.UTF-8 TZ=UTC FEE_BOOK=book.db FEE_USER=maker
# kind, rows, option...
take() {
  printf "$2" >"$1.csv"
  fee-import -q "$1" "$1.csv" "${@:3}"
}

# period, format, language, as of, posted from, to: a document that was published
disclose() {
  printf '%s\n' "$1" 'Income 4,854.50' '收入 4,854.50 元' >document
  "$FEE_BUILD/tests/add-disclosure" book.db "$@" document
}

fee-init -q "$small/policy.ini"
for kind in units parties quantities; do fee-import -q $kind "$small/$kind.csv"; done
take assets 'asset,name,cost,residual,life,in_service,centre\nA1,Pump,1200.00,0.00,24,2023-12-05,lifts\n'
fee-import -q costs "$small/costs-2024-01.csv"
take adjustments 'adjustment,date,unit,party,kind,amount,due,bill,reason,approved_by\nX1,2024-01-02,101,O1,opening,12.34,2024-01-31,,carried over,\n'
take costs 'doc,date,category,amount,memo\nV9,2024-01-31,personnel,7.77,in the wrong book\n' # batch 8, billed, then taken back
fee-run -q --period 2024-01 --issue-date 2024-02-03
take costs 'doc,line,date,category,amount,supplier\nV2,,2024-01-31,electricity,444.45,City Power\n' --amend # late
fee-import -q --retract 8 --reason 'of another estate'
fee-import -q costs "$small/costs-2024-02.csv"
fee-import -q receipts "$small/receipts.csv"
take receipts 'receipt,date,unit,amount,party,bill,reverses,method,memo\nR4,2024-02-20,101,-240.00,,,R1,cash,bounced\nR5,2024-02-21,101,240.00,,202401-0000001,,cash,\n' --through 2024-02-25
fee-run -q --period 2024-02
disclose 2024-02 text en 2024-02-25 2024-03-05 2024-03-20
take parties 'unit,role,party,name,from\n302,owner,O5,Fay,2024-02-10\n'
take quantities 'driver,target,quantity,from,to\npower,lifts,310,2024-03-01,2024-03-31\npower,guard,90,2024-03-01,2024-03-31\n'
take costs 'doc,date,category,amount\nV10,2024-03-31,personnel,1000.00\nV11,2024-03-31,electricity,410.05\n'
take holds 'hold,unit,party,kind,from,to,bill,plan,reason\nH1,301,O4,instalments,2024-03-05,2024-06-05,202401-0000005,P1,asked for time\n'
take instalments 'plan,unit,party,due,amount\nP1,301,O4,2024-04-05,50.00\nP1,301,O4,2024-05-05,50.00\n'
take notices 'notice,date,unit,party,step,channel,result\nN1,2024-03-06,101,O1,friendly,letter,delivered\n'
take budgets 'period,category,centre,amount\n2024,personnel,,12000.00\n'
take income 'doc,date,kind,amount,from,to\nI1,2024-03-01,advertising,300.00,2024-03-01,2024-03-31\n'
fee-run -q --period 2024-03
disclose 2024-Q1 html zh_CN 2024-03-31 2024-04-05 2024-04-30
if [ "${2-}" = later ]; then
  fee-run -q --period 2024-04 # too early, and taken back
  fee-run -q --period 2024-04 --withdraw --reason 'too early'
  take units 'unit,area\n201,82\n' --amend # 201 always had 82 m², and 302 an owner all along
  take parties 'unit,role,party,name,from\n302,owner,O5,Fay,2024-01-20\n'
  fee-run -q --period 2024-04 --restate 2024-01 --restate 2024-03
fi
# as small as a book can be
python3 -c 'import sqlite3; sqlite3.connect("book.db", isolation_level=None).executescript("PRAGMA page_size = 512; VACUUM")'
fee-audit
install -m 644 book.db "$target"
