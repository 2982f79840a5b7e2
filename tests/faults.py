#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""faults.py SHIM CASE...: a command with each of its steps on disk failing in turn (faults.c), from a prepared book.

For n = 1, 2, 3... until the command ends without meeting its n-th step: killed before it; the same, and what was not synced is lost
as when the power goes; killed in the middle of a write; no room, no permission, an error of the disk, once and from then on; a write
that takes half. After each: every file wholly before or wholly after, an error said in one line, nothing left beside; the same
command again succeeds and gives the same bytes, to the byte, for the clock stands still. A sample is also audited. Prints how many faults were tried; exits 1 with what went wrong.

FEE_FAULT_STRIDE=N tries every N-th step only (under sanitizers)."""
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

KINDS = ['kill', 'lost', 'torn', 'short', 'ENOSPC', 'EIO', 'EACCES', 'dead']
CLOCK = '1714500000'  # 2024-04-30
# Steps of which few are enough: an error like others, files like others
COARSER = {'EIO': 2, 'EACCES': 4, 'folder': 3, 'letters': 3, 'letters-html': 3, 'letters-pdf': 17, 'pdf': 3, 'index': 3, 'disclosure-pdf': 3}
STRIDE = int(os.environ.get('FEE_FAULT_STRIDE') or '1')
SMALL = Path(os.environ['FEE_TEST_DATA']) / 'small'
BOOKS = Path(os.environ['FEE_TEST_DATA']) / 'books'
LEFT = re.compile(r'(\.|\bfee-)[A-Za-z0-9]{6}(-journal)?$')  # the name of a file in the making, or put aside


class Wrong(Exception):
    pass


def run(folder, command, **more):
    environment = dict(os.environ, LC_ALL='C.UTF-8', TZ='UTC', FEE_BOOK='book.db', FEE_USER='tester', LD_PRELOAD=SHIM, FEE_CLOCK=CLOCK, **more)
    asan = environment.get('ASAN_OPTIONS', '')
    environment['ASAN_OPTIONS'] = asan + ':verify_asan_link_order=0'
    return subprocess.run(command, cwd=folder, env=environment, stdin=subprocess.DEVNULL, capture_output=True)


def tell(folder, *command):
    done = run(folder, command)
    if done.returncode:
        raise Wrong(f'{command}: {done.returncode} {done.stderr.decode()}')


# ---- The books that cases begin with

def write(folder, name, text):
    (folder / name).write_text(text)


def empty(folder):
    shutil.copy(SMALL / 'policy.ini', folder)


def january(folder):
    tell(folder, 'fee-init', '-q', str(SMALL / 'policy.ini'))
    for kind in ['units', 'parties', 'quantities']:
        tell(folder, 'fee-import', '-q', kind, str(SMALL / f'{kind}.csv'))
    tell(folder, 'fee-import', '-q', 'costs', str(SMALL / 'costs-2024-01.csv'))
    tell(folder, 'fee-run', '-q', '--period', '2024-01')
    tell(folder, 'fee-import', '-q', 'costs', str(SMALL / 'costs-2024-02.csv'))
    tell(folder, 'fee-import', '-q', 'receipts', str(SMALL / 'receipts.csv'))


def february(folder):
    january(folder)
    tell(folder, 'fee-run', '-q', '--period', '2024-02')


def new_costs(folder):
    february(folder)
    write(folder, 'again.csv', 'doc,date,category,amount\nX,2024-03-31,greening,99.99\n')


def wrong_costs(folder):
    new_costs(folder)
    tell(folder, 'fee-import', '-q', 'costs', 'again.csv')


def reminded(folder):
    february(folder)
    write(folder, 'march.csv', 'receipt,date,unit,amount,party\nR4,2024-03-05,301,210.08,O3\n')
    tell(folder, 'fee-import', '-q', 'receipts', '--through', '2024-03-15', 'march.csv')


def lettered(folder):
    reminded(folder)
    (folder / 'letters').mkdir()
    write(folder, 'letters/R20240320-0001.txt', 'old\n')


def billed(folder):
    february(folder)
    (folder / 'bills').mkdir()
    write(folder, 'bills/202402-0000001.txt', 'old\n')
    write(folder, 'bills/other.txt', 'of somebody else\n')


def old_file(name):
    def begin(folder):
        february(folder)
        write(folder, name, 'old\n')
    return begin


def old_book(folder):
    """Of schema 1, in pages of the usual size: fewer steps."""
    book = sqlite3.connect(BOOKS / 'schema-1.db')
    book.execute('PRAGMA page_size = 16384')
    book.execute('VACUUM INTO ?', (str(folder / 'book.db'),))
    book.close()


STATEMENT = ['fee-statement', '--period', '2024-02', '--output']
DISCLOSURE = ['fee-disclose', '-q', '--period', '2024-02', '--as-of', '2024-02-29']
LETTERS = ['fee-remind', '-q', '--as-of', '2024-03-20', '--letters', 'letters']
CASES = {
    'init': (empty, ['fee-init', '-q', 'policy.ini']),
    'import': (new_costs, ['fee-import', '-q', 'costs', 'again.csv']),
    'retract': (wrong_costs, ['fee-import', '-q', '--retract', '8', '--reason', 'wrong']),
    'run': (january, ['fee-run', '-q', '--period', '2024-02']),
    'withdraw': (february, ['fee-run', '-q', '--period', '2024-02', '--withdraw', '--reason', 'early']),
    'record': (reminded, ['fee-remind', '-q', '--as-of', '2024-03-20', '--record']),
    'upgrade': (old_book, ['fee-run', '-q', '--period', '2024-01']),
    'text': (old_file('out.txt'), STATEMENT + ['out.txt']),
    'csv': (old_file('out.csv'), STATEMENT + ['out.csv', '--format', 'csv']),
    'json': (old_file('out.json'), STATEMENT + ['out.json', '--format', 'json']),
    'folder': (billed, STATEMENT + ['bills']),
    'html': (old_file('out.html'), STATEMENT + ['out.html']),
    'pdf': (old_file('out.pdf'), STATEMENT + ['out.pdf']),
    'index': (old_file('out.pdf'), STATEMENT + ['out.pdf', '--order', 'floor,unit']),
    'disclosure': (old_file('out.csv'), DISCLOSURE + ['--output', 'out.csv']),
    'disclosure-html': (old_file('out.html'), DISCLOSURE + ['--output', 'out.html']),
    'disclosure-pdf': (old_file('out.pdf'), DISCLOSURE + ['--output', 'out.pdf']),
    'disclose': (february, DISCLOSURE + ['--record', '--posted', '2024-03-05..2024-03-20']),
    'letters-html': (lettered, LETTERS + ['--letter-format', 'html']),
    'letters-pdf': (lettered, LETTERS + ['--letter-format', 'pdf']),
    'bundle': (old_file('out.tar'), ['fee-audit', '-q', '--period', '2024-02', '--bundle', 'out.tar']),
    'backup': (february, ['fee-audit', '-q', '--backup', 'copy.db']),
    'letters': (lettered, LETTERS + ['--output', 'list.txt']),
    'extract': (old_file('out.csv'), ['fee-import', '-q', '--extract', '6', '--output', 'out.csv']),
}


# ---- One step

def recover(path):
    """As the next program that reads it finds the book."""
    book = sqlite3.connect(path, isolation_level=None)
    book.execute('BEGIN IMMEDIATE')
    book.execute('ROLLBACK')
    book.close()


def look(folder):
    files = {}
    for path in sorted(folder.rglob('*')):
        name = str(path.relative_to(folder))
        if path.is_file() and not LEFT.search(name) and not name.startswith('.'):
            files[name] = path.read_bytes()
    return files


def files_beside(folder, before, after):
    return [str(path.relative_to(folder)) for path in folder.rglob('*') if path.is_file() and not path.name.startswith('.')
            and str(path.relative_to(folder)) not in {**before, **after}]


def check_whole(folder, before, after, done):
    now = look(folder)
    for name in {**before, **after, **now}:
        if name.endswith('-journal'):
            continue
        if now.get(name) not in (before.get(name), after.get(name)):
            raise Wrong(f'{name} is neither as before nor as after')
        if done and now.get(name) != after.get(name):
            raise Wrong(f'{name} is not as after, but the status is 0')


def check_left(folder, before, after, done, audit):
    """What is there after the fault; looked at in a copy where looking changes it."""
    if not audit and not (folder / 'book.db-journal').exists():
        check_whole(folder, before, after, done)
        return
    seen = folder.with_suffix('.seen')
    shutil.copytree(folder, seen)
    if (seen / 'book.db').exists():
        recover(seen / 'book.db')
        if audit:
            tell(seen, 'fee-audit', '-q')
    check_whole(seen, before, after, done)
    shutil.rmtree(seen)


def check_end(kind, done):
    if kind in ('kill', 'lost', 'torn'):
        if done.returncode != -9:
            raise Wrong(f'status {done.returncode}, wanted a kill')
    elif kind == 'short':
        if done.returncode != 0:
            raise Wrong(f'status {done.returncode}: half a write is no error')
    elif done.returncode not in (0, 74):
        raise Wrong(f'status {done.returncode}')
    if done.returncode == 74 and done.stderr.count(b'\n') != 1:
        raise Wrong('an error is one line')


def try_step(work, case, start, before, after, kind, n):
    """Whether the step was there."""
    folder = work / f'{case}-{kind}-{n}'
    shutil.copytree(start, folder)
    done = None
    try:
        done = run(folder, CASES[case][1], FEE_FAULT=f'{kind}:{n}', FEE_FAULT_MARK='.mark')
        if not (folder / '.mark').exists():
            return False
        check_end(kind, done)
        call = (folder / '.mark').read_text()
        left = [] if kind in ('kill', 'lost', 'torn', 'dead') or call == 'unlink' else files_beside(folder, before, after)
        if left:
            raise Wrong(f'left beside: {left}')
        check_left(folder, before, after, done.returncode == 0 or call == 'end', n % 7 == 0)
        again = run(folder, CASES[case][1])
        if again.returncode != 0:
            raise Wrong(f'not again: {again.returncode} {again.stderr.decode()}')
        now = look(folder)
        if now != after:
            raise Wrong(f'again it is not the same: {[name for name in {**now, **after} if now.get(name) != after.get(name)]}')
        return True
    except Wrong as wrong:
        said = b'' if done is None else done.stderr
        raise Wrong(f'{case}: {kind} at step {n}: {wrong}\n{said.decode()}') from wrong
    finally:
        shutil.rmtree(folder)


def try_kind(work, case, start, before, after, kind):
    tried, n = 0, 1
    while try_step(work, case, start, before, after, kind, n):
        tried += 1
        n += max(STRIDE, COARSER.get(kind, 1), COARSER.get(case, 1))
    return tried


def try_case(work, case, pool):
    begin, command = CASES[case]
    start = work / f'{case}-start'
    start.mkdir()
    begin(start)
    whole = work / f'{case}-whole'
    shutil.copytree(start, whole)
    before = look(start)
    tell(whole, *command)
    after = look(whole)
    if before == after:
        raise Wrong(f'{case}: it does nothing')
    return [pool.submit(try_kind, work, case, start, before, after, kind) for kind in KINDS]


def main(cases):
    tried, wrongs = 0, []
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(2) as pool:
        waiting = [(case, try_case(Path(folder), case, pool)) for case in cases]
        for case, futures in waiting:
            for future in futures:
                try:
                    tried += future.result()
                except Wrong as wrong:
                    wrongs.append(str(wrong))
    for wrong in wrongs:
        print(wrong)
    print(f'{tried} faults tried')
    return 1 if wrongs or tried < 8 * len(cases) // STRIDE else 0


if __name__ == '__main__':
    SHIM = sys.argv[1]
    sys.exit(main(sys.argv[2:] or list(CASES)))
