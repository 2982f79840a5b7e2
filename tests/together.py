#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""together.py SCENARIO: two to eight commands on one book at the same moment. One effect of what is the same; the others wait, and say
`already` or exit 75; who reads sees before or after. Says how many commands ran; exits 1 with what went wrong."""
import csv
import io
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

SMALL = Path(os.environ['FEE_TEST_DATA']) / 'small'
BOOKS = Path(os.environ['FEE_TEST_DATA']) / 'books'
BUSY = 'another program is using the book'
count = 0


def environment():
    return dict(os.environ, LC_ALL='C.UTF-8', TZ='UTC', FEE_BOOK='book.db', FEE_USER='tester')


def start(words):
    global count
    count += 1
    return subprocess.Popen(words.split(), env=environment(), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def together(*commands):
    """(status, stdout, stderr) of each, which begin at once."""
    running = [start(words) for words in commands]
    ends = [process.communicate() for process in running]
    return [(process.returncode, *end) for process, end in zip(running, ends)]


def one(words):
    (status, out, said), = together(words)
    assert status == 0, (words, status, said)
    return out


def same(ends, *statuses):
    for end in ends:
        assert end[0] in (statuses or (0,)), ends
        assert 'locked' not in end[2], end
        assert end[0] != 75 or BUSY in end[2], end


def sound():
    one('fee-audit -q')
    subprocess.run([sys.executable, os.environ['FEE_SOURCE'] + '/tests/model/digest.py', 'book.db'], check=True, env=environment(), stdout=subprocess.DEVNULL)


def rows(words):
    return list(csv.DictReader(io.StringIO(one(words + ' --format csv'))))


def write(name, text):
    Path(name).write_text(text)


def costs(*names):
    for name in names:
        write(f'{name}.csv', f'doc,date,category,amount\n{name},2024-03-31,greening,10.00\n')


# ---- The same, several times

def runs():
    ends = together(*['fee-run -q --format csv --period 2024-03'] * 8)
    same(ends)
    said = [end[1].splitlines()[1].split(',')[2] for end in ends]
    assert sorted(said) == ['already-posted'] * 7 + ['posted'], said
    assert len(rows('fee-run --list')) == 3


def runs_that_do_not_wait():
    ends = together(*['fee-run -q --wait 0 --period 2024-03'] * 4, *['fee-run -q --wait 1 --period 2024-03'] * 2)
    same(ends, 0, 75)
    assert 0 in [end[0] for end in ends], ends
    assert len(rows('fee-run --list')) == 3


def imports():
    costs('X')
    ends = together(*['fee-import costs X.csv'] * 8)
    same(ends)
    assert sum('already imported (batch 8)' in end[2] for end in ends) == 7, ends
    assert len(rows('fee-import --list')) == 8


def retractions():
    ends = together(*['fee-import --retract 7 --reason twice'] * 4)
    same(ends)
    assert sum('already retracted' in end[2] for end in ends) == 3, ends


def withdrawals():
    ends = together(*['fee-run --withdraw --period 2024-02 --reason early'] * 4)
    same(ends)
    assert sum('already withdrawn' in end[2] for end in ends) == 3, ends


def records():
    write('march.csv', 'receipt,date,unit,amount,party\nR4,2024-03-05,301,210.08,O3\n')
    one('fee-import -q receipts --through 2024-03-15 march.csv')
    ends = together(*['fee-remind --as-of 2024-03-20 --record'] * 4)
    same(ends)
    assert sum('nothing to record' in end[2] for end in ends) == 3, ends
    assert [row['kind'] for row in rows('fee-import --list')].count('notices') == 1


def new_books():
    os.remove('book.db')
    ends = together(*[f'fee-init {SMALL}/policy.ini'] * 8)
    same(ends)
    assert len(rows('fee-import --list')) == 1
    assert os.listdir('.') == ['book.db'], os.listdir('.')


def backups_of_one_name():
    same(together(*['fee-audit -q --backup copy.db'] * 4))
    one('fee-audit -q --book copy.db')
    assert sorted(os.listdir('.')) == ['book.db', 'copy.db'], os.listdir('.')


def bundles_of_one_name():
    same(together(*['fee-audit -q --period 2024-02 --bundle out.tar'] * 3))
    one('fee-audit -q --verify out.tar')


def upgrades():
    shutil.copy(BOOKS / 'schema-1.db', 'book.db')
    ends = together(*['fee-run --period 2024-01'] * 4)
    same(ends)
    assert sum('is upgraded' in end[2] for end in ends) == 1, ends


# ---- Different ones

def imports_and_run():
    costs('A', 'B', 'C', 'D', 'E')
    ends = together(*[f'fee-import -q costs {name}.csv' for name in 'ABCDE'], *['fee-run -q --period 2024-03'] * 2)
    same(ends)
    assert len(rows('fee-import --list')) == 12
    late = one('fee-audit --pending --format csv').count('\n') - 1
    assert late >= 0 and len(rows('fee-run --list')) == 3


def record_and_import():
    write('march.csv', 'receipt,date,unit,amount,party\nR4,2024-03-05,301,210.08,O3\n')
    one('fee-import -q receipts --through 2024-03-15 march.csv')
    write('april.csv', 'receipt,date,unit,amount,party\nR5,2024-03-18,101,220.00,O1\n')
    same(together('fee-remind --as-of 2024-03-20 --record', 'fee-import -q receipts --through 2024-03-20 april.csv', 'fee-run -q --period 2024-03'))


def withdrawal_and_receipt():
    """Either the receipt names a bill that stands, and it stays; or it names none, and is refused."""
    write('names.csv', 'receipt,date,unit,amount,party,bill\nR9,2024-03-05,101,1.00,O1,202402-0000001\n')
    ends = together('fee-run -q --withdraw --period 2024-02 --reason early', 'fee-import -q receipts names.csv')
    same(ends, 0, 65)
    assert sorted(end[0] for end in ends) == [0, 65], ends


def reports_and_run():
    """Whoever reads the file meanwhile finds the whole of before or of after."""
    costs('A')
    one('fee-ledger --as-of 2024-12-31 --output out.txt')
    before = Path('out.txt').read_bytes()
    running = [start(words) for words in ['fee-import -q costs A.csv', 'fee-run -q --period 2024-03'] + ['fee-ledger --as-of 2024-12-31 --output out.txt'] * 5]
    seen = {before}
    while any(process.poll() is None for process in running):
        seen.add(Path('out.txt').read_bytes())
    for process in running:
        said = process.communicate()[1]
        assert process.returncode == 0, said
    one('fee-ledger --as-of 2024-12-31 --output out.txt')
    after = Path('out.txt').read_bytes()
    assert seen <= {before, after} and before != after, len(seen)
    assert sorted(os.listdir('.')) == ['A.csv', 'book.db', 'out.txt'], os.listdir('.')


def backups_and_run():
    costs('A', 'B')
    same(together('fee-run -q --period 2024-03', *[f'fee-audit -q --backup copy{n}.db' for n in range(4)], 'fee-import -q costs A.csv', 'fee-import -q costs B.csv'))
    for n in range(4):
        one(f'fee-audit -q --book copy{n}.db')


SCENARIOS = {f.__name__: f for f in [runs, runs_that_do_not_wait, imports, retractions, withdrawals, records, new_books, backups_of_one_name,
                                     bundles_of_one_name, upgrades, imports_and_run, record_and_import, withdrawal_and_receipt,
                                     reports_and_run, backups_and_run]}


def main(names):
    book = Path(os.environ['BOOK']).resolve()
    for name in names or SCENARIOS:
        with tempfile.TemporaryDirectory() as folder:
            os.chdir(folder)
            shutil.copy(book, 'book.db')
            try:
                SCENARIOS[name]()
                sound()
            except AssertionError as wrong:
                print(f'{name}: {wrong}')
                return 1
            finally:
                os.chdir('/')
    print(f'{count} commands')
    return 0


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
