#!/usr/bin/env python3
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Changes a book behind the tools' back, and looks whether they notice.

usage: tamper.py cases BOOK FILE         each line of FILE (data/audit.txt): fee-audit names that place and what is wrong there, status not 0
       tamper.py values BOOK [ROWS [N]]   every column of every table, in ROWS rows of each (default: all), to N other values (4): fee-audit names the
                                          place, status not 0
       tamper.py flips BOOK SEED N        N random bytes: refused, found, or a report (each in its turn) comes out to the byte

The tools are found by PATH. Ends with what was tried, or names what was not noticed and exits 1."""
import concurrent.futures
import csv
import io
import os
import random
import re
import sqlite3
import subprocess
import sys
import tempfile

REPORTS = [['import', '--list'], ['run', '--list'], ['ledger'], ['ledger', '--balances', '--as-of', '2024-06-30'],
           ['explain', '--period', '2024-01'], ['explain', '--period', '2024-03'],
           ['statement', '--period', '2024-01'], ['statement', '--period', '2024-02', '--format', 'csv'],
           ['statement', '--period', '2024-03', '--bills'], ['audit', '--period', '2024-02']]
# statuses of a tool that says what is wrong; others are a crash or a sanitizer
REFUSED = (1, 65, 74, 78)


def call(book, tool, *args):
    done = subprocess.run(['fee-' + tool, '--book', book] + list(args), stdin=subprocess.DEVNULL, capture_output=True, timeout=120)
    return done.returncode, done.stdout, done.stderr.decode('utf-8', 'replace')


def write(path, data):
    with open(path, 'wb') as f:
        f.write(data)


# ---------------------------------------------------------------- cases

def found(book):
    """What the audit finds, by place; the status."""
    status, out, err = call(book, 'audit', '--format', 'csv', '--raw')
    rows = list(csv.reader(io.StringIO(out.decode())))[1:]
    return status, [(where, what.replace(book, 'DB')) for where, what in rows], err


def case(job):
    data, number, sql, where, what, work = job
    book = os.path.join(work, 'case-%d.db' % number)
    write(book, data)
    db = sqlite3.connect(book, isolation_level=None)
    db.execute(sql)
    changed = db.execute('SELECT total_changes ()').fetchone()[0] > 0 or not re.match('UPDATE|DELETE|INSERT', sql)
    db.close()
    status, findings, err = found(book)
    os.remove(book)
    if status in (1, 74, 78) and changed and any(w == where and t.startswith(what) for w, t in findings):
        return ''
    return '%s\n  wanted: %s: %s\n  status %d\n%s%s' % (sql, where, what, status, ''.join('  %s: %s\n' % f for f in findings), err)


def case_jobs(data, path, work):
    with open(path, encoding='utf-8') as f:
        for number, line in enumerate(f):
            if not line.startswith('#'):
                sql, where, what = line.rstrip('\n').split(' | ')
                yield data, number, sql, where, what, work


# ---------------------------------------------------------------- values

def changes(value):
    """Other values of its type: near, far, what a cast or a C text would hide."""
    if isinstance(value, int):
        return [value + 1, -value - 1, value + 2 ** 32 if abs(value) < 2 ** 62 else 0]
    if isinstance(value, str):
        return [value + 'x', value[1:] if value else ' ', value + '\0', value.swapcase() if value.swapcase() != value else value + '\n']
    middle = len(value) // 2
    return [value[:middle] + bytes([value[middle] ^ 1]) + value[middle + 1:], value[:-1], value + b'\0',
            value + bytes.fromhex('502a4d1800000000')]  # a frame of zstd that holds nothing


def place(table, row):
    """How the audit names the row."""
    return {'batch': r'batch %s\b', 'piece': r'batch %s\b', 'run': r'run %s\b', 'page': r'run %s\b', 'withdrawal': r'withdrawal %s\b',
            'disclosure': r'disclosure %s\b', 'entry': r'entry %s\b'}[table] % row[0]


def tamper(job):
    data, table, columns, rowid, row, column, value, work = job
    book = os.path.join(work, '%s-%s-%s-%s.db' % (table, rowid, column, abs(hash(repr(value)))))
    write(book, data)
    db = sqlite3.connect(book)
    try:
        db.execute('UPDATE %s SET %s = ? WHERE rowid = ?' % (table, columns[column]), (value, rowid))
        db.commit()
    except (sqlite3.IntegrityError, OverflowError):
        return None
    finally:
        db.close()
    status, out, err = call(book, 'audit', '--format', 'csv')
    os.remove(book)
    # a number that names the row names another one now: the gap it left, or the one it claims
    named = r'\b(batch|run|withdrawal|disclosure|entry|table|page)\b' if columns[column] in (table, 'batch', 'run', 'last_run', 'entry') else place(table, row)
    said = out.decode() + err
    if status in (1, 74, 78) and re.search(named, said):
        return ''
    return '%s %s, %s = %r: status %d\n%s' % (table, row[0], columns[column], value, status, said)


def value_jobs(data, rows, others, work):
    book = os.path.join(work, 'read.db')
    write(book, data)
    db = sqlite3.connect(book)
    for (table,) in db.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall():
        columns = [c[1] for c in db.execute('PRAGMA table_info (%s)' % table)]
        found = [(r[0], r[1:]) for r in db.execute('SELECT rowid, * FROM %s' % table)]
        for rowid, row in random.Random(table).sample(found, min(rows, len(found))):
            for column, value in enumerate(row):
                for other in changes(value)[:others]:
                    yield data, table, columns, rowid, row, column, other, work
    db.close()


# ---------------------------------------------------------------- flips

def flip(job):
    data, at, bit, n, expected, work = job
    book = os.path.join(work, 'flip-%d-%d' % (at, bit), 'book.db')
    os.mkdir(os.path.dirname(book))
    write(book, data[:at] + bytes([data[at] ^ 1 << bit]) + data[at + 1:])
    status, out, err = call(book, 'audit')
    wrong = None
    if status == 0:
        words, want, got = REPORTS[n], expected[n], call(book, *REPORTS[n])
        if got != want:
            wrong = 'fee-%s is not what it was: status %d %s' % (' '.join(words), got[0], got[2])
    elif status not in REFUSED:
        wrong = 'status %d %s%s' % (status, out.decode('utf-8', 'replace'), err)
    for name in os.listdir(os.path.dirname(book)):
        os.remove(os.path.join(os.path.dirname(book), name))
    os.rmdir(os.path.dirname(book))
    return (status, 'byte %d, bit %d: %s' % (at, bit, wrong) if wrong else '')


def main(what, book, *args):
    with open(book, 'rb') as f:
        data = f.read()
    with tempfile.TemporaryDirectory() as work, concurrent.futures.ThreadPoolExecutor(2) as pool:
        if what == 'cases':
            tried = list(pool.map(case, case_jobs(data, args[0], work)))
            wrong, said = [t for t in tried if t], '%d changes are named' % len(tried)
        elif what == 'values':
            tried = [t for t in pool.map(tamper, value_jobs(data, int(args[0]) if args else 10 ** 6, int(args[1]) if args[1:] else 4, work)) if t is not None]
            wrong, said = [t for t in tried if t], '%d changed values are named' % len(tried)
        else:
            rng = random.Random(int(args[0]))
            sound = os.path.join(work, 'book.db')
            write(sound, data)
            expected = [call(sound, *words) for words in REPORTS]
            jobs = [(data, rng.randrange(len(data)), rng.randrange(8), n % len(REPORTS), expected, work) for n in range(int(args[1]))]
            tried = list(pool.map(flip, jobs))
            wrong = [t for _, t in tried if t]
            clean = sum(status == 0 for status, _ in tried)
            said = '%d flips: %d refused or found, %d changed nothing' % (len(tried), len(tried) - clean, clean)
    print('\n'.join(wrong) if wrong else said)
    return 1 if wrong else 0


if __name__ == '__main__':
    sys.exit(main(*sys.argv[1:]))
