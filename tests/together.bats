#!/usr/bin/env bats
# SPDX-License-Identifier: LGPL-2.1-or-later
# Commands on one book at the same moment (together.py).

load small

setup_file() { keep_book posted_book; }

at_once() {
  local said
  said=$(BOOK=$BATS_FILE_TMPDIR/book.db python3 "$FEE_SOURCE/tests/together.py" "$@" 2>&1) || { echo "$said"; return 1; }
  echo "# $*: $said" >&3
}

@test "of the same command several times at once one has an effect, the others say already" {
  at_once runs imports retractions withdrawals records upgrades
}
@test "of several programs that make the same file one makes it, and all are content" { at_once new_books new_books backups_of_one_name bundles_of_one_name; }
@test "who does not wait exits with 75, and changes nothing" { at_once runs_that_do_not_wait; }
@test "different commands at once wait for each other" { at_once imports_and_run record_and_import withdrawal_and_receipt; }
@test "reports and copies made while others write are of before or of after" { at_once reports_and_run backups_and_run; }

@test "a report whose reader does not read yet keeps nobody from writing, and is whole" {
  # found by a simulated life
  use_book
  fee-statement --period 2024-02 --format html --output whole.html
  python3 - <<'PYTHON'
import fcntl, os, subprocess
reading, writing = os.pipe()
fcntl.fcntl(writing, 1031, 4096)  # F_SETPIPE_SZ: less than the report
report = subprocess.Popen(['fee-statement', '--period', '2024-02', '--format', 'html'], stdout=writing)
os.close(writing)
first = os.read(reading, 1)
subprocess.run(['fee-run', '-q', '--wait', '0', '--period', '2024-03'], check=True)
with open(reading, 'rb') as rest, open('whole.html', 'rb') as whole:
    assert first + rest.read() == whole.read()
assert report.wait() == 0
PYTHON
}
